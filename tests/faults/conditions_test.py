#!/usr/bin/env python3
"""What surrounds a backup is not as it should be: clocks wrong by years or jumping, stores that are
read-only or slow, several runs at once. Nothing fails that need not, and nothing is lost."""

import collections
import datetime
import pathlib
import shutil
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from e2e_case import PASSPHRASE, PASSWORD, E2eCase, contents_stored_twice, letter
from watched import Fault, WatchedMailhold

TEN_YEARS = 315_360_000
RIGHT, FAST, SLOW, JUMPING = "0", str(TEN_YEARS), str(-TEN_YEARS), f"jumping:{TEN_YEARS}"
SHIFTS = {RIGHT: (0,), FAST: (TEN_YEARS,), SLOW: (-TEN_YEARS,), JUMPING: (-TEN_YEARS, 0, TEN_YEARS)}


class ConditionCase(E2eCase):
    def setUp(self):
        super().setUp()
        self.tool = WatchedMailhold(self.home / "watched")
        self.tool.init(PASSPHRASE)

    def add_account(self, address=None, **options):
        """Without TLS: its certificates would be expired on a wrong clock."""
        return self.tool.account_add(address or self.user, PASSWORD, "127.0.0.1",
                                     self.server.imap_port, tls="none", **options)

    def deliver(self, *numbers, address=None):
        for number in numbers:
            self.server.deliver(address or self.user, ("INBOX", "Sent")[number % 2], letter(number))

    def run_clean(self, *arguments, **options):
        """A run that succeeds and complains of nothing."""
        result = self.tool.run(*arguments, check=0, **options)
        self.assertEqual(result.stderr, "", result)
        return result

    def assert_whole(self, messages):
        """The vault is clean, holds so many messages, each once, and exports what is served."""
        self.tool.watching = {}
        report = self.check_vault("--read-data")
        self.assertEqual((report["findings"], report["messages"]), ([], messages))
        self.assertEqual(contents_stored_twice(self.tool.home / "state"), [])
        self.assert_export_equals_server()


class Clocks(ConditionCase):
    def live_through(self, first, second):
        """Two backups under two clocks, and everything that people then do."""
        self.add_account()
        self.deliver(*range(6))
        self.tool.watch(CLOCK=first)
        self.run_clean("--quiet", "backup", unlock=False)
        self.assert_told_under(first)
        before = self.contents(self.user)
        self.server.expunge(self.user, "INBOX", [1])
        self.deliver(*range(6, 9))
        self.tool.watch(CLOCK=second)
        self.run_clean("--quiet", "backup", unlock=False)
        self.run_clean("--quiet", "check", "--read-data")
        self.assert_export_equals_server()
        self.assertEqual(self.tool.json("search", "inquiry", "--count", check=0)["total"], 9)
        target = self.new_user("target")
        self.add_account(target)
        for when in ("2000-01-01T00:00:00Z", "2099-01-01T00:00:00Z"):
            self.run_clean("--quiet", "restore", self.user, "--to", target, "--as-of", when)
        self.assertEqual(self.contents(target), self.contents(self.user), "as of the end: all")
        self.assertLessEqual(len(before - self.contents(target)), 1)
        self.tool.watching = {}
        self.deliver(9)
        self.backup()
        self.assert_whole(10)

    def assert_told_under(self, clock):
        told = datetime.datetime.fromisoformat(self.status()[self.user]["last_success"]).timestamp()
        shifts = [told - time.time() - shift for shift in SHIFTS[clock]]
        self.assertLess(min(map(abs, shifts)), 600, f"the clock was not {clock}")

    def contents(self, address):
        return collections.Counter(seen.sha256 for messages in self.served(address).values()
                                   for seen in messages.elements())

    def test_ten_years_fast(self):
        self.live_through(RIGHT, FAST)

    def test_ten_years_slow(self):
        self.live_through(RIGHT, SLOW)

    def test_set_right_after_running_fast(self):
        self.live_through(FAST, RIGHT)

    def test_set_right_after_running_slow(self):
        self.live_through(SLOW, RIGHT)

    def test_jumping_forth_and_back(self):
        self.live_through(JUMPING, JUMPING)


class Stores(ConditionCase):
    def setUp(self):
        super().setUp()
        self.add_account()
        self.deliver(*range(4))
        self.backup()
        self.archived = self.exported()
        self.deliver(*range(4, 6))

    def read_only(self, folder):
        self.tool.watch(**{name.removeprefix("MAILHOLD_FAULTS_"): value
                           for name, value in Fault("EROFS", 1, True).environment().items()})
        self.tool.watching["MAILHOLD_FAULTS_UNDER"] = str(folder)

    def test_a_read_only_vault_is_read_and_refuses_a_backup(self):
        self.read_only(self.tool.vault)
        self.assert_error(self.tool.run("backup", unlock=False), 30, "(?i)read-only")
        self.assertEqual(self.exported(), self.archived)
        self.run_clean("--quiet", "check", "--read-data")
        self.assertEqual(self.tool.json("search", "inquiry", "--count", check=0)["total"], 4)
        self.tool.watching = {}
        self.backup()
        self.assert_whole(6)

    def test_a_home_that_is_read_only_altogether(self):
        self.read_only(self.tool.home)
        self.assert_error(self.tool.run("backup", unlock=False), 30, "(?i)read-only|unable to open")
        self.tool.watching = {}
        self.backup()
        self.assert_whole(6)

    def test_a_slow_store(self):
        self.tool.watch(SLOW=20)
        self.run_clean("--quiet", "backup", unlock=False)
        self.run_clean("--quiet", "tidy")
        self.assert_whole(6)


class AtOnce(ConditionCase):
    ROUNDS = 4

    def ended(self, *runs):
        """Exit codes and stderr of runs started at the same time."""
        return [(run.returncode, err.decode()) for run in runs
                for _, err in [run.communicate(timeout=120)]]

    def test_two_hosts_with_two_writers_in_one_vault(self):
        other = WatchedMailhold(self.home / "other" / "watched")
        shutil.copy(self.tool.passphrase_file, other.passphrase_file)
        config = self.tool.config.read_text(encoding="utf-8")
        other.config.write_text(config, encoding="utf-8")
        other.run("writer", "add", "--name", "other", check=0)
        theirs = self.new_user("their")
        self.add_account()
        other.account_add(theirs, PASSWORD, "127.0.0.1", self.server.imap_port, tls="none")
        for number in range(self.ROUNDS):
            self.deliver(2 * number, 2 * number + 1)
            self.deliver(2 * number, 1000 + number, address=theirs)  # one that both have
            ends = self.ended(self.tool.start("--quiet", "backup", unlock=False),
                              other.start("--quiet", "backup", unlock=False))
            self.assertEqual(ends, [(0, "")] * 2)
        for tool in (self.tool, other):
            report = tool.json("check", "--read-data", check=0)
            self.assertLessEqual({finding["kind"] for finding in report["findings"]}, {"duplicate"})
            tool.run("rebuild", check=0)
        for self.tool in (self.tool, other):
            for address in (self.user, theirs):
                self.assert_export_equals_server(address)

    def test_two_runs_on_one_host(self):
        self.add_account()
        for number in range(self.ROUNDS):
            self.deliver(2 * number, 2 * number + 1)
            ends = self.ended(*(self.tool.start("--quiet", "backup", unlock=False)
                                for _ in range(2)))
            codes = sorted(code for code, _ in ends)
            self.assertIn(codes, ([0, 0], [0, 11]), ends)
            for code, said in ends:
                self.assertEqual("hint: " in said, code == 11, said)
            self.assert_whole(2 * number + 2)

    def test_all_that_writes_at_once(self):
        """A backup, an import, a tidy and a key: each succeeds or says that another is writing."""
        self.add_account()
        second = self.home / "second"
        second.write_text("another long passphrase\n", encoding="utf-8")
        (self.home / "one.eml").write_bytes(letter(500))
        for number in range(self.ROUNDS):
            self.deliver(number)
            ends = self.ended(
                self.tool.start("--quiet", "backup", unlock=False),
                self.tool.start("--quiet", "import", "old@acme.example", self.home / "one.eml",
                                unlock=False),
                self.tool.start("--quiet", "tidy"),
                self.tool.start("--quiet", "key", "add", "--new-passphrase-file", second))
            self.assertLessEqual({code for code, _ in ends}, {0, 11}, ends)
            self.assertIn(0, [code for code, _ in ends])
        self.backup()
        self.tool.run("import", "old@acme.example", self.home / "one.eml", unlock=False, check=0)
        self.assert_whole(self.ROUNDS + 1)


if __name__ == "__main__":
    unittest.main()
