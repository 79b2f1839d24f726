#!/usr/bin/env python3
"""A backup is killed at every write, rename, fsync, link and unlink it makes, one after the other, each
time on a fresh copy of the same vault. After each: check finds nothing worse than leftovers, the next
run completes, each content is stored once, and the export equals the server.

By default as many points as fit into MAILHOLD_FAULTS_SECONDS (60), spread evenly over all of them;
MAILHOLD_FAULTS=all takes every one. strace counts the calls of each thread for itself, and kills the
process at the first thread that comes to the number."""

import collections
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from e2e_case import E2eCase, contents_stored_twice, letter

CALLS = ("write", "pwrite64", "writev", "rename", "renameat", "renameat2", "fsync", "fdatasync",
         "link", "linkat", "unlink", "unlinkat", "ftruncate", "fallocate")
EVERYTHING = os.environ.get("MAILHOLD_FAULTS") == "all"
SECONDS = float(os.environ.get("MAILHOLD_FAULTS_SECONDS", "60"))
KILLED = (-9, 137)  # strace ends as its child did, or says so as a shell does


def may_trace():
    if not shutil.which("strace"):
        return False
    trial = ["strace", "-f", "-o", "/dev/null", "-e", "trace=write", "true"]
    return subprocess.run(trial, capture_output=True).returncode == 0


@unittest.skipUnless(may_trace(), "strace is not there, or this user may not trace")
class KillEverySyscall(E2eCase):
    def setUp(self):
        super().setUp()
        for number in range(4):
            self.server.deliver(self.user, "INBOX", letter(number), ["\\Seen"])
        attachment = os.urandom(50_000).hex().encode()
        attachment = b"\r\n".join(attachment[i:i + 76] for i in range(0, len(attachment), 76))
        self.server.deliver(self.user, "已发送", letter("large")[:-2] + attachment + b"\r\n")
        self.add_account()

    def traced(self, home, *strace_options):
        """One backup under strace in `home`; returns strace's exit code."""
        # No --seccomp-bpf: with it strace 6.1 misses most of the calls it should inject at.
        line = ["strace", "-f", "-qq", *strace_options,
                *self.command_in(home, "--quiet", "backup")]
        sanitizer = os.environ.get("ASAN_OPTIONS", "")
        return subprocess.run(line, env={**self.tool.environment(),  # no leak check under ptrace
                                         "ASAN_OPTIONS": f"{sanitizer}:detect_leaks=0"},
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=300).returncode

    def command_in(self, home, *arguments, unlock=False):
        line = self.tool.command(*arguments, unlock=unlock)
        line[line.index("--config") + 1] = str(home / "mailhold.toml")
        return line

    def run_in(self, home, *arguments, unlock=False):
        done = subprocess.run(self.command_in(home, *arguments, unlock=unlock), text=True,
                              env=self.tool.environment(), stdin=subprocess.DEVNULL,
                              capture_output=True, timeout=300)
        return done

    def template(self):
        """A home to copy from: as self.home, with a vault beside its config wherever it lies."""
        home = self.home / "template"
        home.mkdir()
        config = self.tool.config.read_text(encoding="utf-8")
        config, changed = re.subn(r'(?m)^vault = .*$', 'vault = "vault"', config)
        self.assertEqual(changed, 1)
        (home / "mailhold.toml").write_text(config, encoding="utf-8")
        for part in ("vault", "state"):
            shutil.copytree(self.home / part, home / part)
        return home

    def points(self, template):
        """Every (call, number) that some thread of an undisturbed run reaches."""
        home, log = self.copy_of(template), self.home / "trace"
        code = self.traced(home, "-o", str(log), "-e", "trace=" + ",".join(CALLS))
        self.assertEqual(code, 0)
        counts = collections.Counter(
            found.groups() for found in re.finditer(
                r"(?m)^(\d+) +(\w+)\(", log.read_text(encoding="utf-8", errors="replace")))
        longest = collections.Counter()
        for (_, call), count in counts.items():
            longest[call] = max(longest[call], count)
        return [(call, number) for call in CALLS for number in range(1, longest[call] + 1)]

    def copy_of(self, template):
        home = self.home / "point"
        shutil.rmtree(home, ignore_errors=True)
        shutil.copytree(template, home)
        return home

    def kill_at_every_point(self):
        template = self.template()
        points = self.points(template)
        self.assertGreater(len(points), 40, "a run writes, renames and syncs more than this")
        wanted = {(m.sha256, folder) for folder, all_of in self.served().items() for m in all_of}
        ended, killed, tried = time.monotonic() + SECONDS, 0, 0
        for call, number in self.spread(points):
            if not EVERYTHING and time.monotonic() > ended:
                break
            tried += 1
            with self.subTest(call=call, number=number):
                home = self.copy_of(template)
                code = self.traced(home, "-o", "/dev/null", "-e", f"trace={call}", "-e",
                                   f"inject={call}:signal=KILL:when={number}")
                killed += code in KILLED
                self.assertIn(code, (0, *KILLED))
                self.assert_goes_on(home, wanted)
        print(f"{self._testMethodName}: {tried} of {len(points)} points, {killed} killed the run",
              file=sys.stderr)
        self.assertGreater(killed, tried * 0.8)

    @staticmethod
    def spread(points):
        """The points in an order in which any beginning covers the whole range evenly."""
        order, step = [], 1
        while step < len(points):
            step *= 2
        seen = set()
        while step:
            for at in range(0, len(points), step):
                if at not in seen:
                    seen.add(at)
                    order.append(points[at])
            step //= 2
        return order

    def assert_goes_on(self, home, wanted):
        checked = self.run_in(home, "--json", "check", unlock=True)
        self.assertEqual(checked.returncode, 0, checked)
        harmless = {finding["kind"] for finding in json.loads(checked.stdout)["findings"]}
        self.assertLessEqual(harmless, {"orphan", "leftover"}, checked.stdout)

        again = self.run_in(home, "--json", "backup")
        self.assertEqual(again.returncode, 0, again)
        account = json.loads(again.stdout)["accounts"][0]
        self.assertEqual(account["server_messages"], account["archived_messages"], again)

        checked = self.run_in(home, "--json", "check", "--read-data", unlock=True)
        self.assertEqual(checked.returncode, 0, checked)
        report = json.loads(checked.stdout)
        self.assertEqual(report["findings"], [], "leftovers are cleared away")
        self.assertEqual(contents_stored_twice(home / "state"), [])
        to = home / "export"
        exported = self.run_in(home, "export", "--account", self.user, "--to", str(to), unlock=True)
        self.assertEqual(exported.returncode, 0, exported)
        found = {(seen.sha256, folder) for folder, all_of in self.read_maildirs(to).items()
                 for seen in all_of}
        self.assertEqual(found, wanted)

    def test_the_first_run(self):
        self.kill_at_every_point()

    def test_a_later_run_with_new_mail_changed_flags_and_vanished_mail(self):
        self.backup()
        for number in range(10, 13):
            self.server.deliver(self.user, "Neu", letter(number))
        self.server.deliver(self.user, "INBOX", letter(20))
        self.server.set_flags(self.user, "INBOX", [1], ["\\Flagged"], "+FLAGS")
        self.server.expunge(self.user, "INBOX", [2])
        self.kill_at_every_point()


if __name__ == "__main__":
    unittest.main()
