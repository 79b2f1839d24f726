#!/usr/bin/env python3
"""Tests of the sample mail: the same for everybody, and what its truth.jsonl says is true.

    python3 tests/support/sample_mail_test.py"""

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
import subprocess
import sys
import tempfile
import unittest
import zipfile
from xml.etree import ElementTree

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import imap_reader
import sample_documents
import sample_mail
import sample_world
from dovecot import Dovecot

PASSWORD = "secret"


def tree_digest(folder):
    """One hash over the names, bytes and times of all files in `folder`."""
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        stamp = 0 if path.parent.name != "cur" else path.stat().st_mtime
        digest.update(f"{path.relative_to(folder)} {stamp}\n".encode() + path.read_bytes())
    return digest.hexdigest()


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


class SampleMail(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="mailhold-sample-"))
        self.folder.chmod(0o755)
        self.addCleanup(shutil.rmtree, self.folder)

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
                    account = imap_reader.read_account(server.host, server.imaps_port, address,
                                                       PASSWORD, server.ca_file)
                    served |= {(address, name): [(m.sha256, m.flags, m.epoch) for _, m
                                                 in sorted(folder.messages.items())]
                               for name, folder in account.items()}
                self.assertEqual({k: v for k, v in served.items() if v}, expected)

    def test_the_check_digit_of_containers(self):
        class Fixed:
            choice = staticmethod(lambda _: "CSQU")
            randrange = staticmethod(lambda _: 305438)
        self.assertEqual(sample_world.container_number(Fixed), "CSQU 305438-3")


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

    def test_office_files_are_sound_zips_of_sound_xml_and_the_same_each_time(self):
        words = "M&S <304不锈钢>"
        for make in (lambda: sample_documents.docx([words]),
                     lambda: sample_documents.xlsx("价格", [[words, 1.25]]),
                     lambda: sample_documents.pptx([[words], ["two"]]),
                     lambda: sample_documents.ods("价格", [[words, 1.25]]),
                     lambda: sample_documents.odt([words])):
            data = make()
            self.assertEqual(data, make())
            texts = []
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                self.assertIsNone(archive.testzip())
                for name in archive.namelist():
                    if name != "mimetype":
                        texts += ElementTree.fromstring(archive.read(name)).itertext()
            self.assertIn(words, texts)

    def test_rich_text_is_ascii_whatever_it_says(self):
        self.assertIn(b"\\u19981?", sample_documents.rtf(["不{"]))
        self.assertIn(b"\\'b2\\'bb\\{", sample_documents.rtf(["不{"], "gbk"))


if __name__ == "__main__":
    unittest.main()
