#!/usr/bin/env python3
"""Measures `mailhold restore` into an empty account against mbsync's push and, where it is installed,
imapsync, in one run; fails when a gate is missed.

    scripts/bench restore [--messages N] [--corpus | --generated] [--repeat N]"""

import argparse
import pathlib
import shutil
import statistics
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "support")]

import bench
import corpus
import imap_reader
import mailboxes
import measured
import peers
from dovecot import Dovecot

LEAST_A_SECOND = 2_500  # where imapsync cannot be asked


class Imapsync:
    """imapsync from one account into another, without its memory of earlier runs."""

    def __init__(self, server, password):
        self._server, self._password = server, password

    @staticmethod
    def is_there():
        return shutil.which("imapsync") is not None

    def run(self, source, target):
        sides = []
        for number, user in (("1", source), ("2", target)):
            sides += [f"--host{number}", self._server.host, f"--port{number}", self._server.imaps_port,
                      f"--user{number}", user, f"--password{number}", self._password, f"--ssl{number}",
                      f"--sslargs{number}", f"SSL_ca_file={self._server.ca_file}"]
        return measured.run(["imapsync", *sides, "--nolog", "--no-modulesversion", "--nofoldersizes"])


class UploadBench:
    def __init__(self, folder, arguments):
        self.folder, self.arguments = folder, arguments
        self.tree = folder / "tree"
        use_corpus = arguments.corpus if arguments.corpus is not None else bool(corpus.roots())
        self.count, folders, source = mailboxes.write_mailbox(self.tree, arguments.messages, use_corpus,
                                                              arguments.customers)
        print(f"{self.count} messages in {folders} folders, "
              f"{bench.megabytes(mailboxes.bytes_below(self.tree))}, {source}\n")
        self.server = Dovecot(folder / "server", list_index=True)
        self.table = bench.Table()
        self.targets = 0

    def run(self):
        with self.server:
            self.server.load(self.tree, bench.PASSWORD)
            self.ours = bench.Installation(self.folder / "ours", self.server, mailboxes.MAILBOX,
                                           bench.WITHOUT_INDEX)
            self.ours.backup()
            self.ours.unlock()
            try:
                self.measure()
            finally:
                self.ours.lock()
        return self.table.failed

    def new_target(self):
        """An empty account that nobody has uploaded to."""
        self.targets += 1
        address = f"target-{self.targets}@acme.example"
        self.server.add_user(address, bench.PASSWORD)
        return address

    def measure(self):
        own, pushed, synced, peak = [], [], [], []
        for _ in range(self.arguments.repeat):
            done = self.restore()
            own.append(done.seconds)
            peak.append(done)
            pushed.append(self.push())
            if Imapsync.is_there():
                target = self.new_target()
                synced.append(Imapsync(self.server, bench.PASSWORD).run(mailboxes.MAILBOX,
                                                                        target).seconds)
        median = statistics.median
        # Not an eighth: that is more than Dovecot stores in the time, whoever gives it.
        self.table.compare("restore, against mbsync's push", median(own), median(pushed), 1 / 3,
                           bench.seconds)
        if synced:
            self.table.compare("restore, against imapsync", median(own), median(synced), 1 / 10,
                               bench.seconds)
        else:
            self.table.limit(f"restore, for {LEAST_A_SECOND} messages a second", median(own),
                             self.count / LEAST_A_SECOND, bench.seconds)
        files_seen = all(run.files_seen for run in peak)
        self.table.limit("peak memory" + ("" if files_seen else " (RSS alone)"),
                         max(run.peak_bytes for run in peak), 128 * bench.MEGABYTE, bench.megabytes)

    def restore(self):
        target = self.new_target()
        self.ours.tool.account_add(target, bench.PASSWORD, self.server.host, self.server.imaps_port,
                                   ca=self.server.ca_file)
        done = self.ours.tool_run("--quiet", "restore", mailboxes.MAILBOX, "--to", target,
                                  unlock=False)
        self.must_have_all(target)
        return done

    def push(self):
        target = self.new_target()
        mbsync = peers.Mbsync(self.folder, self.server, target, bench.PASSWORD, push_from=self.tree /
                              mailboxes.MAILBOX / "Maildir")
        seconds = mbsync.run().seconds
        self.must_have_all(target)
        return seconds

    def must_have_all(self, target):
        account = imap_reader.read_account(self.server.host, self.server.imaps_port, target,
                                           bench.PASSWORD, self.server.ca_file)
        found = sum(len(folder.messages) for folder in account.values())
        if found != self.count:
            raise RuntimeError(f"{target} has {found} messages of {self.count}: nothing to compare")


def main():
    parser = argparse.ArgumentParser(prog="scripts/bench restore", description=__doc__.split("\n")[0])
    parser.add_argument("--messages", type=int, default=3_000, help="to upload (default: 3000)")
    parser.add_argument("--customers", type=int, default=6,
                        help="folders beside INBOX and Sent (default: 6)")
    parser.add_argument("--repeat", type=int, default=3, help="runs of each (default: 3)")
    parser.add_argument("--corpus", action="store_const", const=True,
                        help="real mail of MAILHOLD_CORPUS (default when that is set)")
    parser.add_argument("--generated", dest="corpus", action="store_const", const=False)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="mailhold-bench-", dir="/var/tmp") as folder:
        pathlib.Path(folder).chmod(0o755)
        failed = UploadBench(pathlib.Path(folder), arguments).run()
    if failed:
        print("\nmissed: " + "; ".join(failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
