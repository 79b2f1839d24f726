#!/usr/bin/env python3
"""Measures mailhold against its peers in one run, as ratios, and fails when a gate is missed.

    scripts/bench [--messages N] [--corpus | --generated] [--repeat N]

A gate compares like with like on the same machine in the same minutes: the same mailbox from the same
Dovecot over TLS, runs of both taking turns, the median of each."""

import argparse
import os
import pathlib
import shutil
import statistics
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "support")]

import corpus
import mailboxes
import measured
import peers
from dovecot import Dovecot
from mailhold_cli import Mailhold

PASSWORD = "secret"
SHORT_RUNS = 9
LONG_SECONDS = 60  # a peer that takes longer than this in all is measured no more often
MEGABYTE = 1_000_000
# What mbsync and restic do; search has a bench of its own.
WITHOUT_INDEX = "[search]\nindex = false\n"


class Table:
    """The results, printed as they come."""

    def __init__(self):
        self.failed = []
        print(f"{'':44} {'ours':>12} {'peer':>12} {'ratio':>7} {'gate':>7}")

    def compare(self, what, ours, peer, gate, form):
        self._row(what, form(ours), form(peer), ours / peer, gate, f"{ours / peer:.2f}", f"{gate:g}")

    def tell(self, what, ours, peer, form):
        """For comparison, without a gate."""
        print(f"{what:44} {form(ours):>12} {form(peer):>12} {ours / peer:>7.2f}", flush=True)

    def limit(self, what, ours, gate, form):
        self._row(what, form(ours), "", ours, gate, "", form(gate))

    def _row(self, what, ours, peer, value, gate, ratio, shown_gate):
        verdict = "PASS" if value <= gate else "FAIL"
        if verdict == "FAIL":
            self.failed.append(what)
        print(f"{what:44} {ours:>12} {peer:>12} {ratio:>7} {shown_gate:>7}  {verdict}", flush=True)


def seconds(value):
    return f"{value:.3f} s" if value < 1 else f"{value:.2f} s"


def megabytes(value):
    return f"{value / MEGABYTE:.1f} MB"


class Installation:
    """A mailhold with one account, whose vault can be made anew; with none where there is no server."""

    def __init__(self, home, server=None, address=None, settings=""):
        self.tool = Mailhold(home)
        self.tool.init("a passphrase for measuring")
        with self.tool.config.open("a", encoding="utf-8") as config:
            config.write("\n" + settings)
        if server:
            self.tool.account_add(address, PASSWORD, server.host, server.imaps_port, ca=server.ca_file)
        self._pristine = home / "pristine"
        self.remember()

    def remember(self):
        """What forget() goes back to."""
        shutil.rmtree(self._pristine, ignore_errors=True)
        for part in ("vault", "state"):
            shutil.copytree(self.tool.home / part, self._pristine / part)

    def forget(self):
        for part in ("vault", "state"):
            shutil.rmtree(self.tool.home / part)
            shutil.copytree(self._pristine / part, self.tool.home / part)

    def tool_run(self, *arguments, unlock=True):
        return measured.run(self.tool.command(*arguments, unlock=unlock),
                            env=self.tool.environment(), cwd=self.tool.home)

    def backup(self):
        return self.tool_run("--quiet", "backup", unlock=False)

    def unlock(self):
        self.tool_run("unlock")

    def lock(self):
        self.tool_run("lock", unlock=False)

    def index_bytes(self):
        return mailboxes.bytes_below(self.tool.vault / "index")

    def stored_bytes(self):
        """Archives and journal."""
        return sum(mailboxes.bytes_below(self.tool.vault / kind) for kind in ("archives", "journal"))

    def messages(self):
        return self.tool.json("status", check=0)["accounts"][0]["archived_messages"]


class Bench:
    def __init__(self, folder, arguments):
        self.folder, self.arguments = folder, arguments
        self.trees = {name: folder / f"tree-{name}" for name in ("mailbox", "catalogues", "large")}
        use_corpus = arguments.corpus if arguments.corpus is not None else bool(corpus.roots())
        self.count, folders, source = mailboxes.write_mailbox(self.trees["mailbox"],
                                                              arguments.messages, use_corpus)
        size = mailboxes.bytes_below(self.trees["mailbox"])
        print(f"{self.count} messages in {folders} folders, {megabytes(size)}, {source}; "
              f"{os.cpu_count()} cores\n")
        self.server = Dovecot(folder / "server", list_index=True)
        self.table = Table()

    def run(self):
        with self.server:
            self.server.load(self.trees["mailbox"], PASSWORD)
            peers.drain(self.server, mailboxes.MAILBOX, PASSWORD)  # the server's index and caches
            ours = Installation(self.folder / "ours", self.server, mailboxes.MAILBOX, WITHOUT_INDEX)
            mbsync = peers.Mbsync(self.folder, self.server, mailboxes.MAILBOX, PASSWORD)
            self.first_runs(ours, mbsync)
            self.later_runs(ours, mbsync)
            self.stored(ours)
            self.catalogues()
            self.large_message()
        return self.table.failed

    def first_runs(self, ours, mbsync):
        """Everything is new; one after the other, several times."""
        drained, own, others, peak = [], [], [], []
        for _ in range(self.arguments.repeat):
            drained.append(peers.drain(self.server, mailboxes.MAILBOX, PASSWORD))
            ours.forget()
            done = ours.backup()
            own.append(done.seconds)
            peak.append(done)
            if sum(others) < LONG_SECONDS:
                mbsync.forget()
                others.append(mbsync.run().seconds)
        self.must_hold(ours.messages(), "mailhold")
        self.must_hold(mbsync.messages(), "mbsync")
        median = statistics.median
        self.table.compare("first run, against a raw drain over TLS", median(own), median(drained),
                           2.5, seconds)
        self.table.compare("first run, against mbsync", median(own), median(others), 0.5, seconds)
        self.memory(f"peak memory, {self.count} messages", peak, 256)

    def must_hold(self, found, who):
        if found != self.count:
            raise RuntimeError(f"{who} has {found} messages of {self.count}: nothing to compare")

    def memory(self, what, runs, gate_megabytes):
        if not all(run.files_seen for run in runs):
            what += " (RSS alone: run as root to see memfd)"
        self.table.limit(what, max(run.peak_bytes for run in runs), gate_megabytes * MEGABYTE,
                         megabytes)

    def later_runs(self, ours, mbsync):
        own, others, asked = [], [], []
        for run in range(SHORT_RUNS + 1):
            done, other = ours.backup(), mbsync.run()
            if run > 0:  # the first one may still tidy up
                own.append(done.seconds)
                others.append(other.seconds)
                asked.append(peers.ask_counters(self.server, mailboxes.MAILBOX, PASSWORD))
        median = statistics.median
        # Not a tenth: to log in and to hear the counters takes the server longer than that alone.
        self.table.compare("nothing new, against mbsync", median(own), median(others), 0.3, seconds)
        self.table.tell("  the server's part of it", median(asked), median(others), seconds)

    def stored(self, ours):
        restic = peers.restic_bytes(self.folder, self.trees["mailbox"])
        self.table.compare("stored, against restic of the same Maildir", ours.stored_bytes(), restic,
                           0.65, megabytes)

    def catalogues(self):
        mailboxes.write_catalogues(self.trees["catalogues"])
        self.server.load(self.trees["catalogues"], PASSWORD)
        ours = Installation(self.folder / "ours-catalogues", self.server, mailboxes.CATALOGUES,
                            WITHOUT_INDEX)
        done = ours.backup()
        self.table.compare(f"a catalogue in {mailboxes.CATALOGUE_LETTERS} letters, against one of it",
                           ours.stored_bytes(), mailboxes.CATALOGUE_BYTES, 1.1, megabytes)
        self.memory("peak memory, catalogues", [done], 256)

    def large_message(self):
        mailboxes.write_large(self.trees["large"])
        self.server.load(self.trees["large"], PASSWORD)
        ours = Installation(self.folder / "ours-large", self.server, mailboxes.LARGE)
        self.memory("peak memory, one message of 100 MB", [ours.backup()], 300)


def main():
    parser = argparse.ArgumentParser(prog="scripts/bench", description="mailhold and its peers.")
    parser.add_argument("--messages", type=int, default=20_000,
                        help="in the mailbox (default: 20000)")
    parser.add_argument("--repeat", type=int, default=3, help="first runs of each (default: 3)")
    parser.add_argument("--corpus", action="store_const", const=True,
                        help="real mail of MAILHOLD_CORPUS (default when that is set)")
    parser.add_argument("--generated", dest="corpus", action="store_const", const=False)
    arguments = parser.parse_args()
    if arguments.corpus and not corpus.roots():
        parser.error("MAILHOLD_CORPUS does not name the corpus")
    with tempfile.TemporaryDirectory(prefix="mailhold-bench-", dir="/var/tmp") as folder:
        pathlib.Path(folder).chmod(0o755)
        failed = Bench(pathlib.Path(folder), arguments).run()
    if failed:
        print("\nmissed: " + "; ".join(failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
