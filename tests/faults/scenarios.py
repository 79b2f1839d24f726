"""The commands of the process faults: for each a home to copy, the command line, and what must hold
after it. Mail is small: a few letters and one attachment of 50 KB."""

import collections
import datetime
import pathlib
import random
import shutil
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

import imap_reader
import maildir_files
from e2e_case import PASSPHRASE, PASSWORD, letter, sha256_of
from watched import WatchedMailhold

LETTERS = 4


def large_letter(seed):
    """A letter with 50 KB in base64-like lines."""
    noise = random.Random(seed).randbytes(25_000).hex().encode()
    lines = b"\r\n".join(noise[at:at + 76] for at in range(0, len(noise), 76))
    return letter(f"large {seed}")[:-2] + lines + b"\r\n"


class Scenario:
    """One command. `before`: the mail that was acknowledged before it, `wanted`: what is there
    when it has succeeded, both as Counter of (folder, sha256); `messages`: contents in the vault
    then."""

    name = ""
    arguments = ()
    unlock = True
    again = (0,)  # exit codes of the next run

    def __init__(self, server, folder):
        self.server = server
        self.folder = folder / self.name.replace(" ", "-")
        self.address = f"{self.name.replace(' ', '-').replace(',', '')}@acme.example"
        self.tool = WatchedMailhold(self._made(self.folder / "home"))
        self.before = collections.Counter()
        self.wanted = collections.Counter()
        self.messages = 0

    @staticmethod
    def _made(home):
        home.mkdir(parents=True)
        return home

    # ---- the home that every point starts from

    def prepare(self):
        raise NotImplementedError

    def init(self):
        (self.tool.home / "passphrase").write_text(PASSPHRASE + "\n", encoding="utf-8")
        self.tool.passphrase_file.chmod(0o600)
        self.tool.run("init", check=0)

    def fill(self, address=None):
        """An account on the server with mail in two folders."""
        address = address or self.address
        self.server.add_user(address, PASSWORD)
        for number in range(LETTERS):
            self.server.deliver(address, "INBOX", letter(number), ["\\Seen"])
        self.server.deliver(address, "已发送", large_letter(1))

    def add_account(self, address=None, *options):
        """Without TLS: its certificates would be expired on a wrong clock."""
        self.tool.run("account", "add", address or self.address, "--host", "127.0.0.1", "--port",
                      self.server.imap_port, "--tls", "none", "--password-stdin", *options,
                      input=PASSWORD + "\n", unlock=False, check=0)

    def backup(self):
        self.tool.run("--quiet", "backup", unlock=False, check=0)

    def served(self, address):
        account = imap_reader.read_account(self.server.host, self.server.imaps_port, address,
                                           PASSWORD, self.server.ca_file)
        return collections.Counter((name, message.sha256) for name, folder in account.items()
                                   for message in folder.messages.values())

    # ---- one point

    def copy_to(self, folder):
        """A home of its own for one point, below `folder`."""
        shutil.copytree(self.tool.home, folder / "home")
        return WatchedMailhold(folder / "home")

    def command(self, tool):
        return self.arguments

    def has_vault(self, tool):
        return True

    def go_on(self, tool, again):
        """What people do after the next run, told by its hint."""

    def verify(self, tool):
        """What else must hold once the command has succeeded; raises AssertionError."""

    def clean_up(self, tool):
        """After a point."""


class Init(Scenario):
    name = "init"
    arguments = ("init", "--recovery-sheet", "sheet.txt")
    again = (0, 2)

    def prepare(self):
        (self.tool.home / "passphrase").write_text(PASSPHRASE + "\n", encoding="utf-8")
        self.tool.passphrase_file.chmod(0o600)
        (self.folder / "letter.eml").write_bytes(letter(1))

    def command(self, tool):
        return ("init", "--recovery-sheet", tool.home / "sheet.txt")

    def has_vault(self, tool):
        return tool.config.exists() and any(tool.vault.glob("root/0000000001-*"))

    def go_on(self, tool, again):
        if again.code == 0:
            return
        assert "already" in again.stderr, again
        if not (tool.home / "state" / "writer.kit").exists():
            assert "mailhold writer add" in again.stderr, again
            tool.run("writer", "add", check=0)

    def verify(self, tool):
        tool.run("import", "first@acme.example", self.folder / "letter.eml", unlock=False, check=0)
        report = tool.json("check", "--read-data", check=0)
        assert report["read_messages"] == 1 and not report["findings"], report


class FirstBackup(Scenario):
    name = "backup, first"
    arguments = ("--quiet", "backup")
    unlock = False

    def prepare(self):
        self.init()
        self.fill()
        self.add_account()
        self.wanted, self.messages = self.served(self.address), LETTERS + 1


class LaterBackup(Scenario):
    """With new mail, changed flags and vanished mail, in several commits."""

    name = "backup, later"
    arguments = ("--quiet", "backup")
    unlock = False

    def prepare(self):
        self.init()
        self.fill()
        self.add_account()
        self.backup()
        with open(self.tool.config, "a", encoding="utf-8") as config:
            config.write('\n[harvest]\ncommit_bytes = "64KiB"\n')
        for number in range(10, 13):
            self.server.deliver(self.address, "Neu", letter(number))
            self.server.deliver(self.address, "Neu", large_letter(number))
        self.server.deliver(self.address, "INBOX", letter(20))
        self.server.set_flags(self.address, "INBOX", [1], ["\\Flagged"], "+FLAGS")
        before = self.served(self.address)
        self.server.expunge(self.address, "INBOX", [2])
        self.wanted = self.served(self.address)
        self.before = collections.Counter(
            {place: count for place, count in self.wanted.items()
             if place in before and place[0] != "Neu" and place[1] != sha256_of(letter(20))})
        self.messages = LETTERS + 1 + 7


class Imported(Scenario):
    """Those whose mail comes from files."""

    def files(self, numbers):
        folder = self.folder / "letters"
        folder.mkdir(exist_ok=True)
        paths = [folder / f"{number}.eml" for number in numbers]
        for path, number in zip(paths, numbers):
            path.write_bytes(letter(number))
        return paths

    def bring_in(self, numbers, **environment):
        self.tool.watching = environment
        self.tool.run("--quiet", "import", self.address, *self.files(numbers), unlock=False,
                      check=0)
        self.tool.watching = {}

    def imported(self, numbers):
        return collections.Counter(("Imported", sha256_of(letter(number))) for number in numbers)


class KeyAdd(Imported):
    name = "key add"

    def prepare(self):
        self.init()
        self.bring_in(range(2))
        second = self.tool.home / "second"
        second.write_text("another long passphrase\n", encoding="utf-8")
        second.chmod(0o600)
        self.before = self.wanted = self.imported(range(2))
        self.messages = 2

    def command(self, tool):
        return ("key", "add", "--new-passphrase-file", tool.home / "second")

    def go_on(self, tool, again):
        """What an owner left unfinished goes when a writer is at work a day later."""
        later = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=2)
        tool.watching = {"MAILHOLD_TEST_NOW": later.strftime("%Y-%m-%dT%H:%M:%SZ")}
        tool.run("--quiet", "import", self.address, *self.files(range(2)), unlock=False, check=0)
        tool.watching = {}

    def verify(self, tool):
        first, tool.passphrase_file = tool.passphrase_file, tool.home / "second"
        assert tool.json("check", check=0)["with_key"], "the new passphrase opens the vault"
        tool.passphrase_file = first


class Import(Imported):
    name = "import"
    unlock = False

    def prepare(self):
        self.init()
        self.bring_in(range(2))
        self.before = self.imported(range(2))
        files = self.folder / "box"
        maildir_files.make_maildir(files)
        for number in range(1, 1 + LETTERS):
            (files / "cur" / f"{number}.host:2,S").write_bytes(letter(number))
        (files / "cur" / "large.host:2,").write_bytes(large_letter(2))
        more = [letter(number) for number in range(1, 1 + LETTERS)] + [large_letter(2)]
        self.wanted = self.before + collections.Counter(("INBOX", sha256_of(raw)) for raw in more)
        self.messages = 1 + LETTERS + 1

    def command(self, tool):
        return ("--quiet", "import", self.address, self.folder / "box")


class Tidy(Imported):
    """Merges seven shards, and removes what an earlier merge replaced."""

    name = "tidy"

    def prepare(self):
        self.init()
        for number in range(7):
            self.bring_in([number], MAILHOLD_TEST_NOW="2026-01-05T01:00:00Z")
        self.tool.watching = {"MAILHOLD_TEST_NOW": "2026-01-05T02:00:00Z"}
        self.tool.run("--quiet", "tidy", check=0)
        for number in range(7, 13):
            self.bring_in([number])
        self.before = self.wanted = self.imported(range(13))
        self.messages = 13

    def command(self, tool):
        return ("--json", "tidy")

    def verify(self, tool):
        report = tool.json("tidy", check=0)
        assert (report["messages"], report["indexed_messages"]) == (13, 13), report
        assert report["shards"] < 6, report
        assert tool.json("search", "inquiry", "--count", check=0)["total"] == 13


class Rebuild(Imported):
    """The catalog is gone."""

    name = "rebuild"

    def prepare(self):
        self.init()
        for number in range(3):
            self.bring_in([number])
        self.wanted = self.imported(range(3))
        self.messages = 3
        for file in (self.tool.home / "state").glob("catalog.sqlite*"):
            file.unlink()

    def command(self, tool):
        return ("--json", "rebuild")


class Upload(Scenario):
    """Each point has a target account of its own."""

    def prepare(self):
        self.init()
        self.fill()
        self.add_account()
        self.backup()
        self.server.add_user(self.target(self.tool), PASSWORD)
        self.add_account("target@acme.example", "--user", self.target(self.tool))
        self.before = self.wanted = self.served(self.address)
        self.messages = LETTERS + 1

    def target(self, tool):
        """Whom the target account logs in as."""
        return f"{self.folder.name}.{tool.home.parent.name}@acme.example".lower()

    def copy_to(self, folder):
        tool = super().copy_to(folder)
        self.server.add_user(self.target(tool), PASSWORD)
        text = tool.config.read_text(encoding="utf-8")
        assert self.target(self.tool) in text
        tool.config.write_text(text.replace(self.target(self.tool), self.target(tool)),
                               encoding="utf-8")
        return tool

    def verify(self, tool):
        found = collections.Counter(sha for folder, sha in self.delivered(tool).elements())
        wanted = collections.Counter(sha for folder, sha in self.wanted.elements())
        assert found == wanted, f"missing {wanted - found}, too much {found - wanted}"

    def delivered(self, tool):
        """Counter of (folder, sha256) of what lies on the server's disk, where it keeps bare LF."""
        top = self.server.maildir(self.target(tool))
        return collections.Counter((str(path.parent.parent.relative_to(top)),
                                    sha256_of(path.read_bytes().replace(b"\n", b"\r\n")))
                                   for part in ("cur", "new") for path in top.rglob(f"{part}/*")
                                   if path.is_file())

    def clean_up(self, tool):
        self.server.remove_user(self.target(tool))
        shutil.rmtree(self.server.maildir(self.target(tool)).parent, ignore_errors=True)


class Restore(Upload):
    name = "restore"

    def command(self, tool):
        return ("--json", "restore", self.address, "--to", "target@acme.example")


class Handover(Upload):
    name = "handover"

    def command(self, tool):
        return ("--json", "handover", "start", self.address, "--to", "target@acme.example",
                "--report", tool.home / "report")

    def verify(self, tool):
        super().verify(tool)
        cases = tool.json("handover", "list", check=0)["cases"]
        assert len(cases) == 1, cases
        receipts = list((tool.home / "report").glob("*.json"))
        assert receipts, "a receipt was written"


SCENARIOS = (Init, FirstBackup, LaterBackup, KeyAdd, Restore, Handover, Tidy, Rebuild, Import)
