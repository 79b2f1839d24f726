#!/usr/bin/env python3
"""Mail into a real Cyrus and a real Courier: what Dovecot does not tell about the protocol. What holds for
every server alike is in interop_test.py."""

import collections
import hashlib
import os
import pathlib
import random
import re
import signal
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

import corpus
import extracted_servers
import imap_reader
from courier import Courier
from cyrus import Cyrus
from e2e_case import PASSWORD, letter
from restore_case import RestoreCase

KILLS = int(os.environ.get("MAILHOLD_KILLS", "4"))
MEBIBYTE = 1 << 20
# What was sent whole is added even when the sender has gone; until then nobody can see it.
SETTLE_SECONDS = 1

# Folders and flags of a trade company's mailbox. Courier has no folder with a dot in its name.
PLACES = [("INBOX", ["\\Seen"]), ("Sent", ["\\Seen", "\\Answered"]), ("Drafts", ["\\Draft"]),
          ("Customers/ACME 客户", ["\\Flagged", "$Forwarded"]), ("Trash", []), ("Quotes & Samples", ["Hot"])]

# Whole dialogues in bodies: each would do harm if a byte of it were taken for a command.
SMUGGLED = ["A1 DELETE Keep", "\r\nA1 DELETE Keep\r\nA2 LOGOUT", ".\r\nA1 LOGOUT\r\n.",
            "a UID STORE 1:* +FLAGS.SILENT (\\Deleted)\r\nb EXPUNGE\r\nc CLOSE",
            "a APPEND INBOX {3+}\r\nabc\r\nb APPEND INBOX {3}\r\nabc", "{10}", "{10+}\r\n", ")\r\n", "(",
            " ()\r\nA1 RENAME Keep Gone", "* BYE\r\n* OK\r\nA0000 OK APPEND done", "DONE\r\n", "+ go on"]
INSTANTS = [1, 86_399, 951_827_696, 1_330_473_600, 2_147_483_647]  # leap days, the end of 32 bits

# What servers may rewrite: header, line ends, a lone CR, the last line, a NUL, 8-bit text.
ODD = [b"a: b\n\nbare\nlf\n", b"a: b\r\n\r\nno last line end", b"a: b\r\n\r\nlone\rcr\r\n",
       b"S: nul\r\n\r\na\0b\r\n", b"a: b\r\n\r\n", b"S: \r\n x\r\n\r\n\xff\xfe\xc4\xe3\r\n",
       b"From me Thu Jan  1 00:00:00 1970\r\na: b\r\n\r\nFrom you\r\n"]


def normalised(raw):
    """`raw` without what servers rewrite: line ends, NUL bytes, the last line end."""
    return re.sub(rb"[\r\0\x80]", b"", raw).rstrip(b"\n")


class OtherServer:
    """What holds for both; a class with a Dovecot as source and `other` as the target."""

    other_class, other_settings = None, {}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.other_class(**cls.other_settings)
        cls.addClassCleanup(cls.other.close)
        cls.other.start()

    def setUp(self):
        super().setUp()
        self.there = f"there-{self._testMethodName}@acme.example"
        self.other.add_user(self.there, PASSWORD)
        self.add_account(self.there, server=self.other)

    def fill(self, count=60):
        for number in range(count):
            folder, flags = PLACES[number % len(PLACES)]
            self.server.deliver(self.user, folder, letter(number), flags,
                                internaldate=1_000_000_000 + 86_400 * number)
        self.add_account()

    def assert_is_there(self, wanted):
        names = {name: self.other.server_name(name) for name in wanted}
        self.assert_restored(wanted, names, target=self.there, server=self.other)

    def raw_messages(self, address, server):
        """{folder: sorted normalised bytes} of what an account serves."""
        found = collections.defaultdict(list)
        imap_reader.read_account(server.host, server.imaps_port, address, PASSWORD, server.ca_file,
                                 lambda folder, uid, raw: found[folder].append(normalised(raw)))
        return {folder: sorted(raws) for folder, raws in found.items()}

    # ---- back and forth

    def test_mail_goes_there_and_comes_back(self):
        self.fill()
        self.backup()
        wanted = self.instants(self.user)
        report = self.restore(target=self.there)
        self.assertEqual((report["uploaded"], report["verified"], report["warnings"]), (60, 60, []))
        self.assert_is_there(wanted)
        self.assertEqual(self.restore(target=self.there)["already_there"], 60)
        self.assert_is_there(wanted)
        self.backup(self.there)
        report = self.restore(source=self.there)  # into Dovecot again, another account
        self.assertEqual((report["uploaded"], report["verified"]), (60, 60))
        self.assert_restored(wanted)

    def test_what_is_there_is_known_by_its_content(self):
        self.fill()
        self.backup()
        wanted = self.instants(self.user)
        self.restore(target=self.there)
        self.tool.run("rebuild", check=0)  # forgets what was uploaded
        report = self.restore(target=self.there)
        self.assertEqual((report["uploaded"], report["already_there"]), (0, 60))
        self.assert_is_there(wanted)

    def test_killed_at_any_moment_it_goes_on_without_a_duplicate(self):
        self.fill(300)
        self.backup()
        rng = random.Random(11)
        for _ in range(KILLS):
            process = self.tool.start("--json", "restore", self.user, "--to", self.there)
            time.sleep(rng.uniform(0.05, 0.6))
            process.send_signal(signal.SIGKILL)
            process.communicate()
            time.sleep(SETTLE_SECONDS)
        report = self.restore(target=self.there)
        self.assertEqual(report["already_there"] + report["verified"], 300)
        self.assert_is_there(self.instants(self.user))

    # ---- hostile and odd mail

    def test_commands_in_mail_stay_text(self):
        keep = [letter(900), letter(901)]
        self.other.create_folder(self.there, "Keep")
        for raw in keep:
            self.other.append(self.there, "Keep", raw, ["\\Seen"])
        before = self.instants(self.there, self.other)
        self.assertEqual(len(before), 1)
        for number, text in enumerate(SMUGGLED):
            for folder in ("INBOX", "Sent"):
                self.server.deliver(self.user, folder, letter(number, text),
                                    internaldate=INSTANTS[number % len(INSTANTS)])
        self.add_account()
        self.backup()
        report = self.restore(target=self.there)
        self.assertEqual(report["verified"], 2 * len(SMUGGLED))
        wanted = self.instants(self.user)
        self.assert_is_there({**wanted, "Keep": before[self.other.server_name("Keep")]})

    def test_keywords_of_any_kind_do_no_harm(self):
        odd = ["x{3}", '"q"', "a]", "%*", "$MDNSent", "NonJunk"]
        for number, keyword in enumerate(odd):
            self.server.deliver(self.user, "INBOX", letter(number), ["\\Seen", keyword],
                                internaldate=1_500_000_000 + number)
        self.add_account()
        self.backup()
        report = self.restore(target=self.there)
        self.assertEqual((report["verified"], report["failed"]), (len(odd), []))
        served = self.served(self.there, self.other)["INBOX"]
        self.assertEqual({one.sha256 for one in served},
                         {hashlib.sha256(letter(number)).hexdigest() for number in range(len(odd))})
        for one in served:
            self.assertIn("\\Seen", one.flags)
        kept = set().union(*(one.flags for one in served))
        self.assertLessEqual({"$MDNSent", "NonJunk"}, kept)

    def test_odd_mail_is_there_but_for_what_the_server_rewrites(self):
        for number, raw in enumerate(ODD):
            self.server.deliver(self.user, "Odd", raw, internaldate=1_100_000_000 + number)
        self.add_account()
        self.backup()
        report = self.restore(target=self.there)
        self.assertEqual((report["verified"], report["failed"]), (len(ODD), []))
        name = self.other.server_name("Odd")
        self.assertEqual(self.raw_messages(self.there, self.other)[name],
                         self.raw_messages(self.user, self.server)["Odd"])
        self.assertEqual(self.restore(target=self.there)["already_there"], len(ODD))

    # ---- an account that is full

    def test_over_quota_it_stops_and_goes_on_when_there_is_room(self):
        for number in range(40):
            self.server.deliver(self.user, "Sent", letter(number, "x" * 100_000))
        self.add_account()
        self.backup()
        self.other.set_quota(self.there, 2 * 1024)
        report = self.restore(target=self.there, check=3)
        self.assertEqual(report["end"], "over quota")
        there = self.served(self.there, self.other).get(self.other.server_name("Sent"), {})
        self.assertEqual(sum(there.values()), report["verified"])
        self.assertLess(report["verified"], 40)
        self.assertGreater(report["missing_bytes"], MEBIBYTE)
        self.other.set_quota(self.there, 100 * 1024)
        report = self.restore(target=self.there)
        self.assertEqual(report["verified"] + report["already_there"], 40)
        self.assert_is_there(self.instants(self.user))


class IntoCyrus(OtherServer, RestoreCase):
    other_class = Cyrus

    def test_header_bytes_that_it_replaces_do_not_count_as_verified(self):
        self.server.deliver(self.user, "INBOX", "Subject: 你好\r\n\r\nhello\r\n".encode("gbk"))
        self.server.deliver(self.user, "INBOX", letter(1))
        self.add_account()
        self.backup()
        report = self.restore(target=self.there, check=3)
        self.assertEqual((report["uploaded"], report["verified"]), (2, 1))
        self.assertRegex(str(report["warnings"]), "1 message: the server keeps other text")
        again = self.restore(target=self.there, check=3)
        self.assertEqual((again["already_there"], again["changed"]), (2, 1), "it is told each time")
        self.assertEqual(self.other.uids(self.there, "INBOX"), [1, 2], "and is not added again")


class IntoCyrusWithDots(OtherServer, RestoreCase):
    other_class = Cyrus
    other_settings = {"separator": ".", "prefix": "INBOX.", "zone": "Asia/Shanghai"}


class IntoCourier(OtherServer, RestoreCase):
    other_class = Courier
    other_settings = {"zone": "America/New_York"}


@unittest.skipUnless(corpus.enron_people(), "MAILHOLD_CORPUS is not set")
class RealMailIntoCyrus(RestoreCase):
    def test_five_people_are_purged_and_moved_to_cyrus(self):
        people = corpus.enron_people()
        cyrus = Cyrus()
        self.addCleanup(cyrus.close)
        cyrus.start()
        for name in ["lay-k", *sorted(name for name in people if name != "lay-k")[:4]]:
            user, there = self.new_user(name), f"{name}@cyrus.example"
            for number, path in enumerate(people[name]):
                self.server.deliver(user, f"Folder {number % 3}" if number % 3 else "INBOX",
                                    path.read_bytes(), ["\\Seen"] if number % 2 else [],
                                    internaldate=900_000_000 + number)
            self.add_account(user)
            cyrus.add_user(there, PASSWORD)
            self.add_account(there, server=cyrus)
            self.backup(user, now="2026-03-09T01:00:00Z", timeout=3600)
            wanted = self.instants(user)
            self.server.purge(user)
            report = self.restore("--as-of", "2026-03-09T12:00:00Z", source=user, target=there,
                                  check=None)
            refused = [failure["why"] for failure in report["failed"]]
            self.assertEqual(set(refused) - {"Message contains invalid header"}, set())
            self.assertEqual(report["verified"] + report["changed"] + len(refused), len(people[name]))
            self.assert_equal_but_for(report, wanted, self.instants(there, cyrus), cyrus)

    def assert_equal_but_for(self, report, wanted, found, cyrus):
        """Cyrus replaces 8-bit bytes of headers and refuses some headers altogether, which is told: the
        former are there with their flags and instants, everything else as it was."""
        missing, more = collections.Counter(), collections.Counter()
        self.assertEqual(set(found), {cyrus.server_name(folder) for folder in wanted})
        for folder, messages in wanted.items():
            there = found[cyrus.server_name(folder)]
            missing.update((folder, flags, instant) for _, flags, instant in (messages - there).elements())
            more.update((folder, flags, instant) for _, flags, instant in (there - messages).elements())
        self.assertEqual(sum(more.values()), report["changed"])
        self.assertEqual(more - missing, collections.Counter())
        self.assertEqual(sum((missing - more).values()), len(report["failed"]))


if __name__ == "__main__":
    extracted_servers.exit_unless_there()
    unittest.main()
