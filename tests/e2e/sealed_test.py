#!/usr/bin/env python3
"""The nightly host can write and cannot read: without a passphrase nothing is shown, and no subject,
correspondent or body word of the archived mail is found in vault, state or temporary files."""

import base64
import pathlib
import re
import shutil
import signal
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

import sample_mail
from e2e_case import PASSPHRASE, PASSWORD, E2eCase

SHORTEST = 8  # bytes of a needle; less is found by chance


def encodings_of(text):
    """The ways in which `text` may stand in a file: charsets of our mail, and base64 of UTF-8."""
    forms = set()
    for charset in ("utf-8", "gb18030", "big5", "iso-2022-jp", "utf-16-le"):
        try:
            forms.add(text.encode(charset))
        except UnicodeEncodeError:
            continue
    raw = text.encode("utf-8")
    for shift in range(3):  # base64 has three alignments; drop what depends on the neighbours
        coded = base64.b64encode(b"\0" * shift + raw).rstrip(b"=")
        forms.add(coded[4 if shift else 0:-4])
    return {form for form in forms if len(form) >= SHORTEST}


class Sealed(E2eCase):
    def setUp(self):
        super().setUp()
        self.own_server()
        tree = self.home / "sample"
        sample_mail.write(tree, sample_mail.Sample(seed=5, messages=150, catalogue_kib=32))
        self.addresses = self.server.load(tree, PASSWORD)
        for address in self.addresses:
            self.add_account(address)
        self.truth = list(sample_mail.read_truth(tree))
        self.needles = self.make_needles(tree)
        shutil.rmtree(tree)

    def make_needles(self, tree):
        """{bytes: what they are} that must be nowhere. Own addresses and folder names may be known."""
        needles = {}
        for line in self.truth:
            if line["from"] not in self.addresses:
                needles[line["from"].encode()] = "a correspondent"
            needles[line["message_id"].encode()] = "a Message-ID"
            for form in encodings_of(line["subject"]):
                needles[form] = "a subject"
            words = line["words"] + [a["name"] for a in line["attachments"]]
            for word in (w for w in words if not re.fullmatch(r"[\d-]+", w)):  # dates may be known
                for form in encodings_of(word):
                    needles[form] = "a word of a body, or an attachment's name"
            raw = (tree / line["file"]).read_bytes()
            for wire_line in re.findall(rb"(?m)^(?:Subject|To|Cc): (.{20,60})", raw):
                if not any(own.encode() in wire_line for own in self.addresses):
                    needles[wire_line] = "a header line"
            middle = raw[len(raw) // 2:].split(b"\r\n")
            needles.update({one: "a line of a body" for one in middle[1:3] if len(one) > 24})
        return needles

    def found_in(self, *folders):
        """[(file, what was found)] over every file below `folders`."""
        found = []
        for folder in folders:
            for path in pathlib.Path(folder).rglob("*"):
                if path.is_file() and path.name != "passphrase":
                    content = path.read_bytes()
                    found += [(path.name, what, needle) for needle, what in self.needles.items()
                              if needle in content]
        return found

    def everything_kept(self):
        return [self.tool.vault, self.home / "state", self.tool.temporary, self.home / ".config",
                self.home / ".cache", *pathlib.Path("/dev/shm").glob("mailhold-[0-9]*")]

    def test_the_needles_are_found_where_mail_is_readable(self):
        self.backup()
        readable = {what for _, what, _ in self.found_in(self.export(self.addresses[0]))}
        self.assertEqual(readable, set(self.needles.values()))
        self.assertGreater(len(self.needles), 500)

    def test_nothing_readable_is_kept_after_a_run(self):
        self.backup()
        self.server.expunge(self.addresses[0], "INBOX", [1])
        self.backup()
        self.tool.run("check", "--read-data", check=0)
        self.tool.run("status", check=0)
        self.assertEqual(self.found_in(*self.everything_kept()), [])

    def test_nothing_readable_is_left_by_a_killed_run(self):
        for moment in (0.1, 0.2, 0.3, 0.5):
            process = self.tool.start("backup", unlock=False)
            time.sleep(moment)
            process.kill()
            process.communicate()
            self.assertIn(process.returncode, (0, -signal.SIGKILL))
            self.assertEqual(self.found_in(*self.everything_kept()), [])

    def test_nothing_readable_is_left_by_reading(self):
        self.backup()
        top = self.export(self.addresses[0])
        message = self.manifest(top)[0]["id"]
        self.tool.run("show", message, check=0)
        self.tool.run("--json", "show", message, check=0)
        shutil.rmtree(top.parent)
        self.assertEqual(self.found_in(*self.everything_kept()), [])

    def test_passwords_and_the_passphrase_are_nowhere(self):
        self.backup()
        self.needles = {PASSPHRASE.encode(): "the passphrase"}
        for address in self.addresses:
            password = f"Zq8-{address}-secret"
            self.server.add_user(address, password)
            self.tool.run("account", "set", address, "--password-stdin", input=password + "\n",
                          check=0, unlock=False)
            self.needles[password.encode()] = "a password"
        self.backup()
        self.assertEqual(self.found_in(*self.everything_kept(), self.tool.config.parent / "state"),
                         [])
        self.assertNotIn("secret", self.tool.config.read_text(encoding="utf-8"))

    def test_files_are_for_their_owner_only(self):
        self.backup()
        for folder in (self.tool.vault, self.home / "state"):
            for path in [folder, *folder.rglob("*")]:
                self.assertEqual(path.stat().st_mode & 0o077, 0, path)

    def test_without_a_passphrase_nothing_is_shown(self):
        self.backup()
        message = self.manifest(self.export(self.addresses[0]))[0]["id"]
        to = self.home / "stolen"
        for command in (["show", message], ["show", message, "--raw"],
                        ["export", "--account", self.addresses[0], "--to", to]):
            result = self.tool.run(*command, unlock=False)
            self.assert_error(result, 12, "passphrase")
            self.assertEqual(result.stdout, "")
        self.assertFalse(to.exists())
        (self.home / "wrong").write_text("not the passphrase\n", encoding="utf-8")
        for command in (["show", message], ["export", "--account", self.addresses[0], "--to", to],
                        ["check", "--read-data"], ["rebuild"], ["key", "recovery"]):
            result = self.tool.run("--passphrase-file", self.home / "wrong", *command, unlock=False)
            self.assert_error(result, 12)
        self.assertFalse(to.exists())
        self.assertEqual(self.backup()[self.addresses[0]]["new"], 0, "backing up goes on without")


if __name__ == "__main__":
    unittest.main()
