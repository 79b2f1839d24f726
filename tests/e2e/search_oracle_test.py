#!/usr/bin/env python3
"""notmuch as oracle: for words drawn from real mail, how many messages have the exact word in their
body. Both index the same files; a message is the same to both when its Message-ID stands once."""

import email
import email.policy
import pathlib
import random
import re
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

import corpus
import maildir_files
import sample_mail
from e2e_case import PASSWORD, E2eCase

WORDS = 300
MOST_DISAGREEMENTS = WORDS // 100
WORD = re.compile(r"(?<![\w'.&@-])[A-Za-z]{3,14}(?![\w'.&@-])")

# Words whose counts may differ, with the reason. Anything else that differs fails the test.
EXPLAINED = {
    "haiheng": "Latin letters directly beside Chinese ones: one long word to notmuch, a word to mailhold",
}


def message_id(raw):
    found = re.search(rb"(?im)^message-id:\s*(\S+)", raw.split(b"\r\n\r\n", 1)[0])
    return found[1] if found else None


def is_plain(raw):
    """One text/plain part in an encoding that both read alike."""
    head = raw.split(b"\r\n\r\n", 1)[0].lower()
    return b"content-type: text/plain" in head and b"base64" not in head


class Notmuch:
    def __init__(self, home, maildir):
        self.config = home / "notmuch-config"
        database = home / "notmuch"
        database.mkdir()
        self.config.write_text(f"[database]\npath={database}\nmail_root={maildir}\n[user]\nname=a\n"
                               "primary_email=a@acme.example\n[new]\ntags=\n"
                               "[maildir]\nsynchronize_flags=false\n", encoding="utf-8")
        self.run("new", "--quiet")

    def run(self, *arguments, **options):
        return subprocess.run(["notmuch", "--config", self.config, *arguments], check=True,
                              capture_output=True, text=True, **options).stdout

    def counts(self, words):
        queries = "".join(f'body:"{word}"\n' for word in words)
        return list(map(int, self.run("count", "--exclude=false", "--batch", input=queries).split()))


class Oracle(E2eCase):
    def compare(self, messages):
        """Backs `messages` (CRLF bytes) up, indexes them with notmuch, and compares the counts."""
        once = {}
        for raw in messages:
            if is_plain(raw) and message_id(raw):
                once.setdefault(message_id(raw), raw)
        maildir = maildir_files.make_maildir(self.home / "oracle")
        for number, raw in enumerate(once.values()):
            maildir_files.write_message(maildir, raw, "S", 1_000_000_000 + number)
            self.server.deliver(self.user, "INBOX", raw, internaldate=1_000_000_000 + number)
        self.add_account()
        self.backup(timeout=1800)
        oracle = Notmuch(self.home, maildir)
        words = self.words_of(list(once.values()))
        differing = {}
        for word, theirs in zip(words, oracle.counts(words)):
            ours = int(self.tool.run("search", "--count", f'body:"{word}"', check=0).stdout)
            if ours != theirs:
                differing[word] = (ours, theirs)
        self.assertEqual({w: c for w, c in differing.items() if w not in EXPLAINED}, {})
        self.assertLessEqual(len(differing), MOST_DISAGREEMENTS)
        return len(once), words

    @staticmethod
    def words_of(messages):
        """A seeded sample of distinct words, common and rare ones."""
        chance, words = random.Random(11), set()
        while len(words) < WORDS:
            raw = chance.choice(messages)
            body = email.message_from_bytes(raw, policy=email.policy.default).get_payload(decode=True)
            found = WORD.findall((body or b"").decode("ascii", "ignore"))
            if found:
                words.add(chance.choice(found).lower())
        return sorted(words)

    def test_generated_mail(self):
        sample = sample_mail.Sample(seed=23, messages=400)
        count, words = self.compare(placement.raw for placement in sample.placements())
        self.assertGreater(count, 50)
        self.assertEqual(len(words), WORDS)

    @unittest.skipUnless(corpus.roots(), "MAILHOLD_CORPUS does not name the corpus of real mail")
    def test_the_enron_people(self):
        paths = [path for files in corpus.enron_people().values() for path in files]
        count, _ = self.compare(re.sub(rb"\r?\n", b"\r\n", path.read_bytes()) for path in paths)
        self.assertGreater(count, 15_000)


if __name__ == "__main__":
    unittest.main()
