#!/usr/bin/env python3
"""The fault library itself, under a little program whose calls are known one by one."""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from watched import Fault, library

PYTHON = sys._base_executable  # not a shim that starts another program
PROGRAM = """
import os, sys
os.chdir(sys.argv[1])

def put(name, data, sync):
    fd = os.open("new-" + name, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600)
    os.write(fd, data)
    if sync:
        os.fsync(fd)
    os.close(fd)
    os.rename("new-" + name, name)

def sync_folder():
    fd = os.open(".", os.O_RDONLY)
    os.fsync(fd)
    os.close(fd)

put("old", b"changed", True)
put("durable", b"durable", True)
sync_folder()
put("name", b"unsynced name", True)
put("bytes", b"unsynced bytes", False)
os.mkdir("folder")
os.unlink("gone")
print("done")
"""
CALLS = ("open write fsync close rename open write fsync close rename fsync "
         "open write fsync close rename open write close rename mkdir unlink").split()


class Library(unittest.TestCase):
    def setUp(self):
        self.top = pathlib.Path(tempfile.mkdtemp(prefix="mailhold-faults-"))
        self.addCleanup(shutil.rmtree, self.top)
        self.folder, self.log = self.top / "watched", self.top / "log"

    def run_program(self, fault=Fault(), **settings):
        """Returns (exit code, what is in the folder then, the log)."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.log.unlink(missing_ok=True)
        self.folder.mkdir()
        for name in ("old", "gone"):
            (self.folder / name).write_bytes(b"old")
        settings = {f"MAILHOLD_FAULTS_{name}": value for name, value in settings.items()}
        done = subprocess.run([PYTHON, "-I", "-S", "-c", PROGRAM, self.folder], capture_output=True,
                              text=True, env={
                                  **os.environ, "LD_PRELOAD": str(library()),
                                  "MAILHOLD_FAULTS_UNDER": str(self.folder),
                                  "MAILHOLD_FAULTS_LOG": str(self.log),
                                  **fault.environment(), **settings})
        self.stderr = done.stderr
        found = {path.name: path.read_bytes() if path.is_file() else None
                 for path in self.folder.iterdir()}
        return done.returncode, found, self.log.read_text(encoding="utf-8").splitlines()

    def test_every_call_is_counted(self):
        code, found, log = self.run_program()
        self.assertEqual(code, 0, self.stderr)
        self.assertEqual([line.split()[1] for line in log], CALLS)
        self.assertEqual([int(line.split()[0]) for line in log], list(range(1, len(CALLS) + 1)))
        self.assertEqual(sorted(found), ["bytes", "durable", "folder", "name", "old"])

    def test_a_kill_at_each_call_leaves_what_was_done_before(self):
        for at in range(1, len(CALLS) + 1):
            code, found, log = self.run_program(Fault("kill", at))
            self.assertEqual((code, len(log)), (-9, 1))
            self.assertEqual("durable" in found, at > 10)
            self.assertEqual("folder" in found, at > 21)

    def test_a_torn_write_leaves_its_first_half(self):
        code, found, _ = self.run_program(Fault("torn", 7))
        self.assertEqual((code, found["new-durable"]), (-9, b"dur"))

    def test_a_power_cut_takes_what_was_not_synced(self):
        for at in (22, "end"):
            code, found, _ = self.run_program(Fault("power", at))
            self.assertEqual(code, 0 if at == "end" else -9)
            self.assertEqual(found, {"old": b"changed", "durable": b"durable", "gone": b"old"})
        _, found, _ = self.run_program(Fault("power", 11))
        self.assertEqual(found, {"old": b"old", "gone": b"old"})

    def test_a_power_cut_that_spares_names_takes_bytes_that_were_not_synced(self):
        _, found, _ = self.run_program(Fault("power-names", 22))
        self.assertEqual(found, {"old": b"changed", "durable": b"durable", "name": b"unsynced name",
                                 "bytes": b"", "folder": None, "gone": b"old"})

    def test_errors_befall_the_first_call_that_they_fit(self):
        for do, at, word, hit in (
                ("ENOSPC", 2, "No space left", "2 write"), ("EIO", 3, "Input", "3 fsync"),
                ("EDQUOT", 22, "", None), ("EIO", 22, "Input", "22 unlink"),
                ("EROFS", 3, "Read-only", "5 rename"), ("EIO", 4, "Input", "4 close")):
            with self.subTest(do=do, at=at):
                code, _, log = self.run_program(Fault(do, at))
                self.assertEqual(code, 1 if hit else 0)
                self.assertIn(word, self.stderr)
                self.assertEqual([" ".join(line.split()[:2]) for line in log], [hit] if hit else [])

    def test_a_short_write_is_followed_by_a_full_disk(self):
        code, found, _ = self.run_program(Fault("short", 2))
        self.assertEqual((code, found["old"]), (1, b"cha"))
        self.assertIn("No space left", self.stderr)

    def test_planted_mistakes(self):
        code, found, log = self.run_program(Fault(plant="in-place"))
        self.assertEqual((code, found["name"]), (0, b"unsynced name"))
        self.assertNotIn("rename", [line.split()[1] for line in log])
        journal = self.folder.parent / "journal"
        self.folder, kept = journal / "watched", self.folder
        journal.mkdir()
        self.addCleanup(setattr, self, "folder", kept)
        code, found, _ = self.run_program(Fault("kill", 22, plant="late-journal"))
        self.assertEqual((code, found["old"]), (-9, b"old"))


if __name__ == "__main__":
    unittest.main()
