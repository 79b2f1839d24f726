#!/usr/bin/env python3
"""What IMAP servers do to UIDs, FETCH responses and bytes, and what a backup makes of it: cases 1
to 10, 12, 14, 15, 25 and 49. The other cases are in imap_connection_test.py (broken connections and
protocol), imap_folders_test.py (folders and names) and imap_login_test.py (logins and limits)."""

import os
import pathlib
import re
import sys
import threading
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from dovecot import Dovecot
from imap_case import PASSWORD, USER, ImapCase, epoch_of, mail
from mailhold_cli import is_sanitized

ONE, TWO, THREE, FOUR, FIVE = (mail(number) for number in range(1, 6))


class UidCases(ImapCase):
    def test_case01_uidvalidity_changes(self):
        large = mail(9, os.urandom(100_000).hex())
        server, inbox = self.inbox(ONE, TWO, large)
        self.assert_all_well(self.backup()[USER], new=3)
        stored = self.status()["vault"]["bytes_stored"]
        before = self.now()

        inbox.renew(uidvalidity=77)
        inbox.add(TWO, uid=900)
        inbox.add(large, uid=901)
        account = self.backup()[USER]
        self.assert_all_well(account, new=0)  # known by content, though under new numbers
        self.assert_archived([TWO, large])
        self.assert_archived([ONE, TWO, large], as_of=before)
        vault = self.status()["vault"]
        self.assertEqual(vault["messages"], 3)
        self.assertLess(vault["bytes_stored"] - stored, 50_000, "no second copy of the large one")

        server.forget()
        self.assert_all_well(self.backup()[USER], new=0)
        self.assertEqual(server.bodies_sent(), [], "re-mapped once, not every night")

    def test_case01_uidvalidity_changes_and_folder_is_emptied(self):
        _, inbox = self.inbox(ONE, TWO, THREE)
        self.backup()
        before = self.now()
        inbox.renew(uidvalidity=77)
        self.assertIsNone(self.backup()[USER]["error"])
        self.assertEqual(self.vault_messages(), 3)
        self.assert_archived([ONE, TWO, THREE], as_of=before)
        account = self.status()["accounts"][0]
        self.assertEqual((account["server_messages"], account["vanished"]), (0, 3))

    def test_case01_the_same_uids_are_other_mail_now(self):
        _, inbox = self.inbox(ONE, TWO, THREE)
        self.backup()
        before = self.now()
        inbox.renew(uidvalidity=77)
        for data in (FOUR, TWO, FIVE):
            inbox.add(data)
        account = self.backup()[USER]
        self.assert_all_well(account, new=2)
        self.assertEqual((account["known"], account["gone"]), (1, 3))
        self.assert_archived([FOUR, TWO, FIVE])
        self.assert_archived([ONE, TWO, THREE], as_of=before)

    def test_case01_uidvalidity_changes_on_dovecot(self):
        with Dovecot() as server:
            server.add_user(USER, PASSWORD)
            for data in (ONE, TWO, THREE):
                server.deliver(USER, "Customers/ACME", data)
            self.add_dovecot_account(USER, server)
            self.assert_all_well(self.backup()[USER], new=3)
            server.set_uid_validity(USER, "Customers/ACME", 424242, first_uid=500)
            self.assert_all_well(self.backup()[USER], new=0)
        self.assertEqual(self.vault_messages(), 3)
        self.assert_archived([ONE, TWO, THREE])

    def test_case02_uidvalidity_returns_to_an_old_value(self):
        _, inbox = self.inbox(ONE)
        self.backup()
        inbox.renew(uidvalidity=2)
        inbox.add(TWO, uid=1)
        self.assert_all_well(self.backup()[USER], new=1)
        inbox.renew(uidvalidity=1)
        inbox.add(THREE, uid=1)  # (1, 1) was message one, epochs ago
        self.assert_all_well(self.backup()[USER], new=1)
        self.assertEqual(self.vault_messages(), 3)
        self.assert_archived([THREE])

    def test_case03_uid_gaps(self):
        _, inbox = self.inbox()
        for uid, data in {1: ONE, 5: TWO, 1000: THREE, 4294967294: FOUR}.items():
            inbox.add(data, uid=uid)
        account = self.backup()[USER]
        self.assert_all_well(account, new=4)
        self.assertEqual((account["server_messages"], account["archived_messages"]), (4, 4))
        self.assert_archived([ONE, TWO, THREE, FOUR])

    def test_case03_uid_gaps_on_dovecot(self):
        with Dovecot() as server:
            server.add_user(USER, PASSWORD)
            for data in (ONE, TWO, THREE, FOUR):
                server.deliver(USER, "INBOX", data)
            server.expunge(USER, "INBOX", [1, 3])
            self.add_dovecot_account(USER, server)
            account = self.backup()[USER]
        self.assert_all_well(account, new=2)
        self.assertEqual((account["server_messages"], account["archived_messages"]), (2, 2))
        self.assert_archived([TWO, FOUR])

    def test_case04_a_range_past_the_end_returns_the_last_message(self):
        server, inbox = self.inbox(ONE, TWO, THREE)
        self.backup()
        inbox.uidnext = 10  # something came and went, so the folder is looked at again
        inbox.modseq += 5
        account = self.backup()[USER]
        self.assert_all_well(account, new=0)
        self.assertEqual(account["gone"], 0)
        self.assert_archived([ONE, TWO, THREE])

    def test_case04_a_range_past_the_end_on_dovecot(self):
        with Dovecot() as server:
            server.add_user(USER, PASSWORD)
            server.deliver(USER, "INBOX", ONE)
            self.add_dovecot_account(USER, server)
            self.backup()
            server.append(USER, "INBOX", TWO)
            server.expunge(USER, "INBOX", [2])
            account = self.backup()[USER]
        self.assert_all_well(account, new=0)
        self.assertEqual(account["gone"], 0)
        self.assert_archived([ONE])

    def test_case05_uid_vanishes_between_list_and_fetch(self):
        server, inbox = self.inbox(ONE, TWO, THREE, FOUR)
        bodies_asked = []

        def vanish(session, tag, args):
            if b"BODY" in str(args).encode() and not bodies_asked:
                bodies_asked.append(args)
                inbox.expunge(2, 4)

        server.on("UID FETCH", vanish)
        account = self.backup()[USER]
        self.assertTrue(bodies_asked)
        self.assert_all_well(account, new=2)
        self.assert_archived([ONE, THREE])
        self.assert_all_well(self.backup()[USER], new=0)


class ResponseCases(ImapCase):
    def test_case06_unsolicited_responses_inside_a_fetch(self):
        server, inbox = self.inbox()
        for uid, data, flag in ((11, ONE, "\\Seen"), (12, TWO, "\\Flagged"),
                                (13, THREE, "\\Answered"), (14, FOUR, "\\Draft")):
            inbox.add(data, [flag], uid=uid)
        played = []

        def interrupt(session, message, items):
            if b"BODY.PEEK[]" not in items or message.uid in played or message.uid == 20:
                return
            played.append(message.uid)
            if message.uid == 12:
                session.line("* 1 FETCH (UID 11 FLAGS (\\Seen))")
                session.line("* 4 FETCH (FLAGS (\\Draft))")  # without its UID, as servers may
                session.line("* 0 RECENT")
                inbox.add(FIVE, uid=20)
                session.view = inbox.uids
                session.line("* 5 EXISTS")
            elif message.uid == 13:
                inbox.expunge(11)
                session.view = inbox.uids
                session.line("* 1 EXPUNGE")  # from here on message 13 is number 2
                session.line("* 2 FETCH (FLAGS (\\Answered))")
                session.line("* OK still working")

        server.on_message(interrupt)
        account = self.backup()[USER]
        self.assertIsNone(account["error"], account)
        self.assertEqual(account["failed"], [], account)
        self.assertGreaterEqual(account["new"], 4)
        self.assertEqual(played, [11, 12, 13, 14])
        wanted = {TWO: {"F"}, THREE: {"R"}, FOUR: {"D"}}
        self.assertLessEqual(wanted.items(), self.archived_flags().items())
        self.assertEqual(self.backup()[USER]["failed"], [])
        self.assertEqual(self.archived_flags(), {**wanted, FIVE: set()})
        self.assertEqual(self.vault_messages(), 5)

    def archived_flags(self):
        return {one.data: one.flags for one in self.export()["INBOX"]}

    def test_case07_fetch_items_in_any_order(self):
        server, inbox = self.inbox()
        wanted = {}
        letters = {"\\Seen": "S", "\\Flagged": "F", "\\Answered": "R", "\\Draft": "D",
                   "\\Deleted": "T"}
        for uid, (flag, letter) in enumerate(letters.items(), 1):
            date = f"0{uid}-Jul-2021 12:00:00 +0{uid}00"
            inbox.add(mail(uid), [flag], uid=uid, date=date)
            wanted[mail(uid)] = ({letter}, epoch_of(date))

        def shuffle(session, message, items):
            if b"BODY.PEEK[]" not in items:
                return False
            pairs = dict(session.pairs(message, items))
            uid, flags = (b"UID", pairs.pop(b"UID")), (b"FLAGS", pairs.pop(b"FLAGS"))
            others = list(pairs.items())
            orders = {1: [[*reversed(others), flags, uid]],
                      2: [[uid, *others], [uid, flags]],
                      3: [[flags, uid], [*others, uid]],
                      4: [[uid, others[0]], [others[-1], flags, uid], [*others[1:-1], uid]],
                      5: [[(name.lower(), value) for name, value in [uid, flags, *others]]]}
            for order in orders[message.uid]:
                session.fetch_pairs(message, order)
            return True

        server.on_message(shuffle)
        self.assert_all_well(self.backup()[USER], new=5)
        found = {one.data: (one.flags, one.epoch) for one in self.export()["INBOX"]}
        self.assertEqual(found, wanted)

    def test_case08_size_differs_from_literal(self):
        server, inbox = self.inbox(ONE)
        inbox.add(TWO, advertised_size=len(TWO) - 40)
        inbox.add(THREE, advertised_size=len(THREE) + 5000)
        inbox.add(FOUR, advertised_size=0)
        account = self.backup()[USER]
        self.assert_all_well(account, new=4)
        self.assert_warned(account, "(?i)size|bytes")
        self.assert_archived([ONE, TWO, THREE, FOUR])
        server.forget()
        self.backup()
        self.assertEqual(server.bodies_sent(), [])

    def test_case09_empty_bodies(self):
        server, inbox = self.inbox(ONE)
        inbox.add(b"")
        inbox.add(b"", body_wire=b"NIL", advertised_size=500)
        inbox.add(b"", body_wire=b'""')
        account = self.backup()[USER]
        self.assertIsNone(account["error"])
        self.assertEqual(account["failed"], [])
        self.assertEqual((account["server_messages"], account["archived_messages"]), (4, 4))
        self.assert_warned(account, "(?i)empty|no bytes")
        self.assert_archived([ONE, b"", b"", b""])
        server.forget()
        self.backup()
        self.assertEqual(server.bodies_sent(), [], "an empty message is not retried forever")

    def test_case12_appenduid_on_the_wrong_command(self):
        server, _ = self.inbox(ONE, TWO, THREE)

        def add_codes(session, *_):
            def ok(tag, text="done"):
                code = "" if text.startswith("[") else "[APPENDUID 1 4294967295] "
                session.line("* OK [COPYUID 1 1:3 7:9] copied")
                session.line("* OK [APPENDUID 99 2] stored")
                session.line(tag, " OK ", code + text)
            session.ok = ok

        server.on("GREETING", add_codes)
        self.assert_all_well(self.backup()[USER], new=3)
        self.assert_archived([ONE, TWO, THREE])
        account = self.backup()[USER]
        self.assert_all_well(account, new=0)
        self.assertEqual(account["gone"], 0)

    def test_case25_nothing_becomes_seen(self):
        server, inbox = self.inbox(ONE, TWO)
        inbox.add(THREE, ["\\Flagged"])
        server.body_sets_seen = True
        self.assert_all_well(self.backup()[USER], new=3)
        self.assertEqual([one.flags for one in inbox.messages], [[], [], [b"\\Flagged"]])
        self.assertEqual(server.commands("SELECT", "STORE", "UID STORE"), [])
        self.assertTrue(server.commands("EXAMINE"))
        for command in server.commands("FETCH", "UID FETCH"):
            self.assertNotRegex(command.text.upper(), rb"BODY\[|RFC822(?!\.SIZE)", command)
        self.assertEqual({letter for one in self.export()["INBOX"] for letter in one.flags}, {"F"})

    def test_case25_a_server_that_marks_what_is_only_looked_at_is_told(self):
        server, inbox = self.inbox(ONE, TWO)

        def mark_after(session, message, items):
            if b"BODY.PEEK[]" in items:
                session.fetch_line(message, items)
                inbox.set_flags(message.uid, "\\Seen")
                return True

        server.on_message(mark_after)
        account = self.backup()[USER]
        self.assert_all_well(account, new=2)
        self.assert_warned(account, "marks messages as read")
        self.assertEqual([one.flags for one in self.export()["INBOX"]], [set(), set()])

    def test_case25_flags_on_dovecot_stay_as_they_were(self):
        with Dovecot() as server:
            server.add_user(USER, PASSWORD)
            for data, flags in ((ONE, []), (TWO, ["\\Seen"]), (THREE, ["\\Flagged"])):
                server.deliver(USER, "INBOX", data, flags)
            self.add_dovecot_account(USER, server)
            self.assert_all_well(self.backup()[USER], new=3)
            names = sorted(path.name for path in server.maildir(USER).glob("cur/*"))
        self.assertEqual([re.sub(".*:2,", "", name) for name in names], ["", "S", "F"])


class ByteCases(ImapCase):
    def test_case10_message_starting_with_a_blank_line(self):
        blank = [b"\r\nSubject: not a header\r\n\r\nbody\r\n", b"\r\n", b"\r\n\r\n\r\nx\r\n"]
        _, inbox = self.inbox(*blank)
        self.assert_all_well(self.backup()[USER], new=3)
        self.assert_archived(blank)

    def test_case10_message_starting_with_a_blank_line_on_dovecot(self):
        blank = [b"\r\nSubject: not a header\r\n\r\nbody\r\n", b"\r\n\r\nx\r\n"]
        with Dovecot() as server:
            server.add_user(USER, PASSWORD)
            for data in blank:
                server.deliver(USER, "INBOX", data)
            self.add_dovecot_account(USER, server)
            self.assert_all_well(self.backup()[USER], new=2)
        self.assert_archived(blank)

    def test_case14_bytes_no_parser_likes(self):
        head = b"From: a@example.com\r\nSubject: t\r\n\r\n"
        nasty = [
            head + b"a\0b\0\0\r\n", b"\0", head + bytes(range(256)) * 3,
            b"From: a@example.com\nSubject: bare LF\n\nhi\n", head + b"bare\rCR\r\r\n\n\r",
            "From: a@x\r\nSubject: 报价单\r\n\r\nx\r\n".encode("gb18030"),
            b"Subject: \xff\xfe\x80\r\n\r\n8-bit header", b"no header at all", b"x",
            b"Subject: no body\r\n", head + b"no final newline",
            b"From a@example.com Thu Aug 22 12:36:23 2002\r\n" + head + b"mbox line\r\n",
            head + b">From quoted\r\n.\r\n..\r\nFrom here\r\n", head + b"long " * 40000,
            head + b")\r\nA7 OK done\r\n* BYE no\r\n* 3 FETCH (UID 9 BODY[] {3}\r\n",
        ]
        _, inbox = self.inbox(*nasty)
        self.assert_all_well(self.backup()[USER], new=len(nasty))
        self.assert_archived(nasty)

    def test_case49_the_same_message_id_with_another_body(self):
        head = b"Message-ID: <1@example.com>\r\nSubject: offer\r\n\r\n"
        twins = [head + b"first body\r\n", head + b"other body\r\n"]
        self.inbox(*twins)
        self.assert_all_well(self.backup()[USER], new=2)
        self.assert_archived(twins)

    def test_case15_message_of_100_mb(self):
        marker = b"plaintext that must never reach a disk"
        line = marker + b" " + os.urandom(24).hex().encode() + b"\r\n"
        block = line * (65536 // len(line))
        big = b"Subject: big\r\n\r\n" + block * (100 * 1024 * 1024 // len(block))
        server, _ = self.inbox(ONE, big, TWO)
        self.timeouts = {"connect": "5s", "idle": "30s", "command": "120s"}
        self.write_config()
        process = self.tool.start("--json", "backup", unlock=False)
        self.addCleanup(process.kill)
        watch = MemoryWatch(process.pid, marker)
        output, errors = process.communicate(timeout=180)
        watch.stop()
        self.assertEqual(process.returncode, 0, (output, errors))
        limit = (1000 if is_sanitized() else 300) * 1024
        self.assertGreater(watch.samples, 5)
        self.assertLess(watch.most_kb, limit)
        self.assertEqual(watch.leaks, set())
        for path in self.home.rglob("*"):
            if path.is_file():
                self.assertNotIn(marker, path.read_bytes(), path)
        found = self.exported()
        self.assertTrue(found == sorted([ONE, TWO, big]), [len(one) for one in found])


class MemoryWatch:
    """Looks at a running process 50 times a second: the most memory it had, RSS and files in memory
    together, and which other files it had open with `marker` near their beginning. Files in memory
    are memfds and those of file systems that are mounted nowhere."""

    def __init__(self, pid, marker):
        self.most_kb, self.samples, self.leaks = 0, 0, set()
        self._proc, self._marker = pathlib.Path(f"/proc/{pid}"), marker
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def stop(self):
        self._ended.set()
        self._thread.join()

    def _run(self):
        while not self._ended.is_set():
            try:
                self._sample()
                self.samples += 1
            except (OSError, KeyError):
                pass  # it ended, or closed a file, while we looked
            time.sleep(0.02)

    def _sample(self):
        status = dict(line.split(":", 1) for line in (self._proc / "status").read_text()
                      .splitlines() if ":" in line)
        resident = [int(status[name].split()[0]) for name in ("RssAnon", "RssFile")]
        mounted = {line.split()[2] for line in (self._proc / "mountinfo").read_text().splitlines()}
        memory_files = {}
        for link in (self._proc / "fd").iterdir():
            target, seen = os.readlink(link), link.stat()
            device = f"{os.major(seen.st_dev)}:{os.minor(seen.st_dev)}"
            if target.startswith("/memfd:"):
                memory_files[seen.st_ino] = seen.st_blocks // 2
            elif target.startswith("/") and device not in mounted and not os.path.exists(target):
                system = os.statvfs(link)
                memory_files[device] = (system.f_blocks - system.f_bfree) * system.f_frsize // 1024
            elif target.startswith("/") and not target.startswith(("/dev/", "/proc/")):
                self._look_into(link, target)
        self.most_kb = max(self.most_kb, sum(resident) + sum(memory_files.values()))

    def _look_into(self, link, target):
        if link.is_file():
            with open(link, "rb") as file:
                if self._marker in file.read(1 << 18):
                    self.leaks.add(target)


if __name__ == "__main__":
    unittest.main()
