#!/usr/bin/env python3
"""The short form of the process faults: MAILHOLD_FAULTS_SECONDS (60) of them, spread over all
commands, points and kinds; MAILHOLD_FAULTS=all takes every one. And two mistakes planted by the
fault library, not by the program: the laboratory must find both."""

import os
import sys
import unittest

from process_faults import Laboratory, table
from scenarios import SCENARIOS, FirstBackup, Handover, Init, KeyAdd
from watched import Fault

SECONDS = float(os.environ.get("MAILHOLD_FAULTS_SECONDS", "60"))
EVERYTHING = os.environ.get("MAILHOLD_FAULTS") == "all"


class ProcessFaults(unittest.TestCase):
    def test_every_command_survives_every_fault(self):
        with Laboratory() as laboratory:
            tallies = [laboratory.prepared(scenario) for scenario in SCENARIOS]
            laboratory.run(tallies, None if EVERYTHING else SECONDS)
        print(table(tallies), file=sys.stderr)
        for tally in tallies:
            with self.subTest(tally.scenario.name):
                self.assertEqual(tally.violations, [])
                self.assertGreater(len(tally.calls), 10)
                self.assertGreater(tally.injected, 0)
                self.assertGreaterEqual(tally.injected, 0.8 * tally.tried)


class Mended(unittest.TestCase):
    """Where the laboratory once found something."""

    def assert_survives(self, scenario, call, *faults):
        """`faults` at the first call with this name and part of its path, or at the "end"."""
        with Laboratory() as laboratory:
            tally = laboratory.prepared(scenario)
            at = call if call == "end" else next(
                one.number for one in tally.calls if one.name == call[0] and call[1] in one.path)
            for name in faults:
                laboratory.try_fault(tally, Fault.named(name, at))
        self.assertEqual((tally.violations, tally.injected), ([], len(faults)))

    def test_init_keeps_the_config_of_a_vault_that_it_made(self):
        self.assert_survives(Init, ("write", "writer.kit"), "ENOSPC", "ENOSPC+", "EIO+", "kill")

    def test_a_catalog_that_finds_no_space_is_no_bug(self):
        self.assert_survives(Init, ("pwrite", "catalog.sqlite-wal"), "short", "ENOSPC", "EIO+")

    def test_a_receipt_is_durable(self):
        self.assert_survives(Handover, "end", "power")

    def test_a_case_is_opened_once(self):
        self.assert_survives(Handover, ("rename", "vault/journal/"), "kill", "EIO")

    def test_what_an_owner_left_unfinished_is_removed(self):
        self.assert_survives(KeyAdd, ("fsync", "tmp/root-"), "EIO+")


class Planted(unittest.TestCase):
    FAULTS = 30

    def violations(self, plant, kinds):
        with Laboratory(plant=plant) as laboratory:
            tally = laboratory.prepared(FirstBackup)
            laboratory.run([tally], faults=self.FAULTS, kinds=kinds)
        self.assertEqual(tally.tried, self.FAULTS)
        return "\n".join(tally.violations)

    def test_a_cursor_that_is_written_before_the_journal_is_found(self):
        self.assertRegex(self.violations("late-journal", ["kill"]), "kill at(?s:.*)the journal ends at entry")

    def test_objects_that_are_published_without_a_rename_are_found(self):
        self.assertRegex(self.violations("in-place", ["power"]), "power at(?s:.*)damaged")


if __name__ == "__main__":
    unittest.main()
