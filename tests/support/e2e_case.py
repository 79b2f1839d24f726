"""What the end-to-end tests against a real Dovecot share: a throwaway mailhold, an account a test, and
the comparison of what is exported with what the server serves.

    class SomeTest(E2eCase):
        def test_something(self):
            self.server.deliver(self.user, "INBOX", letter(1))
            self.add_account()
            self.backup()
            self.assert_export_equals_server()"""

import collections
import contextlib
import datetime
import hashlib
import json
import pathlib
import re
import shutil
import sqlite3
import subprocess
import tempfile
import unittest

import imap_reader
from dovecot import Dovecot
from mailhold_cli import Mailhold
from plaintext import readable_mail

PASSWORD = "secret"
PASSPHRASE = "correct horse battery staple"
MANIFEST = "mailhold-export.jsonl"

# One message as served or exported, for comparing: zone is as IMAP writes it, such as "+0800".
Seen = collections.namedtuple("Seen", "sha256 flags epoch zone")


def letter(number, text="Dear Sirs, please quote.", **headers):
    """A small letter, different for each `number`, with CRLF line ends."""
    lines = [f"From: buyer{number}@customer.example", "To: lin@acme.example",
             f"Subject: inquiry {number}", f"Message-ID: <{number}@customer.example>",
             *(f"{name}: {value}" for name, value in headers.items()), "", text, f"No. {number}", ""]
    return "\r\n".join(lines).encode()


class ClockedMailhold(Mailhold):
    """A mailhold whose clock a test can set: `pretended_now` is such as 2026-03-09T08:07:06Z."""

    pretended_now = None

    def environment(self):
        clock = {"MAILHOLD_TEST_NOW": self.pretended_now} if self.pretended_now else {}
        return {**super().environment(), **clock}


class E2eCase(unittest.TestCase):
    """One server, a Dovecot, a class; one mailhold home, with a vault, and one user a test."""

    maxDiff = 4000
    server_class, settings = Dovecot, {}  # the server that the class's tests share

    @classmethod
    def setUpClass(cls):
        cls.server = cls.server_class(**cls.settings)
        cls.addClassCleanup(cls.server.close)
        cls.server.start()

    def setUp(self):
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="mailhold-e2e-"))
        self.addCleanup(shutil.rmtree, self.home, ignore_errors=True)
        self.tool = ClockedMailhold(self.home)
        self.addCleanup(self.assert_nothing_readable)
        self.tool.init(PASSPHRASE)
        self.user = self.new_user("lin")

    def own_server(self, **settings):
        """Gives this test a Dovecot of its own; use it where mail is loaded under fixed addresses."""
        self.server = Dovecot(**settings)
        self.addCleanup(self.server.close)
        self.server.start()

    def new_user(self, name):
        address = f"{name}-{self._testMethodName}@acme.example".lower()
        self.server.add_user(address, PASSWORD)
        return address

    def add_account(self, address=None, **options):
        server = options.pop("server", self.server)
        return self.tool.account_add(address or self.user, PASSWORD, server.host, server.imaps_port,
                                     ca=server.ca_file, **options)

    def one_connection(self):
        """For the account added last: servers count what is stored at once by several too late."""
        with open(self.tool.config, "a", encoding="utf-8") as config:
            config.write("connections = 1\n")

    # ---- runs

    def backup(self, *arguments, check=0, now=None, timeout=600):
        """The nightly run, without a passphrase: {address: its part of the report}."""
        self.tool.pretended_now = now
        result = self.tool.run("--json", "backup", *arguments, check=check, unlock=False,
                               timeout=timeout)
        self.tool.pretended_now = None
        return {account["address"]: account for account in json.loads(result.stdout)["accounts"]}

    def status(self):
        """{address: its part of the status}, and the vault's part under "vault"."""
        report = self.tool.json("status", check=0, unlock=False)
        return {**{one["address"]: one for one in report["accounts"]}, "vault": report["vault"]}

    def check_vault(self, *arguments, check=0, unlock=True):
        return self.tool.json("check", *arguments, check=check, unlock=unlock)

    def export(self, address=None, form="maildir", as_of=None, check=0):
        """Exports an account; returns the destination."""
        to = pathlib.Path(tempfile.mkdtemp(dir=self.home, prefix="export-")) / "mail"
        when = ["--as-of", as_of] if as_of else []
        self.last_export = self.tool.run("export", "--account", address or self.user, "--to", to,
                                         "--format", form, *when, check=check)
        return to

    # ---- what is in the vault's folder

    def objects(self, kind=""):
        """The names of the vault's objects, or of those of one kind such as "archives"."""
        top = self.tool.vault
        return sorted(str(p.relative_to(top)) for p in (top / kind).rglob("*") if p.is_file())

    def assert_nothing_readable(self):
        self.assertEqual(readable_mail(self.tool), [], "mail lies readable on the disk")

    # ---- served and exported, to compare

    def served(self, address=None, server=None):
        """{folder: Counter of Seen} of what the server serves; empty folders are left out."""
        server = server or self.server
        account = imap_reader.read_account(server.host, server.imaps_port, address or self.user,
                                           PASSWORD, server.ca_file)
        seen = {name: collections.Counter(Seen(m.sha256, m.flags, m.epoch, m.zone)
                                          for m in folder.messages.values())
                for name, folder in account.items()}
        return {name: messages for name, messages in seen.items() if messages}

    def exported(self, address=None, as_of=None):
        """The same of a Maildir export, after looking at what the files themselves say."""
        return self.read_maildirs(self.export(address, as_of=as_of))

    @staticmethod
    def manifest(top):
        """The lines of an export's manifest, one a message."""
        lines = (top / MANIFEST).read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in lines]

    def read_maildirs(self, top):
        entries = self.manifest(top)
        folders = collections.defaultdict(collections.Counter)
        for entry in entries:
            folders[entry["folder"]][self._seen_in_maildir(top, entry)] += 1
        files = {str(p.relative_to(top)) for part in ("cur", "new") for p in top.rglob(f"{part}/*")
                 if p.is_file()}
        self.assertEqual(files, {entry["path"] for entry in entries}, "the manifest lists every file")
        return dict(folders)

    def _seen_in_maildir(self, top, entry):
        path = top / entry["path"]
        flags = frozenset(entry["flags"])
        epoch, zone = instant_of(entry["internaldate"])
        letters = set(path.name.partition(":2,")[2])
        named = {flag for flag, one in MAILDIR_LETTERS.items() if one in letters}
        self.assertEqual(named, flags & set(MAILDIR_LETTERS), path)
        self.assertEqual(int(path.stat().st_mtime), epoch, path)
        raw = path.read_bytes()
        self.assertEqual(len(raw), entry["size"], path)
        return Seen(sha256_of(raw), flags, epoch, zone)

    def assert_export_equals_server(self, address=None, server=None):
        """Bodies, flags, INTERNALDATE, folder by folder; returns how many messages that were."""
        served = self.served(address, server)
        self.assert_same_mail(self.exported(address), served)
        return sum(sum(messages.values()) for messages in served.values())

    def assert_same_mail(self, found, wanted):
        self.assertEqual({name: sum(messages.values()) for name, messages in found.items()},
                         {name: sum(messages.values()) for name, messages in wanted.items()})
        for folder, messages in wanted.items():
            missing, more = messages - found[folder], found[folder] - messages
            self.assertFalse(missing or more, f"{folder}: missing {list(missing)[:3]}, "
                                              f"not on the server {list(more)[:3]}")

    # ---- errors

    def assert_error(self, result, code, *words):
        """One line says what failed, one line says what to do; nothing else on stderr."""
        self.assertEqual(result.code, code, result)
        lines = result.stderr.strip().splitlines()
        self.assertEqual(len(lines), 2, result)
        self.assertRegex(lines[0], r"^mailhold: .{10,}")
        self.assertRegex(lines[1], r"^hint: .{10,}")
        for word in words:
            self.assertRegex(result.stderr, word)


MAILDIR_LETTERS = {"\\Draft": "D", "\\Flagged": "F", "\\Answered": "R", "\\Seen": "S",
                   "\\Deleted": "T"}


def sha256_of(raw):
    return hashlib.sha256(raw).hexdigest()


def instant_of(rfc3339):
    """(seconds since 1970, zone as IMAP writes it) of a date such as 2024-02-29T23:59:59+08:00."""
    parsed = datetime.datetime.fromisoformat(rfc3339)
    return int(parsed.timestamp()), re.sub(r".*([+-]\d\d):(\d\d)$", r"\1\2", rfc3339)


def recovery_key(sheet):
    """The key on a recovery sheet: 14 groups of 4 characters, on two lines."""
    text = sheet.read_text(encoding="utf-8")
    lines = re.search(r"(?m)^recovery key +([A-Z2-7 -]+)\n +([A-Z2-7 -]+)$", text)
    if not lines:
        raise AssertionError(f"no recovery key in {text}")
    return f"{lines[1]} {lines[2]}"


def contents_stored_twice(state):
    """Ids of messages and attachments that lie in more than one place of the vault."""
    with tempfile.TemporaryDirectory() as folder:  # a copy: looking must not change the catalog
        for file in state.glob("catalog.sqlite*"):
            shutil.copy2(file, folder)
        with contextlib.closing(sqlite3.connect(f"{folder}/catalog.sqlite")) as catalog:
            return catalog.execute("SELECT hex(id) FROM locations JOIN contents ON content = n"
                                   " GROUP BY content HAVING count(*) > 1").fetchall()


def allowed_to_mount():
    """The start of a command line that gives a private mount namespace, or None."""
    for prefix in (["unshare", "-Urm"], ["unshare", "-m"]):
        trial = [*prefix, "sh", "-c", "mount -t tmpfs -o size=1m tmpfs /mnt"]
        if shutil.which("unshare") and subprocess.run(trial, capture_output=True).returncode == 0:
            return prefix
    return None
