#!/usr/bin/env python3
"""A leaver's mail goes to successors: purged or not, divided by customer, private mail left out; what comes
later follows; a dossier and a signed receipt say what was done."""

import collections
import email.utils
import json
import os
import pathlib
import random
import signal
import stat
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from dovecot import Dovecot, quota_settings
from e2e_case import PASSWORD, E2eCase, letter

MONDAY, TUESDAY, WEDNESDAY = "2026-03-09T01:00:00Z", "2026-03-10T01:00:00Z", "2026-03-11T01:00:00Z"
THURSDAY, FRIDAY = "2026-03-12T01:00:00Z", "2026-03-13T01:00:00Z"
START = 1_772_000_000  # 2026-02-25, seconds since 1970
LEAVER = "Lin Wei 林伟"
KILLS = int(os.environ.get("MAILHOLD_KILLS", "8"))


class HandoverCase(E2eCase):
    """A leaver and two successors on one server."""

    settings = {"zone": "Asia/Shanghai"}

    def setUp(self):
        super().setUp()
        self.number = 0
        self.bob, self.carol = self.new_user("bob"), self.new_user("carol")
        self.add_account()
        self.add_account(self.bob)
        self.add_account(self.carol)
        self.report = self.home / "report"

    def deliver(self, folder, sender, to, subject, answers=None, files=(), flags=("\\Seen",)):
        """One letter of its own minute; returns its Message-ID."""
        self.number += 1
        own_id, epoch = f"<{self.number}@mail.example>", START + 60 * self.number
        lines = [f"From: {sender}", f"To: {to}", f"Subject: {subject}", f"Message-ID: {own_id}",
                 f"Date: {email.utils.formatdate(epoch)}", "MIME-Version: 1.0"]
        lines += [f"References: {answers}"] if answers else []
        lines += ['Content-Type: multipart/mixed; boundary="b"', "", "--b", "Content-Type: text/plain",
                  "", f"Letter {self.number}."]
        for name in files:
            lines += ["--b", "Content-Type: application/octet-stream",
                      f'Content-Disposition: attachment; filename="{name}"', "", "content"]
        self.server.deliver(self.user, folder, "\r\n".join([*lines, "--b--", ""]).encode(), list(flags),
                            internaldate=epoch)
        return own_id

    def fill(self):
        """30 letters with each of two customers, some internal ones, and a private one."""
        us = f"{LEAVER} <{self.user}>"
        for _ in range(10):
            asked = self.deliver("INBOX", "Bob Lee <lee@buyer.example>", us, "inquiry")
            self.deliver("Sent", us, "lee@buyer.example", "Re: inquiry", asked, ["Quotation 7.pdf"])
            self.deliver("INBOX", us, self.carol, "internal about it", asked)
            asked = self.deliver("INBOX", "Eve <eve@foo.example>", us, "anfrage")
            self.deliver("Sent", us, "Eve <eve@foo.example>", "Re: anfrage", asked)
            self.deliver("Customers/FOO", "Eve <eve@foo.example>", us, "still waiting", asked)
        self.deliver("INBOX", "doctor@clinic.example", us, "your appointment")

    def contents(self, address=None):
        """Counter of (content, flags, instant) of all that an account serves, whatever the folder."""
        return sum((collections.Counter((seen.sha256, seen.flags, seen.epoch)
                                        for seen in messages.elements())
                    for messages in self.served(address).values()), collections.Counter())

    def handover(self, *arguments, check=0, now=None):
        self.tool.pretended_now = now
        report = self.tool.json("handover", *arguments, check=check)
        self.tool.pretended_now = None
        return report

    def start(self, *arguments, check=0, now=WEDNESDAY):
        return self.handover("start", self.user, "--report", self.report, *arguments, check=check,
                             now=now)

    def waiting(self, now):
        self.tool.pretended_now = now
        handovers = self.tool.json("status", check=0, unlock=False)["handovers"]
        self.tool.pretended_now = None
        return [(one["leaver"], one["missing"], one["waiting"]) for one in handovers]


class Killed(HandoverCase):
    def test_at_any_point_and_run_again_every_message_is_there_once(self):
        for _ in range(4):
            self.fill()
        self.backup(now=MONDAY)
        before = self.contents()
        self.server.purge(self.user)
        self.backup(now=TUESDAY, check=None)
        arguments = ["--to", self.carol, "--to", f"{self.bob}=buyer.example"]
        rng = random.Random(11)
        killed = 0
        for attempt in range(KILLS):
            process = self.tool.start("handover", "start", self.user, "--report", self.report,
                                      *arguments)
            time.sleep(rng.uniform(0.02, 0.4) if attempt else 0.1)
            process.send_signal(signal.SIGKILL)
            process.communicate()
            killed += process.returncode == -signal.SIGKILL
        self.assertGreater(killed, 0)
        report = self.start(*arguments, now=None)
        self.assertEqual((report["failed"], report["missing"]), ([], 0))
        self.assertEqual(self.contents(self.bob) + self.contents(self.carol), before)
        self.assertEqual(len(self.handover("list")["cases"]), 1, "it is one case all the time")
        self.assertEqual(self.check_vault("--read-data")["verdict"], "clean")


class Followed(HandoverCase):
    def test_from_the_purge_to_the_close(self):
        self.fill()
        self.backup(now=MONDAY)
        before = self.contents()
        self.server.purge(self.user)
        self.backup(now=TUESDAY, check=None)
        report = self.start("--to", self.carol, "--to", f"{self.bob}=buyer.example")
        self.assertEqual(report["purge"], TUESDAY)
        self.assertLess(report["begins"], TUESDAY)
        self.assertEqual((report["planned"], report["verified"], report["failed"], report["missing"]),
                         (61, 61, [], 0))
        self.assertEqual({part["address"]: part["planned"] for part in report["successors"]},
                         {self.carol: 31, self.bob: 30})
        self.assertEqual(self.contents(self.bob) + self.contents(self.carol), before)
        self.assertEqual(set(self.served(self.bob)),
                         {f"Handover/{LEAVER}/INBOX", f"Handover/{LEAVER}/Sent"})
        self.assertEqual(set(self.served(self.carol)),
                         {f"Handover/{LEAVER}/{name}" for name in ("INBOX", "Sent", "Customers/FOO")})
        self.assertNotIn(f"Handover/{LEAVER}/Customers/FOO", self.server.folders(self.bob))

        again = self.start("--to", self.carol, "--to", f"{self.bob}=buyer.example")
        self.assertEqual((again["case"], again["uploaded"], again["already_there"]),
                         (report["case"], 0, 61))
        self.assertEqual(self.contents(self.bob) + self.contents(self.carol), before)

        case = report["case"]
        self.assertEqual(self.waiting(WEDNESDAY), [(self.user, 0, 0)])
        self.deliver("INBOX", "lee@buyer.example", self.user, "are you there?", flags=())
        self.deliver("INBOX", "new@bar.example", self.user, "hello", flags=())
        self.backup(now=THURSDAY)
        self.assertEqual(self.waiting(THURSDAY), [(self.user, 0, 2)])
        later = self.contents()
        self.server.expunge(self.user, "INBOX")  # gone again: too few for a purge
        self.backup(now=THURSDAY)
        report = self.handover("resume", case, "--report", self.report, now=FRIDAY)
        self.assertEqual((report["uploaded"], report["already_there"], report["missing"]), (2, 61, 0))
        self.assertEqual(self.contents(self.bob) + self.contents(self.carol), before + later)
        self.assertEqual(self.waiting(FRIDAY), [(self.user, 0, 0)])
        self.assertEqual(len(self.handover("show", case)["runs"]), 3)

        self.handover("close", case, now=FRIDAY)
        self.assertEqual(self.waiting(FRIDAY), [])
        self.assertEqual([one["closed"] for one in self.handover("list")["cases"]], [FRIDAY])
        closed = self.tool.run("handover", "resume", case)
        self.assert_error(closed, 20, "closed", "handover start")

    def test_over_quota_it_stops_says_what_is_missing_and_goes_on_when_there_is_room(self):
        for number in range(60):
            self.server.deliver(self.user, "INBOX", letter(number, "long text\r\n" * 30_000))
        self.backup(now=MONDAY)
        full = Dovecot(list_index=True, extra=quota_settings("quota_rule = *:storage=9M"))
        self.addCleanup(full.close)
        full.start()
        full.add_user("dave@acme.example", PASSWORD)
        self.add_account("dave@acme.example", server=full)
        self.one_connection()
        half = self.start("--to", "dave@acme.example", check=3)
        self.assertEqual([part["end"] for part in half["successors"]], ["over quota"])
        self.assertEqual(half["failed"], [])
        self.assertGreater(half["missing"], 5)
        self.assertGreater(half["verified"], 5)
        self.assertEqual(half["verified"] + half["missing"], 60)
        self.assertEqual(self.waiting(WEDNESDAY), [(self.user, half["missing"], 0)])

        full.stop()
        full.settings.extra = quota_settings("quota_rule = *:storage=1G")
        full.start()
        whole = self.handover("resume", half["case"], "--report", self.report, now=FRIDAY)
        self.assertEqual((whole["already_there"], whole["missing"]), (half["verified"], 0))
        self.assertEqual(self.waiting(FRIDAY), [(self.user, 0, 0)])
        there = sum((sum(mail.values()) for mail in self.served("dave@acme.example", full).values()))
        self.assertEqual(there, 60)

    def test_private_mail_and_other_folders_stay_where_they_are(self):
        self.fill()
        self.backup(now=MONDAY)
        report = self.start("--to", self.bob, "--exclude", "from:doctor", "--prefix", "",
                            "--folder", "INBOX", "--folder", "Sent")
        self.assertEqual((report["verified"], report["excluded"]), (50, 1))
        self.assertEqual(set(self.served(self.bob)), {"INBOX", "Sent"})
        for page in self.report.iterdir():
            self.assertNotIn("doctor", page.read_text(encoding="utf-8"), page)

    def test_a_dry_run_changes_nothing(self):
        self.fill()
        self.backup(now=MONDAY)
        report = self.start("--to", self.bob, "--dry-run")
        self.assertEqual([(part["address"], part["planned"]) for part in report["successors"]],
                         [(self.bob, 61)])
        self.assertEqual(self.served(self.bob), {})
        told = self.tool.run("handover", "start", self.user, "--to", self.bob, "--dry-run",
                             "--to", f"{self.carol}=misspelt.example", check=0)
        self.assertRegex(told.stderr, f"no message is for {self.carol}")
        self.assertFalse(self.report.exists())
        self.assertEqual(self.handover("list")["cases"], [])

    def test_mail_that_cannot_be_told_apart_is_given_to_nobody(self):
        self.fill()
        with open(self.tool.config, "a", encoding="utf-8") as config:
            config.write("\n[search]\nindex = false\n")
        self.backup(now=MONDAY)
        result = self.tool.run("handover", "start", self.user, "--to", self.bob, "--exclude", "doctor")
        self.assert_error(result, 20, "not searchable", "tidy")
        self.assertEqual(self.served(self.bob), {})

    def test_what_is_unclear_is_refused_before_anything_is_done(self):
        self.fill()
        self.backup(now=MONDAY)
        for arguments, code in ((["--to", f"{self.bob}=buyer.example"], 2),
                                (["--to", self.bob, "--to", self.carol], 2),
                                (["--to", self.user], 2), (["--to", "nobody@acme.example"], 10),
                                (["--to", self.bob, "--folder", "Custmers"], 10)):
            self.assert_error(self.tool.run("handover", "start", self.user, *arguments), code)
        result = self.tool.run("handover", "start", self.user, "--to", self.bob, "--exclude", "(")
        self.assertEqual(result.code, 2)
        self.assertEqual(self.handover("list")["cases"], [])

    def test_one_successor_out_of_reach_leaves_the_others_their_mail(self):
        self.fill()
        self.backup(now=MONDAY)
        self.server.add_user(self.bob, "changed")
        report = self.start("--to", self.carol, "--to", f"{self.bob}=buyer.example", check=3)
        self.assertEqual({part["address"]: part["verified"] for part in report["successors"]},
                         {self.carol: 31, self.bob: 0})
        self.assertEqual(report["missing"], 30)
        self.assertEqual(self.waiting(WEDNESDAY), [(self.user, 30, 0)])


class Reported(HandoverCase):
    def test_the_dossier_tells_each_successor_only_their_own(self):
        self.fill()
        self.backup(now=MONDAY)
        self.start("--to", self.carol, "--to", f"{self.bob}=buyer.example")
        names = {"dossier.html", "dossier.md", "contacts.vcf", "contacts.csv"}
        self.assertEqual({p.name for p in self.report.iterdir()},
                         names | {"receipt-1.json", self.bob, self.carol})
        for path in [self.report, *self.report.rglob("*")]:
            self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o700 if path.is_dir() else 0o600, path)
        whole = (self.report / "dossier.html").read_text(encoding="utf-8")
        for word in ("buyer.example", "foo.example", LEAVER, "Quotation 7.pdf", "still waiting"):
            self.assertIn(word, whole)
        for folder, own, other in ((self.bob, "buyer.example", "foo.example"),
                                   (self.carol, "foo.example", "lee@buyer.example")):
            self.assertEqual({p.name for p in (self.report / folder).iterdir()}, names)
            for name in names:
                text = (self.report / folder / name).read_text(encoding="utf-8")
                self.assertIn(own, text)
                self.assertNotIn(other, text, f"{folder}/{name}")

    def test_a_receipt_is_checked_without_a_passphrase(self):
        self.fill()
        self.backup(now=MONDAY)
        self.start("--to", self.bob)
        receipt = self.report / "receipt-1.json"
        said = self.tool.json("handover", "verify", receipt, check=0, unlock=False)
        self.assertEqual((said["genuine"], said["in_journal"], said["leaver"]), (True, True, self.user))
        self.assertEqual([part["verified"] for part in said["successors"]], [61])
        told = self.tool.run("handover", "verify", receipt, check=0, unlock=False)
        self.assertIn("61 of 61 messages there", told.stdout)
        text = receipt.read_text(encoding="utf-8")
        receipt.write_text(text.replace('"verified":61', '"verified":60'), encoding="utf-8")
        self.assert_error(self.tool.run("handover", "verify", receipt, unlock=False), 4)
        self.assertEqual(json.loads(text.splitlines()[0])["head"]["seq"], said_seq(self.tool))

    def test_nothing_of_a_case_can_be_read_on_the_nightly_host(self):
        self.fill()
        self.backup(now=MONDAY)
        self.start("--to", self.carol, "--to", f"{self.bob}=buyer.example", "--exclude", "from:doctor")
        for file in self.tool.home.joinpath("state").rglob("*"):
            if file.is_file():
                content = file.read_bytes()
                for secret in (b"buyer.example", b"doctor", b"lee@", "林伟".encode()):
                    self.assertNotIn(secret, content, file)


def said_seq(tool):
    """The journal's last entry of this host."""
    names = sorted(p.name for p in (tool.vault / "journal").rglob("*") if p.is_file())
    return int(names[-1].split("-")[0])


if __name__ == "__main__":
    unittest.main()
