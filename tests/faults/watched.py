"""mailhold with the fault library between it and libc.

    tool = WatchedMailhold(home)
    calls = tool.calls("backup")                          # [Call(number, name, path)]
    result, hit = tool.run_with(Fault("EIO", 17), "backup")"""

import collections
import os
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from mailhold_cli import Mailhold, program

Call = collections.namedtuple("Call", "number name path")


class Fault(collections.namedtuple("Fault", "do at sticky plant", defaults=("", 0, False, ""))):
    """What the library is to do, as tests/faults/laboratory.hpp describes it."""

    @classmethod
    def named(cls, name, at, plant=""):
        """`name` ends with "+" when the trouble stays."""
        return cls(name.rstrip("+"), at, name.endswith("+"), plant)

    def environment(self):
        return {"MAILHOLD_FAULTS_DO": self.do, "MAILHOLD_FAULTS_AT": str(self.at),
                "MAILHOLD_FAULTS_STICKY": str(int(self.sticky)),
                "MAILHOLD_FAULTS_PLANT": self.plant}

    @property
    def name(self):
        return self.do + ("+" if self.sticky else "")

    def __str__(self):
        return f"{self.name} at {self.at}"


def library():
    """The fault library beside the program under test."""
    named = os.environ.get("MAILHOLD_FAULTS_LIBRARY")
    found = pathlib.Path(named) if named else program().parent / "mailhold_faults.so"
    if not found.is_file():
        raise FileNotFoundError(f"no {found}: build the target mailhold_faults")
    return found.resolve()


class WatchedMailhold(Mailhold):
    """Its temporary files lie beside `home`, which is watched whole."""

    def __init__(self, home):
        super().__init__(home)
        self.temporary.rmdir()
        self.temporary = self.home.parent / "tmp"
        self.temporary.mkdir(exist_ok=True)
        self.log = self.home.parent / "calls"
        self.watching = {}  # more of the environment, for the runs from now on

    def environment(self):
        return {**super().environment(), **self.watching}

    def watch(self, **settings):
        """Loads the library into the runs from now on; `settings` as in laboratory.hpp."""
        self.watching = {"LD_PRELOAD": str(library()), "MAILHOLD_FAULTS_UNDER": str(self.home),
                         **{f"MAILHOLD_FAULTS_{name}": str(value)
                            for name, value in settings.items()}}

    def run_with(self, fault, *arguments, unlock=True, timeout=120):
        """One run with a fault; returns its result and the call that the fault befell, or None."""
        self.log.unlink(missing_ok=True)
        self.watch(LOG=self.log)
        self.watching.update(fault.environment())
        try:
            result = self.run(*arguments, unlock=unlock, timeout=timeout)
        finally:
            self.watching = {}
        calls = self._logged()
        return result, calls[0] if calls else None

    def calls(self, *arguments, unlock=True):
        """The watched calls of an undisturbed run, which must succeed."""
        self.log.unlink(missing_ok=True)
        self.watch(LOG=self.log)
        try:
            self.run(*arguments, unlock=unlock, check=0)
        finally:
            self.watching = {}
        return self._logged()

    def _logged(self):
        if not self.log.exists():
            return []
        lines = self.log.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
        split = (line.split(" ", 2) for line in lines)
        return [Call(int(number), name, path) for number, name, path in split]
