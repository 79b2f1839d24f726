#!/usr/bin/env python3
"""What docs/security.md gives as proof is there: every test file it names, and every test."""

import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[1]
TESTS = ROOT / "tests"


def threat_model():
    """The proofs of the table's rows, each a cell's text."""
    text = (ROOT / "docs/security.md").read_text(encoding="utf-8")
    table = text.split("## Who has what")[1].split("\n## ")[0]
    rows = [row.split("|")[1:-1] for row in table.splitlines() if row.startswith("|")]
    return [cells[3] for cells in rows[2:] if cells[3].strip()]


def file_named(name):
    for place in (ROOT / name, TESTS / name, TESTS / "e2e" / name):
        if place.is_file():
            return place
    return None


class ThreatModel(unittest.TestCase):
    def test_every_proof_exists(self):
        cells = threat_model()
        self.assertGreater(len(cells), 12)
        everything = "\n".join(path.read_text(encoding="utf-8") for pattern in ("*.cpp", "*.py", "*.txt")
                               for path in TESTS.rglob(pattern) if path != pathlib.Path(__file__))
        for named in re.findall(r"`([^`]+)`", " ".join(cells)):
            with self.subTest(named=named):
                if named.endswith((".py", ".cpp")):
                    self.assertIsNotNone(file_named(named))
                elif not named.endswith(("_*", "_…")) and not (TESTS / named).is_dir():
                    name = re.escape(named.rpartition(".")[2])
                    self.assertTrue(re.search(rf"\b{name}\b", everything), "no such test")


if __name__ == "__main__":
    unittest.main()
