#!/usr/bin/env python3
"""The passphrase once for a while: `unlock` and `lock`, what they allow and what they do not, and the rotation
that makes kept keys useless. On a machine whose kernel keeps no keys, that this is said."""

import datetime
import pathlib
import subprocess
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from e2e_case import E2eCase, letter


class Unlock(E2eCase):
    def setUp(self):
        super().setUp()
        self.server.deliver(self.user, "INBOX", letter(1))
        self.add_account()
        self.backup()
        self.id = self.manifest(self.export())[0]["id"]

    def unlocked(self, *options):
        """False where this kernel keeps no keys; then the test ends with the clear words."""
        result = self.tool.run("--json", "unlock", *options)
        self.addCleanup(self.tool.run, "lock", unlock=False)
        if result.code == 20:
            self.assert_error(result, 20, "keyring", "passphrase")
            self.assert_locked()
            return False
        self.assertEqual(result.code, 0, result)
        return True

    def assert_locked(self):
        self.assert_error(self.tool.run("show", self.id, unlock=False), 12, "passphrase")
        self.assertIsNone(self.tool.json("status", check=0, unlock=False)["unlocked_until"])

    def show(self):
        return self.tool.run("show", self.id, unlock=False)

    def test_reading_asks_no_more_until_it_is_locked(self):
        self.assert_locked()
        if not self.unlocked("--for", "10m"):
            return
        self.assertIn("inquiry 1", self.show().stdout)
        to = self.home / "mail"
        self.tool.run("export", "--account", self.user, "--to", to, check=0, unlock=False)
        self.assertTrue(self.check_vault("--read-data", unlock=False)["with_key"])
        told = self.tool.json("status", check=0, unlock=False)["unlocked_until"]
        left = datetime.datetime.fromisoformat(told.replace("Z", "+00:00")) - \
            datetime.datetime.now(datetime.timezone.utc)
        self.assertLess(abs(left.total_seconds() - 600), 60)
        self.assertIn("Unlocked for reading until",
                      self.tool.run("status", check=0, unlock=False).stdout)
        self.assertTrue(self.tool.json("lock", check=0, unlock=False)["was_unlocked"])
        self.assertFalse(self.tool.json("lock", check=0, unlock=False)["was_unlocked"])
        self.assert_locked()

    def test_owners_are_asked_all_the_same(self):
        if not self.unlocked():
            return
        for command in (["key", "recovery"], ["key", "add"], ["writer", "renew"]):
            self.assertEqual(self.tool.run(*command, unlock=False).code, 12, command)

    def test_it_locks_itself(self):
        if not self.unlocked("--for", "1s"):
            return
        deadline = time.monotonic() + 30
        while self.show().code == 0:
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.2)
        self.assert_locked()

    def test_a_rotated_vault_drops_what_was_kept(self):
        if not self.unlocked():
            return
        second = self.home / "second"
        second.write_text("another good passphrase\n", encoding="utf-8")
        self.tool.run("key", "add", "--new-passphrase-file", second, check=0)
        self.assertEqual(self.show().code, 0, "a new slot changes no epoch")
        slots = self.tool.json("key", "list", check=0, unlock=False)["slots"]
        recovery = next(slot["id"] for slot in slots if slot["kind"] == "recovery")
        self.tool.run("key", "remove", recovery, check=0)
        result = self.show()
        self.assertEqual(result.code, 12, result)
        self.assertIn("new keys since", result.stderr)
        self.assert_locked()

    def test_a_wrong_passphrase_keeps_nothing(self):
        wrong = self.home / "wrong"
        wrong.write_text("not the passphrase\n", encoding="utf-8")
        result = self.tool.run("--passphrase-file", wrong, "unlock", unlock=False)
        self.assert_error(result, 12)
        self.assert_locked()

    def test_a_kernel_without_a_keyring_is_named_and_everything_else_works(self):
        no_keys = ["strace", "-f", "-o", "/dev/null", "-e",
                   "inject=add_key,keyctl,request_key:error=ENOSYS"]
        # LeakSanitizer does not work under ptrace.
        environment = {**self.tool.environment(), "ASAN_OPTIONS": "detect_leaks=0"}
        for command, code in ((["unlock"], 20), (["lock"], 0), (["status"], 0),
                              (["show", self.id], 0)):
            done = subprocess.run(no_keys + self.tool.command(*command), text=True,
                                  env=environment, stdin=subprocess.DEVNULL,
                                  capture_output=True, timeout=300)
            self.assertEqual(done.returncode, code, (command, done.stderr))
            if code:
                self.assertRegex(done.stderr, r"keyring failed: Function not implemented\n"
                                              r"hint: .*--passphrase-command")

    def test_times_out_of_bounds_are_refused_before_anything_is_asked(self):
        for text in ("25h", "0m", "soon", "30", ""):
            self.assert_error(self.tool.run("unlock", "--for", text, unlock=False), 2, "--for")

    def test_people_are_told_until_when(self):
        if not self.unlocked():
            return
        told = self.tool.run("unlock", "--for", "2h", check=0).stdout
        self.assertRegex(told, r"^Unlocked for reading until \d{4}-\d\d-\d\d \d\d:\d\d; ")
        self.assertEqual(self.tool.run("lock", check=0, unlock=False).stdout, "Locked.\n")
        self.assertEqual(self.tool.run("lock", check=0, unlock=False).stdout,
                         "It was locked already.\n")


if __name__ == "__main__":
    unittest.main()
