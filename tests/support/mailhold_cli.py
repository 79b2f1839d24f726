"""Runs the mailhold program in a throwaway home, as an administrator would.

    tool = Mailhold(home)
    tool.init("passphrase")
    tool.account_add("lin@acme.example", "secret", "localhost", port, ca=server.ca_file)
    report = tool.json("backup", check=0)"""

import dataclasses
import json
import os
import pathlib
import subprocess

_REPOSITORY = pathlib.Path(__file__).resolve().parents[2]


def is_sanitized():
    """Whether it carries a sanitizer, which takes memory and time of its own."""
    code = program().read_bytes()
    return b"__asan_init" in code or b"__tsan_init" in code


@dataclasses.dataclass
class Result:
    """How a run ended; a code below zero is the signal that killed it."""

    arguments: tuple
    code: int
    stdout: str
    stderr: str

    def __str__(self):
        return (f"mailhold {' '.join(self.arguments)}: exit code {self.code}\n"
                f"stdout: {self.stdout}\nstderr: {self.stderr}")


def program():
    """The binary under test: MAILHOLD_BIN, else the newest build/*/mailhold."""
    named = os.environ.get("MAILHOLD_BIN")
    if named:
        return pathlib.Path(named).resolve()
    built = [p for p in _REPOSITORY.glob("build/*/mailhold") if p.is_file()]
    if not built:
        raise FileNotFoundError("no mailhold binary: build it, or set MAILHOLD_BIN")
    return max(built, key=lambda p: p.stat().st_mtime)


class Mailhold:
    """One installation: `home` holds config, state, temporary files and (by default) the vault."""

    def __init__(self, home, config=None, environment=None):
        self.home = pathlib.Path(home).resolve()
        self.config = pathlib.Path(config) if config else self.home / "mailhold.toml"
        self.vault = self.home / "vault"
        self.passphrase_file = self.home / "passphrase"
        self.temporary = self.home / "tmp"
        self.temporary.mkdir(parents=True, exist_ok=True)
        self._environment = dict(environment or {})

    def environment(self):
        """What every run gets: nothing of the user's own settings, cheap key derivation."""
        kept = {name: value for name, value in os.environ.items()
                if not name.startswith(("MAILHOLD_", "XDG_"))}
        kept = {name: value for name, value in kept.items() if not name.lower().endswith("_proxy")}
        return {**kept, "HOME": str(self.home), "XDG_CONFIG_HOME": str(self.home / ".config"),
                "TMPDIR": str(self.temporary), "MAILHOLD_TEST_FAST_KDF": "1", **self._environment}

    def command(self, *arguments, unlock=True):
        """The command line of one run. Without `unlock` it has no passphrase."""
        line = [str(program()), "--config", str(self.config)]
        if unlock and self.passphrase_file.exists():
            line += ["--passphrase-file", str(self.passphrase_file)]
        return line + [str(argument) for argument in arguments]

    def run(self, *arguments, check=None, unlock=True, input=None, timeout=600):
        """One run to its end. `check` is the exit code that must come, None for any."""
        done = subprocess.run(self.command(*arguments, unlock=unlock), env=self.environment(),
                              input=input, stdin=None if input is not None else subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                              encoding="utf-8", errors="surrogateescape", timeout=timeout,
                              cwd=self.home)
        result = Result(tuple(map(str, arguments)), done.returncode, done.stdout, done.stderr)
        if check is not None and done.returncode != check:
            raise AssertionError(f"exit code {check} was expected\n{result}")
        return result

    def start(self, *arguments, unlock=True):
        """Starts a run and returns its process, for tests that interrupt it."""
        return subprocess.Popen(self.command(*arguments, unlock=unlock), env=self.environment(),
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, cwd=self.home)

    def json(self, *arguments, check=None, unlock=True):
        """The JSON document that a run prints."""
        result = self.run("--json", *arguments, check=check, unlock=unlock)
        try:
            return json.loads(result.stdout)
        except ValueError as error:
            raise AssertionError(f"no JSON on stdout: {error}\n{result}") from error

    def init(self, passphrase, *options):
        """Makes the vault in `home`."""
        self.passphrase_file.write_text(passphrase + "\n", encoding="utf-8")
        self.passphrase_file.chmod(0o600)
        return self.run("init", "--vault", self.vault, *options, check=0)

    def account_add(self, address, password, host, port, tls="implicit", ca=None, role=None,
                    check=0):
        """Adds an account; the password goes in on stdin, as no command line may show it."""
        options = ["--host", host, "--port", port, "--tls", tls, "--password-stdin"]
        if ca:
            options += ["--ca-file", ca]
        if role:
            options += ["--role", role]
        return self.run("account", "add", address, *options, input=password + "\n", check=check,
                        unlock=False)
