#!/usr/bin/env python3
"""Import of Outlook data files: what tests/support/pst_writer.py wrote comes back as mail, damage is told,
and no byte of a file brings the program down."""

import collections
import email
import email.policy
import json
import os
import pathlib
import random
import struct
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

import pst_layers
from e2e_case import MANIFEST, E2eCase
from pst_writer import *

ADDRESS = "old@acme.example"
SENT_AT, DELIVERED_AT = 1_709_222_399, 1_709_222_500
EVERY_BYTE = bytes(range(256)) * 400  # 100 KiB: a tree of blocks

HEADER = ("Microsoft Mail Internet Headers Version 2.0\r\n"
          "Received: from mx.buyer.example by mail.acme.example;\r\n\tThu, 29 Feb 2024 16:00:00 +0800\r\n"
          "From: =?gbk?B?wda1wg==?= <buyer@buyer.example>\r\nTo: lin@acme.example\r\n"
          "Subject: =?utf-8?B?6K+i5Lu3?=\r\nMessage-ID: <came@buyer.example>\r\n"
          "MIME-Version: 1.0\r\nContent-Type: multipart/mixed;\r\n\tboundary=\"gone\"\r\n"
          "X-Mailer: Foxmail\r\nDate: Thu, 29 Feb 2024 15:59:59 +0800\r\n\r\n")


def trade_mail(encryption=pst_layers.NONE):
    """A file with one message of each kind; see the tests for what becomes of them."""
    pst = PstWriter(encryption)
    pst.add(["Inbox"], Message({INTERNET_HEADER: HEADER, SUBJECT: "询价", BODY: "您好\r\n", FLAGS: READ,
                                LAST_VERB: REPLIED, FLAG_STATUS: 2, SENT: SENT_AT,
                                DELIVERED: DELIVERED_AT}))
    pst.add(["Sent Items"], Message(
        {SUBJECT: "\x01\x05RE: 报价单", BODY: "See the attached quotation.\r\n",
         HTML: "<p>报价 <img src=\"cid:logo@acme\"></p>".encode("gbk"), INTERNET_CODE_PAGE: 936,
         FROM_NAME: "林 Lin", FROM_TYPE: "EX", FROM_ADDRESS: "/O=ACME/CN=LIN", FROM_SMTP: "lin@acme.example",
         SHOWN_TO: "Buyer; 王", FLAGS: READ, LAST_VERB: FORWARDED, SENT: SENT_AT,
         MESSAGE_ID: "<sent@acme.example>", IN_REPLY_TO: "<came@buyer.example>",
         REFERENCES: "<first@buyer.example> <came@buyer.example>"},
        recipients=[Recipient(TO, "Buyer, B.", "buyer@buyer.example"),
                    Recipient(TO, "王", "/O=ACME/CN=WANG", smtp="wang@acme.example", address_type="EX"),
                    Recipient(CC, "boss@acme.example", "boss@acme.example"),
                    Recipient(BCC, "Quiet", "quiet@acme.example")],
        attachments=[Attachment("报价单 2024.pdf", EVERY_BYTE, "application/pdf"),
                     Attachment("logo.png", b"\x89PNG", "image/png", "logo@acme"),
                     Attachment("empty.txt", b"", "text/plain"),
                     Attachment("the inquiry", message=Message(
                         {SUBJECT: "内部", BODY: "inner text " * 100, FROM_NAME: "Z",
                          FROM_ADDRESS: "z@buyer.example"},
                         attachments=[Attachment("inner.bin", EVERY_BYTE[:20_000])]))]))
    pst.add(["客户", "A/B 华美"], Message(
        {CODE_PAGE: 936, SUBJECT_8BIT: "轴承询价".encode("gbk"), BODY_8BIT: "请报价。".encode("gbk"),
         FROM_NAME_8BIT: "李经理".encode("gbk"), FROM_ADDRESS: "li@huamei.example", SENT: SENT_AT}))
    pst.add(["Drafts"], Message({SUBJECT: "unfinished", BODY: "", FLAGS: UNSENT}))
    rich = br"{\rtf1\ansi rich text\par}"
    pst.add(["Drafts"], Message({SUBJECT: "rich", RTF: rtf(rich, 0x75465A4C, literals(rich)), FLAGS: READ}))
    pst.add(["Drafts"], Message({SUBJECT: "rich too", RTF: rtf(rich, 0x414C454D, rich), FLAGS: READ}))
    pst.add(["Inbox"], Message({MESSAGE_CLASS: "REPORT.IPM.Note.NDR", SUBJECT: "Undeliverable",
                                (0x1001, pst_layers.STRING): "No such user", DELIVERED: DELIVERED_AT}))
    pst.add(["Inbox"], Message({MESSAGE_CLASS: "IPM.Schedule.Meeting.Request", SUBJECT: "Meeting",
                                BODY: "Tuesday", FROM_ADDRESS: "z@buyer.example"}))
    for number, kind in enumerate(("IPM.Contact", "IPM.Appointment", "IPM.Task", "IPM.StickyNote")):
        pst.add(["Contacts"], Message({MESSAGE_CLASS: kind, SUBJECT: f"no mail {number}"}))
    pst.add_folder(["Empty"])
    return pst.to_bytes()


def rtf(text, kind, content):
    """RTF in Outlook's wrapping ([MS-OXRTFCP] 2.1.3.1)."""
    return struct.pack("<IIII", len(content) + 12, len(text), kind, 0) + content


def literals(text):
    """Compressed without a repetition: eight bytes behind each byte that says so."""
    return b"".join(b"\0" + text[i:i + 8] for i in range(0, len(text), 8))


class OutlookCase(E2eCase):
    def file(self, content, name="old.pst"):
        path = self.home / "files" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    def bring_in(self, *paths, check=0, options=()):
        result = self.tool.run("--json", "import", ADDRESS, *paths, *options, check=check, unlock=False)
        return json.loads(result.stdout)

    def mail(self):
        """{(folder, subject): (message as Python reads it, line of the manifest)} of the account."""
        to = self.home / f"read-{len(list(self.home.iterdir()))}"
        self.tool.run("export", "--account", ADDRESS, "--to", to, "--format", "eml", check=0)
        lines = [json.loads(line) for line in (to / MANIFEST).read_text(encoding="utf-8").splitlines()]
        found = {}
        for line in lines:
            raw = (to / line["path"]).read_bytes()
            message = email.message_from_bytes(raw, policy=email.policy.default)
            self.assertEqual(message.defects, [], raw[:2000])
            found[line["folder"], str(message["Subject"])] = message, line
        self.assertEqual(len(found), len(lines))
        return found


class RoundTrip(OutlookCase):
    def setUp(self):
        super().setUp()
        self.report = self.bring_in(self.file(trade_mail()))
        self.found = self.mail()

    def test_every_message_is_in_its_folder_and_the_rest_is_counted(self):
        self.assertEqual((self.report["new"], self.report["failed"], self.report["passed_over_items"]),
                         (8, [], 4))
        self.assertEqual(set(self.found), {
            ("INBOX", "询价"), ("INBOX", "Undeliverable"), ("INBOX", "Meeting"),
            ("Sent Items", "RE: 报价单"), ("客户/A_B 华美", "轴承询价"),
            ("Drafts", "unfinished"), ("Drafts", "rich"), ("Drafts", "rich too")})
        again = self.bring_in(self.home / "files" / "old.pst")
        self.assertEqual((again["new"], again["known"], again["already_there"]), (0, 0, 8))

    def test_the_header_it_came_with_is_kept(self):
        message, line = self.found["INBOX", "询价"]
        self.assertEqual(str(message["From"]), "林德 <buyer@buyer.example>")
        self.assertEqual((message["X-Mailer"], message["Message-ID"]), ("Foxmail", "<came@buyer.example>"))
        self.assertEqual(len(message.get_all("Received")), 1)
        self.assertEqual(message.get_content_type(), "text/plain")
        self.assertEqual(message.get_content().rstrip(), "您好")
        self.assertEqual(line["flags"], ["\\Answered", "\\Flagged", "\\Seen"])
        self.assertEqual(line["internaldate"], "2024-02-29T16:01:40+00:00")  # delivered

    def test_sent_mail_has_its_correspondents_bodies_and_attachments(self):
        message, line = self.found["Sent Items", "RE: 报价单"]
        addresses = {field: [(a.display_name, a.addr_spec) for a in message[field].addresses]
                     for field in ("From", "To", "Cc", "Bcc")}
        self.assertEqual(addresses, {
            "From": [("林 Lin", "lin@acme.example")],
            "To": [("Buyer, B.", "buyer@buyer.example"), ("王", "wang@acme.example")],
            "Cc": [("", "boss@acme.example")], "Bcc": [("Quiet", "quiet@acme.example")]})
        self.assertEqual(message["Date"].datetime.timestamp(), SENT_AT)
        self.assertEqual((message["Message-ID"], message["In-Reply-To"], message["References"]),
                         ("<sent@acme.example>", "<came@buyer.example>",
                          "<first@buyer.example> <came@buyer.example>"))
        self.assertEqual(line["flags"], ["$Forwarded", "\\Seen"])
        self.assertEqual(line["internaldate"], "2024-02-29T15:59:59+00:00")  # sent
        self.assertEqual(message.get_body(("plain",)).get_content().rstrip(),
                         "See the attached quotation.")
        self.assertIn("报价 <img", message.get_body(("html",)).get_content())
        parts = {part.get_filename(): part for part in message.walk() if part.get_filename()}
        pdf = parts["报价单 2024.pdf"]
        self.assertEqual((pdf.get_content_type(), pdf.get_content_disposition(), pdf.get_content()),
                         ("application/pdf", "attachment", EVERY_BYTE))
        logo = parts["logo.png"]
        self.assertEqual((logo["Content-ID"], logo.get_content_disposition(), logo.get_content()),
                         ("<logo@acme>", "inline", b"\x89PNG"))
        self.assertEqual(parts["empty.txt"].get_content(), "")
        inner = parts["the inquiry"].get_content()
        self.assertEqual((str(inner["Subject"]), inner.get_body().get_content().strip()),
                         ("内部", ("inner text " * 100).strip()))
        self.assertEqual([a.get_content() for a in inner.iter_attachments()], [EVERY_BYTE[:20_000]])

    def test_text_in_a_code_page_is_read_as_such(self):
        message, _ = self.found["客户/A_B 华美", "轴承询价"]
        self.assertEqual(str(message["From"]), "李经理 <li@huamei.example>")
        self.assertEqual(message.get_content().rstrip(), "请报价。")
        found = self.tool.json("search", "轴承", check=0)["results"]
        self.assertEqual(len(found), 1)

    def test_drafts_reports_and_rich_text(self):
        self.assertEqual(self.found["Drafts", "unfinished"][1]["flags"], ["\\Draft"])
        for subject in ("rich", "rich too"):
            rich, _ = self.found["Drafts", subject]
            self.assertEqual([part.get_content_type() for part in rich.iter_parts()],
                             ["text/plain", "text/rtf"])
            self.assertIn("rich text", rich.get_body(("plain",)).get_content())
        self.assertIn("No such user", self.found["INBOX", "Undeliverable"][0].get_content())

    def test_outlooks_own_encryption_hides_nothing(self):
        hidden = trade_mail(pst_layers.PERMUTE)
        self.assertNotIn("quotation".encode("utf-16-le"), hidden)
        report = self.bring_in(self.file(hidden, "hidden.pst"))
        self.assertEqual((report["new"], report["already_there"], report["failed"]), (0, 8, []))

    def test_files_in_a_folder_keep_their_names_and_one_without_an_ending_is_known(self):
        top = self.home / "disk"
        for name in ("2019.pst", "lin/2020.pst"):
            (top / name).parent.mkdir(parents=True, exist_ok=True)
            (top / name).write_bytes(trade_mail())
        report = self.bring_in(top)
        self.assertEqual((report["known"], report["failed"]), (16, []))
        folders = {folder for folder, _ in self.mail()}
        self.assertLess({"2019/Inbox", "lin/2020/Inbox", "lin/2020/客户/A_B 华美"}, folders)
        (top / "2019.pst").rename(self.home / "a backup")
        self.assertEqual(self.bring_in(self.home / "a backup")["already_there"], 8)


class Damage(OutlookCase):
    def failures(self, content, check=3, name="broken.pst"):
        report = self.bring_in(self.file(content, name), check=check)
        return report, " ".join(failure["why"] for failure in report["failed"])

    def test_what_is_no_outlook_file_or_protected_is_told(self):
        whole = bytearray(trade_mail())
        for change, words in ((b"no", "no Outlook data file"), ((10, 99), "not known here"),
                              ((513, 0x10), "Windows Information Protection")):
            broken = bytearray(whole)
            if isinstance(change, bytes):
                broken = bytearray(change)
            else:
                broken[change[0]] = change[1]
            report, why = self.failures(bytes(broken))
            self.assertEqual(report["new"], 0)
            self.assertIn(words, why)
            self.assertRegex(why, "check|export")

    def test_a_folder_that_lost_messages_is_told(self):
        pst = PstWriter(missing=2)
        pst.add(["Inbox"], Message({SUBJECT: "left", BODY: "x"}))
        report, why = self.failures(pst.to_bytes())
        self.assertEqual(report["new"], 1)
        self.assertRegex(why, "Inbox: the folder should have 3 items, and 1 were found.*scanpst")

    def test_a_file_shorter_than_it_says_and_one_with_a_damaged_list_of_items_are_read_in_part(self):
        whole = bytearray(trade_mail())
        struct.pack_into("<Q", whole, 184, len(whole) + 1)
        report, why = self.failures(bytes(whole))
        self.assertEqual(report["new"], 8)
        self.assertRegex(why, "cut off.*Copy it again")

        whole = bytearray(trade_mail())
        leaves = [page for page in range(pst_layers.FIRST_OFFSET, len(whole), pst_layers.PAGE_BYTES)
                  if whole[page + 496:page + 498] == b"\x81\x81" and whole[page + 491] == 0]
        self.assertGreater(len(leaves), 1)
        whole[leaves[-1] + 504] ^= 1
        report, why = self.failures(bytes(whole))
        self.assertLess(0, report["already_there"])
        self.assertLess(report["already_there"], 8)
        self.assertRegex(why, "list of items is lost.*scanpst")

    def test_a_file_cut_anywhere_is_told_and_no_half_message_comes_in(self):
        whole = trade_mail()
        subjects = {"询价", "Undeliverable", "Meeting", "RE: 报价单", "轴承询价", "unfinished", "rich", "rich too"}
        for cut in range(0, len(whole), len(whole) // 25):
            _, why = self.failures(whole[:cut])
            self.assertRegex(why, "scanpst|copied whole", cut)
        self.assertLessEqual({subject for _, subject in self.mail()} if self.accounts() else set(),
                             subjects)

    def accounts(self):
        return [a["address"] for a in self.tool.json("account", "list", check=0, unlock=False)["accounts"]]

    def test_flipped_bits_cost_what_they_hit_and_never_the_program(self):
        whole = trade_mail()
        outcomes = collections.Counter()
        for seed in range(int(os.environ.get("MAILHOLD_FLIPS", "40"))):
            chance = random.Random(seed)
            broken = bytearray(whole)
            start = 0 if seed % 4 == 0 else pst_layers.FIRST_OFFSET
            for _ in range(chance.choice((1, 8, 64, 512))):
                broken[chance.randrange(start, len(broken))] ^= 1 << chance.randrange(8)
            path = self.file(bytes(broken), f"{seed}.pst")
            result = self.tool.run("import", ADDRESS, path, unlock=False)
            self.assertIn(result.code, (0, 3), result)
            self.assertNotRegex(result.stderr, "internal error|Sanitizer")
            if result.code == 3:
                self.assertRegex(result.stdout, "scanpst|copied whole|export|256 MiB", result)
            outcomes[result.code] += 1
            path.unlink()
        self.assertGreater(outcomes[3], 5, outcomes)
        self.assertEqual(self.tool.json("check", "--read-data", check=0)["verdict"], "clean")


if __name__ == "__main__":
    unittest.main(verbosity=2)
