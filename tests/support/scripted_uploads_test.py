#!/usr/bin/env python3
"""The scripted IMAP server's APPEND and what belongs to it, tried with a bare socket."""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import scripted_imap_test
from scripted_imap import PLAIN_CAPABILITIES, numbers_in
from scripted_imap_test import MAIL, USER

SEVERAL = [*PLAIN_CAPABILITIES, "MULTIAPPEND", "QUOTA"]


def item(before, data=MAIL):
    return before + b" {%d+}\r\n" % len(data) + data


class UploadTest(scripted_imap_test.ServerCase):
    def logged_in(self, capabilities=None):
        server = self.serve(capabilities=SEVERAL if capabilities is None else capabilities)
        client = self.raw(server)
        client.login()
        return server, server.user_named(USER).mailbox["INBOX"], client

    def test_several_messages_come_at_once_with_flags_and_dates(self):
        _, inbox, client = self.logged_in()
        before = len(inbox.messages)
        answer = client.ask(b"APPEND INBOX" + item(b' (\\Seen $Hot) "17-Jul-1996 02:44:25 -0700"') +
                            item(b""))
        self.assertRegex(answer, rb"OK \[APPENDUID \d+ \d+,\d+\]")
        first, second = inbox.messages[before:]
        self.assertEqual((first.data, set(first.flags), first.date),
                         (MAIL, {b"\\Seen", b"$Hot"}, "17-Jul-1996 02:44:25 -0700"))
        self.assertEqual((second.data, second.flags), (MAIL, []))

    def test_one_empty_message_keeps_all_out(self):
        _, inbox, client = self.logged_in()
        before = len(inbox.messages)
        self.assertIn(b" NO ", client.ask(b"APPEND INBOX" + item(b"") + item(b"", b"")))
        self.assertEqual(len(inbox.messages), before)

    def test_what_is_wrong_is_said_before_the_literal_and_what_follows_is_a_command(self):
        server, inbox, client = self.logged_in()
        before = len(inbox.messages)
        mailbox = server.user_named(USER).mailbox
        for number, flaw in enumerate((b" (\\Foo)", b" (\\Recent)", b" (caf\xe9)", b' "31 Feb"', b" (a{b)")):
            name = b"smuggled-%d" % number
            body = b"x CREATE " + name + b"\r\n"
            self.assertIn(b" BAD ", client.ask(b"APPEND INBOX" + item(flaw, body)), flaw)
            client.ask(b"NOOP")
            self.assertIsNotNone(mailbox.find(name), flaw)
        self.assertEqual(len(inbox.messages), before)

    def test_literals_that_do_not_wait_are_for_those_who_said_so(self):
        for capabilities, size, word in ((["IMAP4rev1"], 10, b" BAD "), (["IMAP4rev1", "LITERAL-"], 4096, b" OK "),
                                         (["IMAP4rev1", "LITERAL-"], 4097, b" BAD ")):
            _, _, client = self.logged_in(capabilities)
            self.assertIn(word, client.ask(b"APPEND INBOX" + item(b"", b"x" * size)))

    def test_a_hook_refuses_a_literal_that_then_is_not_taken(self):
        server, inbox, client = self.logged_in()
        before = len(inbox.messages)
        server.on("LITERAL", lambda session, tag, args: session.no(tag, f"not {args[0]}") or True)
        self.assertIn(b" NO not 5", client.ask(b"APPEND INBOX {5}"))
        self.assertIn(b" OK ", client.ask(b"NOOP"))
        self.assertEqual(len(inbox.messages), before)

    def test_flags_that_a_folder_does_not_keep_are_dropped(self):
        _, inbox, client = self.logged_in()
        inbox.permanent_flags = [b"\\Seen"]
        self.assertIn(b"PERMANENTFLAGS (\\Seen)", client.ask(b"SELECT INBOX"))
        self.assertIn(b"PERMANENTFLAGS ()", client.ask(b"EXAMINE INBOX"))
        client.ask(b"APPEND INBOX" + item(b" (\\Seen $Hot)"))
        self.assertEqual(inbox.messages[-1].flags, [b"\\Seen"])

    def test_folders_are_made_and_a_missing_one_is_to_be_made(self):
        server, _, client = self.logged_in()
        self.assertIn(b"[TRYCREATE]", client.ask(b"APPEND New" + item(b"")))
        self.assertIn(b" OK ", client.ask(b"CREATE New"))
        self.assertIn(b"[ALREADYEXISTS]", client.ask(b"CREATE New"))
        client.ask(b"SUBSCRIBE New")
        self.assertEqual(server.subscribed, [b"New"])
        self.assertIn(b"[APPENDUID", client.ask(b"APPEND New" + item(b"")))

    def test_an_account_is_full(self):
        server, inbox, client = self.logged_in()
        server.quota_bytes = sum(len(one.data) for one in inbox.messages) + 2048
        self.assertIn(b"(STORAGE 0 2)", client.ask(b"GETQUOTAROOT INBOX"))
        self.assertIn(b" OK ", client.ask(b"APPEND INBOX" + item(b"", b"x" * 2000)))
        self.assertIn(b"[OVERQUOTA]", client.ask(b"APPEND INBOX" + item(b"", b"x" * 2000)))


if __name__ == "__main__":
    unittest.main()
