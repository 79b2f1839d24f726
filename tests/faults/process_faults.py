#!/usr/bin/env python3
"""The process faults of the laboratory: each command is killed, refused, cut short or loses its
power at every call by which it changes the disk, each time on a fresh copy of the same home.
docs/operations.md, The fault laboratory, says what is checked.

    process_faults.py [--seconds S | --faults N | --all] [--command NAME]… [--fault KIND]…
    process_faults.py --command NAME --only 17:EIO      one point again

It ends after 40 minutes unless told otherwise; whatever part of all that is, it is spread evenly.
The exit code is 1 when anything was violated."""

import argparse
import collections
import concurrent.futures
import pathlib
import random
import shutil
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from dovecot import Dovecot
from point import Point, Violation
from scenarios import SCENARIOS
from watched import Call, Fault

ANY = ("kill", "power", "power-names")
# Which faults fit which call; "+" stays until the program ends.
FITTING = {
    "open": ("kill", "ENOSPC", "EIO+", "power", "EDQUOT", "ENOSPC+", "EIO"),
    "mkdir": ("kill", "ENOSPC+", "EIO", "power", "EDQUOT"),
    "write": ("kill", "ENOSPC", "torn", "EIO", "power", "short", "EDQUOT+", "ENOSPC+", "EIO+",
              "power-names", "EDQUOT", "short+"),
    "fsync": ("kill", "EIO", "power", "ENOSPC", "power-names", "EIO+"),
    "close": ("kill", "EIO", "power", "ENOSPC", "EDQUOT"),
    "rename": ("kill", "EIO", "power", "ENOSPC", "power-names", "EIO+", "EDQUOT+"),
    "link": ("kill", "EIO", "power", "ENOSPC"),
    "unlink": ("kill", "EIO", "power", "power-names", "EIO+"),
    "ftruncate": ("kill", "EIO", "power", "EIO+"),
    "fallocate": ("kill", "ENOSPC", "EDQUOT", "ENOSPC+"),
}
SAME_AS = {"pwrite": "write", "writev": "write", "fdatasync": "fsync"}


def fitting(call):
    return FITTING[SAME_AS.get(call.name, call.name)]


def spread(points):
    """The points in an order in which any beginning covers the whole range evenly."""
    order, seen, step = [], set(), 1
    while step < len(points):
        step *= 2
    while step:
        for at in range(0, len(points), step):
            if at not in seen:
                seen.add(at)
                order.append(points[at])
        step //= 2
    return order


def faults_of(calls, rng):
    """All faults of a command, so ordered that any beginning has many points and all kinds: each
    point once, then each with its next fault. The power that goes when all is done comes first."""
    yield Fault("power", "end")
    first = {call.number: rng.randrange(len(fitting(call))) for call in calls}
    for again in range(max(len(fitting(call)) for call in calls)):
        for call in spread(calls):
            kinds = fitting(call)
            if again < len(kinds):
                yield Fault.named(kinds[(first[call.number] + again) % len(kinds)], call.number)


class Tally:
    """What came of the faults of one command."""

    def __init__(self, scenario, calls):
        self.scenario, self.calls = scenario, calls
        self.tried = self.injected = 0
        self.points = set()
        self.violations = []

    def row(self):
        return (self.scenario.name, len(self.calls), len(self.points), self.injected,
                len(self.violations))


class Laboratory:
    """One Dovecot and one folder for all commands."""

    def __init__(self, seed=1, plant=""):
        self.rng = random.Random(seed)
        self.plant = plant
        self.serial = 0
        self.lock = threading.Lock()
        shared = pathlib.Path("/dev/shm")  # where an fsync costs nothing
        self.folder = pathlib.Path(tempfile.mkdtemp(
            prefix="mailhold-faults-", dir=shared if shared.is_dir() else None))
        self.server = Dovecot()

    def __enter__(self):
        self.server.start()
        return self

    def __exit__(self, *_):
        self.server.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def prepared(self, scenario_type):
        """A scenario ready for its points, and the calls of an undisturbed run."""
        scenario = scenario_type(self.server, self.folder / "templates")
        scenario.prepare()
        folder = self.folder / "undisturbed" / scenario.folder.name
        folder.mkdir(parents=True)
        tool = scenario.copy_to(folder)
        calls = tool.calls(*scenario.command(tool), unlock=scenario.unlock)
        scenario.verify(tool)
        scenario.clean_up(tool)
        return Tally(scenario, calls)

    def try_fault(self, tally, fault):
        with self.lock:
            self.serial += 1
            folder = self.folder / "points" / str(self.serial)
        fault = fault._replace(plant=self.plant)
        hit, violation = None, None
        try:
            hit = Point(tally.scenario, fault, folder).try_it()
        except Violation as error:
            violation = f"{tally.scenario.name}, {fault}: {error}"
        with self.lock:
            tally.tried += 1
            if violation:
                tally.violations.append(violation)
                if not self.plant:
                    print(violation, file=sys.stderr, flush=True)
            if hit or violation or fault.at == "end":
                tally.injected += 1
            if hit:
                tally.points.add(hit.number)

    def run(self, tallies, seconds=None, faults=None, workers=2, kinds=()):
        """Tries faults of all commands by turns until a limit is reached or all were tried."""
        ends = time.monotonic() + seconds if seconds else None
        jobs = by_turns([(tally, of_kinds(kinds, faults_of(tally.calls, self.rng)))
                         for tally in tallies])
        feeding = threading.Lock()
        given = 0

        def work():
            nonlocal given
            while not (ends and time.monotonic() > ends):
                with feeding:
                    job = next(jobs, None) if faults is None or given < faults else None
                    given += 1
                if job is None:
                    return
                self.try_fault(*job)

        with concurrent.futures.ThreadPoolExecutor(workers) as pool:
            for done in [pool.submit(work) for _ in range(workers)]:
                done.result()


def of_kinds(kinds, faults):
    """Those of `kinds`, such as "kill" and "EIO+"; all without any."""
    return (fault for fault in faults if not kinds or fault.name in kinds)


def by_turns(sources):
    """(tally, fault) of each source in turn."""
    waiting = collections.deque(sources)
    while waiting:
        tally, faults = waiting.popleft()
        fault = next(faults, None)
        if fault is not None:
            yield tally, fault
            waiting.append((tally, faults))


def table(tallies):
    head = ("command", "points", "reached", "faults", "violations")
    rows = [tally.row() for tally in tallies]
    total = ("total", *(sum(row[column] for row in rows) for column in range(1, len(head))))
    return "\n".join(f"{name:<16}" + "".join(f"{number:>12}" for number in numbers)
                     for name, *numbers in [head, *rows, total])


def only(text):
    at, _, name = text.partition(":")
    return Fault.named(name, at if at == "end" else int(at))


def main():
    parser = argparse.ArgumentParser(description="Process faults of the fault laboratory.")
    parser.add_argument("--seconds", type=float, default=2400, help="stop after this time (2400)")
    parser.add_argument("--all", action="store_true", help="stop when every fault was tried")
    parser.add_argument("--faults", type=int, help="stop after this many faults")
    parser.add_argument("--command", action="append", choices=[s.name for s in SCENARIOS])
    parser.add_argument("--fault", action="append", default=[], metavar="KIND",
                        help="only these, such as kill or ENOSPC+")
    parser.add_argument("--only", metavar="POINT:FAULT", type=only, help="one point of a command")
    parser.add_argument("--calls", action="store_true", help="print the points and do nothing")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    arguments = parser.parse_args()
    wanted = [s for s in SCENARIOS if not arguments.command or s.name in arguments.command]
    with Laboratory(arguments.seed) as laboratory:
        tallies = [laboratory.prepared(scenario) for scenario in wanted]
        if arguments.calls:
            for tally in tallies:
                print(tally.scenario.name, *(" ".join(map(str, call)) for call in tally.calls),
                      sep="\n")
            return 0
        if arguments.only:
            laboratory.try_fault(tallies[0], arguments.only)
        else:
            unlimited = arguments.all or arguments.faults
            laboratory.run(tallies, None if unlimited else arguments.seconds, arguments.faults,
                           arguments.workers, arguments.fault)
        print(table(tallies))
    return int(any(tally.violations for tally in tallies))


if __name__ == "__main__":
    sys.exit(main())
