#!/usr/bin/env python3
"""Measures mailhold's search against mu and notmuch in one run, as ratios; fails when a gate is missed.

    scripts/bench search [--messages N] [--repeat N] [--many N] [--only-search] [--corpus | --generated]

Index: the same 20,000 messages, ours sealed and with the text of attachments; ours and mu in turns,
of which the medians are compared. Search: new processes on an unlocked vault, two-word queries, at N
messages and at a tenth of them."""

import argparse
import email
import email.policy
import pathlib
import random
import re
import statistics
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "support")]

import corpus
import mailboxes
import measured
import peers
from bench import PASSWORD, Installation, Table, megabytes, seconds
from dovecot import Dovecot

QUERIES = 40
LIMIT_HOLDS_TO = 100_000  # messages that are searched in so many milliseconds; then the ratio counts
WORD = re.compile(r"[a-z]{4,12}")


def text_of(raw):
    """The plain text that a person reads, not its encoding: base64 letters are words of no message."""
    body = email.message_from_bytes(raw, policy=email.policy.default).get_body(("plain",))
    try:
        return body.get_content() if body else ""
    except (LookupError, UnicodeError):  # a charset that Python lacks
        return ""


def words_of(messages, wanted, seed=7):
    """Pairs of words that stand in one message's text."""
    chance = random.Random(seed)
    pairs = []
    while len(pairs) < wanted:
        found = sorted(set(WORD.findall(text_of(chance.choice(messages)).lower())))
        if len(found) > 20:
            pairs.append(chance.sample(found, 2))
    return pairs


class Bench:
    def __init__(self, folder, arguments):
        self.folder, self.arguments, self.table = folder, arguments, Table()
        self.use_corpus = (arguments.corpus if arguments.corpus is not None
                           else bool(corpus.roots()))

    def run(self):
        if not self.arguments.only_search:
            self.index()
        self.search()
        return self.table.failed

    def mailbox(self, name, count):
        tree = self.folder / name
        made, _, source = mailboxes.write_mailbox(tree, count, self.use_corpus)
        print(f"{made} messages, {megabytes(mailboxes.bytes_below(tree))}, {source}", flush=True)
        return tree

    def index(self):
        tree = self.mailbox("tree", self.arguments.messages)
        with Dovecot(self.folder / "server", list_index=True) as server:
            server.load(tree, PASSWORD)
            peers.drain(server, mailboxes.MAILBOX, PASSWORD)  # the server's index and caches
            ours = Installation(self.folder / "ours", server, mailboxes.MAILBOX)
            whole = ours.backup()
            mbsync = peers.Mbsync(self.folder, server, mailboxes.MAILBOX, PASSWORD)
            mbsync.forget()
            pulled = mbsync.run().seconds
            without = Installation(self.folder / "without", server, mailboxes.MAILBOX, "[search]\nindex = false\n")
            without.backup()
        begun = time.monotonic()
        peers.restic_bytes(self.folder, tree)
        kept = time.monotonic() - begun
        without.tool.config.write_text(
            without.tool.config.read_text(encoding="utf-8").replace("index = false", "index = true"),
            encoding="utf-8")
        mu = peers.Mu(self.folder, tree / mailboxes.MAILBOX / "Maildir")
        caught_up, indexed, peak_bytes = self.index_in_turns(without, mu)
        self.table.compare("indexing alone (tidy), against mu index", caught_up, indexed, 0.5, seconds)
        self.table.compare("backup, searchable, against mbsync + mu + restic", whole.seconds,
                           pulled + indexed + kept, 0.45, seconds)
        self.table.compare("sealed index, against mu's", ours.index_bytes(), mu.bytes(), 1.0, megabytes)
        if self.arguments.notmuch:
            notmuch = peers.Notmuch(self.folder, tree / mailboxes.MAILBOX / "Maildir")
            self.table.tell("  indexing alone, against notmuch new", caught_up, notmuch.index(), seconds)
            self.table.tell("  sealed index, against notmuch's", ours.index_bytes(), notmuch.bytes(),
                            megabytes)
        self.table.limit("peak memory, backup with index", max(whole.peak_bytes, peak_bytes),
                         256 * 1_000_000, megabytes)

    def index_in_turns(self, ours, mu):
        """Median seconds of `ours`, whose mail is not indexed yet, and of mu; and our peak memory."""
        ours.remember()
        tidied, indexed = [], []
        for _ in range(self.arguments.repeat):
            ours.forget()
            tidied.append(ours.tool_run("tidy"))
            indexed.append(mu.index())
        return (statistics.median(run.seconds for run in tidied), statistics.median(indexed),
                max(run.peak_bytes for run in tidied))

    def search(self):
        medians = []
        for part, count in (("few", self.arguments.many // 10), ("many", self.arguments.many)):
            mbox = self.folder / f"{part}.mbox"
            shown, source = mailboxes.write_mbox(mbox, count, self.use_corpus)
            pairs = words_of(shown, QUERIES)
            ours = Installation(self.folder / f"ours-{part}")
            ours.tool_run("--quiet", "import", mailboxes.MAILBOX, str(mbox))
            ours.tool_run("tidy")
            mbox.unlink()
            ours.unlock()
            times, read = [], []
            for pair in pairs:
                done = ours.tool_run("-v", "search", *pair, unlock=False)
                times.append(done.seconds)
                read.append(done)
            medians.append(statistics.median(times))
            ours.lock()
            print(f"{count} messages, {source}: median {seconds(medians[-1])}, slowest {seconds(max(times))}; "
                  f"index {megabytes(ours.index_bytes())}", flush=True)
            print(f"  {sum('Nothing found' in one.stdout for one in read)} of {len(pairs)} found nothing; "
                  f"the last one {read[-1].stderr.strip().splitlines()[-1].partition('debug: ')[2]}")
        timed = 0 if self.arguments.many > LIMIT_HOLDS_TO else 1
        self.table.limit(f"search, two words, {self.arguments.many // 10 ** (1 - timed)} messages",
                         medians[timed], 0.060, seconds)
        self.table.compare("  against a tenth of the messages", medians[1], medians[0], 1.5, seconds)


def main():
    parser = argparse.ArgumentParser(prog="scripts/bench search", description=__doc__.splitlines()[0])
    parser.add_argument("--messages", type=int, default=20_000, help="indexed (default: 20000)")
    parser.add_argument("--repeat", type=int, default=3, help="times of indexing (default: 3)")
    parser.add_argument("--many", type=int, default=100_000, help="searched (default: 100000)")
    parser.add_argument("--only-search", action="store_true", help="do not measure indexing")
    parser.add_argument("--notmuch", action="store_true", help="also against notmuch")
    parser.add_argument("--corpus", action="store_const", const=True)
    parser.add_argument("--generated", dest="corpus", action="store_const", const=False)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="mailhold-bench-", dir="/var/tmp") as folder:
        pathlib.Path(folder).chmod(0o755)
        failed = Bench(pathlib.Path(folder), arguments).run()
    if failed:
        print("\nmissed: " + "; ".join(failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
