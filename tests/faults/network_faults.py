#!/usr/bin/env python3
"""The network laboratory: a backup, a restore and a handover, each through a proxy that cuts, stalls and
trickles at a byte, or says and refuses what a bad server would, at points spread over all the traffic.

    tests/faults/network_faults.py [KIND…]

After each fault: the run ended in time, with a code of the contract and, where it failed, one line and a
hint; `check` is clean; the next, undisturbed run completes; the export equals the server, the target holds
each message once. By default as many as fit into MAILHOLD_FAULTS_SECONDS (45); MAILHOLD_FAULTS=all takes
every one."""

import collections
import concurrent.futures
import dataclasses
import itertools
import json
import os
import pathlib
import queue
import random
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

import imap_reader
from dovecot import Dovecot
from e2e_case import (MANIFEST, PASSPHRASE, PASSWORD, contents_stored_twice, instant_of, letter,
                      sha256_of)
from faulty_proxy import HARMLESS, REFUSED, SAID, WIRE, Fault, FaultyProxy
from mailhold_cli import Mailhold
from plaintext import readable_mail

EVERYTHING = os.environ.get("MAILHOLD_FAULTS") == "all"
SECONDS = float(os.environ.get("MAILHOLD_FAULTS_SECONDS", "45"))
POINTS = 12  # of each kind, in each direction, of each journey
WORKERS = 4
LEAVER = "lin@acme.example"

# Of one run, whatever is done to it: three attempts to connect, with pauses between them, take this long.
DEADLINE_SECONDS = 30
HANGS_SECONDS = 90  # a run that has not ended then is killed, and is a violation too
PARTLY, TROUBLE = 3, (20, 21, 22)
TIMEOUTS = {"connect": "3s", "idle": "1s", "command": "3s"}
PATIENT = {"connect": "20s", "idle": "5s", "command": "20s"}  # where bytes come slowly, and all is well
SANITIZER = re.compile("Sanitizer|runtime error:")
LETTERS = {"INBOX": 4, "Sent": 2, "Customers/ACME 客户": 2}


class Violation(Exception):
    """What must hold does not."""


def require(holds, *what):
    if not holds:
        raise Violation(" ".join(map(str, what)))


class Home:
    """One mailhold with its own vault and configuration, made from a template's."""

    def __init__(self, folder, template=None):
        if template:
            shutil.copytree(template.folder, folder)
        self.folder = folder
        self.tool = Mailhold(folder)

    def configure(self, *accounts, timeouts=PATIENT):
        """`accounts` are (address, port, with TLS, ca_file)."""
        text = 'vault = "vault"\nstate = "state"\n[timeouts]\n'
        text += "".join(f'{name} = "{value}"\n' for name, value in timeouts.items())
        for address, port, has_tls, ca_file in accounts:
            text += f'[[account]]\naddress = "{address}"\nhost = "localhost"\nport = {port}\n'
            text += f'tls = "implicit"\nca_file = "{ca_file}"\n' if has_tls else 'tls = "none"\n'
            text += f'password_command = "echo {PASSWORD}"\n'
        text += "[harvest]\ncompress = false\n"
        self.tool.config.write_text(text, encoding="utf-8")

    def run(self, *arguments):
        """A run that nothing disturbs, as JSON."""
        result = self.tool.run("--json", *arguments, timeout=HANGS_SECONDS)
        require(result.code == 0, "undisturbed:", result)
        return json.loads(result.stdout)

    def contents(self, address):
        """The same of what is exported of an account as World.served() is of what it serves."""
        to = pathlib.Path(tempfile.mkdtemp(dir=self.folder)) / "mail"
        self.run("export", "--account", address, "--to", to, "--format", "maildir")
        lines = (to / MANIFEST).read_text(encoding="utf-8").splitlines()
        return collections.Counter(
            (entry["folder"], sha256_of((to / entry["path"]).read_bytes()),
             frozenset(entry["flags"]), instant_of(entry["internaldate"])[0])
            for entry in map(json.loads, lines))


class World:
    """A Dovecot with the leaver's mail, and a home before and one after the backup of it."""

    def __init__(self, folder):
        self.folder = folder
        self.server = Dovecot()
        self._numbers = itertools.count()

    def __enter__(self):
        self.server.start()
        self.server.add_user(LEAVER, PASSWORD)
        number = 0
        for name, count in LETTERS.items():
            for _ in range(count):
                number += 1
                self.server.deliver(LEAVER, name, letter(number, "text " * (number * number * 8)),
                                    ["\\Seen"] if number % 2 else ["$Forwarded"],
                                    internaldate=1_700_000_000 + number)
        self.server.deliver(LEAVER, "Sent", letter(1))  # two that are equal
        self.server.deliver(LEAVER, "Sent", letter(1))
        self.wanted = self.served(LEAVER)
        self.before = Home(self.folder / "before")
        self.before.tool.init(PASSPHRASE)
        self.after = Home(self.folder / "after", self.before)
        self.after.configure(self.direct(LEAVER))
        self.after.run("backup")
        return self

    def __exit__(self, *_):
        self.server.close()

    def direct(self, address):
        return address, self.server.imaps_port, True, self.server.ca_file

    def new_target(self):
        address = f"target{next(self._numbers)}@acme.example"
        self.server.add_user(address, PASSWORD)
        return address

    def served(self, address):
        """Counter of (folder, content, flags, instant) of an account."""
        account = imap_reader.read_account(self.server.host, self.server.imaps_port, address, PASSWORD,
                                           self.server.ca_file)
        return collections.Counter((name, message.sha256, message.flags, message.epoch)
                                   for name, folder in account.items()
                                   for message in folder.messages.values())


class Backup:
    """The leaver's mail into an empty vault."""

    name = "backup"

    def __init__(self, world, folder):
        self.world = world
        self.home = Home(folder, world.before)
        self.disturbed = LEAVER  # the account on the proxy
        self.others = []
        self.arguments = ["backup"]

    def require_complete(self, report):
        require(report["accounts"][0]["archived_messages"] == self.world.wanted.total(), report)
        require(self.home.contents(LEAVER) == self.world.wanted, "the export differs")
        require(not contents_stored_twice(self.home.folder / "state"), "stored twice")

    @staticmethod
    def require_told(report):
        account = report["accounts"][0]
        require(account["failed"] or account["error"] and len(account["error"]["hint"]) > 10, report)

    @staticmethod
    def added(report):
        return report["accounts"][0]["new"]


class Upload:
    """The leaver's mail into another account, made for it."""

    def __init__(self, world, folder):
        self.world = world
        self.home = Home(folder, world.after)
        self.disturbed = world.new_target()
        self.others = [LEAVER]

    def require_complete(self, report):
        require(not report["failed"], report)
        require(report["verified"] + report["already_there"] == self.world.wanted.total(), report)
        there, wanted = map(self._messages, (self.world.served(self.disturbed), self.world.wanted))
        require(there == wanted, "in the target", (there - wanted).total(), "too many,",
                (wanted - there).total(), "missing")

    @staticmethod
    def _messages(account):
        """Folders have other names there."""
        return collections.Counter(message[1:] for message in account.elements())

    @staticmethod
    def require_told(report):
        require(report["failed"] or report.get("end", "complete") != "complete" or
                report.get("missing"), report)

    @staticmethod
    def added(report):
        return report["uploaded"]


class Restore(Upload):
    name = "restore"

    def __init__(self, world, folder):
        super().__init__(world, folder)
        self.arguments = ["restore", LEAVER, "--to", self.disturbed]


class Handover(Upload):
    name = "handover"

    def __init__(self, world, folder):
        super().__init__(world, folder)
        self.arguments = ["handover", "start", LEAVER, "--to", self.disturbed, "--report",
                          folder / "report"]


JOURNEYS = (Backup, Restore, Handover)


@dataclasses.dataclass
class Point:
    journey: type
    fault: Fault | None

    def __str__(self):
        return f"{self.fault.kind} {self.fault.direction} {self.fault.at} of a {self.journey.name}"

    def is_harmless(self):
        return self.fault is None or self.fault.kind in HARMLESS

    def has_tls(self):
        """A TLS record comes whole or not at all: what is split inside shows without it only."""
        return self.fault is not None and self.fault.kind in WIRE and not self.is_harmless()


@dataclasses.dataclass
class Outcome:
    """`code` is None when the run came by without the fault."""

    code: int | None = None
    seconds: float = 0
    violation: str = ""
    traffic: dict = dataclasses.field(default_factory=dict)  # as in FaultyProxy


class Bench:
    """One worker's proxies, to plain IMAP and to TLS."""

    def __init__(self, world, folder):
        self.world, self.folder = world, folder
        self.plain, self.tls = (FaultyProxy(world.server.imap_port), FaultyProxy(world.server.imaps_port))

    def close(self):
        self.plain.close()
        self.tls.close()

    def measure(self, journey, has_tls):
        """What goes through the proxy when nothing is wrong."""
        fault = Fault("close", "up", 1 << 40) if has_tls else None
        outcome = self.try_one(Point(journey, fault))
        require(not outcome.violation, outcome.violation)
        return outcome.traffic

    def try_one(self, point):
        outcome = Outcome()
        shutil.rmtree(self.folder, ignore_errors=True)
        try:
            self._try(point, outcome)
        except (Violation, OSError, ValueError, LookupError, RuntimeError,
                subprocess.TimeoutExpired) as wrong:
            outcome.violation = f"{type(wrong).__name__}: {wrong}"
        return outcome

    def _try(self, point, outcome):
        journey = point.journey(self.world, self.folder)
        proxy = self.tls if point.has_tls() else self.plain
        proxy.arm(point.fault)
        ca_file = self.world.server.ca_file
        others = [self.world.direct(address) for address in journey.others]
        journey.home.configure((journey.disturbed, proxy.port, point.has_tls(), ca_file), *others,
                               timeouts=PATIENT if point.is_harmless() else TIMEOUTS)
        begun = time.monotonic()
        result = journey.home.tool.run("--json", *journey.arguments, timeout=HANGS_SECONDS)
        outcome.seconds, outcome.traffic = time.monotonic() - begun, proxy.traffic
        if proxy.fired:
            outcome.code = result.code
        self._require_ended_well(journey, point, result, outcome.seconds)
        found = journey.home.run("check", "--read-data")
        require(found["verdict"] == "clean", found)
        proxy.arm(None)
        journey.home.configure(self.world.direct(journey.disturbed), *others)
        report = journey.home.run(*journey.arguments)
        require(not readable_mail(journey.home.tool), "mail lies readable on the disk")
        require(result.code != 0 or journey.added(report) == 0, "it was not complete:", report)
        journey.require_complete(report)

    @staticmethod
    def _require_ended_well(journey, point, result, seconds):
        require(not SANITIZER.search(result.stderr), result)
        require(seconds < DEADLINE_SECONDS, f"it took {seconds:.0f} s:", result)
        if result.code == 0:
            return
        require(not point.is_harmless(), "nothing was wrong, yet", result)
        if result.code == PARTLY:
            journey.require_told(json.loads(result.stdout))
            return
        require(result.code in TROUBLE, "not a code of the contract:", result)
        lines = result.stderr.strip().splitlines()
        require(len(lines) == 2 and lines[0].startswith("mailhold: ") and lines[1].startswith("hint: "),
                result)


def spread(total, count):
    """`count` numbers below `total`, evenly over all of them, the first one included."""
    return sorted({index * total // count for index in range(min(count, total))})


def all_points(world, folder, kinds):
    points = []
    for journey in JOURNEYS:
        bench = Bench(world, folder)
        over_tls, plain = bench.measure(journey, True), bench.measure(journey, False)
        bench.close()
        for kind, direction in itertools.product(WIRE, ("down", "up")):
            measured = plain if kind in HARMLESS else over_tls
            at = spread(measured[direction, "bytes"], 1 if kind == "crumble" else POINTS)
            points += [Point(journey, Fault(kind, direction, number)) for number in at]
        points += [Point(journey, Fault(kind, "down", at)) for kind in SAID
                   for at in spread(plain["down", "units"], POINTS)]
        points += [Point(journey, Fault(kind, "up", at)) for kind in REFUSED
                   for at in spread(plain["up", "units"], POINTS)]
    chosen = [point for point in points if not kinds or point.fault.kind in kinds]
    random.Random(5).shuffle(chosen)  # any beginning is spread over everything
    return chosen


def try_all(world, folder, points):
    """[(point, outcome)], of as many as there is time for."""
    ended = time.monotonic() + (float("inf") if EVERYTHING else SECONDS)
    benches = queue.SimpleQueue()
    for number in range(WORKERS):
        benches.put(Bench(world, folder / f"bench{number}"))
    told = threading.Lock()

    def try_one(point):
        if time.monotonic() > ended:
            return None
        bench = benches.get()
        outcome = bench.try_one(point)
        benches.put(bench)
        if outcome.violation:
            with told:
                print(f"VIOLATION {point}: {outcome.violation}", file=sys.stderr, flush=True)
        return point, outcome

    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        return [done for done in pool.map(try_one, points) if done]


def print_table(results):
    """Returns (faults, violations)."""
    print(f"{'fault':16} {'journey':10} {'faults':>6} {'went on':>8} {'in part':>8} {'failed':>7} "
          f"{'slowest':>8} {'violations':>10}")
    rows = collections.defaultdict(list)
    for point, outcome in results:
        if outcome.code is not None or outcome.violation:
            rows[point.fault.kind, point.journey.name].append(outcome)
    for (kind, journey), outcomes in sorted(rows.items()):
        codes = collections.Counter(0 if one.code == 0 else 3 if one.code == PARTLY else 1
                                    for one in outcomes)
        print(f"{kind:16} {journey:10} {len(outcomes):6} {codes[0]:8} {codes[3]:8} {codes[1]:7} "
              f"{max(one.seconds for one in outcomes):6.1f} s "
              f"{sum(bool(one.violation) for one in outcomes):10}")
    every = [outcome for outcomes in rows.values() for outcome in outcomes]
    return len(every), sum(bool(one.violation) for one in every)


def main():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="mailhold-network-"))
    begun = time.monotonic()
    try:
        with World(folder) as world:
            points = all_points(world, folder / "measured", sys.argv[1:])
            results = try_all(world, folder, points)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    faults, violations = print_table(results)
    print(f"network: {faults} faults at {len(results)} of {len(points)} points, {violations} violations, "
          f"{time.monotonic() - begun:.0f} s")
    return 1 if violations or not faults else 0


if __name__ == "__main__":
    sys.exit(main())
