#!/usr/bin/env python3
"""An independent reader: everything a server serves for an account, to compare exports against.

    python3 tests/support/imap_reader.py digest --port P --user U --password W --ca-file F
    python3 tests/support/imap_reader.py drain  --port P --user U --password W --ca-file F

`digest` prints one JSON line per message; `drain` fetches all and discards it, the floor of what a
first backup can take. Nothing here changes a flag on the server. Memory: one message at a time."""

import argparse
import calendar
import collections
import dataclasses
import hashlib
import imaplib
import json
import re
import secrets
import ssl
import sys
import time

from folder_names import decode_folder, quoted

# flags: frozenset without \Recent; epoch: seconds since 1970; zone: as served, such as "+0800".
Message = collections.namedtuple("Message", "sha256 size flags epoch zone")

_LITERAL = re.compile(rb"\{(\d+)\}\r\n$")
_UID = re.compile(rb"\bUID (\d+)")
_FLAGS = re.compile(rb"\bFLAGS \(([^)]*)\)")
_DATE = re.compile(rb'\bINTERNALDATE "( ?\d+)-(\w{3})-(\d{4}) (\d\d):(\d\d):(\d\d) ([+-]\d{4})"')
_LIST = re.compile(rb'\* LIST \(([^)]*)\) (?:"(?:[^"\\]|\\.)"|NIL) (.*)$', re.DOTALL)
_MONTHS = b"Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


@dataclasses.dataclass
class Folder:
    """What one folder serves: its UIDVALIDITY and {uid: Message}."""

    uidvalidity: int
    messages: dict


def connect(host, port, user, password, ca_file):
    """A logged-in imaplib connection over TLS, the server's certificate verified by `ca_file`."""
    context = ssl.create_default_context(cafile=ca_file)
    connection = imaplib.IMAP4_SSL(host, port, ssl_context=context)
    try:  # not LOGIN, which takes ASCII passwords only
        connection.authenticate("PLAIN", lambda _: f"\0{user}\0{password}".encode())
    except imaplib.IMAP4.error:
        connection.shutdown()
        raise
    return connection


class Conversation:
    """Commands on a logged-in connection, with answers as raw lines and literals."""

    def __init__(self, connection):
        self._connection = connection
        self._prefix = "T" + secrets.token_hex(4)
        self._count = 0

    def command(self, text):
        """Sends `text`; yields every untagged answer as (line, literals).

        In the line a literal's size announcement stays and its content is left out. Raises
        RuntimeError when the command does not end with OK."""
        self._count += 1
        tag = f"{self._prefix}{self._count}"
        self._connection.send(f"{tag} {text}\r\n".encode("ascii"))
        while True:
            line, literals = self._answer()
            if not line.startswith(tag.encode() + b" "):
                yield line, literals
            elif line.split(b" ")[1] == b"OK":
                return
            else:
                raise RuntimeError(f"{text[:100]}: the server said {line!r}")

    def _answer(self):
        whole, literals = b"", []
        while True:
            line = self._connection.readline()
            if not line:
                raise ConnectionError("the server closed the connection")
            whole += line
            announced = _LITERAL.search(line)
            if not announced:
                return whole.rstrip(b"\r\n"), literals
            literals.append(self._connection.read(int(announced[1])))


def _listed_name(text, literals):
    """The name in a LIST answer: a literal, a quoted string or an atom; still as on the wire."""
    if literals:
        return literals[0].decode("ascii")
    name = text.decode("ascii")
    if name.startswith('"'):
        return re.sub(r"\\(.)", r"\1", name[1:-1])
    return name


def folder_names(conversation):
    """All selectable folders, decoded, as the server spells them."""
    names = []
    for line, literals in conversation.command('LIST "" "*"'):
        listed = _LIST.match(line)
        if not listed:
            continue
        attributes = {a.lower() for a in listed[1].split()}
        if not attributes & {b"\\noselect", b"\\nonexistent"}:
            names.append(decode_folder(_listed_name(listed[2], literals)))
    return sorted(set(names))


def _examine(conversation, folder):
    """Opens `folder` read-only; returns (UIDVALIDITY, message count)."""
    uidvalidity = count = 0
    for line, _ in conversation.command("EXAMINE " + quoted(folder)):
        if found := re.search(rb"\[UIDVALIDITY (\d+)\]", line):
            uidvalidity = int(found[1])
        elif found := re.match(rb"\* (\d+) EXISTS", line):
            count = int(found[1])
    return uidvalidity, count


def _instant(line):
    """INTERNALDATE of a FETCH answer as (seconds since 1970, zone)."""
    day, month, year, hour, minute, second, zone = _DATE.search(line).groups()
    local = calendar.timegm((int(year), _MONTHS.index(month) + 1, int(day), int(hour), int(minute),
                             int(second)))
    offset = (int(zone[1:3]) * 60 + int(zone[3:5])) * 60
    return local - (-offset if zone.startswith(b"-") else offset), zone.decode()


def read_folder(conversation, folder, on_message=None):
    """Reads `folder` whole; `on_message(folder, uid, raw)` gets each message's bytes."""
    uidvalidity, count = _examine(conversation, folder)
    messages = {}
    if count == 0:
        return Folder(uidvalidity, messages)
    wanted = "UID FETCH 1:* (UID FLAGS INTERNALDATE BODY.PEEK[])"
    for line, literals in conversation.command(wanted):
        if b"BODY[]" not in line:  # flags that changed meanwhile, or another kind of answer
            continue
        raw = literals[0] if literals else b""
        uid = int(_UID.search(line)[1])
        flags = frozenset(_FLAGS.search(line)[1].decode().split()) - {"\\Recent"}
        messages[uid] = Message(hashlib.sha256(raw).hexdigest(), len(raw), flags, *_instant(line))
        if on_message:
            on_message(folder, uid, raw)
    return Folder(uidvalidity, messages)


def read_account(host, port, user, password, ca_file, on_message=None):
    """Everything the account serves: {folder name: Folder}."""
    with connect(host, port, user, password, ca_file) as connection:
        conversation = Conversation(connection)
        return {name: read_folder(conversation, name, on_message)
                for name in folder_names(conversation)}


def drain(host, port, user, password, ca_file, folders=None):
    """Fetches all messages and throws them away; returns (bytes received, seconds from connecting to
    the last byte).

    Reads into one buffer and looks only at the end of what came, so that Python is not what is
    measured."""
    received, begun = 0, time.monotonic()
    with connect(host, port, user, password, ca_file) as connection:
        conversation = Conversation(connection)
        for folder in folders or folder_names(conversation):
            if _examine(conversation, folder)[1] > 0:
                received += _drain_selected(connection.socket())
        return received, time.monotonic() - begun


def ask_counters(host, port, user, password, ca_file):
    """Logs in and asks for every folder's counters; returns the seconds that took, the floor of what
    a run with nothing new can take."""
    begun = time.monotonic()
    with connect(host, port, user, password, ca_file) as connection:
        connection.send(b'c LIST "" * RETURN (STATUS (MESSAGES UIDNEXT UIDVALIDITY HIGHESTMODSEQ))\r\n')
        while not connection.readline().startswith(b"c OK"):
            pass
        return time.monotonic() - begun


def _drain_selected(channel):
    tag = ("D" + secrets.token_hex(8)).encode()  # no message body can hold it
    channel.sendall(tag + b" UID FETCH 1:* (UID FLAGS INTERNALDATE BODY.PEEK[])\r\n")
    buffer = bytearray(1 << 18)
    view = memoryview(buffer)
    received, end = 0, b""
    while True:
        count = channel.recv_into(view)
        if count == 0:
            raise ConnectionError("the server closed the connection")
        received += count
        end = (end + bytes(view[max(0, count - 512):count]))[-512:]
        if end.endswith(b"\r\n") and tag in end:
            if tag + b" OK" not in end:
                raise RuntimeError(f"the server said {end!r}")
            return received


def _print_digest(arguments, account):
    for name, folder in read_account(**account).items():
        for uid, message in folder.messages.items():
            print(json.dumps({"folder": name, "uidvalidity": folder.uidvalidity, "uid": uid,
                              **message._asdict(), "flags": sorted(message.flags)},
                             ensure_ascii=False))


def _print_drain(arguments, account):
    received, seconds = drain(**account, folders=arguments.folder)
    print(json.dumps({"bytes": received, "seconds": round(seconds, 3)}))


def main():
    parser = argparse.ArgumentParser(description="Reads an IMAP account, independently.")
    commands = parser.add_subparsers(required=True)
    for name, run in (("digest", _print_digest), ("drain", _print_drain)):
        command = commands.add_parser(name)
        command.add_argument("--host", default="localhost")
        command.add_argument("--port", type=int, required=True)
        command.add_argument("--user", required=True)
        command.add_argument("--password", required=True)
        command.add_argument("--ca-file", required=True)
        command.set_defaults(run=run)
        if name == "drain":
            command.add_argument("--folder", action="append", help="default: all")
    arguments = parser.parse_args()
    account = {name: getattr(arguments, name)
               for name in ("host", "port", "user", "password", "ca_file")}
    arguments.run(arguments, account)


if __name__ == "__main__":
    sys.exit(main())
