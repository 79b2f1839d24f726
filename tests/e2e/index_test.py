#!/usr/bin/env python3
"""Archived means searchable: the index is committed with the mail, caught up where it was not, mended
where it is damaged, and merged, without a message lost to search or shown twice."""

import json
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from e2e_case import E2eCase, letter


class Index(E2eCase):
    def deliver(self, first, last, word="quotation"):
        for number in range(first, last + 1):
            self.server.deliver(self.user, "INBOX", letter(number, f"Our {word} n{number}x follows."))

    def ids(self, *query):
        return self.tool.run("search", "--ids", *query, check=0).stdout.split()

    def shards(self):
        return self.objects("index")

    def set_index(self, wanted):
        """Writes [search] index = … at the config's beginning, where no table stands yet."""
        text = self.tool.config.read_text(encoding="utf-8")
        text = text.replace("search.index = false\n", "")
        if not wanted:
            text = "search.index = false\n" + text
        self.tool.config.write_text(text, encoding="utf-8")

    def assert_all_searchable(self, count):
        vault = self.status()["vault"]
        self.assertEqual((vault["messages"], vault["indexed_messages"]), (count, count))
        found = self.ids("quotation")
        self.assertEqual(len(found), count)
        self.assertEqual(len(set(found)), count)
        self.assertEqual(self.check_vault("--read-data")["verdict"], "clean")

    def test_a_backup_without_a_passphrase_is_searchable_at_once(self):
        self.deliver(1, 12)
        self.add_account()
        self.backup()
        self.assertEqual(len(self.shards()), 1)
        self.assert_all_searchable(12)
        self.assertEqual(len(self.ids("n7x")), 1)
        self.assertEqual(self.ids("no-such-word-anywhere"), [])

    def test_a_message_in_many_folders_is_found_once(self):
        self.add_account()
        for folder in ("INBOX", "Customers", "Archive"):
            self.server.deliver(self.user, folder, letter(1, "one quotation"))
        self.backup()
        self.assertEqual(len(self.ids("quotation")), 1)

    def test_mail_archived_without_an_index_is_caught_up(self):
        self.set_index(False)
        self.deliver(1, 8)
        self.add_account()
        self.backup()
        self.assertEqual(self.shards(), [])
        self.assertEqual(self.status()["vault"]["indexed_messages"], 0)
        self.set_index(True)
        self.deliver(9, 10)
        self.backup()
        status = self.tool.run("status", check=0, unlock=False).stdout
        self.assertIn("Searchable: 2 of 10", status)
        self.assertIn("mailhold tidy", status)
        tidied = json.loads(self.tool.run("--json", "tidy", check=0).stdout)
        self.assertEqual((tidied["indexed"], tidied["indexed_messages"]), (8, 10))
        self.assert_all_searchable(10)

    def leave_mail_unindexed(self):
        """One message with an index, three more without; returns the id of the first."""
        self.deliver(1, 1)
        self.add_account()
        self.backup()
        self.set_index(False)
        self.deliver(2, 4)
        self.backup()
        self.set_index(True)
        return self.ids_without_tending("quotation")[0]

    def ids_without_tending(self, *query):
        self.set_index(False)
        found = self.ids(*query)
        self.set_index(True)
        return found

    def assert_waiting(self, count):
        vault = self.status()["vault"]
        self.assertEqual(vault["messages"] - vault["indexed_messages"], count)

    def test_show_tends_the_index_behind_its_answer(self):
        shown = self.leave_mail_unindexed()
        self.assert_waiting(3)
        self.assertIn("quotation", self.tool.run("show", shown, check=0).stdout)
        self.assert_waiting(0)

    def test_export_of_a_query_tends_the_index_behind_its_answer(self):
        self.leave_mail_unindexed()
        self.assert_waiting(3)
        self.tool.run("export", "--query", "quotation", "--to", self.home / "out", check=0)
        self.assert_waiting(0)

    def test_what_goes_wrong_behind_an_answer_is_a_warning(self):
        shown = self.leave_mail_unindexed()
        last = max((self.tool.vault / "journal").rglob("*-*"))
        number, _, digest = last.name.partition("-")
        forged = last.with_name(f"{int(number) + 1:0{len(number)}}-{digest}")
        forged.write_bytes(last.read_bytes())
        result = self.tool.run("show", shown, check=0)
        self.assertIn("quotation", result.stdout)
        self.assertIn("FORK", result.stderr)
        self.assertEqual(len(self.ids_without_tending("quotation")), 1)

    def test_many_nights_are_merged_and_nothing_is_lost_or_twice(self):
        self.add_account()
        for night in range(12):
            self.deliver(night * 2 + 1, night * 2 + 2)
            self.backup()
        self.assertEqual(len(self.shards()), 12)
        tidied = json.loads(self.tool.run("--json", "tidy", check=0).stdout)
        self.assertGreater(tidied["merged"], 0)
        self.assertLess(tidied["shards"], 12)
        self.assert_all_searchable(24)
        # Replaced ones stay for readers that have them open, and go after two weeks.
        self.tool.pretended_now = "2099-01-01T00:00:00Z"
        removed = json.loads(self.tool.run("--json", "tidy", check=0).stdout)["removed"]
        self.tool.pretended_now = None
        self.assertGreater(removed, 0)
        self.assertEqual(len(self.shards()), tidied["shards"])
        self.assert_all_searchable(24)

    def test_a_lost_shard_is_noticed_and_made_again(self):
        self.deliver(1, 6)
        self.add_account()
        self.backup()
        (self.tool.vault / self.shards()[0]).unlink()
        self.assertEqual(self.check_vault(check=3)["findings"][0]["kind"], "missing")
        self.assertIn("tidy", self.tool.run("tidy", check=0).stderr)
        self.assertEqual(len(self.ids("quotation")), 6)

    def test_a_damaged_shard_is_found_and_rebuilt_from_the_archives(self):
        self.deliver(1, 6)
        self.add_account()
        self.backup()
        path = self.tool.vault / self.shards()[0]
        broken = bytearray(path.read_bytes())
        broken[len(broken) // 2] ^= 1
        path.chmod(0o600)
        path.write_bytes(broken)
        kinds = {f["kind"] for f in self.check_vault("--read-data", check=3)["findings"]}
        self.assertIn("damaged", kinds)
        self.tool.run("rebuild", check=0)
        self.assertEqual(len(self.ids("quotation")), 6)

    def test_the_catalog_rebuilt_from_the_journal_knows_the_index(self):
        self.deliver(1, 6)
        self.add_account()
        self.backup()
        for path in (self.home / "state").glob("catalog.sqlite*"):
            path.unlink()
        self.tool.run("rebuild", check=0)
        self.assertEqual(len(self.shards()), 1)
        self.assert_all_searchable(6)

    def test_other_languages_are_indexed_anew_and_words_stay_found_meanwhile(self):
        self.deliver(1, 3)
        self.add_account()
        self.backup()
        text = self.tool.config.read_text(encoding="utf-8")
        self.tool.config.write_text('search.languages = ["en", "de"]\n' + text, encoding="utf-8")
        self.assertEqual(self.status()["vault"]["indexed_messages"], 3)
        tidied = json.loads(self.tool.run("--json", "tidy", check=0).stdout)
        self.assertEqual(tidied["indexed"], 3)
        self.assert_all_searchable(3)


if __name__ == "__main__":
    unittest.main()
