#!/usr/bin/env python3
"""What goes wrong around a backup: one line says what, one says what to do, the exit code says which
kind, and nothing is lost."""

import pathlib
import re
import shlex
import signal
import subprocess
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

import sample_mail
from dovecot import Dovecot
from e2e_case import PASSWORD, ClockedMailhold, E2eCase, allowed_to_mount, letter


class Servers(E2eCase):
    """Accounts whose server says no, or is not there."""

    def add_refused(self, code, *words, **changes):
        """`account add` must fail with `code` and save nothing."""
        before = self.tool.config.read_bytes()
        options = {"host": self.server.host, "port": self.server.imaps_port,
                   "ca": self.server.ca_file, **changes}
        result = self.tool.account_add(self.user, options.pop("password", PASSWORD), check=None,
                                       **options)
        self.assert_error(result, code, *words)
        self.assertEqual(self.tool.config.read_bytes(), before)

    def test_an_account_that_cannot_log_in_is_not_saved(self):
        self.add_refused(20, "(?i)password", password="wrong")
        self.add_refused(21, "nowhere.invalid", host="nowhere.invalid")
        self.add_refused(21, "(?i)refused|connect", port=1)

    def test_an_unknown_certificate_authority(self):
        self.add_refused(21, "(?i)certificate", "ca_file", ca=None)

    def test_bad_certificates(self):
        with Dovecot() as server:
            server.add_user(self.user, PASSWORD)
            server.deliver(self.user, "INBOX", letter(1))
            self.add_account(server=server)
            self.backup()
            for kind, word in (("expired", "(?i)expired"), ("wrong-host", "(?i)host|name|match")):
                server.use_certificate(kind)
                server.deliver(self.user, "INBOX", letter(f"new with {kind}"))
                account = self.backup(check=3)[self.user]
                self.assertFalse(account["ok"])
                self.assertEqual(account["new"], 0)
                self.assertRegex(account["error"]["text"], word)
                self.assertGreater(len(account["error"]["hint"]), 15)
            server.use_certificate("valid")
            self.assertEqual(self.backup()[self.user]["new"], 2)
            self.assert_export_equals_server(server=server)

    def test_one_bad_account_does_not_stop_the_others(self):
        bad, gone = self.new_user("bad"), self.new_user("gone")
        for address in (self.user, bad, gone):
            self.server.deliver(address, "INBOX", letter(address))
            self.add_account(address)
        self.server.add_user(bad, "changed")
        config = self.tool.config.read_text(encoding="utf-8")
        head, _, tail = config.rpartition("localhost")  # the last account added is `gone`
        self.tool.config.write_text(head + "nowhere.invalid" + tail, encoding="utf-8")
        report = self.backup(check=3)
        self.assertEqual({address: one["ok"] for address, one in report.items()},
                         {self.user: True, bad: False, gone: False})
        self.assertEqual(report[bad]["error"]["class"], "credentials")
        self.assertEqual(report[gone]["error"]["class"], "unreachable")
        self.assertEqual(report[self.user]["new"], 1)
        status = self.status()
        self.assertEqual(status[self.user]["health"], "good")
        self.assertRegex(status[bad]["health"], "credentials")

    def test_account_test_says_which_one_failed(self):
        bad = self.new_user("bad")
        for address in (self.user, bad):
            self.add_account(address)
        self.server.add_user(bad, "changed")
        tested = self.tool.json("account", "test", check=3, unlock=False)["accounts"]
        self.assertEqual({one["address"]: one["ok"] for one in tested},
                         {self.user: True, bad: False})
        self.assertEqual(self.tool.run("account", "test", self.user, unlock=False).code, 0)


class ConfigErrors(E2eCase):
    def test_a_broken_line_is_named(self):
        self.server.deliver(self.user, "INBOX", letter(1))
        self.add_account()
        sound = self.tool.config.read_text(encoding="utf-8")
        for broken, word in (("port = = 1", "13|line|toml"), ('tls = "sometimes"', "tls"),
                             ("colour = 3", "colour"), ('[harvest]\ncommit_bytes = "lots"', "lots")):
            text = sound + broken + "\n"
            self.tool.config.write_text(text, encoding="utf-8")
            result = self.tool.run("backup", unlock=False)
            self.assert_error(result, 2, word)
            line = int(re.search(r"mailhold\.toml:(\d+)", result.stderr)[1])
            self.assertLessEqual(abs(line - len(text.splitlines())), 1, result)
        self.tool.config.write_text(sound, encoding="utf-8")
        self.assertEqual(self.backup()[self.user]["new"], 1)

    def test_what_is_not_there(self):
        fresh = ClockedMailhold(self.home / "fresh")
        self.assert_error(fresh.run("status"), 10, "no config file", "init")
        self.assert_error(self.tool.run("backup", "nobody@acme.example", unlock=False), 10,
                          "nobody@acme.example")
        self.assert_error(self.tool.run("folders", "nobody@acme.example", unlock=False), 10)
        self.assert_error(self.tool.run("show", "abcdef0123"), 10)
        self.assert_error(self.tool.run("show", "xyz"), 2)
        self.assert_error(self.tool.run("backup", "--frobnicate", unlock=False), 2)
        self.assert_error(self.tool.run("export", "--account", self.user, "--to", self.home / "x",
                                        "--format", "pst"), 2)

    def test_a_vault_is_made_once(self):
        before = self.objects()
        self.assert_error(self.tool.run("init"), 2)
        other = ClockedMailhold(self.home / "second")
        other.passphrase_file.write_bytes(self.tool.passphrase_file.read_bytes())
        self.assert_error(other.run("init", "--vault", self.tool.vault), 2)
        self.assertFalse(other.config.exists())
        self.assertEqual(self.objects(), before)

    def test_an_export_overwrites_nothing(self):
        self.server.deliver(self.user, "INBOX", letter(1))
        self.add_account()
        self.backup()
        to = self.home / "full"
        to.mkdir()
        (to / "mine.txt").write_text("kept", encoding="utf-8")
        self.assert_error(self.tool.run("export", "--account", self.user, "--to", to), 2)
        self.assertEqual([p.name for p in to.iterdir()], ["mine.txt"])


class OneWriterAtATime(E2eCase):
    def test_a_second_run_is_refused_and_reading_goes_on(self):
        self.own_server()
        tree = self.home / "sample"
        sample_mail.write(tree, sample_mail.Sample(seed=2, messages=500))
        addresses = self.server.load(tree, PASSWORD)
        self.add_account(addresses[0])
        self.backup()
        for address in addresses[1:]:
            self.add_account(address)
        first = self.tool.start("backup", unlock=False)
        self.addCleanup(first.kill)
        deadline = time.monotonic() + 30
        while not self.objects("tmp"):  # it has begun to write
            self.assertLess(time.monotonic(), deadline)
            self.assertIsNone(first.poll(), "the run was over too soon")
            time.sleep(0.001)
        first.send_signal(signal.SIGSTOP)
        try:
            self.assert_error(self.tool.run("backup", unlock=False), 11)
            self.assertIn(addresses[0], self.status())
            self.assert_export_equals_server(addresses[0])
        finally:
            first.send_signal(signal.SIGCONT)
        first.communicate(timeout=120)
        self.assertEqual(first.returncode, 0)
        for address in addresses:
            self.assert_export_equals_server(address)


@unittest.skipUnless(allowed_to_mount(), "this user may not make a mount namespace")
class Disks(E2eCase):
    def in_namespace(self, *commands):
        """Runs shell commands where mounting is allowed; returns what ended."""
        script = "\n".join(["set -u", *commands])
        return subprocess.run([*allowed_to_mount(), "sh", "-c", script], capture_output=True,
                              text=True, env=self.tool.environment(), cwd=self.home, timeout=300)

    def shell(self, *arguments, unlock=False):
        return shlex.join(self.tool.command(*arguments, unlock=unlock))

    def fill(self):
        self.own_server()
        tree = self.home / "sample"
        sample_mail.write(tree, sample_mail.Sample(seed=31, messages=200, catalogue_kib=900))
        self.addresses = self.server.load(tree, PASSWORD)
        for address in self.addresses:
            self.add_account(address)

    def assert_full_then_complete(self, full):
        """The folder `full` lies on a disk of 700 KiB that fills up, and grows for the second run."""
        self.fill()
        out = self.home / "out"
        out.mkdir()
        ended = self.in_namespace(
            f"cp -a {full} {out}/copy && mount -t tmpfs -o size=700k tmpfs {full}",
            f"cp -a {out}/copy/. {full}/",
            f"{self.shell('backup')} >{out}/first.out 2>{out}/first.err; echo $? >{out}/first",
            f"mount -o remount,size=200m {full}",
            f"{self.shell('check', unlock=True)} >{out}/check.out 2>&1; echo $? >{out}/check",
            f"{self.shell('backup')} >{out}/second.out 2>&1; echo $? >{out}/second",
            f"{self.shell('--json', 'check', '--read-data', unlock=True)} >{out}/last.json",
            f"rm -rf {out}/copy && cp -a {full} {out}/copy")
        self.assertEqual(ended.returncode, 0, ended)
        codes = {name: (out / name).read_text(encoding="ascii").strip()
                 for name in ("first", "check", "second")}
        said = (out / "first.err").read_text(encoding="utf-8")
        self.assertEqual(codes, {"first": "30", "check": "0", "second": "0"}, said)
        errors = [line for line in said.splitlines() if line.startswith(("mailhold: ", "hint: "))]
        self.assertRegex(errors[0], "(?i)space|full")
        self.assertTrue(errors[1].startswith("hint: "))
        subprocess.run(["sh", "-c", f"rm -rf {full}; mv {out}/copy {full}"], check=True)
        for address in self.addresses:
            self.assert_export_equals_server(address)
        self.assertEqual(self.check_vault("--read-data")["verdict"], "clean")

    def test_the_vaults_disk_is_full(self):
        self.assert_full_then_complete(self.tool.vault)

    def test_a_read_only_vault(self):
        self.server.deliver(self.user, "INBOX", letter(1))
        self.add_account()
        self.backup()
        self.server.deliver(self.user, "INBOX", letter(2))
        before, to = self.objects(), self.home / "copy"
        vault = self.tool.vault
        ended = self.in_namespace(
            f"mount --bind {vault} {vault} && mount -o remount,bind,ro {vault}",
            f"{self.shell('backup')}; echo backup $? >>codes",
            f"{self.shell('check', unlock=True)} >>checked; echo check $? >>codes",
            f"{self.shell('export', '--account', self.user, '--to', to, unlock=True)} >>checked; "
            "echo export $? >>codes")
        codes = (self.home / "codes").read_text(encoding="ascii").split("\n")
        self.assertEqual(codes[:3], ["backup 30", "check 0", "export 0"], ended)
        self.assertRegex(ended.stderr, "(?m)^mailhold: .*(?i:read-only|cannot)")
        self.assertRegex(ended.stderr, "(?m)^hint: ")
        self.assertEqual(self.objects(), before)
        self.assertEqual(len(self.manifest(to)), 1)
        self.assertEqual(self.backup()[self.user]["new"], 1)
        self.assert_export_equals_server()

    def test_a_vault_that_is_not_mounted(self):
        self.server.deliver(self.user, "INBOX", letter(1))
        self.add_account()
        self.backup()
        away = self.home / "elsewhere"
        self.tool.vault.rename(away)
        result = self.tool.run("backup", unlock=False)
        self.assertIn(result.code, (5, 10, 30), result)
        self.assert_error(result, result.code)
        self.assertFalse(self.tool.vault.exists(), "no second vault is begun")
        self.tool.vault.mkdir()  # the empty mount point
        result = self.tool.run("backup", unlock=False)
        self.assertNotEqual(result.code, 0)
        self.assertEqual(self.objects("archives"), [])
        for left in sorted(self.tool.vault.rglob("*"), reverse=True):
            left.rmdir() if left.is_dir() else left.unlink()
        self.tool.vault.rmdir()
        away.rename(self.tool.vault)
        self.assertEqual(self.backup()[self.user]["new"], 0)
        self.assert_export_equals_server()


if __name__ == "__main__":
    unittest.main()
