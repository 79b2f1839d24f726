"""One point: a command run on a copy of its home with one fault, and what must hold after it."""

import collections
import json
import shutil
import subprocess

from e2e_case import MANIFEST, contents_stored_twice, sha256_of

# Of docs/operations.md, what a failing disk may end with; a run that was killed says -9.
EXIT_CODES = (0, 3, 5, 30)
KILLS = ("kill", "torn", "power", "power-names")
HARMLESS = {"orphan", "leftover"}


class Violation(Exception):
    """Something that must hold does not."""


def require(holds, what):
    if not holds:
        raise Violation(what)


class Point:
    def __init__(self, scenario, fault, folder):
        self.scenario, self.fault, self.folder = scenario, fault, folder

    def try_it(self):
        """Returns the call that the fault befell; None when the run ended before it came to it."""
        self.folder.mkdir(parents=True)
        tool = self.scenario.copy_to(self.folder)
        try:
            return self._tried(tool)
        except (AssertionError, subprocess.TimeoutExpired) as error:
            raise Violation(str(error)) from error
        finally:
            self.scenario.clean_up(tool)
            shutil.rmtree(self.folder, ignore_errors=True)

    def _tried(self, tool):
        command = self.scenario.command(tool)
        result, hit = tool.run_with(self.fault, *command, unlock=self.scenario.unlock)
        self._require_contract(result, hit)
        self._require_nothing_lost(tool, result)
        again = tool.run(*command, unlock=self.scenario.unlock)
        require(again.code in self.scenario.again, f"the next run fails: {again}")
        self.scenario.go_on(tool, again)
        self._require_complete(tool)
        return hit

    def _require_contract(self, result, hit):
        """How the run with the fault may end, and what it then says."""
        for word in ("Sanitizer", "runtime error:", "terminate called"):
            require(word not in result.stderr, f"a crash: {result}")
        if result.code < 0:
            require(result.code == -9 and self.fault.do in KILLS and hit, f"a crash: {result}")
            return
        require(result.code in EXIT_CODES, f"not this exit code: {result}")
        if result.code > 3:
            lines = [line.partition(":")[0] for line in result.stderr.splitlines()]
            require(lines[-2:] == ["mailhold", "hint"], f"what failed and a hint: {result}")

    def _require_nothing_lost(self, tool, result):
        """What was acknowledged, by earlier runs or by this one, is there."""
        if not self.scenario.has_vault(tool):
            require(result.code != 0, f"success without a vault: {result}")
            return
        report = self._checked(tool)
        kinds = {finding["kind"] for finding in report["findings"]}
        require(kinds <= HARMLESS, f"check finds {report['findings']} after {result}")
        acknowledged = self.scenario.wanted if result.code == 0 else self.scenario.before
        if acknowledged:
            lost = acknowledged - mail_of(tool, self.scenario.address)
            require(not lost, f"lost {lost} after {result}")
        if result.code == 0:
            self.scenario.verify(tool)

    def _require_complete(self, tool):
        """After the next run nothing of the fault is left to see."""
        self.scenario.verify(tool)
        report = self._checked(tool, "--read-data")
        require(not report["findings"], f"after the next run check finds {report['findings']}")
        if not self.scenario.messages:
            return
        require(report["messages"] == self.scenario.messages,
                f"{report['messages']} messages, not {self.scenario.messages}")
        twice = contents_stored_twice(tool.home / "state")
        require(not twice, f"stored twice: {twice}")
        found = mail_of(tool, self.scenario.address)
        require(found == self.scenario.wanted, f"exported {found}, not {self.scenario.wanted}")

    @staticmethod
    def _checked(tool, *options):
        result = tool.run("--json", "check", *options)
        require(result.code == 0, f"{result}")
        return json.loads(result.stdout)


def mail_of(tool, address):
    """Counter of (folder, sha256) of an account's export."""
    to = tool.home.parent / "export"
    result = tool.run("--quiet", "export", "--account", address, "--to", to)
    require(result.code == 0, f"{result}")
    lines = [json.loads(line) for line in (to / MANIFEST).read_text(encoding="utf-8").splitlines()]
    found = collections.Counter((line["folder"], sha256_of((to / line["path"]).read_bytes()))
                                for line in lines)
    shutil.rmtree(to)
    return found
