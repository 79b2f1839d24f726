#!/usr/bin/env python3
"""What vanishes from a server stays in the vault: emptied folders, new UIDVALIDITY, a leaver's purge;
said loudly, and given back as it stood on any day before."""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from e2e_case import E2eCase, letter

MONDAY, TUESDAY, WEDNESDAY = "2026-03-09T01:00:00Z", "2026-03-10T01:00:00Z", "2026-03-11T01:00:00Z"
MONDAY_NOON, TUESDAY_NOON = "2026-03-09T12:00:00Z", "2026-03-10T12:00:00Z"


class Vanished(E2eCase):
    settings = {"zone": "Asia/Shanghai"}

    def setUp(self):
        super().setUp()
        places = [("INBOX", 60, ["\\Seen"]), ("已发送", 30, ["\\Seen", "\\Answered"]),
                  ("Customers/ACME", 5, ["\\Flagged", "$Forwarded"])]
        number = 0
        for folder, count, flags in places:
            for _ in range(count):
                number += 1
                self.server.deliver(self.user, folder, letter(number), flags,
                                    internaldate=1_600_000_000 + number)
        self.add_account(role="flagship")
        self.backup(now=MONDAY)
        self.original = self.served()

    def told(self, now):
        self.tool.pretended_now = now
        account = self.status()[self.user]
        self.tool.pretended_now = None
        return account

    def test_a_new_uidvalidity_with_the_folder_emptied(self):
        self.server.expunge(self.user, "INBOX")
        self.server.set_uid_validity(self.user, "INBOX", 4711, first_uid=1)
        self.assertEqual(self.served().get("INBOX"), None)
        archives = self.objects("archives")
        report = self.backup(now=TUESDAY, check=None)[self.user]
        self.assertEqual(report["server_messages"], 35)
        self.assertEqual(self.objects("archives"), archives)
        account = self.told(TUESDAY)
        self.assertEqual((account["vanished"], account["server_messages"],
                          account["archived_messages"]), (60, 35, 35))
        self.assert_same_mail(self.exported(as_of=MONDAY_NOON), self.original)
        self.assert_export_equals_server()
        self.assertEqual(self.check_vault("--read-data")["verdict"], "clean")

    def test_a_new_uidvalidity_with_the_mail_still_there(self):
        self.server.set_uid_validity(self.user, "INBOX", 4711, first_uid=500)
        report = self.backup(now=TUESDAY)[self.user]
        self.assertEqual(report["new"], 0, "known by content")
        self.assertEqual(report["purges"], [], "mail that came back under new numbers is no purge")
        self.assertEqual(self.status()["vault"]["messages"], 95)
        self.assert_export_equals_server()
        self.assert_same_mail(self.exported(as_of=MONDAY_NOON), self.original)

    def test_a_leavers_purge_is_reported_and_undone(self):
        self.server.purge(self.user)
        self.tool.pretended_now = TUESDAY
        human = self.tool.run("backup", unlock=False)
        self.tool.pretended_now = None
        self.assertIn(human.code, (0, 3))
        self.assertRegex(human.stdout, r"PURGE: .*60 of 60 .*'INBOX'")
        self.assertRegex(human.stdout, r"PURGE: .*30 of 30 .*'已发送'")
        self.assertNotRegex(human.stdout, "PURGE: .*ACME", "five messages are no purge")
        account = self.told(TUESDAY_NOON)
        self.assertEqual((account["vanished"], account["server_messages"]), (95, 0))
        self.assertEqual(sorted((p["folder"], p["count"], p["of"]) for p in account["purges"]),
                         [("INBOX", 60, 60), ("已发送", 30, 30)])
        self.assertEqual({p["time"][:10] for p in account["purges"]}, {"2026-03-10"})
        self.assertIn("PURGE", account["health"])
        self.assert_same_mail(self.exported(as_of=MONDAY_NOON), self.original)
        self.assertEqual(self.exported(), {})
        self.assertEqual(self.check_vault("--read-data")["verdict"], "clean")

    def test_a_purge_is_told_in_json_once(self):
        self.server.expunge(self.user, "INBOX", range(1, 41))
        purges = self.backup(now=TUESDAY, check=None)[self.user]["purges"]
        self.assertEqual(purges, [{"folder": "INBOX", "count": 40, "of": 60}])
        self.assertEqual(self.backup(now=WEDNESDAY)[self.user]["purges"], [])
        self.assertIn("PURGE", self.told(WEDNESDAY)["health"], "status goes on saying so")

    def test_thresholds_of_a_purge_can_be_set(self):
        with open(self.tool.config, "a", encoding="utf-8") as config:
            config.write("\n[harvest]\npurge_min_messages = 2\npurge_percent = 50\n")
        self.server.expunge(self.user, "Customers/ACME", [1, 2, 3])
        self.server.expunge(self.user, "INBOX", range(1, 21))
        purges = self.backup(now=TUESDAY, check=None)[self.user]["purges"]
        self.assertEqual(purges, [{"folder": "Customers/ACME", "count": 3, "of": 5}])

    def test_every_day_can_be_given_back(self):
        self.server.expunge(self.user, "INBOX", range(1, 11))
        self.server.set_flags(self.user, "已发送", [1, 2], ["\\Flagged"])
        self.server.deliver(self.user, "INBOX", letter(900))
        self.backup(now=TUESDAY, check=None)
        tuesday = self.served()
        self.server.rename_folder(self.user, "Customers/ACME", "Customers/ACME Ltd")
        self.server.expunge(self.user, "INBOX")
        self.backup(now=WEDNESDAY, check=None)
        self.assert_same_mail(self.exported(as_of=MONDAY_NOON), self.original)
        self.assert_same_mail(self.exported(as_of=TUESDAY_NOON), tuesday)
        self.assert_export_equals_server()
        self.assertEqual(self.exported(as_of="2026-03-08"), {}, "before the first run: nothing")

    def test_folders_tells_what_is_there_and_what_was(self):
        self.server.expunge(self.user, "INBOX", range(1, 8))
        self.server.delete_folder(self.user, "已发送")
        self.backup(now=TUESDAY, check=None)
        now = {f["name"]: f for f in self.tool.json("folders", self.user, check=0,
                                                    unlock=False)["folders"]}
        self.assertEqual((now["INBOX"]["messages"], now["INBOX"]["gone"]), (53, 7))
        self.assertEqual((now["已发送"]["messages"], now["已发送"]["on_server"]), (0, False))
        self.assertEqual(now["已发送"]["gone"], 30)
        then = self.tool.json("folders", self.user, "--as-of", MONDAY_NOON, check=0, unlock=False)
        self.assertEqual({f["name"]: f["messages"] for f in then["folders"] if f["messages"]},
                         {"INBOX": 60, "已发送": 30, "Customers/ACME": 5})

    def test_an_account_that_refuses_keeps_its_archive(self):
        self.server.add_user(self.user, "other")
        report = self.backup(check=3, now=TUESDAY)[self.user]
        self.assertFalse(report["ok"])
        self.assertEqual(report["error"]["class"], "credentials")
        self.assertEqual(self.told(TUESDAY)["vanished"], 0)
        self.assert_same_mail(self.exported(), self.original)

    def test_a_removed_account_keeps_its_archive(self):
        self.tool.run("account", "remove", self.user, check=0, unlock=False)
        self.server.remove_user(self.user)
        self.assertIn("archive only", self.told(TUESDAY)["health"])
        self.assert_same_mail(self.exported(), self.original)


if __name__ == "__main__":
    unittest.main()
