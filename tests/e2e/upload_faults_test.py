#!/usr/bin/env python3
"""Uploads into a scripted server that is stricter than real ones about commands and that fails at chosen
moments, or at random ones: cases 30, 32, 34, 45 and 47. tests/deliver has the others one by one."""

import collections
import os
import pathlib
import random
import signal
import sys
import threading
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

import imap_reader
from dovecot import Dovecot
from imap_case import PASSWORD, USER, ImapCase, mail
from scripted_imap import PLAIN_CAPABILITIES
from scripted_imap_uploads import append_items

TARGET = "bob@example.com"
MESSAGES = [mail(number) for number in range(1, 9)]
OLD = ["IMAP4rev1"]
SEVERAL = [*PLAIN_CAPABILITIES, "MULTIAPPEND"]
WITHOUT_UIDS = ["IMAP4rev1", "MULTIAPPEND", "LITERAL+"]
HARMLESS = {"APPEND", "AUTHENTICATE", "CAPABILITY", "CREATE", "ENABLE", "EXAMINE", "GETQUOTAROOT", "ID", "LIST",
            "LOGIN", "LOGOUT", "NAMESPACE", "NOOP", "SELECT", "STATUS", "SUBSCRIBE", "UID FETCH", "UID SEARCH"}
SEEDS = int(os.environ.get("MAILHOLD_KILLS", "6"))


class UploadCase(ImapCase):
    def backed_up(self, *messages):
        """The source's INBOX holds these, and so does the vault."""
        self.inbox(*messages)
        self.backup()

    def target(self, capabilities, **account):
        """A scripted account of its own to restore into; returns (server, INBOX)."""
        server = self.serve(capabilities=capabilities)
        inbox = server.add_user(TARGET)["INBOX"]
        inbox.uidvalidity = server.port  # else what went to another target would count as known here
        self.add_account(TARGET, server, **account)
        return server, inbox

    def restore(self, check=0):
        self.write_config()
        return self.tool.json("restore", USER, "--to", TARGET, check=check)

    def assert_holds(self, folder, messages):
        self.assertEqual(collections.Counter(one.data for one in folder.messages),
                         collections.Counter(messages))

    def assert_only_mail_was_added(self, server):
        self.assertLessEqual({one.name for one in server.commands()}, HARMLESS)


class Smuggling(UploadCase):
    """Mail that would be commands, were it not counted as a literal's bytes."""

    DANGEROUS = [mail(number, f"z{number} DELETE victim\r\nz CREATE smuggled\r\n{{10+}}\r\n+ go on")
                 for number in range(1, 7)]
    FLAGS = [b"\\Foo", b"caf\xe9", b"\\Recent", b"$Quoted", b"\\Forwarded", b"\\Seen"]
    DATES = ["31-Feb-2020 10:00:00 +0000", "05-Mar-2024 10:20:30 +1400", " 1-Jan-1959 00:00:01 +0000",
             " 1-Jan-2024 00:00:00 -1200", "05-Mar-2024 25:00:00 +0000", "01-Jan-2024 00:00:00 +9999"]

    def setUp(self):
        super().setUp()
        _, inbox = self.inbox()
        for data, flag, date in zip(self.DANGEROUS, self.FLAGS, self.DATES):
            inbox.add(data, [flag], date=date)
        self.backup()

    def test_case30_a_server_that_refuses_every_flaw_finds_none(self):
        for capabilities in (PLAIN_CAPABILITIES, SEVERAL, OLD, ["IMAP4rev1", "LITERAL-"]):
            with self.subTest(capabilities):
                server, inbox = self.target(capabilities)
                self.assertEqual(self.restore()["verified"], 6)
                self.assert_holds(inbox, self.DANGEROUS)
                self.assert_only_mail_was_added(server)

    def refuse_once(self, which):
        """Literal number `which` of a command is refused with BAD, once; then what the client sends
        all the same is commands."""
        server, inbox = self.target(SEVERAL)
        seen, refused = collections.Counter(), []

        def refuse(session, tag, _):
            seen[tag] += 1
            if seen[tag] == which and not refused:
                refused.append(session.number)
                session.bad(tag, "Error in IMAP command APPEND")
                return True

        server.on("LITERAL", refuse)
        self.assertEqual(self.restore()["verified"], 6)
        self.assertEqual(len(refused), 1)
        self.assert_holds(inbox, self.DANGEROUS)
        self.assert_only_mail_was_added(server)

    def test_case30_no_message_follows_what_was_refused(self):
        self.refuse_once(1)

    def test_case30_nor_does_one_in_the_middle_of_a_command(self):
        self.refuse_once(2)


class Refused(UploadCase):
    def test_case34_a_keyword_too_long_for_dovecot_does_not_cost_its_message(self):
        _, inbox = self.inbox()
        for data, flags in zip(MESSAGES, ([b"k" * 60, b"\\Seen"], [b"$Short"], [])):
            inbox.add(data, flags)
        self.backup()
        with Dovecot() as server:
            server.add_user(TARGET, PASSWORD)
            self.add_dovecot_account(TARGET, server)
            report = self.restore()
            self.assertEqual((report["verified"], report["failed"]), (3, []))
            self.assertRegex(str(report["warnings"]), "with the keyword k{60}")
            account = imap_reader.read_account(server.host, server.imaps_port, TARGET, PASSWORD,
                                               server.ca_file)
            flags = [sorted(one.flags) for one in account["INBOX"].messages.values()]
            self.assertCountEqual(flags, [["\\Seen"], ["$Short"], []])


class Broken(UploadCase):
    def test_case32_a_continuation_nobody_asked_for(self):
        self.backed_up(*MESSAGES)
        server, inbox = self.target(PLAIN_CAPABILITIES)
        said = []

        def confuse(session, tag, args):
            if not said:
                said.append(session.number)
                session.store(None, inbox, append_items(args[1:]))
                session.line("+ go on")
                session.hang(20)
                session.cut()

        server.on("APPEND", confuse)
        self.assertEqual(self.restore()["verified"], 8)
        self.assert_holds(inbox, MESSAGES)

    def test_case47_killed_at_each_append_nothing_is_twice(self):
        self.backed_up(*MESSAGES)
        for capabilities in (PLAIN_CAPABILITIES, OLD):
            for is_stored in (True, False):
                with self.subTest(capabilities=capabilities, is_stored=is_stored):
                    self.kill_at_each_append(capabilities, is_stored)

    def kill_at_each_append(self, capabilities, is_stored):
        server, inbox = self.target(capabilities, connections=1)
        self.write_config()
        process, started = None, threading.Event()

        def kill(session, tag, args):
            started.wait(10)
            if is_stored:
                session.store(None, inbox, append_items(args[1:]))
            process.send_signal(signal.SIGKILL)
            session.cut()

        server.on("APPEND", kill)
        for _ in range(3):
            started.clear()
            process = self.tool.start("restore", USER, "--to", TARGET)
            started.set()
            process.communicate(timeout=60)
            self.assertEqual(process.returncode, -signal.SIGKILL)
        server.on("APPEND", None)
        self.assertEqual(self.restore()["already_there"], 3 if is_stored else 0)
        self.assert_holds(inbox, MESSAGES)


class AtRandom(UploadCase):
    """Cut before or after a command was carried out, in the middle of an answer, NO and BAD for no reason."""

    LETTERS = [mail(number) for number in range(260)]
    WANTED = LETTERS + LETTERS[::10]  # some are there twice
    COMMANDS = ("APPEND", "EXAMINE", "LIST", "LITERAL", "SELECT", "UID FETCH", "UID SEARCH")

    def test_case45_whatever_happens_everything_is_there_as_often_as_it_was(self):
        self.backed_up(*self.WANTED)
        for seed in range(SEEDS):
            rng = random.Random(seed)
            capabilities = rng.choice([SEVERAL, PLAIN_CAPABILITIES, OLD, WITHOUT_UIDS])
            with self.subTest(seed=seed, capabilities=capabilities):
                server, inbox = self.target(capabilities)
                there = [*rng.sample(self.WANTED, rng.choice([0, 5])), mail(5000)]
                for data in there:
                    inbox.add(data)
                likely = rng.choice([0.005, 0.02, 0.1]) * (1 if "MULTIAPPEND" in capabilities else 0.1)
                self.fail_at_random(server, rng, likely)
                self.restore_until_all_is_there(server)
                self.assertEqual(collections.Counter(one.data for one in inbox.messages),
                                 collections.Counter(self.WANTED) | collections.Counter(there))
                self.assert_only_mail_was_added(server)

    def fail_at_random(self, server, rng, likely):
        lock = threading.Lock()

        def misbehave(name):
            def hook(session, tag, args):
                with lock:
                    choice, share = rng.random() / likely, rng.random()
                if choice < 1:
                    session.cut()
                elif choice < 2 and name != "LITERAL":
                    sent, session.send = [], lambda data: sent.append(data)
                    session.dispatch(name, tag, args)
                    del session.send
                    answer = b"".join(sent)
                    session.send(answer[:int(share * len(answer))])
                    session.cut()
                elif choice < 2.5 and name == "APPEND":
                    session.line(tag, " NO [UNAVAILABLE] later" if share < 0.5 else " BAD no idea")
                    return True
            return hook

        for name in self.COMMANDS:
            server.on(name, misbehave(name))

    def restore_until_all_is_there(self, server):
        self.write_config()
        for attempt in range(40):
            if attempt == 30:  # luck has been bad long enough
                for name in self.COMMANDS:
                    server.on(name, None)
            result = self.tool.run("--json", "restore", USER, "--to", TARGET)
            if result.code == 0:
                return
            self.assertIn(result.code, (3, 20, 21, 22), result)
        self.fail("it never ended well")


if __name__ == "__main__":
    unittest.main()
