"""What the end-to-end tests of IMAP cases share: a throwaway mailhold, accounts on scripted or real
servers, one backup run, and its results as Python values.

    class SomeTest(ImapCase):
        def test_something(self):
            server = self.serve()
            server.add_user("a@example.com")["INBOX"].add(mail(1))
            self.add_account("a@example.com", server)
            self.assertEqual(self.backup()["a@example.com"]["new"], 1)"""

import collections
import imaplib
import json
import pathlib
import shutil
import tempfile
import time
import unittest

from mailhold_cli import Mailhold
from plaintext import readable_mail
from scripted_imap import ScriptedImap

USER = "alice@example.com"
PASSWORD = "secret"

# One message of an exported Maildir: its bytes, its Maildir flag letters, its INTERNALDATE in
# seconds since 1970.
Exported = collections.namedtuple("Exported", "data flags epoch")


def mail(number, text="hello", size=0):
    """A small message, different for each `number`, padded to about `size` bytes."""
    lines = [f"From: buyer{number}@example.com", "To: alice@example.com",
             f"Subject: inquiry {number}", f"Message-ID: <{number}@example.com>", "", text]
    lines += [f"line {at} of {number}".ljust(70, "x") for at in range(size // 72)]
    return "\r\n".join([*lines, ""]).encode()


def epoch_of(internaldate):
    """Seconds since 1970 of an INTERNALDATE as it stands in a scripted message."""
    return time.mktime(imaplib.Internaldate2tuple(f'INTERNALDATE "{internaldate}"'.encode()))


def toml(value):
    """A TOML value; strings, numbers, booleans and lists of them are spelt as in JSON."""
    return json.dumps(value, ensure_ascii=False)


class ImapCase(unittest.TestCase):
    """One mailhold home a test. Timeouts are small enough to wait for."""

    maxDiff = 4000

    def setUp(self):
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="mailhold-imap-"))
        self.addCleanup(shutil.rmtree, self.home, ignore_errors=True)
        self.tool = Mailhold(self.home)
        self.addCleanup(self.assert_nothing_readable)
        self.tool.init("correct horse battery staple")
        self._head = self.tool.config.read_text(encoding="utf-8")
        self._accounts = {}
        self.timeouts = {"connect": "5s", "idle": "5s", "command": "20s"}
        self._exports = 0

    def assert_nothing_readable(self):
        self.assertEqual(readable_mail(self.tool), [], "mail lies readable on the disk")

    # ---- servers and accounts

    def serve(self, start=ScriptedImap, **options):
        """A scripted server, or a personality of one, for this test."""
        server = start(**options)
        self.addCleanup(server.close)
        return server

    def add_account(self, address, server, **settings):
        """Puts an account on the scripted `server` into the configuration."""
        secret = self.home / f"password-{len(self._accounts)}"
        secret.write_text(settings.pop("password", PASSWORD) + "\n", encoding="utf-8")
        account = {"address": address, "host": "127.0.0.1", "port": server.port, "tls": "none"}
        if "token_command" not in settings:
            account["password_command"] = f"cat {secret}"
        self._accounts[address] = {**account, **settings}

    def add_dovecot_account(self, address, dovecot, **settings):
        """Puts an account on a real Dovecot into the configuration, over TLS."""
        secret = self.home / f"password-{len(self._accounts)}"
        secret.write_text(PASSWORD + "\n", encoding="utf-8")
        self._accounts[address] = {
            "address": address, "host": dovecot.host, "port": dovecot.imaps_port,
            "tls": "implicit", "ca_file": str(dovecot.ca_file),
            "password_command": f"cat {secret}", **settings}

    def inbox(self, *messages, server=None, **settings):
        """One account, USER, whose INBOX holds `messages`; returns (server, INBOX)."""
        server = server or self.serve()
        folder = server.add_user(USER)["INBOX"]
        for data in messages:
            folder.add(data)
        self.add_account(USER, server, **settings)
        return server, folder

    def write_config(self):
        tables = [("[timeouts]", self.timeouts)]
        tables += [("[[account]]", account) for account in self._accounts.values()]
        text = "".join(f"\n{head}\n" + "".join(f"{key} = {toml(value)}\n"
                                               for key, value in table.items())
                       for head, table in tables)
        self.tool.config.write_text(self._head + text, encoding="utf-8")

    # ---- runs

    def backup(self, *addresses, check=0, timeout=180):
        """The nightly run, without a passphrase: {address: its part of the report}."""
        self.write_config()
        result = self.tool.run("--json", "backup", *addresses, check=check, unlock=False,
                               timeout=timeout)
        self.last_run = result
        self.assertIn(result.code, (0, 3), result)
        accounts = json.loads(result.stdout)["accounts"]
        well = [account["error"] is None and not account["failed"] for account in accounts]
        self.assertEqual(result.code == 0, all(well), result)
        return {account["address"]: account for account in accounts}

    def status(self):
        return self.tool.json("status", check=0)

    def vault_messages(self):
        """How many different messages the vault holds."""
        return self.status()["vault"]["messages"]

    def folders(self, address=USER):
        """{name: (messages on the server, kept but gone)} of what the archive holds; a folder that
        had several UIDVALIDITYs counts once."""
        folders = {}
        for entry in self.tool.json("folders", address, check=0)["folders"]:
            live, gone = folders.get(entry["name"], (0, 0))
            folders[entry["name"]] = (live + entry["messages"], gone + entry["gone"])
        return folders

    def counts(self, address=USER):
        """{name: messages on the server} of the folders that hold any."""
        return {name: live for name, (live, _) in self.folders(address).items() if live}

    def export(self, address=USER, as_of=None):
        """{folder path: [Exported]} of a Maildir export."""
        self._exports += 1
        to = self.home / f"export-{self._exports}"
        when = ["--as-of", as_of] if as_of else []
        self.tool.run("export", "--account", address, "--to", to, "--format", "maildir", *when,
                      check=0)
        folders = {}
        for part in sorted([*to.rglob("cur"), *to.rglob("new")]):
            messages = [self._exported(path) for path in sorted(part.iterdir()) if path.is_file()]
            if messages:
                folders.setdefault(str(part.parent.relative_to(to)), []).extend(messages)
        return folders

    @staticmethod
    def _exported(path):
        _, _, letters = path.name.partition(":2,")
        return Exported(path.read_bytes(), set(letters), path.stat().st_mtime)

    def exported(self, address=USER, as_of=None):
        """The messages of all folders, bytes only, sorted: to compare with what was served."""
        folders = self.export(address, as_of)
        return sorted(one.data for messages in folders.values() for one in messages)

    # ---- what must hold

    def assert_archived(self, messages, address=USER, as_of=None):
        """The export holds exactly `messages`, byte for byte, as many times as given."""
        found, wanted = self.exported(address, as_of), sorted(messages)
        self.assertEqual([len(one) for one in found], [len(one) for one in wanted])
        self.assertTrue(found == wanted, "the bytes differ")

    def assert_all_well(self, account, new):
        self.assertIsNone(account["error"], account)
        self.assertEqual(account["failed"], [], account)
        self.assertEqual(account["new"], new, account)

    def assert_failed(self, account, *classes):
        """The account has an error of one of `classes`, with something to do about it."""
        self.assertFalse(account["ok"], account)
        self.assertIsNotNone(account["error"], account)
        self.assertIn(account["error"]["class"], classes, account)
        self.assertTrue(account["error"]["text"], account)
        self.assertGreater(len(account["error"]["hint"]), 15, account)

    def assert_warned(self, account, pattern):
        self.assertRegex(" / ".join(account.get("warnings", [])), pattern)

    @staticmethod
    def now():
        """This moment for --as-of, apart from what happens before and after it."""
        time.sleep(1.1)
        moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        time.sleep(1.1)
        return moment
