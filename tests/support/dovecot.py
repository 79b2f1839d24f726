#!/usr/bin/env python3
"""A throwaway real Dovecot 2.3 on free loopback ports, for tests and the demo.

    with Dovecot() as server:
        server.add_user("lin@acme.example", "secret")
        server.deliver("lin@acme.example", "Customers/ACME", b"Subject: hello\\r\\n\\r\\n")

It runs without privileges: as `nobody` when started by root, else as the current user. Folder names
are given with "/" between levels, whatever separator the server shows. From a shell:

    python3 tests/support/dovecot.py serve DIR     prints MAILHOLD_TEST_…=… lines, stays up

The lines also appear in DIR/server.env as soon as the server is ready, to be sourced."""

import argparse
import contextlib
import json
import os
import pathlib
import shlex
import shutil
import signal
import sys
import time

import maildir_files
from dovecot_process import DovecotProcess
from folder_names import decode_folder, encode_folder
from imap_actions import ImapActions

_QUOTA = """
protocol imap {{
  mail_plugins = $mail_plugins zlib imap_zlib quota imap_quota
}}
plugin {{
  quota = count:User quota
  quota_vsizes = yes
  {rule}
}}
"""


def quota_settings(rule):
    """The `extra` of a Dovecot whose users have `rule`, such as "quota_rule = *:storage=1M"."""
    return _QUOTA.format(rule=rule)


class Dovecot(ImapActions, DovecotProcess):
    """One server with its users and their mail. Settings are those of dovecot_config.Settings."""

    def __init__(self, folder=None, **settings):
        super().__init__(folder, **settings)
        self._passwords = {}
        self.separator, self.prefix = self.settings.separator, self.settings.prefix

    # ---- users

    def add_user(self, address, password, **extra):
        """Adds `address`, or changes its password. `extra` are passdb fields: nologin="y",
        reason="text shown to the client"."""
        self._passwords[address] = password
        record = self._user_file(address)
        partial = record.with_name(record.name + ".new")
        partial.write_text(json.dumps({"password": password, **extra}), encoding="utf-8")
        partial.replace(record)
        home = self.folder / "mail" / address.lower()
        if not home.exists():
            home.mkdir()
            maildir_files.make_maildir(home / "Maildir")
            self.hand_over_tree(home)

    def remove_user(self, address):
        """Forbids the login; the mail stays on the server's disk."""
        del self._passwords[address]
        self._user_file(address).unlink()

    def _user_file(self, address):
        folder = self.folder / "users" / "passdb"
        folder.mkdir(parents=True, exist_ok=True)
        return folder / address.lower()

    # ---- mail put on the server's disk

    def maildir(self, address, folder="INBOX"):
        """The Maildir of `folder`; it need not exist yet."""
        top = self.folder / "mail" / address.lower() / "Maildir"
        if folder.upper() == "INBOX":
            return top
        return top / (folder if self.settings.disk_names == "utf-8" else encode_folder(folder))

    def make_folder(self, address, folder):
        """Makes `folder` on disk; returns its Maildir."""
        path = self.maildir(address, folder)
        if not maildir_files.is_maildir(path):
            maildir_files.make_maildir(path)
            self.hand_over_tree(self.maildir(address))
        return path

    def deliver(self, address, folder, raw, flags=(), internaldate=None):
        """Puts one message into `folder`, made when missing; returns its path.

        `raw` is written as it is: CRLF line ends are served unchanged, a bare LF becomes CRLF.
        `internaldate` is in seconds since 1970 (default: now)."""
        path = self.make_folder(address, folder)
        letters = maildir_files.flag_letters(flags, self._keywords_for(path, flags))
        when = time.time() if internaldate is None else internaldate
        message = maildir_files.write_message(path, raw, letters, when)
        self.hand_over(message)
        return message

    def _keywords_for(self, path, flags):
        """The folder's keyword list, with the keywords among `flags` added to it."""
        needed = [f for f in flags if not f.startswith("\\")]
        if not needed:
            return []
        keywords = maildir_files.read_keywords(path)
        added = [f for f in needed if f not in keywords]
        if added:
            keywords += added
            maildir_files.write_keywords(path, keywords)
            self.hand_over(path / "dovecot-keywords")
        return keywords

    def load(self, tree, password="secret"):
        """Takes all accounts of a tree of ADDRESS/Maildir/[FOLDER/]{cur,new,tmp}, names in UTF-8.

        Files are hard-linked where that works, so `tree` must not be written to afterwards."""
        addresses = []
        for source in sorted(pathlib.Path(tree).glob("*/Maildir")):
            address = source.parent.name
            self.add_user(address, password)
            self._link_account(source, address)
            addresses.append(address)
        return addresses

    def _link_account(self, source, address):
        top = self.maildir(address)
        for where, _, names in os.walk(source):
            inside = os.path.relpath(where, source)
            if self.settings.disk_names != "utf-8":
                inside = encode_folder(inside)
            target = os.path.normpath(top / inside)
            os.makedirs(target, exist_ok=True)
            for name in names:
                _link_or_copy(f"{where}/{name}", f"{target}/{name}")
        self.hand_over_tree(top.parent)

    # ---- what only the disk shows

    def folders(self, address):
        """The folders that exist on disk, "/" between levels, INBOX first."""
        top = self.maildir(address)
        inside = sorted(str(p.parent.relative_to(top)) for p in top.glob("**/cur"))
        if self.settings.disk_names != "utf-8":
            inside = [decode_folder(name) for name in inside]
        return ["INBOX" if name == "." else name for name in inside]

    def set_uid_validity(self, address, folder, value, first_uid=None):
        """Gives `folder` another UIDVALIDITY; with `first_uid` also new UIDs, from there on.

        Nobody may be connected to the folder."""
        path = self.maildir(address, folder)
        self.uids(address, folder)  # lets the server number what it has not seen yet
        header, *lines = (path / "dovecot-uidlist").read_text(encoding="utf-8").splitlines()
        if first_uid is not None:
            lines = [f"{first_uid + i} {line.split(' ', 1)[1]}" for i, line in enumerate(lines)]
        last = int(lines[-1].split(" ", 1)[0]) if lines else (first_uid or 1) - 1
        guid = next(field for field in header.split() if field.startswith("G"))
        text = "\n".join([f"3 V{value} N{last + 1} {guid}", *lines]) + "\n"
        for index in path.glob("dovecot.index*"):
            index.unlink()
        (path / "dovecot-uidlist").write_text(text, encoding="utf-8")
        self.hand_over(path / "dovecot-uidlist")


def _link_or_copy(source, target):
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def serve(arguments):
    """Runs until SIGTERM or SIGINT; prints what a shell script needs to know."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    ready = pathlib.Path(arguments.folder) / "server.env"
    ready.unlink(missing_ok=True)
    with Dovecot(arguments.folder) as server:
        for tree in arguments.load:
            server.load(tree, arguments.password)
        for address in arguments.user:
            server.add_user(address, arguments.password)
        facts = {"HOST": server.host, "IMAP_PORT": server.imap_port,
                 "IMAPS_PORT": server.imaps_port, "CA_FILE": server.ca_file, "PID": os.getpid()}
        text = "".join(f"MAILHOLD_TEST_{name}={shlex.quote(str(value))}\n"
                       for name, value in facts.items())
        partial = ready.with_suffix(".new")
        partial.write_text(text, encoding="utf-8")
        partial.replace(ready)
        print(text, end="", flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            signal.pause()


def main():
    parser = argparse.ArgumentParser(description="A throwaway Dovecot for tests and the demo.")
    commands = parser.add_subparsers(required=True)
    command = commands.add_parser("serve", help="start, print shell assignments, stay up")
    command.add_argument("folder", help="where everything of the server is kept")
    command.add_argument("--user", action="append", default=[], metavar="ADDRESS")
    command.add_argument("--load", action="append", default=[], metavar="TREE",
                         help="a tree of ADDRESS/Maildir, as sample_mail.py writes it")
    command.add_argument("--password", default="secret", help="of every user (default: secret)")
    command.set_defaults(run=serve)
    arguments = parser.parse_args()
    arguments.run(arguments)


if __name__ == "__main__":
    main()
