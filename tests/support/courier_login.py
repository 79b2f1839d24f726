"""The login of a throwaway Courier: what stands between couriertls and Courier's imapd.

    couriertls … python3 courier_login.py FOLDER PROGRAM…      runs PROGRAM in the user's home

Courier's own, imaplogin, asks authdaemond on a socket below /run, a place compiled in, that nobody but
root can make. This one looks into FOLDER/users/ADDRESS for the password; everything after the login
is said by the real imapd. It runs as a program of its own, so it needs nothing but Python."""

import base64
import os
import pathlib
import re
import sys

_GREETING = "* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] Courier-IMAP ready."


def say(text):
    os.write(1, text.encode() + b"\r\n")


def read_exactly(count):
    """Byte by byte: what follows belongs to imapd."""
    data = bytearray()
    while len(data) < count:
        one = os.read(0, 1)
        if not one:
            sys.exit()
        data += one
    return bytes(data)


def read_line():
    line = b""
    while not line.endswith(b"\n"):
        line += read_exactly(1)
    return line.rstrip(b"\r\n").decode(errors="surrogateescape")


def read_login(rest):
    """The two arguments of LOGIN: each an atom, a quoted string or a literal."""
    found = []
    while len(found) < 2:
        rest = rest.lstrip(" ")
        if literal := re.fullmatch(r"\{(\d+)\}", rest):
            say("+ OK")
            found.append(read_exactly(int(literal[1])).decode(errors="surrogateescape"))
            rest = read_line()
        elif quoted := re.match(r'"((?:[^"\\]|\\.)*)"', rest):
            found.append(re.sub(r"\\(.)", r"\1", quoted[1]))
            rest = rest[quoted.end():]
        else:
            atom, _, rest = rest.partition(" ")
            found.append(atom)
    return found


def read_plain(initial):
    """User and password of AUTHENTICATE PLAIN, with or without an initial response."""
    if not initial:
        say("+ ")
    return base64.b64decode(initial or read_line()).decode(errors="surrogateescape").split("\0")[1:]


def run_imapd(folder, program, user, tag):
    home = folder / "mail" / user
    os.chdir(home)
    os.environ.update(AUTHENTICATED=user, AUTHADDR=user, AUTHFULLNAME=user, IMAPLOGINTAG=tag,
                      PROTOCOL="imap", HOME=str(home), MAILDIR=str(home / "Maildir"))
    os.execv(program[0], program)


def main(folder, program):
    say(_GREETING)
    while True:
        tag, _, line = read_line().partition(" ")
        name, _, rest = line.partition(" ")
        if name.upper() == "CAPABILITY":
            say(f"* CAPABILITY {os.environ['IMAP_CAPABILITY']} AUTH=PLAIN")
            say(f"{tag} OK CAPABILITY completed")
        elif name.upper() == "LOGOUT":
            say(f"* BYE Courier-IMAP server shutting down\r\n{tag} OK LOGOUT completed")
            return
        elif name.upper() == "LOGIN" or (name.upper(), rest[:5].upper()) == ("AUTHENTICATE", "PLAIN"):
            user, password = read_login(rest) if name.upper() == "LOGIN" else read_plain(rest[6:])
            record = folder / "users" / user.lower()
            if "/" not in user and record.is_file() and record.read_text("utf-8") == password:
                run_imapd(folder, program, user.lower(), tag)
            say(f"{tag} NO Login failed.")
        else:
            say(f"{tag} BAD Invalid command")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), sys.argv[2:])
