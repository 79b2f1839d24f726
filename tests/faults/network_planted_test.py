#!/usr/bin/env python3
"""The network laboratory catches what it is there for: programs that misbehave after a fault, planted."""

import os
import pathlib
import shutil
import sys
import tempfile
import unittest
import unittest.mock

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "support")]

from e2e_case import letter
from faulty_proxy import Fault
from mailhold_cli import program
from network_faults import JOURNEYS, Backup, Bench, Handover, Point, Restore, World

CALM = Fault("split", "up", 1 << 30)  # never comes
GONE = Fault("gone", "down", 4000)


class Planted(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="mailhold-planted-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.program = program()
        cls.world = cls.enterClassContext(World(cls.folder))
        cls.bench = Bench(cls.world, cls.folder / "bench")
        cls.addClassCleanup(cls.bench.close)

    def violation(self, point, script='exec "$REAL" "$@"'):
        """What the laboratory says of a program that does `script`, where $REAL is the real one."""
        planted = self.folder / "mailhold"
        planted.write_text(f"#!/bin/sh\nREAL={self.program}\n{script}\n", encoding="utf-8")
        planted.chmod(0o700)
        with unittest.mock.patch.dict(os.environ, MAILHOLD_BIN=str(planted)):
            return self.bench.try_one(point).violation

    def test_the_real_one_is_sound(self):
        for journey in JOURNEYS:
            for fault in (CALM, GONE):
                self.assertEqual(self.violation(Point(journey, fault)), "")

    def test_success_is_not_believed(self):
        lies = '"$REAL" "$@" || { [ $? = 3 ] && exit 0; }'
        for journey in (Backup, Handover):
            self.assertIn("it was not complete", self.violation(Point(journey, GONE), lies))

    def test_a_crash_and_silence_are_seen(self):
        for end in ("kill -SEGV $$", "exit 1", "exit 21 >&2"):
            script = f'"$REAL" "$@"; [ $? = 0 ] || {end}'
            self.assertIn("Violation", self.violation(Point(Backup, GONE), script))

    def test_a_message_too_many_or_missing_is_seen(self):
        self.assertIn("1 too many, 0 missing", self.violation(Point(TooMany, CALM)))
        self.assertIn("0 too many, 6 missing", self.violation(Point(TooFew, CALM)))


class TooMany(Restore):
    """As if one message had been uploaded twice."""

    def __init__(self, world, folder):
        super().__init__(world, folder)
        world.server.append(self.disturbed, "INBOX", letter(99))


class TooFew(Restore):
    """As if only one folder's messages had been counted."""

    def __init__(self, world, folder):
        super().__init__(world, folder)
        self.arguments += ["--folder", "INBOX"]

    def require_complete(self, report):
        told = {"verified": self.world.wanted.total(), "already_there": 0}
        super().require_complete({**report, **told})


if __name__ == "__main__":
    unittest.main()
