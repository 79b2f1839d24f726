#!/usr/bin/env python3
"""Mail goes back into an account: folders, flags, instants and bytes as they were, whatever the target
calls its folders; run again, nothing is added; killed, it goes on."""

import os
import pathlib
import random
import signal
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

import corpus
from e2e_case import letter
from restore_case import RestoreCase

MONDAY, TUESDAY, WEDNESDAY = "2026-03-09T01:00:00Z", "2026-03-10T01:00:00Z", "2026-03-11T01:00:00Z"
MONDAY_NOON = "2026-03-09T12:00:00Z"
KILLS = int(os.environ.get("MAILHOLD_KILLS", "6"))


class Restored(RestoreCase):
    settings = {"zone": "Asia/Shanghai"}

    def fill(self, count=40):
        places = [("INBOX", ["\\Seen"]), ("Sent", ["\\Seen", "\\Answered"]),
                  ("Customers/ACME 客户", ["\\Flagged", "$Forwarded"]), ("Drafts", ["\\Draft"])]
        for number in range(count):
            folder, flags = places[number % len(places)]
            self.server.deliver(self.user, folder, letter(number), flags,
                                internaldate=1_000_000_000 + 86_400 * number)
        self.add_account()

    def test_folders_flags_and_instants_are_as_they_were(self):
        self.fill()
        self.backup()
        report = self.restore()
        self.assertEqual((report["planned"], report["uploaded"], report["verified"],
                          report["already_there"], report["failed"]), (40, 40, 40, 0, []))
        self.assert_restored(self.instants(self.user))

    def test_a_second_run_adds_nothing(self):
        self.fill()
        self.backup()
        self.restore()
        report = self.restore()
        self.assertEqual((report["planned"], report["uploaded"], report["already_there"]), (40, 0, 40))
        self.assert_restored(self.instants(self.user))

    def test_what_is_there_is_known_by_its_content(self):
        self.fill()
        self.backup()
        self.restore()
        catalogs = list(self.home.rglob("catalog.sqlite"))
        self.assertEqual(len(catalogs), 1)
        self.tool.run("rebuild", check=0)  # forgets what was uploaded
        report = self.restore()
        self.assertEqual((report["uploaded"], report["already_there"]), (0, 40))
        self.assert_restored(self.instants(self.user))

    def test_what_a_leaver_purged_comes_back(self):
        self.fill()
        self.backup(now=MONDAY)
        before = self.instants(self.user)
        self.server.purge(self.user)
        self.backup(now=TUESDAY, check=None)
        report = self.restore("--as-of", MONDAY_NOON)
        self.assertEqual((report["planned"], report["verified"]), (40, 40))
        self.assert_restored(before)
        report = self.restore("--as-of", MONDAY_NOON, target=self.user)
        self.assertEqual(report["verified"], 40, "into the emptied account itself")
        self.assert_restored(before, target=self.user)

    def test_equal_messages_stay_as_many_as_they_were(self):
        for _ in range(3):
            self.server.deliver(self.user, "INBOX", letter(1), internaldate=1_500_000_000)
        self.server.deliver(self.user, "INBOX", letter(1).replace(b"quote", b"offer"),
                            internaldate=1_500_000_000)  # the same Message-ID
        self.add_account()
        self.backup()
        self.server.append(self.target, "INBOX", letter(1))
        report = self.restore()
        self.assertEqual((report["uploaded"], report["already_there"]), (3, 1))
        served = self.served(self.target)["INBOX"]
        self.assertEqual(sum(served.values()), 4)
        self.assertEqual(self.restore()["uploaded"], 0)

    def test_a_prefix_a_map_a_folder_and_a_query_choose(self):
        self.fill()
        self.backup()
        wanted = self.instants(self.user)
        report = self.restore("--folder", "Customers/*", "--prefix", "Handover/Lin")
        self.assertEqual(report["verified"], 10)
        self.assert_restored({"Handover/Lin/Customers/ACME 客户": wanted["Customers/ACME 客户"]})
        report = self.restore("--query", "subject:3", "--map", "Drafts=Entwürfe")
        self.assertEqual(report["planned"], 1)
        self.assertIn("Entwürfe", self.served(self.target))

    def test_a_dry_run_shows_where_everything_goes_and_changes_nothing(self):
        self.fill()
        self.backup()
        shown = self.tool.run("restore", self.user, "--to", self.target, "--dry-run", check=0)
        self.assertRegex(shown.stdout, r"Customers/ACME 客户 +10 .*\(new\)")
        self.assertIn("40 messages", shown.stdout)
        self.assertEqual(self.served(self.target), {})
        self.assertNotIn("Customers/ACME 客户", self.server.folders(self.target))

    def test_people_read_a_sentence_they_believe(self):
        self.fill(8)
        self.backup()
        shown = self.tool.run("restore", self.user, "--to", self.target, check=0)
        self.assertIn(f"All 8 messages of {self.user} are in {self.target}.", shown.stdout)

    def test_an_unknown_target_is_an_error_with_a_way_out(self):
        self.fill(4)
        self.backup()
        result = self.tool.run("restore", self.user, "--to", "nobody@acme.example")
        self.assert_error(result, 10, "nobody@acme.example", "account add")
        result = self.tool.run("restore", self.user, "--to", self.target, "--folder", "Custmers")
        self.assert_error(result, 10, "Custmers", "folders")

    def test_killed_at_any_moment_it_goes_on_without_a_duplicate(self):
        self.fill(400)
        self.backup()
        wanted = self.instants(self.user)
        rng = random.Random(7)
        for _ in range(KILLS):
            process = self.tool.start("--json", "restore", self.user, "--to", self.target)
            time.sleep(rng.uniform(0.05, 0.7))
            process.send_signal(signal.SIGKILL)
            process.communicate()
        report = self.restore()
        self.assertEqual(report["already_there"] + report["verified"], 400)
        self.assert_restored(wanted)


class OtherNames(RestoreCase):
    """A target with another separator, a prefix, and its own names for special folders."""

    def test_the_targets_own_sent_folder_is_used(self):
        for number, folder in enumerate(("INBOX", "Sent", "Customers/ACME")):
            self.server.deliver(self.user, folder, letter(number), internaldate=1_500_000_000)
        self.add_account()
        self.backup()
        wanted = self.instants(self.user)
        source_server = self.server
        self.own_server(separator=".", prefix="INBOX.", special_use={"已发送": "\\Sent"})
        address = self.new_user("chinese")
        self.add_account(address)
        report = self.restore(target=address)
        self.assertEqual(report["verified"], 3)
        self.assert_restored(wanted, {"Sent": "INBOX.已发送", "Customers/ACME": "INBOX.Customers.ACME"},
                             target=address)
        self.backup(address)
        report = self.restore(source=address, target=self.target)  # and back to the first server
        self.assertEqual(report["verified"], 3)
        self.assert_restored(wanted, target=self.target, server=source_server)


@unittest.skipUnless(corpus.enron_people(), "MAILHOLD_CORPUS is not set")
class RealMail(RestoreCase):
    def test_five_people_get_their_mailboxes_back(self):
        people = corpus.enron_people()
        names = ["lay-k", *sorted(name for name in people if name != "lay-k")[:4]]
        for name in names:
            user = self.new_user(name)
            for number, path in enumerate(people[name]):
                self.server.deliver(user, f"Folder {number % 3}" if number % 3 else "INBOX",
                                    path.read_bytes(), ["\\Seen"] if number % 2 else [],
                                    internaldate=900_000_000 + number)
            self.add_account(user)
        self.backup(now=MONDAY, timeout=3600)
        for name in names:
            user = self.new_user(name)
            wanted = self.instants(user)
            self.server.purge(user)
            target = self.new_user(f"to-{name}")
            self.add_account(target)
            report = self.restore("--as-of", MONDAY_NOON, source=user, target=target)
            self.assertEqual(report["verified"], len(people[name]))
            self.assert_restored(wanted, target=target)


if __name__ == "__main__":
    unittest.main()
