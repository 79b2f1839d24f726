#!/usr/bin/env python3
"""What an attacker on the same machine finds: how the program was linked, what /proc says of a running
one, and that neither arguments nor logs hold a secret or a word of the mail."""

import os
import pathlib
import re
import subprocess
import sys
import tempfile
import threading
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from imap_case import USER, ImapCase, mail
from mailhold_cli import is_sanitized, program
from plaintext import hits_in
from scripted_imap import ScriptedImap

NOBODY = 65534
PASSPHRASE = "correct horse battery staple"  # of every ImapCase
PASSWORD = "Zq8-never-in-a-log"


def readelf(*options):
    return subprocess.run(["readelf", "--wide", *options, str(program())], text=True, check=True,
                          capture_output=True).stdout


class Linked(unittest.TestCase):
    def test_at_addresses_nobody_can_foretell(self):
        self.assertRegex(readelf("--file-header"), r"Type: +DYN")

    def test_with_a_table_of_functions_that_cannot_be_changed(self):
        self.assertIn("GNU_RELRO", readelf("--segments"))
        self.assertRegex(readelf("--dynamic"), r"BIND_NOW|FLAGS_1.*NOW")

    def test_with_a_stack_that_cannot_be_run(self):
        stack = re.search(r"GNU_STACK.*", readelf("--segments"))[0]
        self.assertRegex(stack, r" RW +0x")

    def test_with_a_guarded_stack_and_checked_copies(self):
        symbols = readelf("--syms")
        self.assertIn("__stack_chk_fail", symbols)
        if not is_sanitized():  # which checks more
            self.assertRegex(symbols, r"__(memcpy|vsnprintf|read|memmove)_chk")


class Running(ImapCase):
    """A backup stopped in the middle of a message."""

    def setUp(self):
        super().setUp()
        self.reached, self.go_on = threading.Event(), threading.Event()
        server = self.serve(ScriptedImap)
        inbox = server.add_user(USER, PASSWORD)["INBOX"]
        for number in range(1, 4):
            inbox.add(mail(number, text="please quote"))
        server.on_message(self.hold_up)
        self.add_account(USER, server, password=PASSWORD)

    def hold_up(self, _session, message, _items):
        if message.uid == 2:
            self.reached.set()
            self.go_on.wait(4)

    def test_nothing_is_told_by_proc_arguments_or_logs(self):
        self.write_config()
        process = self.tool.start("--verbose", "backup", unlock=False)
        self.assertTrue(self.reached.wait(30))
        proc = pathlib.Path(f"/proc/{process.pid}")
        arguments = proc.joinpath("cmdline").read_bytes()
        limits = proc.joinpath("limits").read_text(encoding="utf-8")
        locked = int(re.search(r"VmLck:\s+(\d+)", proc.joinpath("status").read_text())[1])
        self.go_on.set()
        said = b"".join(process.communicate(timeout=60))
        self.assertEqual(process.returncode, 0, said)
        self.assertRegex(limits, r"Max core file size +0 +0 ")
        if not is_sanitized():  # whose runtime makes locking memory a no-op
            self.assertGreater(locked, 0, "key material must not be swapped")
        self.assertIn(USER.encode(), said, "the log says what it does")
        for text in (arguments, said):
            self.assertNotIn(PASSWORD.encode(), text)
            self.assertNotIn(PASSPHRASE.encode(), text)
            self.assertEqual(hits_in(text, {USER.encode()}), [])

    def test_other_users_cannot_look_into_it(self):
        user = NOBODY if os.geteuid() == 0 else os.geteuid()
        with tempfile.TemporaryDirectory(prefix="mailhold-proc-") as home:
            os.chown(home, user, -1)
            line = [str(program()), "--config", f"{home}/mailhold.toml", "--passphrase-command",
                    f"touch {home}/asked; sleep 3; echo {PASSPHRASE}", "init", "--vault",
                    f"{home}/vault"]
            process = subprocess.Popen(line, env={**self.tool.environment(), "HOME": home}, user=user,
                                       stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            self.addCleanup(process.kill)
            until = time.monotonic() + 30
            while not pathlib.Path(home, "asked").exists() and time.monotonic() < until:
                time.sleep(0.05)
            owner = pathlib.Path(f"/proc/{process.pid}/environ").stat().st_uid
            said = process.communicate(timeout=60)
            self.assertEqual(process.returncode, 0, said)
        self.assertEqual(owner, 0, "a process that may be dumped belongs to its user")


if __name__ == "__main__":
    unittest.main()
