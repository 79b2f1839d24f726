#!/usr/bin/env python3
"""Folders that come, go, and are called strange things, and Gmail's many views of one message:
cases 20 to 24 and 27 to 29."""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from dovecot import Dovecot
from imap_case import PASSWORD, USER, ImapCase, mail
from scripted_imap import Folder, Mailbox
from scripted_imap_personalities import GmailMailbox, courier, gmail
from scripted_imap_wire import literal

ONE, TWO, THREE, FOUR, FIVE = (mail(number) for number in range(1, 6))
OLD = ["IMAP4rev1"]  # a server without any extension


class FolderCase(ImapCase):
    def serve_folders(self, folders, server=None, address=USER):
        """A server with these {name: [messages]} besides an INBOX; returns (server, mailbox)."""
        server = server or self.serve()
        mailbox = server.add_user(address)
        for name, messages in folders.items():
            folder = mailbox.find(name.encode()) or mailbox.add_folder(name)
            for data in messages:
                folder.add(data)
        self.add_account(address, server)
        return server, mailbox

    def assert_folders(self, wanted, address=USER):
        """The export holds {folder path: [bytes]}, and nothing else."""
        found = {name: sorted(one.data for one in messages)
                 for name, messages in self.export(address).items()}
        self.assertEqual(found, {name: sorted(messages) for name, messages in wanted.items()})


class ComeAndGoCases(FolderCase):
    def test_case20_closed_after_a_failed_select(self):
        folders = {"A": [ONE], "B": [TWO], "C": [THREE]}
        server, _ = self.serve_folders(folders, self.serve(capabilities=OLD))

        def refuse(session, tag, args):
            if args[0] != b"B":
                return False
            session.folder, session.view = None, []
            session.line("* OK [CLOSED] Previous mailbox is now closed.")
            session.no(tag, "[SERVERBUG] Internal error occurred.")
            return True

        server.on("EXAMINE", refuse)
        report = self.backup(check=None)[USER]
        self.assertEqual(report["new"], 2)
        told = str(report["failed"]) + str(report.get("warnings")) + str(report["error"])
        self.assertIn("B", told, "the folder that could not be read is named")
        for command in server.commands("UID FETCH", "FETCH", "UID SEARCH"):
            self.assertIsNotNone(command.selected, f"{command} with no folder open")
        self.assert_folders({"A": [ONE], "C": [THREE]})

        server.on("EXAMINE", None)
        self.assert_all_well(self.backup()[USER], new=1)
        self.assert_folders(folders)

    def test_case21_folder_deleted_mid_run(self):
        server, mailbox = self.serve_folders({"A": [ONE], "B": [TWO, THREE], "C": [FOUR]})
        self.assert_all_well(self.backup()[USER], new=4)
        before = self.now()
        for name in "ABC":
            mailbox[name].add(mail(ord(name)))

        def delete(session, tag, args):
            if args[0] == b"B" and mailbox.find(b"B"):
                mailbox.remove_folder("B")

        server.on("EXAMINE", delete)
        report = self.backup(check=None)[USER]
        self.assertIsNone(report["error"], report)
        self.assertEqual(report["new"], 2)
        self.assertEqual(self.vault_messages(), 6)
        self.assertIsNone(mailbox.find(b"B"))

        self.assertIsNone(self.backup()[USER]["error"])
        self.assertEqual(self.folders()["B"], (0, 2), "kept, and marked as gone")
        self.assertEqual(self.counts(), {"A": 2, "C": 2})
        self.assert_archived([ONE, TWO, THREE, FOUR], as_of=before)

    def test_case21_folder_deleted_while_its_mail_is_fetched(self):
        server, mailbox = self.serve_folders({"A": [ONE], "B": [TWO, THREE], "C": [FOUR]})

        def delete(session, message, items):
            if b"BODY.PEEK[]" in items and message.data == THREE and mailbox.find(b"B"):
                mailbox.remove_folder("B")
                session.bye("Mailbox deleted under you")

        server.on_message(delete)
        self.backup(check=None)
        self.assertIsNone(self.backup()[USER]["error"])
        self.assertEqual(self.counts(), {"A": 1, "C": 1})
        self.assertEqual(self.folders().get("B"), (0, 1))
        self.assertEqual(self.vault_messages(), 3)

    def test_case21_folder_renamed_on_dovecot(self):
        with Dovecot() as server:
            server.add_user(USER, PASSWORD)
            for data in (ONE, TWO):
                server.deliver(USER, "Customers/ACME", data)
            server.deliver(USER, "Customers/Other", THREE)
            self.add_dovecot_account(USER, server)
            self.assert_all_well(self.backup()[USER], new=3)
            server.rename_folder(USER, "Customers/ACME", "Customers/ACME old")
            report = self.backup()[USER]
            self.assert_all_well(report, new=0)
            server.delete_folder(USER, "Customers/Other")
            self.assertIsNone(self.backup()[USER]["error"])
        self.assertEqual(self.counts(), {"Customers/ACME old": 2})
        self.assertEqual(self.folders()["Customers/Other"], (0, 1))
        self.assertEqual(self.vault_messages(), 3)

    def test_case21_another_folder_of_the_same_uidvalidity_is_no_rename(self):
        _, mailbox = self.serve_folders({"Old": [ONE, TWO]})
        self.assert_all_well(self.backup()[USER], new=2)
        mailbox.remove_folder("Old")
        other = mail(4, "not what the other one held")
        mailbox.add_folder("New").add(other)
        report = self.backup()[USER]
        self.assert_all_well(report, new=1)
        self.assertEqual(report["gone"], 2)
        self.assert_folders({"New": [other]})
        self.assertEqual(self.folders()["Old"], (0, 2), "kept, and marked as gone")

    def test_case24_exists_sent_several_times(self):
        for number, counts in enumerate(((500, 1000), (1, 2), (0,))):
            server = self.serve(capabilities=OLD)
            server.on("STATUS", lambda session, tag, _: session.no(tag, "not today") or True)

            def count_up(session, tag, args, counts=counts):
                for count in counts:
                    session.line(f"* {count} EXISTS")

            server.on("EXAMINE", count_up)  # the right number follows
            self.serve_folders({"INBOX": [ONE, TWO, THREE]}, server, f"u{number}@example.com")
        report = self.backup()
        self.assertEqual(sum(account["new"] for account in report.values()), 3)
        for address, account in report.items():
            with self.subTest(address):
                self.assertEqual(account["server_messages"], 3)
                self.assertEqual(account["archived_messages"], 3)
                self.assert_archived([ONE, TWO, THREE], address)


class GmailCases(FolderCase):
    def gmail_account(self, labels=()):
        server = self.serve(gmail)
        mailbox = server.add_user(USER, mailbox=GmailMailbox(labels))
        self.add_account(USER, server)
        return server, mailbox

    def test_case22_one_message_under_four_labels(self):
        server, mailbox = self.gmail_account(["Work", "Customers/ACME"])
        mailbox.receive(ONE, ["INBOX", "Work", "Customers/ACME", "[Gmail]/Starred"], ["\\Flagged"])
        mailbox.receive(TWO, [])  # archived: in All Mail alone
        mailbox.receive(THREE, ["[Gmail]/Spam"])
        report = self.backup()[USER]
        self.assertIsNone(report["error"], report)
        self.assertEqual(self.vault_messages(), 3)
        self.assertEqual(len(server.bodies_sent()), 3, server.bodies_sent())
        self.assertEqual(self.counts(), {"INBOX": 1, "Work": 1, "Customers/ACME": 1,
                                         "[Gmail]/Starred": 1, "[Gmail]/All Mail": 2,
                                         "[Gmail]/Spam": 1})
        self.assert_folders({"INBOX": [ONE], "Work": [ONE], "Customers/ACME": [ONE],
                             "[Gmail]/Starred": [ONE], "[Gmail]/All Mail": [ONE, TWO],
                             "[Gmail]/Spam": [THREE]})

        server.forget()
        number = mailbox["[Gmail]/All Mail"].messages[1].gmail_id
        mailbox["Work"].add(TWO, gmail_id=number)  # a new label on an old message
        self.assertIsNone(self.backup()[USER]["error"])
        self.assertEqual(server.bodies_sent(), [])
        self.assertEqual(self.counts()["Work"], 2)

    def test_case22_same_bytes_under_two_gmail_ids(self):
        server, mailbox = self.gmail_account()
        mailbox.receive(ONE)
        mailbox.receive(ONE)
        self.assertIsNone(self.backup()[USER]["error"])
        self.assertEqual(self.counts(), {"INBOX": 2, "[Gmail]/All Mail": 2})
        self.assertEqual(self.vault_messages(), 1)

    def test_case23_gmail_folder_size_limit(self):
        wanted = {"cut@example.com": 1000, "whole@example.com": 999}
        server = self.serve(gmail)
        for address, count in wanted.items():
            mailbox = server.add_user(address, mailbox=GmailMailbox())
            for number in range(count):
                mailbox["[Gmail]/All Mail"].add(mail(number), gmail_id=number + 1)
            self.add_account(address, server)
        report = self.backup()
        self.assert_warned(report["cut@example.com"], "1000")
        self.assertRegex(" ".join(report["cut@example.com"]["warnings"]), "(?i)limit")
        self.assertNotRegex(" ".join(report["whole@example.com"].get("warnings", [])), "(?i)limit")
        for address, count in wanted.items():
            self.assertEqual(report[address]["archived_messages"], count)


class NameCases(FolderCase):
    def test_case27_modified_utf7_and_what_is_none(self):
        wire_names = [b"&g0l6P3ux-", b"A&-B", "报价".encode(), b"raw-\xff\xfe", b"&AAA", b"&Jjo!",
                      b"&2AE-", b"&-&x"]
        server = self.serve()
        mailbox = server.add_user(USER, mailbox=Mailbox(*(Folder(name) for name in wire_names)))
        for number, name in enumerate(wire_names):
            mailbox[name].add(mail(number))
        self.add_account(USER, server)
        self.assert_all_well(self.backup()[USER], new=len(wire_names))
        opened = {name for name, _ in server.bodies_sent()}
        self.assertEqual(opened, {name.decode("latin-1") for name in wire_names})
        counts = self.counts()
        self.assertEqual(list(counts.values()), [1] * len(wire_names), "no two fell together")
        self.assertLessEqual({"草稿箱", "A&B"}, set(counts))
        self.assertTrue(any("raw-" in name for name in counts), counts)
        shown = self.tool.run("folders", USER, check=0).stdout
        self.assertNotRegex(shown, "[\udc80-\udcff]", "raw bytes are shown escaped")
        self.assert_archived([mail(number) for number in range(len(wire_names))])
        server.forget()
        self.assert_all_well(self.backup()[USER], new=0)
        self.assertEqual(server.bodies_sent(), [])

    def test_case27_chinese_names_on_dovecot(self):
        names = ["草稿箱", "已发送", "客户/甲&乙", "日本語/台北"]
        with Dovecot() as server:
            server.add_user(USER, PASSWORD)
            for number, name in enumerate(names):
                server.deliver(USER, name, mail(number))
            self.add_dovecot_account(USER, server)
            self.assert_all_well(self.backup()[USER], new=len(names))
        self.assertEqual(self.counts(), {name: 1 for name in names})
        self.assert_folders({name: [mail(number)] for number, name in enumerate(names)})

    ODD_NAMES = ['we"ird\\ na*me%', " leading", "trailing ", "double  space", "per%cent", "sta*r",
                 "[brackets]", "(parens)", "{5}", "NIL", "-dash", "new line?", "'quote'", "~tilde"]

    def test_case28_odd_names(self):
        server, mailbox = self.serve_folders({name: [mail(number)] for number, name
                                              in enumerate(self.ODD_NAMES)})
        split = mailbox.add_folder('literal "in" LIST')
        split.name_wire = literal(split.name)
        split.add(mail(77))
        self.assert_all_well(self.backup()[USER], new=len(self.ODD_NAMES) + 1)
        names = [*self.ODD_NAMES, 'literal "in" LIST']
        self.assertEqual(self.counts(), {name: 1 for name in names})
        self.assert_archived([mail(number) for number in [*range(len(self.ODD_NAMES)), 77]])

    def test_case28_odd_names_on_dovecot(self):
        names = ['we"ird\\ na*me%', " leading", "trailing ", "double  space"]
        with Dovecot() as server:
            server.add_user(USER, PASSWORD)
            for number, name in enumerate(names):
                server.create_folder(USER, name)
                server.append(USER, name, mail(number))
            self.add_dovecot_account(USER, server)
            self.assert_all_well(self.backup()[USER], new=len(names))
        self.assertEqual(self.counts(), {name: 1 for name in names})
        self.assert_archived([mail(number) for number in range(len(names))])

    def test_case28_names_that_would_leave_the_export_folder(self):
        names = ["../../outside", "/absolute", "..", ".", "a//b", "cur", "INBOX/new", "CON",
                 "tail/"]
        self.serve_folders({name: [mail(number)] for number, name in enumerate(names)})
        self.assert_all_well(self.backup()[USER], new=len(names))
        self.assert_archived([mail(number) for number in range(len(names))])
        outside = [path for path in self.home.rglob("*outside*")
                   if not str(path.relative_to(self.home)).startswith("export-")]
        self.assertEqual(outside, [])


class HierarchyCases(FolderCase):
    def test_case29_noselect_parent_and_spelling_of_inbox(self):
        server = self.serve()
        inbox = Folder("INBOX")
        inbox.name_wire = b'"inBox"'
        mailbox = server.add_user(USER, mailbox=Mailbox(inbox))
        mailbox.add_folder("Customers", attributes=["\\Noselect", "\\HasChildren"])
        mailbox.add_folder("Ghost", attributes=["\\NonExistent"])
        mailbox.add_folder("Customers/ACME").add(TWO)
        inbox.add(ONE)
        self.add_account(USER, server)
        self.assert_all_well(self.backup()[USER], new=2)
        for command in server.commands("EXAMINE", "STATUS"):
            self.assertNotRegex(command.text, rb'^"?(Customers"?( |$)|Ghost)', command)
        self.assertEqual({name.upper(): count for name, count in self.counts().items()},
                         {"INBOX": 1, "CUSTOMERS/ACME": 1})
        self.assert_archived([ONE, TWO])

    def test_case29_separators(self):
        for number, separator in enumerate((".", "/", "\\")):
            name = separator.join(("Customers", "ACME", "2024"))
            self.hierarchy(f"u{number}@example.com", [(name, separator)])
        self.hierarchy("nil@example.com", [("Customers.ACME.2024", None)])
        for address, account in self.backup().items():
            self.assertIsNone(account["error"], address)
        for number in range(3):
            with self.subTest(number=number):
                self.assert_folders({"INBOX": [ONE], "Customers/ACME/2024": [TWO]},
                                    f"u{number}@example.com")
        self.assert_folders({"INBOX": [ONE], "Customers.ACME.2024": [TWO]}, "nil@example.com")

    def hierarchy(self, address, folders):
        server = self.serve()
        mailbox = server.add_user(address)
        mailbox["INBOX"].separator = folders[0][1] and folders[0][1].encode()
        mailbox["INBOX"].add(ONE)
        for name, separator in folders:
            mailbox.add_folder(name, separator=separator).add(TWO)
        self.add_account(address, server)

    def test_case29_a_separator_inside_a_level_is_no_level(self):
        server, mailbox = self.serve_folders({})
        for name in ("a/b", "a.b", "a\\b"):
            mailbox.add_folder(name, separator=".").add(mail(name.encode()[1]))
        self.assert_all_well(self.backup()[USER], new=3)
        paths = self.export()
        self.assertEqual(len(paths), 3, "three folders, none merged with another")
        self.assertEqual([one.data for one in paths["a/b"]], [mail(ord("."))])

    def test_case29_names_that_differ_in_case_alone(self):
        folders = {"Trash": [ONE], "trash": [TWO], "TRASH": [THREE]}
        self.serve_folders(folders)
        self.assert_all_well(self.backup()[USER], new=3)
        self.assertEqual(self.counts(), {"Trash": 1, "trash": 1, "TRASH": 1})
        self.assert_folders(folders)

    def test_case29_mandatory_prefix(self):
        server = self.serve(courier)
        mailbox = server.add_user(USER)
        mailbox["INBOX"].separator = b"."
        for name, data in (("INBOX.Sent", ONE), ("INBOX.Customers.ACME", TWO)):
            mailbox.add_folder(name, separator=".").add(data)
        mailbox["INBOX"].add(THREE)
        self.add_account(USER, server)
        self.assert_all_well(self.backup()[USER], new=3)
        self.assertEqual(len(self.counts()), 3)
        paths = {path: messages[0].data for path, messages in self.export().items()}
        self.assertEqual(sorted(paths.values()), sorted([ONE, TWO, THREE]))
        self.assertEqual(paths["INBOX"], THREE)
        self.assertTrue(any(path.endswith("Customers/ACME") and data == TWO
                            for path, data in paths.items()), list(paths))

    def test_case29_mandatory_prefix_on_dovecot(self):
        with Dovecot(separator=".", prefix="INBOX.") as server:
            server.add_user(USER, PASSWORD)
            server.deliver(USER, "INBOX", ONE)
            server.deliver(USER, "Customers/ACME", TWO)
            self.add_dovecot_account(USER, server)
            self.assert_all_well(self.backup()[USER], new=2)
        paths = {path: messages[0].data for path, messages in self.export().items()}
        self.assertTrue(any(path.endswith("Customers/ACME") and data == TWO
                            for path, data in paths.items()), list(paths))
        self.assert_archived([ONE, TWO])


if __name__ == "__main__":
    unittest.main()
