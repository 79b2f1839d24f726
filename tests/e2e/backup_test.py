#!/usr/bin/env python3
"""Every byte in is a byte out: what an export gives is what the server serves, in every format, for
sample mail, odd messages, a large attachment, and the corpus of real mail when it is there."""

import base64
import collections
import contextlib
import mailbox
import pathlib
import random
import re
import subprocess
import sys
import tempfile
import unittest
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

import corpus
import sample_mail
from e2e_case import PASSWORD, E2eCase, letter, sha256_of
from sample_world import FLAGSHIP, TACTICAL, VANGUARD

MEGABYTE = 1_000_000


def write_sample(test, messages=240, seed=11):
    """A generated sample in a temporary folder; returns the folder."""
    tree = pathlib.Path(tempfile.mkdtemp(prefix="mailhold-sample-", dir=test.home))
    sample_mail.write(tree, sample_mail.Sample(seed=seed, messages=messages))
    return tree


def bodies_in(served):
    """Counter of content hashes over all folders."""
    total = collections.Counter()
    for messages in served.values():
        for seen, count in messages.items():
            total[seen.sha256] += count
    return total


def from_mbox(top, entry):
    """The message of a manifest line out of its mboxrd file."""
    whole = (top / entry["path"]).read_bytes()[entry["offset"]:]
    start, _, quoted = whole.partition(b"\n")
    assert re.match(rb"From \S+ \w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4}$", start), start
    return re.sub(rb"(?m)^>(>*From )", rb"\1", quoted)[:entry["size"]]


class SampleAccounts(E2eCase):
    """Three roles of account, generated: folders in two scripts, five charsets, real documents."""

    def setUp(self):
        super().setUp()
        self.own_server(zone="Asia/Shanghai")
        self.tree = write_sample(self)
        self.addresses = self.server.load(self.tree, PASSWORD)
        for address, role in ((FLAGSHIP.address, "flagship"), (TACTICAL.address, "tactical"),
                              (VANGUARD.address, "vanguard")):
            self.add_account(address, role=role)
        self.report = self.backup()

    def test_all_accounts_come_back_byte_for_byte(self):
        exported = sum(self.assert_export_equals_server(address) for address in self.addresses)
        self.assertEqual(exported, 240)
        truth = list(sample_mail.read_truth(self.tree))
        distinct = {line["sha256"] for line in truth}
        self.assertLess(len(distinct), len(truth), "some messages lie in several folders")
        vault = self.status()["vault"]
        self.assertEqual(vault["messages"], len(distinct), "each content is stored once")
        self.assertEqual(sum(one["server_messages"] for one in self.report.values()), 240)
        self.assertEqual(sum(one["archived_messages"] for one in self.report.values()), 240)

    def test_flags_keywords_and_zones_survive(self):
        exported = self.exported(FLAGSHIP.address)
        flags = set().union(*(seen.flags for folder in exported.values() for seen in folder))
        self.assertLessEqual({"\\Seen", "\\Answered", "\\Flagged", "$Forwarded"}, flags)
        self.assertEqual({seen.zone for folder in exported.values() for seen in folder}, {"+0800"})
        self.assertIn("已发送", exported)

    def test_empty_folders_are_exported_too(self):
        self.server.create_folder(FLAGSHIP.address, "待定/空的")
        self.backup()
        names = {part.parent.name for part in self.export(FLAGSHIP.address).rglob("cur")}
        self.assertTrue(any("空的" in name for name in names), names)

    def test_every_format_is_complete_and_readable(self):
        wanted = bodies_in(self.served(FLAGSHIP.address))
        eml = self.export(FLAGSHIP.address, "eml")
        self.assertEqual(collections.Counter(sha256_of(p.read_bytes()) for p in eml.rglob("*.eml")),
                         wanted)
        with zipfile.ZipFile(self.export(FLAGSHIP.address, "zip")) as archive:
            self.assertIsNone(archive.testzip())
            inside = [archive.read(name) for name in archive.namelist() if name.endswith(".eml")]
        self.assertEqual(collections.Counter(map(sha256_of, inside)), wanted)
        self.assertEqual(self.bodies_in_tar(self.export(FLAGSHIP.address, "tar.zst")), wanted)

    def bodies_in_tar(self, archive):
        with tempfile.TemporaryDirectory(dir=self.home) as unpacked:
            subprocess.run(["cmake", "-E", "tar", "xf", archive], cwd=unpacked, check=True)
            return collections.Counter(sha256_of(p.read_bytes())
                                       for p in pathlib.Path(unpacked).rglob("*.eml"))

    def test_an_mbox_export_has_every_message(self):
        quoting = b"Subject: quoting\r\n\r\nFrom the start\r\n>From >>From\r\n>>>From x\r\nend"
        self.server.deliver(FLAGSHIP.address, "INBOX", quoting)
        self.backup()
        top = self.export(FLAGSHIP.address, "mbox")
        found = collections.Counter(sha256_of(from_mbox(top, entry)) for entry in self.manifest(top))
        self.assertEqual(found, bodies_in(self.served(FLAGSHIP.address)))
        self.assertEqual(found[sha256_of(quoting)], 1)
        per_file = collections.Counter(entry["path"] for entry in self.manifest(top))
        for name, count in per_file.items():
            with contextlib.closing(mailbox.mbox(top / name)) as other_reader:
                self.assertEqual(len(other_reader), count, name)

    def test_show_gives_subject_text_parts_and_original_bytes(self):
        truth = next(line for line in sample_mail.read_truth(self.tree)
                     if line["account"] == FLAGSHIP.address and line["attachments"]
                     and line["words"])
        top = self.export(FLAGSHIP.address)
        path = next(p for p in top.rglob("cur/*") if sha256_of(p.read_bytes()) == truth["sha256"])
        entry = next(line for line in self.manifest(top) if line["path"] == str(path.relative_to(top)))
        shown = self.tool.json("show", entry["id"][:12], check=0)
        self.assertEqual((shown["subject"], shown["bytes"]), (truth["subject"], truth["size"]))
        self.assertIn(truth["from"], shown["from"])
        flat = " ".join(shown["text"].split())
        for word in truth["words"]:
            self.assertIn(" ".join(word.split()), flat)
        for attachment in truth["attachments"]:
            number = next(one["part"] for one in shown["attachments"]
                          if one["name"] == attachment["name"])
            part = self.home / f"part-{number}"
            self.tool.run("show", entry["id"], "--part", number, "-o", part, check=0)
            self.assertEqual(sha256_of(part.read_bytes()), attachment["sha256"])
        raw = self.home / "raw.eml"
        self.tool.run("show", entry["id"][:8], "--raw", "-o", raw, check=0)
        self.assertEqual(raw.read_bytes(), path.read_bytes())


class OddMessages(E2eCase):
    ODD = {
        "NUL bytes": b"Subject: nul\r\n\r\na\0b\0\0c\r\n",
        "bare LF": b"Subject: lf\n\nline\nline\r\nlast",
        "bare CR": b"Subject: cr\r\n\r\na\rb\r\n",
        "8-bit header": b"Subject: \xc4\xe3\xba\xc3 \xff\xfe\r\nFrom: \x80@x\r\n\r\n\xe9\r\n",
        "no headers": b"\r\nonly a body\r\n",
        "empty body": b"Subject: nothing\r\n\r\n",
        "headers only, no blank line": b"Subject: cut",
        "one byte": b"x",
        "starts like an mbox": b"From somebody\r\nSubject: x\r\n\r\nFrom the end\r\n>From\r\n.\r\n",
        "a very long line": b"Subject: long\r\n\r\n" + b"y" * 300_000 + b"\r\n",
        "base64 with odd lines": (b"Content-Transfer-Encoding: base64\r\nContent-Type: image/png\r\n"
                                  b"\r\n" + b"QUJD\r\nQUI=\r\n  QUJD\r\n" * 3000),
        "parts that never end": (b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n\r\n'
                                 + b"z" * 50_000),
    }

    def test_odd_messages_come_back_as_the_server_gives_them(self):
        for raw in self.ODD.values():
            self.server.deliver(self.user, "INBOX", raw)
        self.add_account()
        account = self.backup()[self.user]
        self.assertEqual((account["new"], account["failed"]), (len(self.ODD), []))
        self.assertEqual(self.assert_export_equals_server(), len(self.ODD))
        self.check_vault("--read-data")

    def test_a_60_megabyte_attachment(self):
        base64_line = b"QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5ejAx"
        raw = (b"Subject: plans\r\nContent-Type: application/zip\r\n"
               b"Content-Transfer-Encoding: base64\r\n\r\n"
               + (base64_line + b"\r\n") * (60 * MEGABYTE // (len(base64_line) + 2)))
        self.server.deliver(self.user, "INBOX", raw)
        self.server.deliver(self.user, "INBOX", letter(1))
        self.add_account()
        self.assertEqual(self.backup()[self.user]["new"], 2)
        self.assertEqual(self.assert_export_equals_server(), 2)

    def test_an_attachment_sent_to_many_is_stored_once(self):
        catalogue = random.Random(5).randbytes(300_000)
        coded = base64.encodebytes(catalogue).replace(b"\n", b"\r\n")
        mail = (b'Content-Type: multipart/mixed; boundary="cut"\r\nSubject: catalogue %d\r\n\r\n'
                b"--cut\r\nContent-Type: text/plain\r\n\r\nDear customer %d\r\n--cut\r\n"
                b"Content-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n%b\r\n"
                b"--cut--\r\n")
        for number in range(20):
            self.server.deliver(self.user, "Sent", mail % (number, number, coded))
        self.add_account()
        self.backup()
        self.assert_export_equals_server()
        vault = self.status()["vault"]
        self.assertGreater(vault["bytes_raw"], 20 * len(coded))
        self.assertLess(vault["bytes_stored"], 1.2 * len(catalogue))

    def test_case_and_unicode_folders_stay_apart(self):
        names = ["Kunden", "KUNDEN", "客户/华美", "a b  c", "x&y", "Größe", "日本語/注文"]
        for number, name in enumerate(names):
            self.server.deliver(self.user, name, letter(number))
        self.add_account()
        self.backup()
        self.assertEqual(self.assert_export_equals_server(), len(names))


def load_corpus(server, people):
    """Delivers {person: files} as one account each, with flags and dates; returns the addresses."""
    flags = [(), ("\\Seen",), ("\\Seen", "\\Answered"), ("\\Flagged", "$Forwarded")]
    addresses = []
    for person, files in people.items():
        address = f"{person}@enron.example"
        server.add_user(address, PASSWORD)
        addresses.append(address)
        for number, path in enumerate(files):
            folder = "INBOX" if number % 3 else "Archive/older"
            server.deliver(address, folder, path.read_bytes(), flags[number % 4],
                           internaldate=1_000_000_000 + number * 3607)
    return addresses


@unittest.skipUnless(corpus.roots(), "MAILHOLD_CORPUS does not name the corpus of real mail")
class RealMail(E2eCase):
    settings = {"zone": "America/Chicago"}

    def back_up_and_compare(self, addresses):
        for address in addresses:
            self.add_account(address)
        report = self.backup(timeout=1800)
        self.assertEqual([one for one in report.values() if not one["ok"] or one["failed"]], [])
        compared = sum(self.assert_export_equals_server(address) for address in addresses)
        self.assertEqual(compared, sum(one["server_messages"] for one in report.values()))
        again = self.backup()
        self.assertEqual({one["new"] for one in again.values()}, {0})
        return compared

    def test_the_enron_people(self):
        people = corpus.enron_people()
        self.assertEqual(len(people), 24)
        compared = self.back_up_and_compare(load_corpus(self.server, people))
        self.assertEqual(compared, sum(map(len, people.values())))

    def test_spamassassin(self):
        kinds = corpus.spamassassin()
        self.assertTrue(kinds)
        compared = self.back_up_and_compare(load_corpus(self.server, kinds))
        self.assertEqual(compared, sum(map(len, kinds.values())))


if __name__ == "__main__":
    unittest.main()
