#!/usr/bin/env python3
"""notmuch as oracle: for words drawn from mail, how many messages have the exact word in their body.

Both see the same text: plain ASCII bodies, each Message-ID once. (To notmuch, letters that touch Chinese
ones are one long word; to mailhold they are words.)"""

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
WORD = re.compile(r"(?<![\w'.&@-])[A-Za-z]{3,14}(?![\w'.&@-])")


def message_id(raw):
    found = re.search(rb"(?im)^message-id:\s*(\S+)", raw.split(b"\r\n\r\n", 1)[0])
    return found[1] if found else None


def body_of(raw):
    return email.message_from_bytes(raw, policy=email.policy.default).get_payload(decode=True) or b""


def is_plain(raw):
    """One text/plain part of ASCII."""
    head = raw.split(b"\r\n\r\n", 1)[0].lower()
    return b"content-type: text/plain" in head and body_of(raw).isascii()


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
        self.assertEqual(differing, {})
        return len(once), words

    @staticmethod
    def words_of(messages):
        """A seeded sample of distinct words, common and rare ones."""
        chance, words = random.Random(11), set()
        while len(words) < WORDS:
            raw = chance.choice(messages)
            found = WORD.findall(body_of(raw).decode("ascii"))
            if found:
                words.add(chance.choice(found).lower())
        return sorted(words)

    def test_generated_mail(self):
        sample = sample_mail.Sample(seed=23, messages=900)
        count, words = self.compare(placement.raw for placement in sample.placements())
        self.assertGreater(count, 30)
        self.assertEqual(len(words), WORDS)

    @unittest.skipUnless(corpus.roots(), "MAILHOLD_CORPUS does not name the corpus of real mail")
    def test_the_enron_people(self):
        paths = [path for files in corpus.enron_people().values() for path in files]
        count, _ = self.compare(re.sub(rb"\r?\n", b"\r\n", path.read_bytes()) for path in paths)
        self.assertGreater(count, 15_000)


if __name__ == "__main__":
    unittest.main()
