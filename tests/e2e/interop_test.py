#!/usr/bin/env python3
"""One suite against each real server: whatever happens to a mailbox on it, the archive says the same as an
independent reading of the server, and mail goes back into it, and to a successor on it."""

import collections
import pathlib
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

import extracted_servers
from courier import Courier
from cyrus import Cyrus
from dovecot import Dovecot
from e2e_case import letter
from imap_actions import ImapActions
from restore_case import RestoreCase

MONDAY, MONDAY_NOON = "2026-03-09T01:00:00Z", "2026-03-09T12:00:00Z"
TUESDAY, WEDNESDAY = "2026-03-10T01:00:00Z", "2026-03-11T01:00:00Z"
CUSTOMER = "Customers/ACME 客户"
START = 1_000_000_000

PLUGINS = """
protocol imap {
  mail_plugins = $mail_plugins quota imap_quota notify mail_log
}
plugin {
  quota = count:User quota
  quota_rule = *:storage=1M
  quota_vsizes = yes
  zlib_save = gz
}
"""


class Mdbox(Dovecot):
    """What its folders are, only IMAP tells."""

    folders = ImapActions.folders

    def __init__(self, **settings):
        super().__init__(extra="mail_location = mdbox:~/mdbox", **settings)


class Interop:
    """The suite; a class for each server names `server_class` and its `settings`."""

    keeps_uidvalidity_of_renamed = True

    def setUp(self):
        super().setUp()
        self.add_account()
        self.server.create_folder(self.user, CUSTOMER)
        for number in range(6):
            self.server.append(self.user, CUSTOMER if number % 2 else "INBOX", letter(number),
                               ["\\Seen", "$Forwarded"] if number % 3 else ["\\Flagged"],
                               START + 86_400 * number)

    def backed_up(self, now, new, gone=0):
        """A run on that day adds and misses so many; then the archive is what the server is."""
        report = self.backup(self.user, now=now)[self.user]
        self.assertEqual((report["new"], report["gone"]), (new, gone))
        served = self.served()
        self.assert_export_equals_server()
        folders = self.tool.json("folders", self.user, check=0, unlock=False)["folders"]
        self.assertEqual(collections.Counter({one["name"]: one["messages"] for one in folders
                                              if one["messages"]}),
                         {name: messages.total() for name, messages in served.items()})
        self.assertEqual(self.check_vault("--read-data")["verdict"], "clean")
        return served

    def contents(self, address):
        """Counter of (content, flags, instant) of all that an account serves, whatever the folder."""
        return sum(self.instants(address).values(), collections.Counter())

    # ---- a mailbox lives

    def test_moves_flags_and_keywords_are_followed(self):
        before = self.backed_up(MONDAY, new=6)
        self.server.move(self.user, "INBOX", self.server.uids(self.user, "INBOX")[:2], CUSTOMER)
        first, second, *others = self.server.uids(self.user, CUSTOMER)
        self.server.set_flags(self.user, CUSTOMER, [first], ["\\Answered", "$Quoted"], "+FLAGS")
        self.server.set_flags(self.user, CUSTOMER, [second], ["\\Seen", "$Forwarded"], "-FLAGS")
        self.server.expunge(self.user, CUSTOMER, others[:1])
        self.server.append(self.user, "INBOX", letter(100))
        self.backed_up(TUESDAY, new=1, gone=3)
        self.assertEqual(self.backup(self.user, now=WEDNESDAY)[self.user]["new"], 0)
        self.assert_same_mail(self.exported(as_of=MONDAY_NOON), before)
        self.assertEqual(self.status()["vault"]["messages"], 7)

    def test_a_renamed_folder_costs_nothing(self):
        before = self.backed_up(MONDAY, new=6)
        self.server.rename_folder(self.user, CUSTOMER, "Archive 2025")
        self.backed_up(TUESDAY, new=0, gone=0 if self.keeps_uidvalidity_of_renamed else 3)
        self.assertEqual(self.server.uids(self.user, "Archive 2025"), [1, 2, 3])
        self.assert_same_mail(self.exported(as_of=MONDAY_NOON), before)
        self.assertEqual(self.status()["vault"]["messages"], 6)

    def test_a_folder_made_anew_is_another_one(self):
        before = self.backed_up(MONDAY, new=6)
        self.server.delete_folder(self.user, CUSTOMER)
        time.sleep(1.1)  # its UIDVALIDITY may be the second in which it was made
        self.server.create_folder(self.user, CUSTOMER)
        self.server.append(self.user, CUSTOMER, letter(1), ["\\Seen"], START)
        self.server.append(self.user, CUSTOMER, letter(200))
        report = self.backup(self.user, now=TUESDAY)[self.user]
        self.assertEqual((report["new"], report["known"]), (1, 1), "what is there again is known")
        self.assert_export_equals_server()
        self.assertEqual(self.check_vault("--read-data")["verdict"], "clean")
        self.assert_same_mail(self.exported(as_of=MONDAY_NOON), before)
        self.assertEqual(self.status()["vault"]["messages"], 7)

    # ---- it is emptied

    def test_a_purge_is_told_given_to_a_successor_and_undone(self):
        for number in range(10, 34):
            self.server.append(self.user, "INBOX", letter(number), (), START + number)
        self.backed_up(MONDAY, new=30)
        before, contents = self.instants(), self.contents(self.user)
        self.server.purge(self.user)
        report = self.backup(self.user, now=TUESDAY, check=None)[self.user]
        self.assertEqual([(purge["count"], purge["of"]) for purge in report["purges"]], [(27, 27)])
        self.assertEqual(self.exported(), {})

        handover = ["handover", "start", self.user, "--to", self.target, "--report", self.home / "report"]
        self.tool.pretended_now = WEDNESDAY
        report = self.tool.json(*handover, check=0)
        self.assertEqual((report["verified"], report["failed"], report["missing"]), (30, [], 0))
        self.assertEqual(self.tool.json(*handover, check=0)["already_there"], 30)
        self.assertEqual(self.contents(self.target), contents)

        report = self.restore("--as-of", MONDAY_NOON, target=self.user)
        self.assertEqual((report["planned"], report["verified"], report["failed"]), (30, 30, []))
        self.assertEqual(self.restore("--as-of", MONDAY_NOON, target=self.user)["uploaded"], 0)
        self.assertEqual(self.instants(), before)
        report = self.backup(self.user, now=WEDNESDAY)[self.user]
        self.assertEqual((report["new"], report["known"]), (0, 30), "all of it is in the vault already")
        self.assert_export_equals_server()


class DovecotMaildir(Interop, RestoreCase):
    settings = {"zone": "Asia/Shanghai"}


class DovecotMdbox(Interop, RestoreCase):
    server_class = Mdbox


class DovecotPlugins(Interop, RestoreCase):
    """QUOTA, COMPRESS and NOTIFY are announced; mail lies compressed on its disk."""

    settings = {"list_index": True, "extra": PLUGINS}

    def test_the_plugins_are_announced(self):
        with self.server.imap(self.user) as connection:
            announced = connection.capability()[1][0].decode().split()
        self.assertLessEqual({"QUOTA", "COMPRESS=DEFLATE", "NOTIFY"}, set(announced))

    def test_an_account_that_is_full_stops_a_restore_and_loses_nothing(self):
        for number in range(8):
            self.server.append(self.user, "INBOX", letter(number, "x" * 100_000))
        self.backed_up(MONDAY, new=14)
        self.server.append(self.target, "INBOX", letter(300, "x" * 500_000))
        report = self.restore(check=3)
        self.assertEqual(report["end"], "over quota")
        self.assertLess(report["verified"], 14)
        self.assertEqual(self.contents(self.target).total(), report["verified"] + 1)
        self.server.expunge(self.target, "INBOX", [1])
        report = self.restore()
        self.assertEqual(report["verified"] + report["already_there"], 14)
        self.assertEqual(self.contents(self.target), self.contents(self.user))


class CyrusServer(Interop, RestoreCase):
    server_class = Cyrus


class CyrusWithDots(Interop, RestoreCase):
    server_class = Cyrus
    settings = {"separator": ".", "prefix": "INBOX.", "zone": "America/New_York"}


class CourierServer(Interop, RestoreCase):
    server_class = Courier
    keeps_uidvalidity_of_renamed = False


if __name__ == "__main__":
    extracted_servers.exit_unless_there()
    unittest.main()
