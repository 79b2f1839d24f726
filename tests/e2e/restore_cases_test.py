#!/usr/bin/env python3
"""Uploads against what happens to them: hostile mail, messages and accounts that are refused, a
server that is killed, connections that are cut. Cases 30, 37, 40, 43, 45, 47 and 51; the others are
in tests/deliver."""

import os
import pathlib
import random
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from cutting_proxy import CuttingProxy
from dovecot import quota_settings
from e2e_case import PASSWORD, letter
from restore_test import RestoreCase
from scripted_imap import ScriptedImap

POINTS = int(os.environ.get("MAILHOLD_KILLS", "12"))

COMMANDS = (b"z1 DELETE victim\r\nz2 CREATE smuggled\r\nz3 SELECT INBOX\r\n"
            b"z4 STORE 1:* +FLAGS (\\Deleted)\r\nz5 EXPUNGE\r\nz6 LOGOUT\r\n")
ODD_FLAGS = [["\\Foo"], ["\\Recent", "\\Seen"], ["Label{58+}"], ["\\*", "$Forwarded"], ["caf\xe9"],
             ["a]b"], ["x" * 300], ["\\Flagged", "\\Indexed"], ["%", "*"]]
ODD_DATES = ["31-Feb-2020 10:00:00 +0000", " 1-Jan-1959 00:00:00 +1400", "05-Mar-2024 10:20:30 +0800",
             "31-Dec-9999 23:59:59 -1200", "01-Jan-1960 00:00:60 +0000"]


class CasesOfRestore(RestoreCase):
    def scripted_source(self, *messages):
        """An account on a server of its own, backed up; `messages` are (bytes, flags, date)."""
        server = ScriptedImap()
        self.addCleanup(server.close)
        address = f"source.{self._testMethodName}@acme.example".lower()
        inbox = server.add_user(address, PASSWORD)["INBOX"]
        for data, flags, date in messages:
            inbox.add(data, flags, date=date)
        self.tool.account_add(address, PASSWORD, "127.0.0.1", server.port, tls="none")
        return address

    def quota_target(self, rule):
        """An account on a Dovecot that has `rule`."""
        self.own_server(list_index=True, extra=quota_settings(rule))
        address = self.new_user("full")
        self.add_account(address)
        self.one_connection()
        return address

    def set_rule(self, rule):
        self.server.stop()
        self.server.settings.extra = quota_settings(rule)
        self.server.start()

    def fill(self, count, lines=900):
        for number in range(count):
            text = "long text\r\n" * random.Random(number).randrange(1, lines)
            self.server.deliver(self.user, ("INBOX", "Sent", "Projects")[number % 3],
                                letter(number, text), internaldate=1_500_000_000 + number)
        self.add_account()
        self.backup()

    def bodies(self, address, folder="INBOX"):
        return sum(count for count in self.served(address).get(folder, {}).values())


class Hostile(CasesOfRestore):
    def test_case30_mail_that_is_commands_adds_itself_and_changes_nothing(self):
        dates = {date: index for index, date in enumerate(ODD_DATES)}
        messages = [(body, flags, date)
                    for number, flags in enumerate(ODD_FLAGS) for date in dates
                    for body in [COMMANDS + b"number %d %d\r\n" % (number, dates[date])]]
        messages += [(b"Subject: head\r\n\r\n" + COMMANDS * 40, ["\\Foo"], ODD_DATES[0]),
                     (b"\r\n" + COMMANDS, ["\\Seen"], ODD_DATES[2]),
                     (b")\r\n" + COMMANDS, ["{3+}"], ODD_DATES[2])]
        source = self.scripted_source(*messages)
        report = self.backup(source, check=None)[source]
        archived = report["new"]
        self.assertEqual(archived + len(report["failed"]), len(messages))
        self.assertGreater(archived, len(messages) // 2, report)
        self.server.deliver(self.target, "victim", letter(1))
        self.server.deliver(self.target, "INBOX", letter(2))
        before = set(self.server.folders(self.target))

        result = self.restore(source=source)
        self.assertEqual((result["verified"], result["failed"]), (archived, []))
        self.assertEqual(set(self.server.folders(self.target)), before)
        self.assertEqual(self.bodies(self.target, "victim"), 1)
        self.assertEqual(self.bodies(self.target), archived + 1)
        for seen in self.served(self.target)["INBOX"]:
            self.assertNotIn("\\Deleted", seen.flags)
        self.assertEqual(self.restore(source=source)["uploaded"], 0)


class Refused(CasesOfRestore):
    def test_case37_case40_what_is_refused_is_named_and_all_else_is_delivered(self):
        date = ODD_DATES[2]
        source = self.scripted_source(
            *((letter(number), ["\\Seen"], date) for number in range(20)),
            (b"", [], date), (letter(77, "x" * 70 + "\r\n" * 100_000), [], date))
        self.backup(source)
        target = self.quota_target("quota_max_mail_size = 50k")
        result = self.restore(source=source, target=target, check=3)
        self.assertEqual((result["verified"], result["end"]), (20, "complete"), result)
        self.assertEqual(self.bodies(target), 20)
        reasons = sorted(failure["why"] for failure in result["failed"])
        self.assertEqual(len(reasons), 2, reasons)
        self.assertIn("it is empty", " ".join(reasons))
        self.assertRegex(" ".join(reasons), "(?i)size|large|big")
        for failure in result["failed"]:
            self.tool.run("show", failure["id"], check=0)
        shown = self.tool.run("restore", source, "--to", target, check=3)
        self.assertIn(result["failed"][0]["id"][:12], shown.stdout)
        self.assertIn("20 of 22 messages", shown.stdout)

    def test_case43_over_quota_at_half_goes_on_when_there_is_room(self):
        self.fill(90, 40_000)
        total = self.tool.json("restore", self.user, "--to", self.target, "--dry-run")["bytes"]
        target = self.quota_target(f"quota_rule = *:storage={total // 2 // 1024}K")
        half = self.restore(target=target, check=3)
        self.assertEqual((half["end"], half["failed"]), ("over quota", []), half)
        self.assertEqual(half["missing_bytes"], half_missing := total - half["bytes"])
        self.assertGreater(half_missing, 0)
        self.assertEqual(half["verified"], half["uploaded"])
        self.assertGreater(half["verified"], 0)
        shown = self.tool.run("restore", self.user, "--to", target, check=3)
        self.assertRegex(shown.stdout, r"are missing; the same command goes on")
        self.set_rule("quota_rule = *:storage=1G")
        rest = self.restore(target=target)
        self.assertEqual(rest["already_there"], half["uploaded"])
        self.assertEqual(rest["already_there"] + rest["verified"], 90)

    def test_case51_old_mail_that_asks_for_receipts_is_counted(self):
        for number in range(3):
            field = {"Disposition-Notification-To": "boss@acme.example"} if number else {}
            self.server.deliver(self.user, "INBOX", letter(number, **field))
        self.add_account()
        self.backup()
        self.assertEqual(self.restore()["warnings"],
                         ["2 messages ask for a read receipt; opening them may send one"])


class Broken(CasesOfRestore):
    def test_case45_connections_cut_anywhere_leave_every_message_once(self):
        self.fill(60)
        wanted = self.instants(self.user)
        bytes_of_mail = self.tool.json("restore", self.user, "--to", self.target, "--dry-run")["bytes"]
        rng, cuts = random.Random(45), 0
        for point in range(POINTS):
            target = self.new_user(f"cut{point}")
            with CuttingProxy(self.server.imaps_port) as proxy:
                self.tool.account_add(target, PASSWORD, self.server.host, proxy.port,
                                      ca=self.server.ca_file)
                proxy.cut_after(rng.randrange(500, int(bytes_of_mail * 1.1)))
                self.restore(target=target, check=None)
                proxy.cut_after(rng.randrange(500, int(bytes_of_mail * 1.1)))
                self.restore(target=target, check=None)
                cuts += proxy.cuts
                proxy.cut_after(1 << 40)
                report = self.restore(target=target)
            self.assertEqual(report["already_there"] + report["verified"], 60, report)
            self.assert_restored(wanted, target=target)
        self.assertGreater(cuts, POINTS // 2)

    def test_case47_a_killed_server_leaves_every_message_once(self):
        self.own_server()
        self.user = self.new_user("killed")
        self.fill(300)
        wanted = self.instants(self.user)
        rng = random.Random(47)
        for point in range(max(2, POINTS // 6)):
            target = self.new_user(f"kill{point}")
            self.add_account(target)
            process = self.tool.start("--json", "restore", self.user, "--to", target)
            time.sleep(rng.uniform(0.1, 0.7))
            self.server.kill()
            time.sleep(0.2)
            self.server.start()
            process.communicate()
            report = self.restore(target=target)
            self.assertEqual(report["already_there"] + report["verified"], 300, report)
            self.assert_restored(wanted, target=target)


if __name__ == "__main__":
    unittest.main()
