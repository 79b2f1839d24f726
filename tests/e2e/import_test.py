#!/usr/bin/env python3
"""Import: what an export wrote comes back whole, an account without a server is kept and found, and a
live account is as it was after the next backup."""

import collections
import gzip
import io
import json
import mailbox
import os
import pathlib
import subprocess
import sys
import tarfile
import unittest
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

import maildir_files
from e2e_case import PASSPHRASE, ClockedMailhold, E2eCase, letter, sha256_of

FORMATS = ("maildir", "mbox", "eml", "zip", "tar.zst")
FROM = "From a@b.example Thu Feb 29 15:59:59 2024\n"


class ImportCase(E2eCase):
    def bring_in(self, *paths, address="old@acme.example", check=0, tool=None, options=()):
        """Imports without a passphrase; returns the report."""
        result = (tool or self.tool).run("--json", "import", address, *paths, *options, check=check,
                                         unlock=False)
        return json.loads(result.stdout)

    def mail_of(self, address, tool=None):
        """Counter of (folder, separator, sha256, flags, instant with zone) of an account's export."""
        to = self.home / f"read-{len(list(self.home.iterdir()))}"
        (tool or self.tool).run("export", "--account", address, "--to", to, check=0)
        return collections.Counter(
            (line["folder"], line.get("separator"), sha256_of((to / line["path"]).read_bytes()),
             tuple(line["flags"]), line["internaldate"]) for line in self.manifest(to))

    def file(self, name, content):
        path = self.home / "files" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path


class RoundTrip(ImportCase):
    def fill(self):
        odd = b"Subject: odd\n\nFrom me\n>From you\nno line end"
        for number in range(12):
            folder = ("INBOX", "Sent", "客户/华美")[number % 3]
            self.server.deliver(self.user, folder, letter(number))
        self.server.deliver(self.user, "客户/华美", odd)
        self.server.deliver(self.user, "INBOX", letter(1))  # known content, another place
        self.server.set_flags(self.user, "INBOX", [1, 2], ["\\Flagged", "\\Seen", "$Urgent"], "+FLAGS")
        self.add_account()
        self.backup()

    def test_every_format_comes_back_whole(self):
        self.fill()
        before = self.mail_of(self.user)
        stored = self.status()["vault"]["messages"]
        for form in FORMATS:
            with self.subTest(form):
                exported = self.export(form=form)
                report = self.bring_in(exported, address=self.user)
                self.assertEqual((report["new"], report["known"], report["already_there"]),
                                 (0, 0, 14), report)
                home = self.home / f"other-{form}"
                other = ClockedMailhold(home)
                other.init(PASSPHRASE)
                report = self.bring_in(exported, address=self.user, tool=other)
                self.assertEqual((report["new"], report["known"], report["failed"]), (13, 1, []))
                self.assertEqual(self.mail_of(self.user, other), before)
        self.assertEqual(self.mail_of(self.user), before)
        self.assertEqual(self.status()["vault"]["messages"], stored)

    def test_found_messages_of_several_accounts_come_back(self):
        self.fill()
        self.bring_in(self.file("x.eml", letter(77)), address="old@acme.example")
        to = self.home / "found"
        self.tool.run("export", "--query", "inquiry", "--to", to, "--format", "eml", check=0)
        report = self.bring_in(to, address="old@acme.example")
        self.assertEqual((report["new"], report["already_there"], report["failed"]), (0, 1, []))
        folders = {folder for folder, *_ in self.mail_of("old@acme.example")}
        self.assertLess({"Imported", f"{self.user}/INBOX"}, folders)


class ForALawyer(ImportCase):
    def test_chosen_folders_with_an_index_and_sums_that_sha256sum_checks(self):
        for folder, number in (("INBOX", 1), ("客户/华美", 2), ("客户/华美", 3), ("Private", 4)):
            self.server.deliver(self.user, folder, letter(number, **{"X-Note": "<b>"}))
        self.add_account()
        self.backup()
        to = self.home / "case.zip"
        command = ["export", "--account", self.user, "--to", to, "--format", "zip", "--with-index"]
        self.tool.run(*command, "--folder", "客户/*", "--folder", "INBOX", check=0)
        with zipfile.ZipFile(to) as archive:
            archive.extractall(self.home / "case")
        case = self.home / "case"
        subprocess.run(["sha256sum", "--strict", "-c", "SHA256SUMS"], cwd=case, check=True,
                       capture_output=True)
        listed = [line.split("  ", 1)[1] for line in
                  (case / "SHA256SUMS").read_text(encoding="utf-8").splitlines()]
        self.assertEqual(len(listed), 4)  # three messages and the page
        page = (case / "index.html").read_text(encoding="utf-8")
        for number in (1, 2, 3):
            self.assertIn(f"inquiry {number}", page)
            self.assertIn(f"buyer{number}@customer.example", page)
        self.assertNotIn("inquiry 4", page)
        self.assertEqual(self.bring_in(to, address=self.user)["already_there"], 3)

    def test_a_folder_that_is_not_there_and_an_index_without_an_archive_are_refused(self):
        self.server.deliver(self.user, "INBOX", letter(1))
        self.add_account()
        self.backup()
        command = ["export", "--account", self.user, "--to", self.home / "x"]
        self.assert_error(self.tool.run(*command, "--folder", "Inbox2"), 10, "Inbox2")
        self.assert_error(self.tool.run(*command, "--with-index"), 2, "--format zip")
        self.assertFalse((self.home / "x").exists())


class LiveAccount(ImportCase):
    def setUp(self):
        super().setUp()
        self.folders = ("INBOX", "Sent")
        for number in range(60):
            self.server.deliver(self.user, self.folders[number % 2], letter(number))
        self.add_account()
        self.backup()

    def old_mail(self):
        """A Maildir with 30 messages of the server's INBOX and 2 that no server has."""
        top = self.home / "files" / "old"
        if top.exists():
            return top
        maildir_files.make_maildir(top)
        for number in [*range(0, 60, 2), 100, 102]:
            maildir_files.write_message(top, letter(number), "S", 1_700_000_000 + number)
        return top

    def test_the_next_backup_touches_nothing_that_was_imported(self):
        report = self.bring_in(self.old_mail(), address=self.user)
        self.assertEqual((report["new"], report["known"], report["already_there"]), (2, 0, 30))
        imported = self.mail_of(self.user)
        account = self.backup()[self.user]
        self.assertTrue(account["ok"])
        self.assertEqual((account["new"], account["gone"], account["flags"], account["purges"]),
                         (0, 0, 0, []))
        self.assertEqual((account["server_messages"], account["archived_messages"]), (60, 60))
        self.assertEqual(self.mail_of(self.user), imported)
        status = self.status()[self.user]
        self.assertEqual((status["health"], status["archived_messages"], status["imported_messages"],
                          status["vanished"]), ("good", 60, 2, 0))
        folders = self.tool.json("folders", self.user, check=0, unlock=False)["folders"]
        self.assertEqual({(f["name"], f["messages"], f["imported"]) for f in folders
                          if f["messages"]},
                         {("INBOX", 30, False), ("Sent", 30, False), ("INBOX", 2, True)})
        self.assertEqual(self.check_vault("--read-data")["verdict"], "clean")

    def test_a_purge_is_told_although_the_mail_was_imported_elsewhere(self):
        report = self.bring_in(self.old_mail(), address=self.user, options=["--folder", "Old"])
        self.assertEqual((report["new"], report["known"]), (2, 30))
        self.server.expunge(self.user, "INBOX")
        account = self.backup()[self.user]
        self.assertEqual([(p["folder"], p["count"]) for p in account["purges"]], [("INBOX", 30)])
        self.assertEqual(self.status()[self.user]["imported_messages"], 32)

    def test_a_deleted_folder_and_a_new_one_of_the_imported_name(self):
        self.bring_in(self.old_mail(), address=self.user, options=["--folder", "Old"])
        self.server.deliver(self.user, "Old", letter(200))
        self.server.delete_folder(self.user, "Sent")
        self.backup()
        old = [line for line in self.mail_of(self.user).elements() if line[0] == "Old"]
        self.assertEqual(len(old), 33)
        self.assertEqual(self.bring_in(self.old_mail(), address=self.user,
                                       options=["--folder", "Old"])["already_there"], 32)

    def test_a_rebuilt_catalog_and_a_renewed_writer_know_what_was_imported(self):
        self.bring_in(self.old_mail(), address=self.user)
        before = self.mail_of(self.user)
        self.tool.run("rebuild", check=0)
        self.assertEqual(self.mail_of(self.user), before)
        self.tool.run("writer", "renew", check=0)
        self.tool.run("rebuild", check=0)
        self.backup()
        self.assertEqual(self.mail_of(self.user), before)
        self.assertEqual(self.bring_in(self.old_mail(), address=self.user)["already_there"], 32)


class ArchiveOnly(ImportCase):
    def test_a_new_address_becomes_an_account_that_is_searched_and_never_fetched(self):
        mbox = self.file("Alice.mbox", FROM + "Subject: the lost quote\nFrom: x@y.example\n\n"
                                              "Kugellager 6204\n\n")
        self.add_account()
        report = self.bring_in(mbox)
        self.assertEqual((report["account_added"], report["new"]), (True, 1))
        listed = self.tool.json("account", "list", check=0, unlock=False)["accounts"]
        self.assertIn(("old@acme.example", "archive", True),
                      [(a["address"], a["role"], a["archive_only"]) for a in listed])
        status = self.status()["old@acme.example"]
        self.assertRegex(status["health"], "archive only")
        self.assertEqual(status["imported_messages"], 1)
        found = self.tool.json("search", "Kugellager", check=0)
        self.assertEqual([(p["account"], p["folder"]) for r in found["results"]
                          for p in r["placements"]], [("old@acme.example", "Alice")])
        self.assertEqual(list(self.backup()), [self.user])
        self.assertEqual(self.bring_in(mbox)["already_there"], 1)

    def test_a_dry_run_leaves_no_trace(self):
        config = self.tool.config.read_bytes()
        before = self.objects()
        report = self.bring_in(self.file("x.eml", letter(1)), options=["--dry-run"])
        self.assertEqual((report["new"], report["account_added"]), (1, False))
        self.assertEqual((self.tool.config.read_bytes(), self.objects()), (config, before))

    def test_mistakes_are_told_with_what_to_do(self):
        run = self.tool.run
        self.assert_error(run("import", "old@acme.example", "/no/such", unlock=False), 10, "no/such")
        self.assert_error(run("import", "nobody", self.file("x.eml", letter(1)), unlock=False), 2,
                          "not an email address")
        self.bring_in(self.file("x.eml", letter(1)))
        self.assert_error(run("import", "old@acme.example", self.file("x.eml", letter(1)), "--role",
                              "flagship", unlock=False), 2, "--role")
        report = self.bring_in(self.file("x.txt", "Hello"), check=3)
        self.assertRegex(report["failed"][0]["why"], "--format")
        report = self.bring_in(self.file("x.txt", "Hello"), options=["--format", "eml"])
        self.assertEqual(report["new"], 1)


class MailPrograms(ImportCase):
    def folders(self):
        return {(folder, flags, date) for folder, _, _, flags, date in self.mail_of("old@acme.example")}

    def test_thunderbird(self):
        top = "Mail/Local Folders"
        self.file(f"{top}/Inbox", "From - Thu Feb 29 15:59:59 2024\nX-Mozilla-Status: 0005\n"
                                  "X-Mozilla-Status2: 00000000\nSubject: a\n\nx\n\n")
        self.file(f"{top}/Inbox.msf", "// <!-- <mdb:mork:z v=\"1.4\"/> -->")
        self.file(f"{top}/Trash", "")
        self.file(f"{top}/Archives.sbd/2024", "From \nSubject: b\n\nFrom us\n\nFrom \nSubject: c\n\ny\n")
        report = self.bring_in(self.home / "files" / top)
        self.assertEqual((report["new"], report["passed_over"], report["failed"]), (3, 2, []))
        self.assertEqual(self.folders(),
                         {("INBOX", ("\\Flagged", "\\Seen"), "2024-02-29T15:59:59+00:00"),
                          ("Archives/2024", (), None)})

    def test_apple_mail(self):
        raw = letter(1)
        plist = b"""<?xml version="1.0"?><plist version="1.0"><dict>
            <key>date-received</key><integer>1709222399</integer>
            <key>flags</key><integer>8590195717</integer></dict></plist>"""
        place = "Work.mbox/8E3B2F4C-0000-4A5B-9C6D-7E8F90A1B2C3/Data/Messages"
        self.file(f"{place}/1.emlx", f"{len(raw):<11}\n".encode() + raw + plist)
        self.file(f"{place}/2.partial.emlx", b"3\nabc" + plist)
        report = self.bring_in(self.home / "files", check=3)
        self.assertEqual(report["new"], 1)
        self.assertRegex(report["failed"][0]["path"], "2.partial.emlx")
        self.assertEqual(self.folders(),
                         {("Work", ("\\Answered", "\\Seen"), "2024-02-29T15:59:59+00:00")})

    def test_maildir_plus_plus_in_a_tar(self):
        top = maildir_files.make_maildir(self.home / "files" / "Maildir")
        sent = maildir_files.make_maildir(top / ".&XfJT0ZAB-.2024")
        maildir_files.write_keywords(sent, ["deal"])
        maildir_files.write_message(top, letter(1), "FS", 1_700_000_000)
        maildir_files.write_message(sent, letter(2), "Ra", 1_700_000_001)
        tar = self.home / "old.tar.gz"
        with tarfile.open(tar, "w:gz") as archive:
            archive.add(top, arcname=".")
        for path in (top, tar):
            self.bring_in(path)
            self.assertEqual(self.folders(),
                             {("INBOX", ("\\Flagged", "\\Seen"), "2023-11-14T22:13:20+00:00"),
                              ("已发送/2024", ("\\Answered", "deal"), "2023-11-14T22:13:21+00:00")})

    def test_an_mbox_that_python_wrote(self):
        box = mailbox.mbox(self.home / "out.mbox")
        for number in range(50):
            message = mailbox.mboxMessage(letter(number).replace(b"\r\n", b"\n") + b"From here on\n")
            message.set_flags("RF")
            box.add(message)
        box.close()
        packed = self.file("out.mbox.gz", gzip.compress((self.home / "out.mbox").read_bytes()))
        self.assertEqual(self.bring_in(self.home / "out.mbox")["new"], 50)
        self.assertEqual(self.bring_in(packed)["already_there"], 50)
        self.assertEqual({flags for _, flags, _ in self.folders()}, {("\\Flagged", "\\Seen")})
        text = self.tool.run("show", "--raw", self.tool.json("search", "subject:17", check=0)
                             ["results"][0]["id"], check=0).stdout
        self.assertTrue(text.endswith("No. 17\nFrom here on\n"), text)

    def test_names_in_archives_are_no_paths(self):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("../../../../tmp/evil.eml", letter(1))
            archive.writestr("/etc/x.eml", letter(2))
            archive.writestr("a/inner.zip", b"PK\x03\x04")
        report = self.bring_in(self.file("x.zip", packed.getvalue()), check=3)
        self.assertEqual((report["new"], len(report["failed"])), (2, 1))
        self.assertEqual({folder for folder, *_ in self.folders()}, {"tmp", "etc"})
        self.assertFalse(os.path.exists("/tmp/evil.eml"))


if __name__ == "__main__":
    unittest.main(verbosity=2)
