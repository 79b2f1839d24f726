#!/usr/bin/env python3
"""Connections that break, stall or speak nonsense: cases 11, 13, 16 to 19 and 26."""

import pathlib
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from imap_case import USER, ImapCase, mail
from throwaway_ca import make_ca, make_server_certificate

MAILS = [mail(number, size=2000) for number in range(1, 6)]
HEALTHY, HEALTHY_MAIL = "healthy@example.com", mail(99)


def wants_body(items):
    return b"BODY.PEEK[]" in items


class ConnectionCase(ImapCase):
    def add_healthy_account(self, server=None):
        """An account after the bad one: it must be archived whatever happened before."""
        server = server or self.serve()
        server.add_user(HEALTHY)["INBOX"].add(HEALTHY_MAIL)
        self.add_account(HEALTHY, server)

    def assert_healthy_one_archived(self, report):
        self.assert_all_well(report[HEALTHY], new=1)
        self.assert_archived([HEALTHY_MAIL], HEALTHY)


class BrokenConnectionCases(ConnectionCase):
    def test_case16_connection_cut_mid_literal(self):
        server, _ = self.inbox(*MAILS)
        self.add_healthy_account()

        def cut(session, message, items):
            if wants_body(items) and message.uid == 3:
                session.send(b"* 3 FETCH (UID 3 FLAGS () RFC822.SIZE %d BODY[] {%d}\r\n%b" % (
                    len(message.data), len(message.data), message.data[:700]))
                session.cut()

        server.on_message(cut)
        report = self.backup(check=3)
        self.assertFalse(report[USER]["ok"], report[USER])
        self.assert_healthy_one_archived(report)
        kept = self.exported()
        self.assertTrue(set(MAILS[:2]) <= set(kept), "what was complete before the cut is kept")
        self.assertTrue(set(kept) <= set(MAILS), "nothing partial is archived")
        self.assertNotIn(MAILS[2], kept)

        server.on_message(None)
        server.forget()
        self.assert_all_well(self.backup()[USER], new=5 - len(kept))
        fetched = server.bodies_sent()
        self.assertIn(("INBOX", 3), fetched)
        self.assertFalse({("INBOX", 1), ("INBOX", 2)}.intersection(fetched), fetched)
        self.assert_archived(MAILS)

    def test_case16_cut_once_is_resumed_at_that_uid(self):
        server, _ = self.inbox(*MAILS)
        cuts = []

        def cut(session, message, items):
            if wants_body(items) and message.uid == 3 and not cuts:
                cuts.append(message.uid)
                session.send(b"* 3 FETCH (UID 3 BODY[] {2000}\r\nhalf")
                session.cut()

        server.on_message(cut)
        first = self.backup(check=None)[USER]
        second = self.backup()[USER]
        self.assertEqual(first["new"] + second["new"], 5)
        self.assertEqual(sorted(server.bodies_sent()), [("INBOX", uid) for uid in range(1, 6)])
        self.assert_archived(MAILS)

    def test_case17_bye_mid_fetch(self):
        server, _ = self.inbox(*MAILS)
        goodbyes = []

        def say_bye(session, message, items):
            if wants_body(items) and message.uid == 3 and not goodbyes:
                goodbyes.append(message.uid)
                session.bye("Server shutting down for maintenance")

        server.on_message(say_bye)
        self.assert_all_well(self.backup()[USER], new=5)
        self.assertEqual(goodbyes, [3])
        self.assertGreaterEqual(len(server.login_attempts()), 2)
        self.assertEqual(sorted(server.bodies_sent()), [("INBOX", uid) for uid in range(1, 6)],
                         "complete messages are not fetched again")
        self.assert_archived(MAILS)

    def test_case17_bye_at_every_message_keeps_the_complete_ones(self):
        server, _ = self.inbox(*MAILS)
        server.on_message(lambda session, message, items:
                          wants_body(items) and message.uid == 4 and session.bye())
        report = self.backup(check=3)
        self.assertFalse(report[USER]["ok"])
        self.assertTrue(set(MAILS[:3]) <= set(self.exported()))
        server.on_message(None)
        self.backup()
        self.assert_archived(MAILS)

    def test_case26_token_expires_mid_run(self):
        server = self.serve()
        server.mechanisms = ["XOAUTH2"]
        user_tokens = {"stale"}
        mailbox = server.add_user(USER, tokens=user_tokens)
        for data in MAILS:
            mailbox["INBOX"].add(data)
        token, calls = self.home / "token", self.home / "calls"
        token.write_text("stale\n")
        script = self.home / "token.sh"
        script.write_text(f"echo called >> '{calls}'\ncat '{token}'\n")
        self.add_account(USER, server, auth="xoauth2", token_command=f"sh {script}")
        expired = []

        def expire(session, message, items):
            if wants_body(items) and message.uid == 3 and not expired:
                expired.append(message.uid)
                token.write_text("fresh\n")
                server.user_named(USER).tokens = {"fresh"}
                session.bye("access token expired")

        server.on_message(expire)
        self.assert_all_well(self.backup()[USER], new=5)
        self.assertEqual(expired, [3])
        self.assertGreaterEqual(len(calls.read_text().split()), 2)
        self.assertEqual(sorted(server.bodies_sent()), [("INBOX", uid) for uid in range(1, 6)])
        self.assert_archived(MAILS)


class SlowServerCases(ConnectionCase):
    def run_against(self, misbehave, at_most):
        server, _ = self.inbox(*MAILS)
        self.add_healthy_account()
        server.on_message(lambda session, message, items:
                          wants_body(items) and message.uid == 2 and misbehave(session, message))
        began = time.monotonic()
        report = self.backup(check=3)
        self.assertLess(time.monotonic() - began, at_most)
        self.assert_failed(report[USER], "temporary", "unreachable")
        self.assert_healthy_one_archived(report)
        self.assertTrue(server.wait_until_left(5), "no socket stays open")
        self.assertTrue(set(self.exported()) <= set(MAILS))
        return report[USER]

    def test_case18_silent_server_ends_by_the_idle_timer(self):
        self.timeouts = {"connect": "5s", "idle": "1s", "command": "60s"}
        self.run_against(lambda session, _: session.hang(), at_most=25)

    def test_case18_slow_loris_ends_by_the_command_deadline(self):
        self.timeouts = {"connect": "5s", "idle": "2s", "command": "4s"}

        def trickle(session, message):
            session.send(b"* 2 FETCH (UID 2 BODY[] {%d}\r\n" % len(message.data))
            session.trickle(message.data, 0.25)

        self.run_against(trickle, at_most=40)

    def test_case18_chatter_does_not_move_the_command_deadline(self):
        self.timeouts = {"connect": "5s", "idle": "2s", "command": "4s"}

        def chatter(session, _):
            for _ in range(60):  # and then the message after all
                session.line("* OK still here")
                session.sleep(0.25)

        self.run_against(chatter, at_most=40)


class GreetingCases(ConnectionCase):
    def greet(self, hook, **settings):
        server, _ = self.inbox(*MAILS, **settings)
        self.add_healthy_account()
        server.on("GREETING", hook)
        return server

    def test_case19_preauth(self):
        def preauth(session, *_):
            session.user = session.server.user_named(USER)
            session.line("* PREAUTH welcome back")
            return True

        server = self.greet(preauth)
        report = self.backup()
        self.assert_all_well(report[USER], new=5)
        self.assertEqual(server.login_attempts(), [])
        self.assert_healthy_one_archived(report)

    def test_case19_preauth_before_starttls_is_refused(self):
        ca = make_ca(self.home)
        cert, key = make_server_certificate(self.home)
        server = self.serve(tls="starttls", cert_file=cert, key_file=key)

        def preauth(session, *_):
            session.user = session.server.user_named(USER)
            session.line("* PREAUTH no need for TLS")
            return True

        server.on("GREETING", preauth)
        self.inbox(*MAILS, server=server, tls="starttls", host="localhost", ca_file=str(ca))
        self.assert_failed(self.backup(check=3)[USER], "tls", "protocol")
        self.assertEqual(server.bodies_sent(), [], "no mail travels in the clear")

    def test_case19_bye(self):
        self.greet(lambda session, *_: session.bye("too busy, come back later"))
        report = self.backup(check=3)
        self.assert_failed(report[USER], "temporary", "throttled", "unreachable")
        self.assert_healthy_one_archived(report)

    def test_case19_no_greeting(self):
        self.timeouts = {"connect": "2s", "idle": "2s", "command": "10s"}
        self.greet(lambda session, *_: session.hang())
        began = time.monotonic()
        report = self.backup(check=3)
        self.assertLess(time.monotonic() - began, 20)
        self.assert_failed(report[USER], "temporary", "unreachable")
        self.assert_healthy_one_archived(report)

    def test_case19_nonsense(self):
        server = self.greet(lambda session, *_: session.line("HTTP/1.1 400 Bad Request") or True)
        report = self.backup(check=3)
        self.assert_failed(report[USER], "protocol")
        self.assert_healthy_one_archived(report)
        self.assertEqual(server.login_attempts(), [])


class NonsenseCases(ConnectionCase):
    def test_case11_literal_beyond_all_limits(self):
        for size in (b"4294967296", b"268435457", b"18446744073709551616", b"9" * 40, b"-1",
                     b"4294967298"):
            with self.subTest(size=size):
                self.setUp()  # a home of its own
                self.refuse_literal(size)

    def refuse_literal(self, size):
        server, _ = self.inbox(*MAILS[:2])
        self.add_healthy_account()
        left = []

        def announce(session, message, items):
            if wants_body(items) and message.uid == 2:
                session.send(b"* 2 FETCH (UID 2 BODY[] {" + size + b"}\r\nno end of it")
                left.append(session.hang(20))

        server.on_message(announce)
        report = self.backup(check=3)
        self.assert_failed(report[USER], "protocol")
        self.assert_healthy_one_archived(report)
        self.assertTrue(server.wait_until_left(5))
        self.assertTrue(left and all(left), "the client hangs up itself")
        self.assertNotIn(b"no end of it", b"".join(self.exported()))

    def test_case13_malformed_responses(self):
        whole = b"UID 1 FLAGS () INTERNALDATE \"05-Mar-2024 10:20:30 +0800\" RFC822.SIZE 5 "
        table = {
            "a LIST line without its end": ("LIST", b'* LIST (\\HasNoChildren "/" INBOX\r\n'),
            "a LIST line without a name": ("LIST", b'* LIST (\\HasNoChildren) "/"\r\n'),
            "a LIST line with an open quote": ("LIST", b'* LIST () "/" "INB\r\n'),
            "a STATUS line without its end":
                ("STATUS", b'* STATUS "INBOX" (MESSAGES 1 UIDNEXT\r\n'),
            "a FETCH line without its end":
                ("UID FETCH", b"* 1 FETCH (UID 1 FLAGS (\\Seen BODY[] {5}\r\nhello\r\n"),
            "a FETCH line with an end too many":
                ("UID FETCH", b"* 1 FETCH (" + whole + b"BODY[] {5}\r\nhello))\r\n"),
            "a FETCH line of no numbers":
                ("UID FETCH", b"* x FETCH (UID one BODY[] {5}\r\nhello)\r\n"),
            "a UID that no UID can be":
                ("UID FETCH", b"* 1 FETCH (UID 99999999999 BODY[] {5}\r\nhello)\r\n"),
            "ten thousand parentheses": ("UID FETCH", b"* 1 FETCH " + b"(" * 10000 + b"\r\n"),
            "a line without end": ("UID FETCH", b"* OK " + b"x" * 3_000_000 + b"\r\n"),
            "bytes of no grammar": ("EXAMINE", b"\0\xff\xfe ~~~ \r\n"),
            "a tag nobody sent": ("EXAMINE", b"NOSUCHTAG OK done\r\n"),
        }
        for number, (what, (command, text)) in enumerate(table.items()):
            server = self.serve(capabilities=["IMAP4rev1"])
            server.add_user(f"u{number}@example.com")["INBOX"].add(MAILS[1])
            self.add_account(f"u{number}@example.com", server)
            self.garble(server, command, text)
        self.add_healthy_account()
        report = self.backup(check=3)
        self.assert_healthy_one_archived(report)
        for number, what in enumerate(table):
            account = report[f"u{number}@example.com"]
            with self.subTest(what):
                if account["error"]:
                    self.assert_failed(account, "protocol")
                elif account["failed"]:  # one bad message, recorded with what was wrong with it
                    self.assertEqual([one["uid"] for one in account["failed"]], [1])
                    self.assertRegex(account["failed"][0]["why"], "malformed response")
                else:  # shrugged off: then nothing may be missing
                    self.assert_archived([MAILS[1]], f"u{number}@example.com")
                self.assertNotIn(b"hello", self.exported(f"u{number}@example.com"))
        self.assertGreaterEqual(sum(bool(one["error"] or one["failed"])
                                    for one in report.values()), 8)

    @staticmethod
    def garble(server, command, text):
        """Every `command` gets `text` instead of its untagged answer, then its OK."""
        def answer(session, tag, _):
            session.send(text)
            if command == "EXAMINE":
                return False  # the right answer follows the nonsense
            session.ok(tag)
            return True

        server.on(command, answer)

    def test_case13_malformed_capability(self):
        for number, text in enumerate((b"* CAPABILITY\r\n", b"* CAPABILITY IMAP4rev1 ((( AUTH=\r\n",
                                       b"* CAPABILITY \xff\0 \" {3}x\r\n")):
            server = self.serve(capabilities=["IMAP4rev1"])
            address = f"u{number}@example.com"
            server.add_user(address)["INBOX"].add(MAILS[1])
            self.add_account(address, server)

            def answer(session, tag, _, text=text):
                session.send(text)
                session.ok(tag)
                return True

            server.on("CAPABILITY", answer)
        self.add_healthy_account()
        report = self.backup(check=None)
        self.assert_healthy_one_archived(report)
        for address in set(report) - {HEALTHY}:
            with self.subTest(address):
                if report[address]["error"]:
                    self.assert_failed(report[address], "protocol", "policy")
                else:
                    self.assert_archived([MAILS[1]], address)


if __name__ == "__main__":
    unittest.main()
