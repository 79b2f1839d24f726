#!/usr/bin/env python3
"""The nightly host burns down: all that is left is a copy of the vault and the recovery sheet. The
lines of docs/operations.md are run as they stand there, on a host that has nothing else; everything
comes back, and the nightly run goes on. And the drill that tells beforehand whether it would."""

import pathlib
import re
import shutil
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from e2e_case import PASSWORD, E2eCase, contents_stored_twice, letter, recovery_key
from mailhold_cli import Mailhold, program

OPERATIONS = pathlib.Path(__file__).resolve().parents[2] / "docs" / "operations.md"


def documented_commands():
    """The shell lines below "When the host burns down"."""
    section = OPERATIONS.read_text(encoding="utf-8").split("\n## When the host burns down\n")[1]
    return re.search(r"```sh\n(.*?)```", section, re.S)[1]


class BurntDown(E2eCase):
    def setUp(self):
        super().setUp()
        self.others = [self.new_user("wang")]
        for address in (self.user, *self.others):
            self.add_account(address)
            for number in range(6):
                self.server.deliver(address, "INBOX", letter(f"{number}.{address}"))
            self.server.deliver(address, "已发送", letter(f"sent.{address}"), ["\\Seen"])
            self.backup()
        self.server.expunge(self.user, "INBOX", [2])
        self.backup()

    def burn_down(self):
        """Keeps the vault and the printed sheet; returns the recovery key."""
        self.old_writer = self.tool.json("writer", "list")["writers"][0]["id"]
        sheet = self.home / "sheet.txt"
        self.tool.run("key", "recovery", "--sheet", sheet, check=0)
        key = recovery_key(sheet)
        self.machine = self.home / "new-machine"
        self.machine.mkdir()
        shutil.copytree(self.tool.vault, self.machine / "vault")
        for left in ("vault", "state", "passphrase", "mailhold.toml"):
            path = self.home / left
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        return key

    def follow_the_documentation(self, key, but_for=None, code=0):
        """Runs the lines as they stand there, `but_for` those with this word; returns what they said."""
        lines = [line for line in documented_commands().splitlines()
                 if but_for is None or but_for not in line]
        script = "\n".join(lines).replace("alice@acme.example", self.user)
        script = script.replace(
            "imap.acme.example",
            f"{self.server.host} --port {self.server.imaps_port} --ca-file {self.server.ca_file}")
        typed = {"RECOVERY KEY": key, "PASSWORD": PASSWORD, "OLD-ID": self.old_writer}
        for placeholder, value in typed.items():
            script = script.replace(placeholder, value)
        programs = self.machine / "bin"
        programs.mkdir()
        (programs / "mailhold").symlink_to(program())
        environment = {**self.tool.environment(), "HOME": str(self.machine)}
        environment["PATH"] = f"{programs}:{environment['PATH']}"
        done = subprocess.run(["sh", "-eu"], input=script, text=True, cwd=self.machine,
                              env=environment, capture_output=True, timeout=300)
        self.assertEqual(done.returncode, code, script + done.stdout + done.stderr)
        return done.stdout

    def test_everything_comes_back_from_the_vault_and_the_sheet(self):
        before = self.exported()
        said = self.follow_the_documentation(self.burn_down())
        self.assertIn("all as they were archived", said)
        self.assertEqual(self.read_maildirs(self.machine / "mail"), before)

    def test_the_nightly_run_goes_on_and_stores_nothing_twice(self):
        archives = self.objects("archives")
        said = self.follow_the_documentation(self.burn_down())
        self.assertRegex(said, r"(?m)^All well")
        self.assertNotIn("PURGE", said)
        self.tool = Mailhold(self.machine)
        self.assertEqual(self.objects("archives"), archives)
        self.assertEqual(contents_stored_twice(self.machine / "state"), [])
        key = self.machine / "key.txt"
        checked = self.tool.json("--passphrase-file", key, "check", "--read-data", check=0)
        self.assertEqual((checked["messages"], checked["verdict"]), (14, "clean"))

    def test_accounts_are_not_taken_from_a_host_that_may_still_write(self):
        said = self.follow_the_documentation(self.burn_down(), but_for="writer revoke", code=3)
        self.assertIn("is backed up by another host", said)


class Drill(E2eCase):
    def setUp(self):
        super().setUp()
        self.add_account()
        for run in range(2):
            for number in range(5):
                self.server.deliver(self.user, "INBOX", letter(f"{run}.{number}"))
            self.backup()

    def test_it_needs_the_store_and_the_passphrase_alone(self):
        for database in (self.home / "state").glob("catalog.sqlite*"):
            database.unlink()
        report = self.check_vault("--drill", 4)
        self.assertEqual((report["drill"]["messages"], report["drill"]["drawn"]), (10, 4))
        self.assertEqual(report["drill"]["failed"], 0)
        self.assertGreater(report["drill"]["whole_restore_seconds"], 0)
        self.assertEqual(list((self.home / "state").glob("drill/*")), [])

    def test_no_more_is_drawn_than_there_is(self):
        self.assertEqual(self.check_vault("--drill", 1000)["drill"]["drawn"], 10)

    def test_what_does_not_come_back_is_named(self):
        (self.tool.vault / self.objects("archives")[0]).unlink()
        report = self.check_vault("--drill", 10, check=3)
        self.assertEqual((report["drill"]["drawn"], report["drill"]["failed"]), (10, 5))
        lost = [f for f in report["findings"] if f["messages"] and not f["object"]]
        self.assertEqual(len(lost), 5)
        self.assertEqual({f["accounts"][0] for f in lost}, {self.user})
        said = self.tool.run("check", "--drill", 10, check=3).stdout
        self.assertIn("5 of them FAILED", said)

    def test_a_flipped_bit_is_damage_and_not_taken_for_tampering(self):
        for name in self.objects("archives"):
            path = self.tool.vault / name
            content = bytearray(path.read_bytes())
            content[len(content) // 2] ^= 1
            path.write_bytes(content)
        report = self.check_vault("--drill", 10, check=3)
        self.assertEqual(report["verdict"], "damage")
        self.assertGreater(report["drill"]["failed"], 0)

    def test_a_wrong_passphrase_is_an_error(self):
        self.tool.passphrase_file.write_text("not the passphrase\n", encoding="utf-8")
        self.assert_error(self.tool.run("check", "--drill", 1), 12)

    def test_nobody_to_ask_for_the_passphrase(self):
        self.assert_error(self.tool.run("check", "--drill", 1, unlock=False), 12)


if __name__ == "__main__":
    unittest.main()
