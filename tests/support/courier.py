"""A throwaway real Courier IMAP 5.0 on a free loopback port, for tests; see scripts/test_servers.

    with Courier() as server:
        server.add_user("lin@acme.example", "secret")
        server.append("lin@acme.example", "Customers/ACME", b"Subject: hello\\r\\n\\r\\n")

The interface is that of Dovecot, as far as it goes over IMAP. All folders are below "INBOX.", as Courier
has it. Real are couriertcpd, couriertls and imapd; the login between them is courier_login.py."""

import pathlib
import shutil
import subprocess

import extracted_servers
from imap_actions import ImapActions
from server_process import ServerProcess

_CAPABILITY = ("IMAP4rev1 UIDPLUS CHILDREN NAMESPACE THREAD=ORDEREDSUBJECT THREAD=REFERENCES SORT QUOTA"
               " IDLE")  # as Debian's /etc/courier/imapd
_PYTHON = "/usr/bin/python3"  # ours may lie where only its owner gets in
_LOGIN = pathlib.Path(__file__).with_name("courier_login.py")


class Courier(ImapActions, ServerProcess):
    """One server with its users and their mail."""

    name = "courier"
    separator, prefix = ".", "INBOX."

    def __init__(self, folder=None, zone="UTC", certificate="valid"):
        super().__init__(folder, certificate)
        self._zone = zone
        self._passwords = {}
        self._root = extracted_servers.programs(self.folder)
        shutil.copy(_LOGIN, self.folder)  # the server's user may not get at the repository

    # ---- users

    def add_user(self, address, password):
        """Adds `address`, or changes its password."""
        self._passwords[address] = password
        (self.folder / "users" / address.lower()).write_text(password, encoding="utf-8")
        home = self.folder / "mail" / address.lower()
        if not home.exists():
            home.mkdir()
            self._make_maildir(home / "Maildir")
            self.hand_over_tree(home)

    def remove_user(self, address):
        """Forbids the login; the mail stays."""
        del self._passwords[address]
        (self.folder / "users" / address.lower()).unlink()

    def set_quota(self, address, kilobytes):
        """Limits what the account may store."""
        self._make_maildir("-q", f"{kilobytes * 1024}S",
                           self.folder / "mail" / address.lower() / "Maildir")
        self.hand_over_tree(self.folder / "mail" / address.lower())

    def _make_maildir(self, *arguments):
        subprocess.run([self._root / "usr" / "bin" / "maildirmake.courier", *arguments], check=True,
                       env=extracted_servers.environment(self._root))

    # ---- the process

    def _command(self):
        tls = self.folder / "tls"
        both = tls / "server.both"
        both.touch(mode=0o600)
        both.write_bytes((tls / "server.pem").read_bytes() + (tls / "server.key").read_bytes())
        self.hand_over(both)
        programs = self._root / "usr" / "bin"
        line = [self._root / "usr" / "sbin" / "couriertcpd", "-address=127.0.0.1", "-maxprocs=200",
                "-maxperip=200", "-nodnslookup", "-noidentlookup", str(self.imaps_port),
                programs / "couriertls", "-server", "-tcpd",
                _PYTHON, "-I", self.folder / _LOGIN.name, self.folder,
                programs / "imapd", "Maildir"]
        return line, {**extracted_servers.environment(self._root), **self._settings(both)}

    def _settings(self, certificate):
        """What Debian's scripts export from /etc/courier, less what needs a file watcher: waiting for
        locks, and pushing news to an idle client."""
        return {"TLS_CERTFILE": str(certificate), "TLS_VERIFYPEER": "NONE", "IMAP_TLS": "1",
                "IMAP_CAPABILITY": _CAPABILITY, "IMAP_KEYWORDS": "1", "IMAP_ACL": "1",
                "IMAP_USELOCKS": "0", "IMAP_ENHANCEDIDLE": "0", "IMAP_CHECK_ALL_FOLDERS": "0",
                "IMAP_MAILBOX_SANITY_CHECK": "1", "IMAP_OBSOLETE_CLIENT": "0",
                "IMAP_TRASHFOLDERNAME": "Trash", "IMAP_EMPTYTRASH": "Trash:7", "IMAP_IDLE_TIMEOUT": "1",
                "TZ": self._zone}
