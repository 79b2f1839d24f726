#!/usr/bin/env python3
"""Tests of the test support itself: what the other tests lean on has to be true.

    python3 tests/support/support_test.py"""

import hashlib
import os
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

import corpus
import imap_reader
import mailhold_cli
import sample_mail
import sample_world
from dovecot import Dovecot
from folder_names import decode_folder, encode_folder

USER, PASSWORD = "lin@acme.example", "pass: wörd"
CRLF_MAIL = b"Subject: one\r\n\r\nline\r\n.\r\n\r\nFrom the end"


def account_of(server, user=USER, password=PASSWORD):
    return {"host": server.host, "port": server.imaps_port, "user": user, "password": password,
            "ca_file": server.ca_file}


class TemporaryFolder(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="mailhold-support-"))
        self.folder.chmod(0o755)
        self.addCleanup(shutil.rmtree, self.folder)


class FolderNames(unittest.TestCase):
    def test_modified_utf7_both_ways(self):
        for name, wire in (("已发送", "&XfJT0ZAB-"), ("Quotes & Samples", "Quotes &- Samples"),
                           ("~peter/mail/台北/日本語", "~peter/mail/&U,BTFw-/&ZeVnLIqe-"),
                           ("😀", "&2D3eAA-"), ("INBOX", "INBOX")):
            self.assertEqual(encode_folder(name), wire)
            self.assertEqual(decode_folder(wire), name)


class OneServer(unittest.TestCase):
    """Tests that share one running server."""

    @classmethod
    def setUpClass(cls):
        cls.server = Dovecot(zone="Asia/Shanghai")
        cls.addClassCleanup(cls.server.close)
        cls.server.start()

    def setUp(self):
        self.user = f"{self._testMethodName}@acme.example"
        self.server.add_user(self.user, PASSWORD)

    def read(self, on_message=None):
        return imap_reader.read_account(**account_of(self.server, self.user), on_message=on_message)

    def test_crlf_content_is_served_byte_for_byte(self):
        nasty = b"Subject: \xc4\xe3\xba\xc3\r\n\r\n\xff\xfe\r\n" + bytes(range(1, 10)) + b"\r\n"
        sent = [CRLF_MAIL, b"\r\nno header", b"X: y\r\n", nasty, b"a: b\r\n\r\n" + b"x" * 3_000_000]
        for raw in sent:
            self.server.deliver(self.user, "INBOX", raw)
        served = {}
        self.read(lambda folder, uid, raw: served.__setitem__(uid, raw))
        self.assertEqual([served[uid] for uid in sorted(served)], sent)

    def test_bare_lf_and_nul_are_as_the_server_says(self):
        self.server.deliver(self.user, "INBOX", b"a: b\n\nc\0d\n")
        served = []
        self.read(lambda folder, uid, raw: served.append(raw))
        self.assertEqual(served, [b"a: b\r\n\r\nc\x80d\r\n"])

    def test_flags_date_and_folders_are_served(self):
        flags = {"\\Seen", "\\Answered", "\\Flagged", "\\Draft", "\\Deleted", "$Forwarded", "Quote"}
        for folder in ("INBOX", "已发送", "Customers/ACME", "客户/华美", "Quotes & Samples"):
            self.server.deliver(self.user, folder, CRLF_MAIL, flags, 1_000_000_000)
            self.server.deliver(self.user, folder, CRLF_MAIL, ["Other", "$Forwarded"], 86_400)
        account = self.read()
        for folder in ("INBOX", "已发送", "Customers/ACME", "客户/华美", "Quotes & Samples"):
            messages = [account[folder].messages[uid] for uid in sorted(account[folder].messages)]
            self.assertEqual([m.flags for m in messages], [flags, {"Other", "$Forwarded"}])
            self.assertEqual([(m.epoch, m.zone) for m in messages],
                             [(1_000_000_000, "+0800"), (86_400, "+0800")])
            self.assertEqual(messages[0].sha256, hashlib.sha256(CRLF_MAIL).hexdigest())
            self.assertEqual(messages[0].size, len(CRLF_MAIL))
        self.assertNotIn("Customers", account)  # it cannot be selected
        self.assertIn("Sent", account)

    def test_special_use_and_the_extensions_are_announced(self):
        with self.server.imap(self.user) as connection:
            announced = connection.capability()[1][0]
            listed = b"\n".join(connection.list()[1])
        for extension in (b"COMPRESS=DEFLATE", b"CONDSTORE", b"QRESYNC", b"UIDPLUS",
                          b"SPECIAL-USE"):
            self.assertIn(extension, announced)
        for use in (b"\\Sent", b"\\Drafts", b"\\Trash", b"\\Junk"):
            self.assertIn(use, listed)

    def test_a_user_can_do_what_mail_programs_do(self):
        server, user = self.server, self.user
        server.create_folder(user, "项目/旧")
        server.append(user, "项目/旧", CRLF_MAIL, ["\\Seen"], 1_500_000_000)
        server.append(user, "项目/旧", b"Subject: two\r\n\r\n")
        server.set_flags(user, "项目/旧", [2], ["\\Flagged", "Mine"])
        server.rename_folder(user, "项目/旧", "项目/新")
        self.assertEqual(server.uids(user, "项目/新"), [1, 2])
        server.move(user, "项目/新", [1], "INBOX")
        account = self.read()
        self.assertEqual(account["项目/新"].messages[2].flags, {"\\Flagged", "Mine"})
        self.assertEqual(account["INBOX"].messages[1].epoch, 1_500_000_000)
        self.assertNotIn("项目/旧", account)
        server.delete_folder(user, "项目/新")
        self.assertNotIn("项目/新", self.read())

    def test_expunge_and_purge(self):
        for folder in ("INBOX", "已发送"):
            for _ in range(3):
                self.server.deliver(self.user, folder, CRLF_MAIL)
        self.server.expunge(self.user, "INBOX", [2])
        self.assertEqual(self.server.uids(self.user, "INBOX"), [1, 3])
        self.server.purge(self.user)
        self.assertEqual([f.messages for f in self.read().values() if f.messages], [])
        self.server.deliver(self.user, "INBOX", CRLF_MAIL)
        self.assertEqual(self.server.uids(self.user, "INBOX"), [4])

    def test_uidvalidity_can_be_changed(self):
        for _ in range(3):
            self.server.deliver(self.user, "INBOX", CRLF_MAIL, ["\\Seen", "Kept"])
        before = self.read()["INBOX"]
        self.server.set_uid_validity(self.user, "INBOX", before.uidvalidity + 7)
        same_uids = self.read()["INBOX"]
        self.assertEqual(same_uids.uidvalidity, before.uidvalidity + 7)
        self.assertEqual(same_uids.messages, before.messages)
        self.server.set_uid_validity(self.user, "INBOX", before.uidvalidity, first_uid=50)
        renumbered = self.read()["INBOX"]
        self.assertEqual(renumbered.uidvalidity, before.uidvalidity)
        self.assertEqual(list(renumbered.messages), [50, 51, 52])

    def test_drain_reads_everything_and_stops_at_the_tag(self):
        for i in range(500):
            self.server.deliver(self.user, "INBOX", CRLF_MAIL + b"x" * (i * 97 % 20000))
        self.server.deliver(self.user, "已发送", b"T1 OK D1 OK\r\n" * 30000)
        sizes = sum(m.size for f in self.read().values() for m in f.messages.values())
        received, seconds = imap_reader.drain(**account_of(self.server, self.user))
        self.assertGreater(received, sizes)
        self.assertLess(received, sizes + 501 * 200)
        self.assertGreater(seconds, 0)

    def test_a_wrong_password_and_a_blocked_user_are_refused(self):
        with self.assertRaisesRegex(imap_reader.imaplib.IMAP4.error, "AUTHENTICATIONFAILED"):
            imap_reader.read_account(**account_of(self.server, self.user, "wrong"))
        self.server.add_user(self.user, PASSWORD, nologin="y", reason="Account disabled")
        with self.assertRaisesRegex(imap_reader.imaplib.IMAP4.error, "Account disabled"):
            self.read()

    def test_starttls_is_offered(self):
        context = ssl.create_default_context(cafile=self.server.ca_file)
        with imap_reader.imaplib.IMAP4("localhost", self.server.imap_port) as connection:
            connection.starttls(context)
            connection.authenticate("PLAIN", lambda _: f"\0{self.user}\0{PASSWORD}".encode())

    def test_the_server_has_no_privileges(self):
        pid = str(self.server.pid)
        found = subprocess.run(["ps", "-o", "uid=", "--pid", pid, "--ppid", pid], check=True,
                               stdout=subprocess.PIPE, text=True)
        self.assertGreater(len(found.stdout.split()), 1)
        self.assertNotIn("0", found.stdout.split())


class ServerLife(TemporaryFolder):
    def test_certificates_are_what_they_say(self):
        with Dovecot() as server:
            server.add_user(USER, PASSWORD)
            self.assertIn("INBOX", imap_reader.read_account(**account_of(server)))
            with self.assertRaises(ssl.SSLCertVerificationError):
                imap_reader.connect(**{**account_of(server), "ca_file": None})
            for kind, why in (("expired", "expired"), ("wrong-host", "mismatch")):
                server.use_certificate(kind)
                with self.assertRaisesRegex(ssl.SSLCertVerificationError, why):
                    imap_reader.connect(**account_of(server))

    def test_separator_prefix_and_names_on_disk_can_be_chosen(self):
        with Dovecot(separator=".", prefix="INBOX.", disk_names="mutf-7", capability="IMAP4rev1",
                     special_use={"已发送": "\\Sent"}) as server:
            server.add_user(USER, PASSWORD)
            server.deliver(USER, "客户/华美", CRLF_MAIL)
            self.assertEqual(len(server.uids(USER, "客户/华美")), 1)
            names = set(imap_reader.read_account(**account_of(server)))
            self.assertEqual(names, {"INBOX", "INBOX.客户.华美", "INBOX.已发送"})
            self.assertIn("客户/华美", server.folders(USER))
            on_disk = server.maildir(USER) / encode_folder("客户") / encode_folder("华美")
            self.assertTrue((on_disk / "cur").is_dir())
            with server.imap(USER) as connection:
                self.assertEqual(connection.capability()[1][-1], b"IMAP4rev1")

    def test_a_stopped_server_keeps_mail_and_ports(self):
        deep = self.folder / ("a" * 60) / ("b" * 60)
        with Dovecot(deep) as server:
            server.add_user(USER, PASSWORD)
            server.deliver(USER, "INBOX", CRLF_MAIL)
            port = server.imaps_port
            server.stop()
            with self.assertRaises(OSError):
                imap_reader.connect(**account_of(server))
            server.start()
            self.assertEqual(server.imaps_port, port)
            self.assertEqual(server.uids(USER, "INBOX"), [1])

    def test_it_dies_with_the_test_that_started_it(self):
        script = ("import sys, os; sys.path.insert(0, sys.argv[1]); from dovecot import Dovecot\n"
                  "s = Dovecot(sys.argv[2]); s.start(); print(s.imap_port, flush=True)\n"
                  "os.kill(os.getpid(), 9)")
        ended = subprocess.run([sys.executable, "-c", script, HERE, self.folder / "server"],
                               stdout=subprocess.PIPE, text=True)
        self.assertEqual(ended.returncode, -signal.SIGKILL)
        self.assert_port_closes(int(ended.stdout))

    def assert_port_closes(self, port):
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            try:
                imap_reader.imaplib.IMAP4("localhost", port).shutdown()
            except (OSError, imap_reader.imaplib.IMAP4.error):
                return
            time.sleep(0.05)
        self.fail("the server is still there")

    def test_serve_tells_a_shell_script_what_it_needs(self):
        sample_mail.write(self.folder / "mail", sample_mail.Sample(seed=1, messages=20))
        process = subprocess.Popen(
            [sys.executable, HERE / "dovecot.py", "serve", self.folder / "server", "--load",
             self.folder / "mail", "--user", USER, "--password", PASSWORD],
            stdout=subprocess.PIPE, text=True)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.terminate)
        facts = dict(process.stdout.readline().strip().split("=", 1) for _ in range(5))
        self.assertEqual((self.folder / "server" / "server.env").read_text().count("\n"), 5)
        account = {"host": facts["MAILHOLD_TEST_HOST"], "password": PASSWORD,
                   "port": int(facts["MAILHOLD_TEST_IMAPS_PORT"]), "user": USER,
                   "ca_file": facts["MAILHOLD_TEST_CA_FILE"]}
        self.assertIn("INBOX", imap_reader.read_account(**account))
        account["user"] = sample_world.FLAGSHIP.address
        self.assertIn("已发送", imap_reader.read_account(**account))
        process.terminate()
        self.assertEqual(process.wait(10), 0)
        self.assert_port_closes(int(facts["MAILHOLD_TEST_IMAP_PORT"]))


class Corpus(TemporaryFolder):
    def use(self, variable):
        for name, value in (("MAILHOLD_CORPUS", variable),
                            ("XDG_CACHE_HOME", str(self.folder / "cache"))):
            before = os.environ.get(name)
            self.addCleanup(os.environ.update if before else os.environ.pop,
                            {name: before} if before else name)
            os.environ[name] = value

    def test_archives_and_folders_give_the_same_messages(self):
        plain = self.folder / "plain"
        for name in ("lay-k/inbox/10", "lay-k/inbox/9", "beck-s/inbox/sub/1"):
            (plain / name).parent.mkdir(parents=True, exist_ok=True)
            (plain / name).write_text(f"Subject: {name}\n\n")
        (plain / "spamassassin" / "spam-1").mkdir(parents=True)
        (plain / "spamassassin" / "spam-1" / "0001.x").write_text("Subject: spam\n\n")
        self.use(str(plain))
        wanted = [("beck-s", "1"), ("lay-k", "9"), ("lay-k", "10"), ("spamassassin", "0001.x")]
        self.assertEqual([(who, path.name) for who, path in corpus.messages()], wanted)
        packed = self.folder / "packed"
        packed.mkdir()
        for archive, names in (("enron", ["lay-k", "beck-s"]), ("spamassassin", ["spamassassin"])):
            subprocess.run(["tar", "cJf", packed / f"{archive}.tar.xz", "-C", plain, *names],
                           check=True)
        os.environ["MAILHOLD_CORPUS"] = str(packed)
        for _ in range(2):  # the second time from the cache
            self.assertEqual([(who, path.name) for who, path in corpus.messages()], wanted)

    def test_without_the_variable_there_is_none(self):
        self.use("")
        self.assertEqual(list(corpus.messages()), [])


class MailholdRunner(TemporaryFolder):
    def setUp(self):
        super().setUp()
        fake = self.folder / "mailhold"
        fake.write_text("""#!/bin/sh
read -r line
printf '{"said": "%s", "home": "%s", "fast": "%s", "args": "%s"}' \\
       "$line" "$HOME" "$MAILHOLD_TEST_FAST_KDF" "$*"
exit 3
""")
        fake.chmod(0o755)
        before = os.environ.get("MAILHOLD_BIN")
        self.addCleanup(os.environ.update if before else os.environ.pop,
                        {"MAILHOLD_BIN": before} if before else "MAILHOLD_BIN")
        os.environ["MAILHOLD_BIN"] = str(fake)

    def test_a_run_is_told_its_home_and_its_code_is_checked(self):
        tool = mailhold_cli.Mailhold(self.folder / "home")
        said = tool.json("status", check=3)
        self.assertEqual((said["home"], said["fast"]), (str(self.folder / "home"), "1"))
        self.assertEqual(said["args"], f"--config {tool.config} --json status")
        with self.assertRaisesRegex(AssertionError, "exit code 0 was expected"):
            tool.run("status", check=0)

    def test_a_password_goes_in_on_stdin(self):
        tool = mailhold_cli.Mailhold(self.folder / "home")
        result = tool.account_add(USER, "geheim", "localhost", 993, ca="/ca.pem", check=3)
        self.assertIn('"said": "geheim"', result.stdout)
        self.assertNotIn("geheim", " ".join(result.arguments))


if __name__ == "__main__":
    unittest.main()
