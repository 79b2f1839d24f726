#!/usr/bin/env python3
"""A mailbox's whole journey at each provider whose servers are like no other: a backup, a second one that
fetches nothing, and its mail into another account there."""

import collections
import pathlib
import re
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from imap_case import USER, ImapCase, mail
from scripted_imap_personalities import (QQ_REFUSAL, YAHOO_SHOWS, GmailMailbox, Mailbox, YahooFolder,
                                         cap_connections, courier, exchange, gmail, m365,
                                         m365_with_rev2, netease163, qq, throttle_once, yahoo)

TARGET = "bob@example.com"
LETTERS = [mail(number) for number in range(1, 9)]
ONE, TWO, THREE = LETTERS[:3]


class ProviderCase(ImapCase):
    """USER and TARGET on one server, both with what `mailbox` makes, configured with `account`."""

    start, account = None, {}
    mailbox = Mailbox

    def setUp(self):
        super().setUp()
        self.server = self.serve(type(self).start)
        self.source, self.target = (self.add_user(address) for address in (USER, TARGET))

    def add_user(self, address):
        mailbox = self.server.add_user(address, mailbox=type(self).mailbox(), tokens={"token"})
        self.add_account(address, self.server, **self.account)
        return mailbox

    def backed_up(self, new):
        """A backup finds so many; a second one asks for no body."""
        report = self.backup(USER)[USER]
        self.assert_all_well(report, new)
        self.server.forget()
        self.assert_all_well(self.backup(USER)[USER], 0)
        self.assertEqual(self.server.bodies_sent(), [])
        return report

    def restore(self, check=0):
        return self.tool.json("restore", USER, "--to", TARGET, check=check)

    def restored(self, messages):
        """All is there after a restore; a second one appends nothing."""
        report = self.restore()
        self.assertEqual((report["verified"] + report["already_there"], report["failed"]), (messages, []))
        self.server.forget()
        self.assertEqual(self.restore()["already_there"], messages)
        self.assertEqual(self.server.commands("APPEND"), [])
        return report

    def assert_holds(self, folders, mailbox=None):
        """`folders` is {name: messages}; whatever else there is, is empty."""
        held = {folder.name.decode(): collections.Counter(one.data for one in folder.messages)
                for folder in (mailbox or self.target).folders if folder.messages}
        self.assertEqual(held, {name: collections.Counter(messages)
                                for name, messages in folders.items()})


class Gmail(ProviderCase):
    start, mailbox = staticmethod(gmail), GmailMailbox
    account = {"preset": "gmail", "auth": "plain"}

    def test_labels_make_one_message_on_the_way_out_and_on_the_way_in(self):
        self.source.add_folder("Work")
        self.source.receive(ONE, ["INBOX", "Work", "[Gmail]/Starred"])
        self.source.receive(TWO, [])
        self.source.receive(THREE, ["[Gmail]/Spam"])
        self.backed_up(3)
        self.assertEqual(self.vault_messages(), 3)
        report = self.restored(5)  # not again from All Mail
        self.assert_holds({"INBOX": [ONE], "Work": [ONE], "[Gmail]/Starred": [ONE],
                           "[Gmail]/Spam": [THREE], "[Gmail]/All Mail": [ONE, TWO]})
        self.assertEqual(len({one.gmail_id for folder in self.target.folders
                              for one in folder.messages if one.data == ONE}), 1)
        self.assertEqual(report["warnings"], [])

    def test_case50_equal_messages_that_it_merges_are_not_missing(self):
        for _ in range(3):
            self.source.receive(ONE)
        self.backed_up(1)
        report = self.restore()
        self.assertEqual((report["failed"], report["merged"]), ([], 2))
        self.assert_holds({"INBOX": [ONE], "[Gmail]/All Mail": [ONE]})

    def test_case54_its_cap_of_connections_is_lived_with(self):
        letters = [mail(number) for number in range(300)]
        for data in letters:
            self.source.receive(data)
        self.backed_up(300)
        turned_away = cap_connections(self.server, 2,
                                      "[ALERT] Too many simultaneous connections. (Failure)")
        self.restored(300)
        self.assert_holds({"INBOX": letters, "[Gmail]/All Mail": letters})
        self.assertLessEqual(self.server.most_logged_in, 2)
        self.assertLess(len(turned_away), 20, "it does not hammer at the door")


class Microsoft365(ProviderCase):
    start = staticmethod(m365)
    account = {"preset": "microsoft365", "token_command": "echo token"}

    def fill(self):
        for data in LETTERS:
            self.source["INBOX"].add(data)

    def test_a_token_is_all_that_it_takes_and_a_backoff_is_waited_for(self):
        self.fill()
        throttled = throttle_once(self.server, 1500)
        self.backed_up(len(LETTERS))
        self.assertEqual(len(throttled), 1)
        throttled = throttle_once(self.server, 1500, "BAD", "APPEND")
        began = time.monotonic()
        self.restored(len(LETTERS))
        self.assertEqual(len(throttled), 1)
        self.assertGreater(time.monotonic() - began, 1.5)
        self.assert_holds({"INBOX": LETTERS})
        methods = {one.text.split()[0] for one in self.server.commands("AUTHENTICATE", "LOGIN")}
        self.assertLessEqual(methods, {b"XOAUTH2", b"OAUTHBEARER"})

    def test_case44_a_folder_whose_name_is_reserved_gets_another(self):
        self.source.add_folder("Files").add(ONE)
        self.backed_up(1)
        report = self.restore()
        self.assertEqual((report["verified"], report["failed"]), (1, []))
        (folder,) = [one for one in self.target.folders if one.messages]
        self.assertNotIn(folder.name, (b"Files", b"INBOX"))
        self.assertRegex(str(report["warnings"]), re.escape(f"went to '{folder.name.decode()}'"))


class Microsoft365WithRev2(Microsoft365):
    start = staticmethod(m365_with_rev2)

    def test_it_is_not_asked_to_be_imap4rev2(self):
        self.fill()
        self.backed_up(len(LETTERS))
        self.restored(len(LETTERS))
        self.assertFalse([one for one in self.server.commands("ENABLE") if b"4REV2" in one.text.upper()])


class Netease(ProviderCase):
    start = staticmethod(netease163)
    account = {"preset": "163.com"}

    def test_case52_every_connection_says_who_it_is(self):
        for data in LETTERS:
            self.source["INBOX"].add(data)
        self.source.add_folder("&g0l6P3ux-").add(mail(9))
        self.backed_up(9)
        self.restored(9)
        self.assert_holds({"INBOX": LETTERS, "&g0l6P3ux-": [mail(9)]})
        opened = {one.session for one in self.server.commands("SELECT", "EXAMINE")}
        self.assertLessEqual(opened, {one.session for one in self.server.commands("ID")})


class Tencent(ProviderCase):
    start = staticmethod(qq)
    account = {"preset": "qq"}

    def test_it_is_told_nothing_that_it_does_not_know(self):
        for data in LETTERS:
            self.source["INBOX"].add(data)
        self.source.add_folder("Customers").add(mail(9))
        self.backed_up(9)
        logins = len(self.server.login_attempts())
        self.restored(9)
        self.assert_holds({"INBOX": LETTERS, "Customers": [mail(9)]})
        known = {"CAPABILITY", "AUTHENTICATE", "LOGIN", "ID", "NAMESPACE", "LIST", "STATUS", "SELECT",
                 "EXAMINE", "UID FETCH", "UID SEARCH", "CREATE", "SUBSCRIBE", "APPEND", "NOOP", "LOGOUT"}
        self.assertLessEqual({one.name for one in self.server.commands()}, known)
        self.assertLessEqual(len(self.server.login_attempts()) - logins, 4, "it never hung up")

    def test_one_text_for_five_causes_is_not_taken_for_a_wrong_password(self):
        self.source["INBOX"].add(ONE)
        user = self.server.user_named(USER)
        user.refusal = [QQ_REFUSAL]
        self.assert_failed(self.backup(USER, check=3)[USER], "ambiguous")
        user.refusal = None
        self.backed_up(1)


class Exchange(ProviderCase):
    start = staticmethod(exchange)

    def test_case08_case41_wrong_sizes_are_told_and_long_lines_cost_only_themselves(self):
        long_ones = [mail(900 + number, "x" * 10_300) for number in range(12)]
        for data in [*LETTERS[:4], *long_ones, *LETTERS[4:]]:
            self.source["INBOX"].add(data)
        report = self.backed_up(20)
        self.assert_warned(report, "wrong size for 20 of 20")
        self.assert_archived([*LETTERS, *long_ones])
        report = self.restore(check=3)
        self.assertEqual((report["verified"], len(report["failed"])), (8, 12))
        for failed in report["failed"]:
            self.assertIn("Command Argument Error. 11", failed["why"])
        self.assert_holds({"INBOX": LETTERS})
        self.assertEqual(self.restore(check=3)["already_there"], 8)
        self.assert_holds({"INBOX": LETTERS})


class Yahoo(ProviderCase):
    start = staticmethod(yahoo)

    @staticmethod
    def mailbox():
        return Mailbox(YahooFolder("INBOX"))

    def test_what_it_stops_showing_stays_in_the_archive(self):
        letters = [f"Subject: {number}\r\n\r\n.\r\n".encode() for number in range(YAHOO_SHOWS + 30)]
        self.source["INBOX"].receive(letters[:YAHOO_SHOWS])
        report = self.backed_up(YAHOO_SHOWS)
        self.assert_warned(report, "exactly 10000 messages")
        self.source["INBOX"].receive(letters[YAHOO_SHOWS:])
        report = self.backup(USER)[USER]
        self.assert_all_well(report, 30)
        self.assertEqual((report["gone"], report["purges"]), (30, []))
        self.assertEqual(self.vault_messages(), YAHOO_SHOWS + 30)
        self.assertEqual(len(self.server.bodies_sent()), 30)
        self.assertEqual(self.folders(), {"INBOX": (YAHOO_SHOWS, 30)})


class Courier(ProviderCase):
    start = staticmethod(courier)

    @staticmethod
    def mailbox():
        mailbox = Mailbox()
        mailbox.add_folder("INBOX.Sent", separator=".")
        return mailbox

    def test_case29_everything_below_its_prefix_goes_below_it_again(self):
        self.source["INBOX"].add(ONE)
        self.source["INBOX.Sent"].add(TWO)
        self.source.add_folder("INBOX.Customers.ACME", separator=".").add(THREE)
        self.backed_up(3)
        self.restored(3)
        self.assert_holds({"INBOX": [ONE], "INBOX.Sent": [TWO], "INBOX.Customers.ACME": [THREE]})


if __name__ == "__main__":
    unittest.main()
