#!/usr/bin/env python3
"""Accounts, keys and writers: every way to change them, the JSON that other programs rely on, and the
human output of the everyday commands."""

import pathlib
import shutil
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from e2e_case import PASSWORD, ClockedMailhold, E2eCase, letter, recovery_key


class Accounts(E2eCase):
    def listed(self):
        accounts = self.tool.json("account", "list", check=0, unlock=False)["accounts"]
        return {one["address"]: one for one in accounts}

    def test_add_list_set_remove(self):
        answer = self.tool.json("account", "add", self.user, "--host", "localhost", "--port",
                                self.server.imaps_port, "--ca-file", self.server.ca_file,
                                "--password-command", f"echo {PASSWORD}", "--role", "flagship",
                                check=0, unlock=False)
        self.assertEqual((answer["address"], answer["host"]), (self.user, "localhost"))
        self.assertGreaterEqual(answer["folders"], 1)
        self.assertEqual(self.listed()[self.user]["role"], "flagship")
        self.assert_error(self.tool.account_add(self.user, PASSWORD, "localhost",
                                                self.server.imaps_port, ca=self.server.ca_file,
                                                check=None), 2, "already")
        self.tool.run("account", "set", self.user, "--role", "tactical", check=0, unlock=False)
        self.assertEqual(self.listed()[self.user]["role"], "tactical")
        self.assert_error(self.tool.run("account", "set", self.user, unlock=False), 2)
        self.assert_error(self.tool.run("account", "set", "x@y.example", "--role", "tactical",
                                        unlock=False), 10)
        self.tool.run("account", "remove", self.user, check=0, unlock=False)
        self.assertEqual(self.listed(), {})
        self.assert_error(self.tool.run("account", "remove", self.user, unlock=False), 10)

    def test_a_changed_password(self):
        self.add_account()
        self.server.add_user(self.user, "new one: wörd")
        self.assertEqual(self.tool.run("account", "test", self.user, unlock=False).code, 3)
        self.tool.run("account", "set", self.user, "--password-stdin", input="new one: wörd\n",
                      check=0, unlock=False)
        self.assertEqual(self.tool.run("account", "test", self.user, unlock=False).code, 0)

    def test_import_from_a_spreadsheet(self):
        users = [self.new_user(name) for name in ("a", "b", "c")]
        lines = ["address;host;port;tls;role;password;ca_file"]
        lines += [f"{user};localhost;{self.server.imaps_port};implicit;tactical;{PASSWORD};"
                  f"{self.server.ca_file}" for user in users]
        table = self.home / "accounts.csv"
        table.write_text("\r\n".join(lines) + "\r\n", encoding="utf-8")
        self.tool.run("account", "import", table, check=0, unlock=False)
        self.assertEqual({one["role"] for one in self.listed().values()}, {"tactical"})
        self.assertEqual(self.tool.run("account", "test", unlock=False).code, 0)
        before = self.tool.config.read_bytes()
        self.assert_error(self.tool.run("account", "import", table, unlock=False), 2)
        self.assertEqual(self.tool.config.read_bytes(), before, "all or none")

    def test_starttls_and_excluded_folders(self):
        self.server.deliver(self.user, "INBOX", letter(1))
        self.server.deliver(self.user, "Junk", letter(2))
        self.tool.run("account", "add", self.user, "--host", "localhost", "--port",
                      self.server.imap_port, "--tls", "starttls", "--ca-file", self.server.ca_file,
                      "--exclude", "Junk*", "--password-stdin", input=PASSWORD + "\n", check=0,
                      unlock=False)
        self.assertEqual(self.backup()[self.user]["new"], 1)
        self.assertEqual(set(self.exported()), {"INBOX"})

    def test_backup_of_chosen_accounts(self):
        other = self.new_user("wang")
        for address, role in ((self.user, "flagship"), (other, "vanguard")):
            self.server.deliver(address, "INBOX", letter(address))
            self.add_account(address, role=role)
        self.assertEqual(list(self.backup(self.user)), [self.user])
        self.assertEqual(list(self.backup("--role", "vanguard")), [other])
        self.assertEqual(self.status()["vault"]["messages"], 2)

    def test_the_config_keeps_the_users_comments(self):
        with open(self.tool.config, "a", encoding="utf-8") as config:
            config.write("\n# ask Wang before changing anything here\n")
        self.add_account()
        self.tool.run("account", "remove", self.user, check=0, unlock=False)
        self.assertIn("# ask Wang", self.tool.config.read_text(encoding="utf-8"))


class Keys(E2eCase):
    def setUp(self):
        super().setUp()
        self.server.deliver(self.user, "INBOX", letter(1))
        self.add_account()
        self.backup()

    def slots(self):
        return {one["id"]: one["kind"]
                for one in self.tool.json("key", "list", check=0, unlock=False)["slots"]}

    def opens(self, secret):
        """Whether an export works with this secret."""
        file = self.home / "secret"
        file.write_text(secret + "\n", encoding="utf-8")
        to = self.home / f"out-{len(list(self.home.glob('out-*')))}"
        result = self.tool.run("--passphrase-file", file, "export", "--account", self.user, "--to",
                               to, unlock=False)
        self.assertIn(result.code, (0, 2, 12), result)  # 2: a mistyped recovery key
        return result.code == 0 and len(self.manifest(to)) == self.status()["vault"]["messages"]

    def test_init_prints_a_recovery_key_that_opens_the_vault(self):
        home = self.home / "fresh"
        tool = ClockedMailhold(home)
        sheet = home / "sheet.txt"
        tool.init("another passphrase", "--recovery-sheet", sheet)
        self.assertEqual(sheet.stat().st_mode & 0o077, 0)
        (home / "key").write_text(recovery_key(sheet) + "\n", encoding="utf-8")
        result = tool.run("--passphrase-file", home / "key", "check", "--read-data", unlock=False)
        self.assertEqual(result.code, 0, result)

    def test_recovery_sheets_add_up_and_can_be_removed(self):
        self.assertEqual(sorted(self.slots().values()), ["passphrase", "recovery"])
        sheet = self.home / "sheet"
        self.tool.run("key", "recovery", "--sheet", sheet, check=0)
        key = recovery_key(sheet)
        self.assertTrue(self.opens(key))
        self.assertTrue(self.opens(key.lower().replace(" ", "-")), "as people type it")
        wrong = key[:-1] + ("A" if key[-1] != "A" else "B")
        self.assertFalse(self.opens(wrong))
        self.assertEqual(sorted(self.slots().values()), ["passphrase", "recovery", "recovery"])

    def test_a_second_passphrase_replaces_the_first(self):
        first = self.slots()
        new = self.home / "new"
        new.write_text("a better one\n", encoding="utf-8")
        self.tool.run("key", "add", "--new-passphrase-file", new, check=0)
        self.assertTrue(self.opens("a better one"))
        old = next(slot for slot, kind in first.items() if kind == "passphrase")
        self.tool.run("--passphrase-file", new, "key", "remove", old[:12], check=0, unlock=False)
        self.assertNotIn(old, self.slots())
        self.assertFalse(self.opens(self.tool.passphrase_file.read_text(encoding="utf-8").strip()))
        self.server.deliver(self.user, "INBOX", letter(2))
        self.assertEqual(self.backup()[self.user]["new"], 1, "the writer follows the new epoch")
        self.assertTrue(self.opens("a better one"), "what is old and what is new")
        self.assertEqual(self.tool.run("--passphrase-file", new, "check", "--read-data",
                                       unlock=False).code, 0)

    def test_the_last_way_in_cannot_be_removed(self):
        for slot, kind in self.slots().items():
            if kind == "recovery":
                self.tool.run("key", "remove", slot, check=0)
        last = next(iter(self.slots()))
        self.assert_error(self.tool.run("key", "remove", last), 2)
        self.assert_export_equals_server()

    def test_bad_secrets(self):
        self.assertFalse(self.opens("wrong passphrase"))
        short = self.home / "short"
        short.write_text("short\n", encoding="utf-8")
        self.assert_error(self.tool.run("key", "add", "--new-passphrase-file", short), 2)
        self.assert_error(self.tool.run("key", "remove", "ffffffff"), 10)


class Writers(E2eCase):
    """A second host with its own state and config, and the same vault."""

    def setUp(self):
        super().setUp()
        self.server.deliver(self.user, "INBOX", letter(1))
        self.add_account()
        self.backup()
        self.second = ClockedMailhold(self.home / "second-host")
        self.second.passphrase_file.write_bytes(self.tool.passphrase_file.read_bytes())
        self.second.config.write_text(f'vault = "{self.tool.vault}"\nstate = "state"\n',
                                      encoding="utf-8")

    def writers(self):
        listed = self.tool.json("writer", "list", check=0, unlock=False)["writers"]
        return {one["name"]: one for one in listed}

    def join_second(self):
        self.second.run("writer", "add", "--name", "second", check=0)
        other = self.new_user("wang")
        self.server.deliver(other, "INBOX", letter(2))
        self.second.account_add(other, PASSWORD, "localhost", self.server.imaps_port,
                                ca=self.server.ca_file)
        self.second.json("backup", check=0, unlock=False)
        return other

    def test_two_hosts_add_to_one_vault(self):
        other = self.join_second()
        self.assertIn("second", self.writers())
        self.assertEqual(len(self.writers()), 2)
        self.server.deliver(self.user, "INBOX", letter(3))
        self.assertEqual(self.backup()[self.user]["new"], 1)
        self.assertEqual(self.check_vault("--read-data")["verdict"], "clean")
        self.tool.run("rebuild", check=0)
        for address in (self.user, other):
            self.assert_export_equals_server(address)

    def test_a_revoked_writer_adds_nothing_more(self):
        other = self.join_second()
        self.tool.run("writer", "revoke", "second", check=0)
        self.assertTrue(self.writers()["second"]["revoked"])
        self.server.deliver(other, "INBOX", letter(4))
        before = self.objects("journal")
        result = self.second.run("backup", unlock=False)
        self.assert_error(result, 20, "may no longer write")
        self.assertEqual(self.objects("journal"), before)
        self.assertEqual(self.check_vault("--read-data")["verdict"], "clean")
        own = next(one for one in self.writers().values() if one["this_host"])
        self.assert_error(self.tool.run("writer", "revoke", own["id"]), 2)

    def test_a_cloned_host_is_stopped_and_renewed(self):
        clone = ClockedMailhold(self.home / "clone")
        shutil.copytree(self.home / "state", clone.home / "state")
        clone.config.write_bytes(self.tool.config.read_bytes())
        clone.config.write_text(clone.config.read_text(encoding="utf-8"), encoding="utf-8")
        clone.passphrase_file.write_bytes(self.tool.passphrase_file.read_bytes())
        self.server.deliver(self.user, "INBOX", letter(5))
        self.backup()
        self.server.deliver(self.user, "INBOX", letter(6))
        ended = clone.run("backup", unlock=False)
        self.assertIn(ended.code, (3, 4), ended)
        self.assertRegex(ended.stderr, "(?i)fork|cloned|writer renew")
        self.tool.run("writer", "renew", "--name", "renewed", check=0)
        self.tool.run("rebuild", check=0)
        self.backup()
        self.assert_export_equals_server()

    def test_a_lost_host_is_replaced_from_vault_and_passphrase(self):
        shutil.rmtree(self.home / "state")
        self.second.run("writer", "add", "--name", "replacement", check=0)
        self.second.run("rebuild", check=0)
        to = self.home / "given-back"
        self.second.run("export", "--account", self.user, "--to", to, check=0)
        self.assert_same_mail(self.read_maildirs(to), self.served())


class Output(E2eCase):
    def test_version_and_help(self):
        report = self.tool.json("version", check=0)
        self.assertEqual(report["format"], 1)
        self.assertRegex(report["version"], r"^\d+\.\d+\.\d+$")
        self.assertIn("libsodium", " ".join(report["libraries"]))
        commands = ["init", "account", "backup", "status", "folders", "show", "export", "check",
                    "unlock", "lock", "rebuild", "key", "writer", "version"]
        top = self.tool.run("--help", check=0).stdout
        for command in commands:
            self.assertIn(command, top)
            text = self.tool.run(command, "--help", check=0).stdout
            self.assertIn("Example:", text)
            self.assertIn("Exit codes:", text)

    def test_json_shapes(self):
        self.server.deliver(self.user, "INBOX", letter(1), ["\\Seen"])
        self.add_account(role="flagship")
        report = self.tool.json("backup", check=0, unlock=False)
        self.assertLessEqual({"accounts", "head"}, set(report))
        self.assertLessEqual({"writer", "seq", "hash"}, set(report["head"]))
        self.assertLessEqual({"address", "ok", "new", "known", "gone", "flags", "failed",
                              "server_messages", "archived_messages", "bytes", "seconds", "error"},
                             set(report["accounts"][0]))
        status = self.tool.json("status", check=0, unlock=False)
        self.assertLessEqual({"address", "role", "health", "last_success", "server_messages",
                              "archived_messages", "vanished"}, set(status["accounts"][0]))
        self.assertLessEqual({"messages", "bytes_raw", "bytes_stored", "bytes_index",
                              "indexed_messages"}, set(status["vault"]))
        check = self.check_vault()
        self.assertLessEqual({"objects", "messages", "findings", "verdict"}, set(check))
        to = self.home / "exported"
        exported = self.tool.json("export", "--account", self.user, "--to", to, check=0)
        self.assertEqual((exported["messages"], exported["failed"]), (1, []))

    def test_show_is_made_for_reading(self):
        body = "Yes.\r\n\r\nOn Monday Bob wrote:\r\n> 304 pipes?\r\n\x1b[31mred"
        self.server.deliver(self.user, "INBOX", letter(
            1, body, Cc="=?gb2312?B?1cXI/Q==?= <z@example.cn>, b@x.org",
            Date="Thu, 29 Feb 2024 23:59:59 +0800"), ["\\Seen"])
        self.server.deliver(self.user, "INBOX", letter(
            2, "--m\r\n\r\nsee file\r\n--m\r\nContent-Type: application/pdf; "
            "name=\"=?gb2312?B?sai82w==?=.pdf\"\r\n\r\n%PDF\r\n--m--",
            **{"Content-Type": "multipart/mixed; boundary=m"}))
        self.add_account()
        self.backup()
        ids = [entry["id"] for entry in self.manifest(self.export())]
        plain, attached = sorted((self.tool.run("show", one, check=0).stdout for one in ids),
                                 key=lambda text: "inquiry 2" in text)
        self.assertRegex(plain, r"^From     buyer1@customer.example\n"
                                r"To       lin@acme.example\n"
                                r"Cc       张三 <z@example.cn>,\n"
                                r"         b@x.org\n"
                                r"Date     2024-02-29 23:59 \+08:00\n"
                                r"Subject  inquiry 1\n"
                                rf"In       {self.user}/INBOX  \\Seen\n"
                                r"Id       [0-9a-f]{12}  \(\d+ B\)\n\nYes\.\n")
        self.assertIn("\nOn Monday Bob wrote:\n> 304 pipes?\n", plain)
        self.assertNotIn("\x1b", plain)
        self.assertRegex(attached, r"\n   attachment  type             size\n"
                                   r"1  报价.pdf    application/pdf   4 B\n"
                                   r"Save one: mailhold show [0-9a-f]{12} --part 1 -o FILE\n$")

    def test_status_tells_verified_messages_after_a_check(self):
        self.server.deliver(self.user, "INBOX", letter(1))
        self.add_account()
        self.backup()
        self.assertEqual(self.status()[self.user]["verified_messages"], 0)
        self.check_vault(unlock=False)
        self.assertEqual(self.status()[self.user]["verified_messages"], 1)

    def test_quiet_says_nothing_when_all_is_well(self):
        self.server.deliver(self.user, "INBOX", letter(1))
        self.add_account()
        result = self.tool.run("--quiet", "backup", check=0, unlock=False)
        self.assertEqual((result.stdout, result.stderr), ("", ""))
        loud = self.tool.run("backup", check=0, unlock=False)
        self.assertIn("All well: all 1 message", loud.stdout)
        self.assertRegex(loud.stdout, r"Journal head: writer [0-9a-f]{8} entry \d+ [0-9a-f]{16}")


if __name__ == "__main__":
    unittest.main()
