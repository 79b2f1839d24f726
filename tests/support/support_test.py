#!/usr/bin/env python3
"""Tests of the test support itself: what the other tests lean on has to be true.

    python3 tests/support/support_test.py"""

import collections
import email
import email.header
import email.message
import hashlib
import io
import os
import pathlib
import re
import shutil
import signal
import ssl
import subprocess
import sys
import tempfile
import time
import unittest
import zipfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import corpus
import imap_reader
import mailhold_cli
import sample_documents
import sample_mail
import sample_world
from dovecot import Dovecot
from folder_names import decode_folder, encode_folder

USER, PASSWORD = "lin@acme.example", "pass: wörd"
CRLF_MAIL = b"Subject: one\r\n\r\nline\r\n.\r\n\r\nFrom the end"


def account_of(server, user=USER, password=PASSWORD):
    return {"host": server.host, "port": server.imaps_port, "user": user, "password": password,
            "ca_file": server.ca_file}


def tree_digest(folder):
    """One hash over the names, bytes and times of all files in `folder`."""
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        stamp = 0 if path.parent.name != "cur" else path.stat().st_mtime
        digest.update(f"{path.relative_to(folder)} {stamp}\n".encode() + path.read_bytes())
    return digest.hexdigest()


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


def decoded_header(value):
    return str(email.header.make_header(email.header.decode_header(value)))


def file_name(part):
    """The file name of a part in any of the spellings in use."""
    raw = part.get_param("filename", header="content-disposition")
    name = email.utils.collapse_rfc2231_value(raw)
    if "=?" in name:
        return decoded_header(re.sub(r"\s*\n\s*", " ", name))
    return name


def plain_text(message):
    part = next(p for p in message.walk() if p.get_content_type() == "text/plain")
    charset = {"gb2312": "gbk"}.get(part.get_content_charset(), part.get_content_charset())
    return part.get_payload(decode=True).decode(charset)


def text_of_file(name, data):
    """The text that a reader of such files gets out; spaces are not told apart."""
    if name.endswith((".xlsx", ".docx", ".zip")):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [archive.read(n).decode("utf-8-sig") for n in archive.namelist()]
        text = "\n".join(members).replace("&amp;", "&")
    elif name.endswith(".pdf"):
        done = subprocess.run(["pdftotext", "-", "-"], input=data, check=True,
                              stdout=subprocess.PIPE)
        text = done.stdout.decode("utf-8")
    else:
        text = data.decode("utf-8-sig")
    return re.sub(r"\s", "", text)


class SampleMail(TemporaryFolder):
    def test_the_same_seed_makes_the_same_bytes(self):
        for name, seed in (("a", 3), ("b", 3), ("c", 4)):
            sample_mail.write(self.folder / name, sample_mail.Sample(seed=seed, messages=150))
        digests = [tree_digest(self.folder / name) for name in "abc"]
        self.assertEqual(digests[0], digests[1])
        self.assertNotEqual(digests[0], digests[2])

    def test_it_is_the_same_in_another_process(self):
        sample_mail.write(self.folder / "a", sample_mail.Sample(seed=3, messages=150))
        subprocess.run([sys.executable, HERE / "sample_mail.py", "--seed", "3", "--messages", "150",
                        "--to", self.folder / "b"], check=True,
                       env={**os.environ, "PYTHONHASHSEED": "11", "TZ": "America/Lima"})
        self.assertEqual(tree_digest(self.folder / "a"), tree_digest(self.folder / "b"))

    def test_the_truth_is_true(self):
        sample_mail.write(self.folder / "mail", sample_mail.Sample(seed=5, messages=1500))
        seen = collections.Counter()
        for truth in sample_mail.read_truth(self.folder / "mail"):
            self.check_message(truth, seen)
        self.assertEqual(seen["messages"], 1500)
        for charset in ("gb18030", "gb2312", "gbk", "big5", "utf-8", "iso-2022-jp", "iso-8859-1",
                        "windows-1252", "us-ascii"):
            self.assertGreater(seen[charset], 0, charset)
        for ending in ("pdf", "xlsx", "docx", "csv", "zip"):
            self.assertGreater(seen[ending], 0, ending)
        for kind in ("html", "quoted", "raw header", "no message-id", "\\Answered", "\\Flagged",
                     "$Forwarded", "unseen", "reply", "filename*=", "filename*0*=", '"=?'):
            self.assertGreater(seen[kind], 0, kind)

    def check_message(self, truth, seen):
        raw = (self.folder / "mail" / truth["file"]).read_bytes()
        self.assertEqual(hashlib.sha256(raw).hexdigest(), truth["sha256"])
        self.assertEqual(raw.count(b"\n"), raw.count(b"\r\n"))
        message = email.message_from_bytes(raw)
        head = raw.split(b"\r\n\r\n")[0]
        if head.isascii():
            subject = re.sub(r"\r?\n ", " ", message["Subject"])
            self.assertEqual(decoded_header(subject), truth["subject"])
        body = plain_text(message)
        for word in truth["words"]:
            self.assertIn(word, body)
        self.check_attachments(message, truth["attachments"], head.isascii())
        seen.update(["messages", *truth["flags"]])
        seen.update(p.get_content_charset() for p in message.walk()
                    if p.get_content_type() == "text/plain")
        seen.update(a["name"].rsplit(".", 1)[1] for a in truth["attachments"])
        seen.update(mark for mark in ("filename*=", "filename*0*=", '"=?') if mark.encode() in raw)
        seen.update(name for name, true in (
            ("html", b"text/html" in raw), ("quoted", "\n> " in body),
            ("reply", message["References"]),
            ("raw header", not head.isascii()), ("unseen", "\\Seen" not in truth["flags"]),
            ("no message-id", not message["Message-ID"])) if true)

    def check_attachments(self, message, truths, names_are_ascii):
        parts = [p for p in message.walk() if p.get_content_disposition() == "attachment"]
        self.assertEqual(len(parts), len(truths))
        for part, truth in zip(parts, truths):
            data = part.get_payload(decode=True)
            self.assertEqual(hashlib.sha256(data).hexdigest(), truth["sha256"])
            if b"filename*" in part.as_bytes() or truth["name"].isascii():
                self.assertEqual(file_name(part), truth["name"])

    def test_the_words_of_attachments_are_in_their_text(self):
        tested = collections.Counter()
        for placement in sample_mail.Sample(seed=6, messages=400, catalogue_kib=20).placements():
            for file in placement.letter.attachments:
                ending = file.name.rsplit(".", 1)[1]
                if ending == "pdf" and (tested["pdf"] >= 60 or not shutil.which("pdftotext")):
                    continue
                text = text_of_file(file.name, file.data)
                for word in file.words:
                    self.assertIn(re.sub(r"\s", "", word), text, file.name)
                tested[ending] += 1
        for ending in ("xlsx", "docx", "csv", "zip"):
            self.assertGreater(tested[ending], 0, ending)

    def test_some_messages_are_in_two_folders_and_two_accounts(self):
        where = collections.defaultdict(set)
        catalogues = 0
        for placement in sample_mail.Sample(seed=2, messages=2000, catalogues=100).placements():
            where[hashlib.sha256(placement.raw).digest()].add((placement.account, placement.folder))
            catalogues += any("Catalogue" in a.name for a in placement.letter.attachments)
        accounts = [len({account for account, _ in places}) for places in where.values()]
        folders = [len(places) for places in where.values()]
        self.assertGreater(accounts.count(2), 20)
        self.assertGreater(sum(1 for a, f in zip(accounts, folders) if a == 1 and f == 2), 10)
        self.assertEqual(catalogues, 100)

    def test_a_server_serves_the_sample_as_the_truth_says(self):
        sample_mail.write(self.folder / "mail", sample_mail.Sample(seed=8, messages=400))
        expected = collections.defaultdict(list)
        for t in sample_mail.read_truth(self.folder / "mail"):
            flags = frozenset(t["flags"])
            expected[t["account"], t["folder"]].append((t["sha256"], flags, t["internaldate"]))
        for disk_names in ("utf-8", "mutf-7"):
            with Dovecot(disk_names=disk_names) as server:
                addresses = server.load(self.folder / "mail", PASSWORD)
                self.assertEqual(len(addresses), 3)
                served = {}
                for address in addresses:
                    account = imap_reader.read_account(**account_of(server, address))
                    served |= {(address, name): [(m.sha256, m.flags, m.epoch) for _, m
                                                 in sorted(folder.messages.items())]
                               for name, folder in account.items()}
                self.assertEqual({k: v for k, v in served.items() if v}, expected)

    def test_the_check_digit_of_containers(self):
        class Fixed:
            choice = staticmethod(lambda _: "CSQU")
            randrange = staticmethod(lambda _: 305438)
        self.assertEqual(sample_world.container_number(Fixed), "CSQU 305438-3")


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


class Documents(unittest.TestCase):
    @unittest.skipUnless(shutil.which("pdftotext"), "pdftotext is not installed")
    def test_a_pdf_of_two_pages_and_a_picture_is_read_in_both_scripts(self):
        data = sample_documents.pdf(["M8x40 (A2) \\ 1.250,00 €", "宁波海恒五金 304不锈钢"] * 40, 50_000)
        text = subprocess.run(["pdftotext", "-", "-"], input=data, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, check=True)
        lines = text.stdout.decode().replace("\f", "").split("\n")
        self.assertEqual(lines.count("M8x40 (A2) \\ 1.250,00 €"), 40)
        self.assertEqual(lines.count("宁波海恒五金 304不锈钢"), 40)
        self.assertEqual(text.stderr, b"")
        self.assertGreater(len(data), 45_000)


if __name__ == "__main__":
    unittest.main()
