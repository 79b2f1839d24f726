"""A certificate authority that lives as long as one test, and a server certificate signed by it.

Made with the openssl program on elliptic curves, because an RSA key alone takes longer than a whole
server start."""

import pathlib
import subprocess

# What the server certificate may say: valid for this machine, out of date, or for another host.
SERVER_KINDS = ("valid", "expired", "wrong-host")


def _openssl(*arguments):
    subprocess.run(["openssl", *map(str, arguments)], check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.PIPE)


def _new_key(path):
    _openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", path)


def make_ca(folder):
    """Writes ca.key and ca.pem into `folder` unless they are there; returns the path of ca.pem."""
    folder = pathlib.Path(folder)
    certificate = folder / "ca.pem"
    if not certificate.exists():
        _new_key(folder / "ca.key")
        _openssl("req", "-x509", "-new", "-key", folder / "ca.key", "-days", "30",
                 "-subj", "/CN=mailhold throwaway CA",
                 "-addext", "keyUsage=critical,keyCertSign,cRLSign", "-out", certificate)
    return certificate


def make_server_certificate(folder, kind="valid"):
    """Signs a new server certificate with the CA in `folder`; returns (certificate, key) paths.

    `kind` is one of SERVER_KINDS; "expired" ended yesterday, "wrong-host" is for another name."""
    if kind not in SERVER_KINDS:
        raise ValueError(f"unknown kind of certificate: {kind}")
    folder = pathlib.Path(folder)
    key, request = folder / "server.key", folder / "server.csr"
    certificate, extensions = folder / "server.pem", folder / "server.ext"
    names = "DNS:mail.elsewhere.example" if kind == "wrong-host" else "DNS:localhost,IP:127.0.0.1"
    extensions.write_text(f"subjectAltName={names}\nbasicConstraints=CA:FALSE\n"
                          "extendedKeyUsage=serverAuth\n")
    _new_key(key)
    _openssl("req", "-new", "-key", key, "-subj", "/CN=" + names.split(",")[0].split(":")[1],
             "-out", request)
    _openssl("x509", "-req", "-in", request, "-CA", folder / "ca.pem", "-CAkey", folder / "ca.key",
             "-set_serial", "2", "-days", "-1" if kind == "expired" else "30",
             "-extfile", extensions, "-out", certificate)
    return certificate, key
