#!/usr/bin/env python3
"""One flipped bit, one cut or one missing object, anywhere in a vault: check finds it and says whose
mail is concerned, and every other message is still given back."""

import hashlib
import pathlib
import random
import shutil
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from e2e_case import E2eCase, instant_of, letter, recovery_key

FLIPS_PER_OBJECT = 3  # positions, each in another third of the object


def flip(path, position):
    content = bytearray(path.read_bytes())
    content[position] ^= 1 << position % 8
    path.write_bytes(content)


class Damage(E2eCase):
    """Two accounts, several runs, so that there are several archives and journal entries."""

    def setUp(self):
        super().setUp()
        self.other = self.new_user("wang")
        rng = random.Random(3)
        for address in (self.user, self.other):
            self.add_account(address)
        for run in range(3):
            for number in range(4):
                filler = "".join(rng.choices("abcdefghijklmnop", k=3000))
                for address in (self.user, self.other):
                    self.server.deliver(address, "INBOX", letter(f"{run}.{number}.{address}", filler))
            self.backup()
        self.served_to = {address: self.served(address) for address in (self.user, self.other)}
        self.sound = self.home / "sound"
        shutil.copytree(self.tool.vault, self.sound / "vault")
        shutil.copytree(self.home / "state", self.sound / "state")
        self.tool.vault.joinpath("tmp").mkdir(exist_ok=True)

    def restore(self):
        for part in ("vault", "state"):
            shutil.rmtree(self.home / part)
            shutil.copytree(self.sound / part, self.home / part)

    def all_damage(self):
        """Yields (object, what was done to it), the vault being sound but for that."""
        rng = random.Random(9)
        for name in self.objects():
            path = self.tool.vault / name
            size = path.stat().st_size
            for third in range(FLIPS_PER_OBJECT):
                position = rng.randrange(size * third // 3, size * (third + 1) // 3)
                flip(path, position)
                yield name, f"a bit of byte {position} of {size} flipped"
                self.restore()
            for length in (0, rng.randrange(1, size)):
                with open(path, "r+b") as file:
                    file.truncate(length)
                yield name, f"cut to {length} of {size} bytes"
                self.restore()
            path.unlink()
            yield name, "removed"
            self.restore()

    def test_every_damage_is_found_and_contained(self):
        self.assertGreaterEqual(len(self.objects("archives")), 3)
        self.assertGreaterEqual(len(self.objects("journal")), 3)
        kinds = set()
        for name, what in self.all_damage():
            with self.subTest(name=name, what=what):
                kinds.add(name.split("/")[0])
                self.assert_found_and_contained(name)
        self.assertEqual(kinds, {"root", "keys", "archives", "journal", "index"})

    def assert_found_and_contained(self, name):
        keyless = self.check_vault(check=None, unlock=False)
        self.assertIn(keyless["verdict"], ("damage", "tampering"))
        serious = [f for f in keyless["findings"] if f["object"].startswith(name.split("/")[0])]
        self.assertTrue(serious, keyless)
        for finding in serious:
            self.assertTrue(finding["next"], finding)
        if name.startswith("keys/"):
            self.assertEqual(keyless["findings"][0]["messages"], [])
            return  # which slot it was decides who can still read; see test_a_lost_slot
        with_key = self.check_vault(check=None)
        self.assertIn(with_key["verdict"], ("damage", "tampering"))
        lost = {message for finding in with_key["findings"] for message in finding["messages"]}
        if name.startswith("index/"):
            self.assertEqual(lost, set(), "no mail is lost with the index")
        if name.startswith("archives/"):
            self.assert_accounts_named(with_key, lost)
        if name.startswith("journal/"):
            self.assertTrue(any(f["accounts"] for f in with_key["findings"]), with_key)
        self.assert_all_but(lost)

    def assert_accounts_named(self, report, lost):
        concerned = {address for finding in report["findings"] for address in finding["accounts"]}
        if lost:
            self.assertTrue(concerned, report)
            self.assertLessEqual(concerned, {self.user, self.other})
        self.assertEqual(report["messages"], 24 - len(lost))

    def assert_all_but(self, lost):
        """Both accounts come back, but for `lost`, and that is said."""
        for address in (self.user, self.other):
            top = self.export(address, check=None)
            entries = self.manifest(top)
            found = set()
            for entry in entries:
                raw = (top / entry["path"]).read_bytes()
                found.add((hashlib.sha256(raw).hexdigest(), *instant_of(entry["internaldate"])))
                self.assertNotIn(entry["id"], lost)
            served = {(m.sha256, m.epoch, m.zone) for m in self.served_to[address]["INBOX"]}
            self.assertLessEqual(found, served, "nothing but original bytes")
            self.missing = len(served) - len(found)
            self.assertEqual(self.last_export.code, 3 if self.missing else 0, self.last_export)
        total = sum(len(self.served_to[a]["INBOX"]) for a in self.served_to)
        self.assertEqual(total, 24)

    def test_exactly_the_lost_messages_are_named(self):
        name = max(self.objects("archives"),
                   key=lambda one: (self.tool.vault / one).stat().st_size)
        (self.tool.vault / name).unlink()
        report = self.check_vault(check=3)
        lost = {message for finding in report["findings"] for message in finding["messages"]}
        self.assertTrue(lost)
        kept = set()
        for address in (self.user, self.other):
            kept |= {entry["id"] for entry in self.manifest(self.export(address, check=None))}
        self.assertEqual(len(kept) + len(lost), 24)
        self.assertFalse(kept & lost)
        self.assertIn("missing", {finding["kind"] for finding in report["findings"]})

    def test_a_lost_archive_is_fetched_again_while_the_server_has_it(self):
        for name in self.objects("archives")[:2]:
            (self.tool.vault / name).unlink()
        self.assertEqual(self.check_vault(check=3)["verdict"], "damage")
        self.backup()
        for address in (self.user, self.other):
            self.assert_export_equals_server(address)

    def test_journal_root_and_slots_come_back_from_the_mirror(self):
        sound = set(self.objects())
        for name in self.objects():
            if name.split("/")[0] in ("journal", "root", "keys"):
                (self.tool.vault / name).unlink()
                result = self.tool.run("backup", unlock=False, check=0)
                self.assertRegex(result.stderr, "(?i)rollback|put back", name)
                self.assertLessEqual(sound, set(self.objects()), name)
                self.assertEqual(self.check_vault()["verdict"], "clean", name)

    def test_a_lost_slot_leaves_the_other_one(self):
        sheet = self.home / "sheet.txt"
        self.tool.run("key", "recovery", "--sheet", sheet, check=0)
        recovery = self.home / "recovery"
        recovery.write_text(recovery_key(sheet) + "\n", encoding="utf-8")
        for slot in self.objects("keys"):
            kept = (self.tool.vault / slot).read_bytes()
            (self.tool.vault / slot).unlink()
            opened = [self.tool.run("--passphrase-file", secret, "check", unlock=False).code
                      for secret in (self.tool.passphrase_file, recovery)]
            self.assertIn(3, opened, "one of the two still opens, and says that a slot is lost")
            (self.tool.vault / slot).write_bytes(kept)

    def test_strange_files_are_harmless_and_listed(self):
        (self.tool.vault / "tmp" / "left-over").write_bytes(b"x")
        (self.tool.vault / "notes.txt").write_bytes(b"x")
        report = self.check_vault(check=0)
        self.assertEqual((report["verdict"], len(report["findings"])), ("clean", 2))


if __name__ == "__main__":
    unittest.main()
