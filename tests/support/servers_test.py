#!/usr/bin/env python3
"""Tests of the throwaway Cyrus and Courier: what the end-to-end tests lean on has to be true.

    python3 tests/support/servers_test.py"""

import hashlib
import imaplib
import pathlib
import shutil
import signal
import ssl
import subprocess
import sys
import tempfile
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import extracted_servers
import imap_reader
from courier import Courier
from cyrus import Cyrus

USER, PASSWORD = "lin@acme.example", "pass: wörd"
MAIL = b"Subject: one\r\n\r\nline\r\n.\r\n\r\nFrom the end \xff\r\n"


def processes_of(folder):
    """The processes that live in `folder` or were told of it."""
    found = []
    for process in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            told = (process / "cmdline").read_bytes()
            if str(folder).encode() in told or (process / "cwd").resolve().is_relative_to(folder):
                found.append((process.name, told))
        except OSError:  # it has ended
            continue
    return found


class Server:
    """What holds for both; `server_class` is one of them."""

    server_class = None

    @classmethod
    def setUpClass(cls):
        cls.server = cls.server_class(zone="Asia/Shanghai")
        cls.addClassCleanup(cls.server.close)
        cls.server.start()

    def setUp(self):
        self.user = f"lin.{self._testMethodName}@acme.example"
        self.server.add_user(self.user, PASSWORD)

    def read(self, server=None, user=None, password=PASSWORD, on_message=None):
        server = server or self.server
        return imap_reader.read_account(server.host, server.imaps_port, user or self.user, password,
                                        server.ca_file, on_message)

    def test_flags_date_and_bytes_are_served_as_uploaded(self):
        flags = {"\\Seen", "\\Answered", "\\Flagged", "\\Draft", "\\Deleted", "$Forwarded"}
        for folder in ("已发送", "Customers/ACME & Co", "客户/华美"):
            self.server.create_folder(self.user, folder)
            self.server.append(self.user, folder, MAIL, flags, 1_000_000_000)
            seen = self.read()[self.server.server_name(folder)].messages
            (message,) = seen.values()
            self.assertEqual(message.flags, flags)
            self.assertEqual((message.epoch, message.zone), (1_000_000_000, self.zone))
            self.assertEqual(message.sha256, hashlib.sha256(MAIL).hexdigest())
        self.assertLessEqual({"INBOX", "已发送", "Customers/ACME & Co", "客户/华美"},
                             set(self.server.folders(self.user)))

    def test_login_takes_the_right_password_only(self):
        self.server.add_user(self.user, 'plain "one"')
        context = ssl.create_default_context(cafile=self.server.ca_file)
        with imaplib.IMAP4_SSL("localhost", self.server.imaps_port, ssl_context=context) as known:
            with self.assertRaises(imaplib.IMAP4.error):
                known.login(self.user, "wrong")
            known.login(self.user, 'plain "one"')
            self.assertEqual(known.select()[0], "OK")
        with self.assertRaises(imaplib.IMAP4.error):
            self.read(password="wrong")
        self.server.remove_user(self.user)
        with self.assertRaises(imaplib.IMAP4.error):
            self.read(password='plain "one"')

    def test_users_see_their_own_mail_only(self):
        other = f"other.{self.user}"
        self.server.add_user(other, PASSWORD)
        self.server.append(self.user, "INBOX", MAIL)
        self.assertEqual(set(self.read(user=other)), {"INBOX"})
        self.assertEqual(self.read(user=other)["INBOX"].messages, {})

    def test_expunge_and_purge(self):
        self.server.create_folder(self.user, "Sent")
        for folder in ("INBOX", "INBOX", "INBOX", "Sent"):
            self.server.append(self.user, folder, MAIL)
        self.server.expunge(self.user, "INBOX", [2])
        self.assertEqual(self.server.uids(self.user, "INBOX"), [1, 3])
        self.server.purge(self.user)
        self.assertEqual([f.messages for f in self.read().values() if f.messages], [])

    def test_over_quota_is_refused(self):
        self.server.set_quota(self.user, 100)
        self.server.append(self.user, "INBOX", MAIL)
        with self.assertRaisesRegex(RuntimeError, "(?i)quota"):
            self.server.append(self.user, "INBOX", MAIL + b"x" * 200_000)
        self.assertEqual(self.server.uids(self.user, "INBOX"), [1])

    def test_the_server_has_no_privileges(self):
        with self.server.imap(self.user):
            found = subprocess.run(["ps", "-o", "uid=", "-s", str(self.server.pid)], check=True,
                                   stdout=subprocess.PIPE, text=True)
        self.assertGreater(len(found.stdout.split()), 1)
        self.assertNotIn("0", found.stdout.split())

    def test_certificates_are_what_they_say(self):
        with self.server_class(certificate="expired") as server:
            server.add_user(USER, PASSWORD)
            with self.assertRaisesRegex(ssl.SSLCertVerificationError, "expired"):
                server.imap(USER)

    def test_stopped_it_keeps_its_mail_and_leaves_no_process(self):
        with self.server_class() as server:
            server.add_user(USER, PASSWORD)
            server.append(USER, "INBOX", MAIL)
            self.keep_open(server)
            self.assertNotEqual(processes_of(server.folder), [])
            server.stop()
            self.assert_all_end(server.folder)
            server.start()
            self.assertEqual(server.uids(USER, "INBOX"), [1])
            self.keep_open(server)
        self.assert_all_end(server.folder)
        self.assertFalse(server.folder.exists())

    def test_it_dies_with_the_test_that_started_it(self):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="mailhold-servers-"))
        self.addCleanup(shutil.rmtree, folder)
        folder.chmod(0o755)
        script = ("import sys, os; sys.path.insert(0, sys.argv[1])\n"
                  f"from {self.server_class.name} import {self.server_class.__name__} as Server\n"
                  "s = Server(sys.argv[2]); s.start(); s.add_user('lin@acme.example', 'x')\n"
                  "s.imap('lin@acme.example'); os.kill(os.getpid(), 9)")
        ended = subprocess.run([sys.executable, "-c", script, HERE, folder / "server"])
        self.assertEqual(ended.returncode, -signal.SIGKILL)
        self.assert_all_end(folder)

    def keep_open(self, server):
        """A session that nobody logs out of before the server is gone."""
        self.addCleanup(server.imap(USER).shutdown)

    def assert_all_end(self, folder):
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline and processes_of(folder):
            time.sleep(0.02)
        self.assertEqual(processes_of(folder), [])


class CyrusServer(Server, unittest.TestCase):
    server_class = Cyrus
    zone = "+0800"

    def test_separator_and_prefix_can_be_chosen(self):
        with Cyrus(separator=".", prefix="INBOX.") as server:
            server.add_user(USER, PASSWORD)
            server.set_quota(USER, 100)
            server.create_folder(USER, "客户/华美")
            self.assertEqual(set(self.read(server, USER)),
                             {"INBOX", "INBOX.客户", "INBOX.客户.华美"})
            with self.assertRaisesRegex(ValueError, "cannot have"):
                server.add_user("lin.wei@acme.example", PASSWORD)


class CourierServer(Server, unittest.TestCase):
    server_class = Courier
    zone = "+0800"


if __name__ == "__main__":
    extracted_servers.exit_unless_there()
    unittest.main()
