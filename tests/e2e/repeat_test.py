#!/usr/bin/env python3
"""Running again: nothing new costs no body and no archive; a run killed at any moment loses nothing
that was committed, stores nothing twice, and the next run goes on from there."""

import pathlib
import random
import re
import shutil
import signal
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

import sample_mail
from e2e_case import PASSWORD, E2eCase, contents_stored_twice, letter


class NothingNew(E2eCase):
    def bodies_served(self):
        """How many message bodies the server has sent, by the lines it logs at each logout."""
        found = re.findall(r"body_count=(\d+)", self.server.log_text())
        return sum(map(int, found))

    def bodies_served_during(self, run):
        before, logouts = self.bodies_served(), self.server.log_text().count("body_count=")
        run()
        deadline = time.monotonic() + 10
        while self.server.log_text().count("body_count=") == logouts:
            self.assertLess(time.monotonic(), deadline, "the server logs every logout")
            time.sleep(0.05)
        time.sleep(0.3)  # the other connections' lines
        return self.bodies_served() - before

    def fill(self):
        for number in range(40):
            folder = ("INBOX", "Sent", "客户/华美")[number % 3]
            self.server.deliver(self.user, folder, letter(number))
        self.add_account()

    def test_a_second_run_fetches_no_body_and_writes_no_archive(self):
        self.fill()
        self.assertEqual(self.bodies_served_during(self.backup), 40)
        archives = self.objects("archives")
        self.assertTrue(archives)
        again = {}
        self.assertEqual(self.bodies_served_during(lambda: again.update(self.backup())), 0)
        account = again[self.user]
        self.assertEqual((account["new"], account["known"], account["gone"], account["flags"]),
                         (0, 0, 0, 0))
        self.assertEqual((account["server_messages"], account["archived_messages"]), (40, 40))
        self.assertEqual(self.objects("archives"), archives)

    def test_only_what_is_new_is_fetched(self):
        self.fill()
        self.backup()
        archives = set(self.objects("archives"))
        self.server.deliver(self.user, "INBOX", letter(100))
        self.server.deliver(self.user, "Neu", letter(101))
        self.server.deliver(self.user, "Sent", letter(0))  # known content, new place
        account = self.backup()[self.user]
        self.assertEqual((account["new"], account["known"]), (2, 1))
        self.assertEqual(len(set(self.objects("archives")) - archives), 1)
        self.assertLess(archives, set(self.objects("archives")), "no archive is ever changed")
        self.assertEqual(self.assert_export_equals_server(), 43)

    def test_changed_flags_cost_no_body(self):
        self.fill()
        self.backup()
        self.server.set_flags(self.user, "INBOX", [1, 2], ["\\Flagged", "$Urgent"], "+FLAGS")
        again = {}
        self.assertEqual(self.bodies_served_during(lambda: again.update(self.backup())), 0)
        self.assertEqual(again[self.user]["flags"], 2)
        self.assert_export_equals_server()

    def test_a_moved_message_is_not_stored_again(self):
        self.fill()
        self.backup()
        stored = self.status()["vault"]["messages"]
        self.server.move(self.user, "INBOX", [1, 2, 3], "Sent")
        account = self.backup()[self.user]
        self.assertEqual((account["new"], account["known"], account["gone"]), (0, 3, 3))
        self.assertEqual(self.status()["vault"]["messages"], stored)
        self.assert_export_equals_server()

    def test_renamed_and_deleted_folders(self):
        self.fill()
        self.backup()
        self.server.rename_folder(self.user, "客户/华美", "客户/华美集团")
        self.server.delete_folder(self.user, "Sent")
        account = self.backup()[self.user]
        self.assertEqual(account["new"], 0)
        self.assertEqual(self.status()["vault"]["messages"], 40)
        self.assert_export_equals_server()

    def test_the_backup_changes_no_flag_on_the_server(self):
        self.fill()
        before = self.served()
        self.backup()
        self.backup()
        self.assertEqual(self.served(), before)
        self.assertEqual({flag for folder in before.values() for seen in folder
                          for flag in seen.flags}, set())


class Killed(E2eCase):
    """kill -9 at random moments of a run that commits often."""

    MESSAGES = 400

    def setUp(self):
        super().setUp()
        self.own_server()
        tree = self.home / "sample"
        sample_mail.write(tree, sample_mail.Sample(seed=23, messages=self.MESSAGES,
                                                   catalogue_kib=64))
        self.addresses = self.server.load(tree, PASSWORD)
        self.distinct = len({line["sha256"] for line in sample_mail.read_truth(tree)})
        for address in self.addresses:
            self.add_account(address)
        with open(self.tool.config, "a", encoding="utf-8") as config:
            config.write('\n[harvest]\ncommit_bytes = "256KiB"\n')
        self.pristine = self.home / "pristine"
        self.pristine.mkdir()
        for part in ("vault", "state"):
            shutil.copytree(self.home / part, self.pristine / part)

    def start_over(self):
        for part in ("vault", "state"):
            shutil.rmtree(self.home / part)
            shutil.copytree(self.pristine / part, self.home / part)

    def kill_after(self, seconds):
        """Starts a backup and kills it; True when it was still running."""
        process = self.tool.start("backup", unlock=False)
        time.sleep(seconds)
        process.kill()
        process.communicate()
        return process.returncode == -signal.SIGKILL

    def assert_nothing_lost_or_twice(self):
        check = self.check_vault("--read-data")
        self.assertEqual((check["verdict"], check["findings"]), ("clean", []))
        self.assertEqual(check["messages"], self.distinct)
        self.assertGreaterEqual(check["read_messages"], self.distinct)
        self.assertEqual(contents_stored_twice(self.home / "state"), [])
        for address in self.addresses:
            self.assert_export_equals_server(address)

    def test_kill_at_random_moments(self):
        begun = time.monotonic()
        self.backup()
        whole_run = time.monotonic() - begun
        self.assertGreater(len(self.objects("journal")), 4, "commits during the run")
        self.assert_nothing_lost_or_twice()
        before = self.everything_told()

        rng = random.Random(41)
        for _ in range(3):
            self.start_over()
            kills, committed = 0, set()
            for _ in range(6):
                kills += self.kill_after(rng.uniform(0.05, 0.8) * whole_run)
                self.assertEqual(self.check_vault("--read-data")["verdict"], "clean")
                now = set(self.objects("journal"))
                self.assertLessEqual(committed, now, "what was committed stays")
                committed = now
            self.assertGreater(kills, 0)
            report = self.backup()
            self.assertEqual([one for one in report.values() if not one["ok"]], [])
            self.assert_nothing_lost_or_twice()
            self.assertEqual(self.everything_told(), before)

    def everything_told(self):
        """What status and folders say, apart from times and stored bytes."""
        status = self.status()
        told = {"messages": status["vault"]["messages"], "raw": status["vault"]["bytes_raw"]}
        for address in self.addresses:
            one = status[address]
            folders = self.tool.json("folders", address, check=0, unlock=False)["folders"]
            told[address] = (one["server_messages"], one["archived_messages"], one["vanished"],
                             sorted((f["name"], f["messages"], f["gone"]) for f in folders))
        return told

    def test_a_rebuilt_catalog_tells_the_same(self):
        while not self.kill_after(0.3):  # one killed run in its history
            self.start_over()
        self.backup()
        self.server.expunge(self.addresses[0], "INBOX", [1, 2])
        self.backup()
        before = self.everything_told()
        for file in (self.home / "state").glob("catalog*"):
            file.unlink()
        self.tool.run("rebuild", check=0)
        self.assertEqual(self.everything_told(), before)
        report = self.backup()
        self.assertEqual({(one["new"], one["known"], one["gone"]) for one in report.values()},
                         {(0, 0, 0)})
        for address in self.addresses:
            self.assert_export_equals_server(address)

    def test_a_polite_stop_commits_what_is_complete(self):
        process = self.tool.start("--json", "backup", unlock=False)
        deadline = time.monotonic() + 60
        while len(self.objects("journal")) < 2 and process.poll() is None:
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.002)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
        self.assertIn(process.returncode, (0, 3, 40))
        self.assertEqual(self.check_vault()["verdict"], "clean")
        self.assertEqual([name for name in self.objects("tmp")], [])
        self.backup()
        self.assert_nothing_lost_or_twice()


if __name__ == "__main__":
    unittest.main()
