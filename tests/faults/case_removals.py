#!/usr/bin/env python3
"""Takes away the handling of one case after the other, in a copy of the sources, and sees that the
test named after the case fails. docs/operations.md, The fault laboratory, says more.

    case_removals.py [--why] [NUMBER…]

The copy and its build stay in build/cases for the next time. The exit code is 1 when a removal was
noticed by nobody or could not be tried."""

import argparse
import collections
import os
import re
import shutil
import subprocess
import sys
import time

from removals import ROOT, load

FOLDER = ROOT / "build/cases"
TREE, BUILD = FOLDER / "tree", FOLDER / "build"
# Of a test that does not end, nobody can say that it failed.
TEST_SECONDS = 180

Outcome = collections.namedtuple("Outcome", "kind why")  # kind: passed, failed, not run


class BuildFailure(Exception):
    """The last lines that the compiler said."""


def copy_sources():
    """What git would commit, changes that it has not seen included; only what differs is written,
    so that little is built again."""
    listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                            cwd=ROOT, check=True, capture_output=True, text=True).stdout
    wanted = {name for name in listed.split("\0") if name and (ROOT / name).is_file()}
    for path in [one for one in TREE.rglob("*") if one.is_file()]:
        if str(path.relative_to(TREE)) not in wanted:
            path.unlink()
    for name in wanted:
        source, copy = ROOT / name, TREE / name
        if not copy.is_file() or source.read_bytes() != copy.read_bytes():
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, copy)


def configure():
    options = ["-DCMAKE_BUILD_TYPE=Debug", "-DCMAKE_CXX_FLAGS_DEBUG=-O0",
               "-DCMAKE_CXX_COMPILER=clang++"]
    if shutil.which("mold"):
        options.append("-DCMAKE_EXE_LINKER_FLAGS=-fuse-ld=mold")
    run_tool("cmake", "-S", TREE, "-B", BUILD, "-G", "Ninja", *options)


def build(targets):
    run_tool("cmake", "--build", BUILD, "--parallel", str(os.cpu_count()), "--target", *targets)


def run_tool(*command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          errors="replace")
    if done.returncode != 0:
        raise BuildFailure("\n".join(done.stdout.splitlines()[-30:]))


def run_test(test):
    if test.is_python:
        command = [sys.executable, "-B", ROOT / "tests/e2e" / test.home, test.name]
    else:
        command = [BUILD / "tests" / test.home / test.target, f"--gtest_filter={test.name}"]
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              errors="replace", timeout=TEST_SECONDS,
                              env={**os.environ, "MAILHOLD_BIN": str(BUILD / "mailhold")})
    except subprocess.TimeoutExpired:
        return Outcome("not run", f"it did not end within {TEST_SECONDS} s")
    judge = judge_python if test.is_python else judge_google
    return judge(done.returncode, done.stdout)


def judge_google(code, output):
    """Of one test in a GoogleTest binary; a crash is a failure too."""
    started = re.search(r"^\[ RUN      \]", output, re.MULTILINE)
    if not started or "[  SKIPPED ]" in output:
        return Outcome("not run", "no test of this name ran")
    if code == 0:
        return Outcome("passed", "")
    failure = re.search(r": Failure\n(.*?)\n\[  FAILED", output, re.DOTALL)
    return Outcome("failed", failure[1] if failure else f"it ended with {code}")


def judge_python(code, output):
    """Of one test of a unittest file."""
    if not re.search(r"^Ran 1 test ", output, re.MULTILINE) or "skipped" in output.splitlines()[-1]:
        return Outcome("not run", "no test of this name ran")
    if code == 0:
        return Outcome("passed", "")
    reasons = re.findall(r"^(?:\w+\.)*\w*(?:Error|Expired|Violation|Exception)\b.*$", output,
                         re.MULTILINE)
    return Outcome("failed", reasons[0] if reasons else f"it ended with {code}")


class Removed:
    """A removal applied to the copy, for the length of a `with`."""

    def __init__(self, removal):
        self._edits, self._originals = removal.edits, {}

    def __enter__(self):
        for edit in self._edits:
            path = TREE / edit.file
            text = path.read_text("utf-8")
            self._originals.setdefault(path, text)
            path.write_text(text.replace(edit.find, edit.put, 1), "utf-8")

    def __exit__(self, *_):
        for path, text in self._originals.items():
            path.write_text(text, "utf-8")


class Run:
    def __init__(self, removals, why):
        self.removals, self.why = removals, why
        self.noticed, self.amiss = 0, []

    def complain(self, text):
        self.amiss.append(text)
        print(f"!!! {text}", flush=True)

    def execute(self):
        usable = [removal for removal in self.removals if self.applies(removal)]
        if not usable:
            return
        copy_sources()
        configure()
        build(sorted({removal.test.target for removal in usable}))
        tests = dict.fromkeys(removal.test for removal in usable)
        sound = {test for test in tests if self.passes(test)}
        for removal in usable:
            if removal.test in sound:
                self.attempt(removal)

    def applies(self, removal):
        problems = removal.problems(ROOT)
        for problem in problems:
            self.complain(problem)
        return not problems

    def passes(self, test):
        """With the handling in place."""
        outcome = run_test(test)
        if outcome.kind != "passed":
            self.complain(f"{test.text}: {outcome.kind} with the handling in place: {outcome.why}")
        return outcome.kind == "passed"

    def attempt(self, removal):
        try:
            with Removed(removal):
                build([removal.test.target])
                outcome = run_test(removal.test)
        except BuildFailure as error:
            self.complain(f"{removal}: what is left does not build:\n{error}")
            return
        if outcome.kind == "failed":
            self.noticed += 1
            print(f"{removal}; {removal.test.text} notices", flush=True)
            if self.why:
                print("    " + "\n    ".join(outcome.why.splitlines()[:8]), flush=True)
        elif outcome.kind == "passed":
            self.complain(f"{removal}: NOBODY NOTICED, not even {removal.test.text}")
        else:
            self.complain(f"{removal}; {removal.test.text}: {outcome.kind}: {outcome.why}")


def main():
    cases = load()
    parser = argparse.ArgumentParser(description="Removes the handling of IMAP cases, one by one.")
    parser.add_argument("--why", action="store_true", help="also print what each test said")
    parser.add_argument("number", type=int, nargs="*", metavar="NUMBER", help="only these cases")
    options = parser.parse_args()
    wanted = set(options.number) or set(cases.titles)
    if not wanted <= set(cases.titles):
        parser.error(f"no such case: {min(wanted - set(cases.titles))}")
    run = Run([removal for removal in cases.removals if removal.number in wanted], options.why)
    for number in sorted(wanted.intersection(cases.without_removal())):
        run.complain(f"case {number}, {cases.titles[number]}: has no removal")
    began = time.monotonic()
    try:
        run.execute()
    except BuildFailure as error:
        run.complain(f"the sources do not build:\n{error}")
    print(f"{len(wanted)} cases, {len(run.removals)} removals, {run.noticed} noticed, "
          f"{len(run.amiss)} amiss, {round(time.monotonic() - began)} s")
    return 1 if run.amiss else 0


if __name__ == "__main__":
    sys.exit(main())
