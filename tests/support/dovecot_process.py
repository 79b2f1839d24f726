"""Starting and stopping a throwaway Dovecot: its folder, certificates, ports and process.

What tests use is the class Dovecot in dovecot.py; this is the part of it that knows no mail."""

import contextlib
import ctypes
import grp
import os
import pathlib
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time

import dovecot_config
import throwaway_ca

PROGRAM = "/usr/sbin/dovecot"
_LONGEST_RUN_PATH = 60  # a Unix socket's path ends at 107 bytes; Dovecot adds up to 40
_START_SECONDS = 20


_libc = ctypes.CDLL(None)  # loaded here: a child must not load libraries between fork and exec


def die_with_parent():
    """Asks the kernel to stop this process when the thread that started it is gone."""
    pr_set_pdeathsig = 1
    _libc.prctl(pr_set_pdeathsig, signal.SIGTERM)


def free_ports(count):
    """Ports nobody listens on at this moment."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


class DovecotProcess:
    """One server process, a context manager. Settings are those of dovecot_config.Settings."""

    host = "localhost"

    def __init__(self, folder=None, **settings):
        self.settings = dovecot_config.Settings(**settings)
        self._own_folders = []
        self.folder = pathlib.Path(folder).resolve() if folder else self._temporary_folder()
        self._process = None
        self.imap_port = self.imaps_port = 0
        self._uid, self._gid = (os.getuid(), os.getgid())
        if self._uid == 0:
            nobody = pwd.getpwnam("nobody")
            self._uid, self._gid = nobody.pw_uid, nobody.pw_gid
        self._prepare()

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.close()

    @property
    def ca_file(self):
        return self.folder / "tls" / "ca.pem"

    @property
    def pid(self):
        return self._process.pid

    # ---- the process

    def start(self):
        """Starts the server and waits until it answers. A second start keeps the ports."""
        for _ in range(5):  # another process may take a free port before Dovecot does
            if not self.imap_port:
                self.imap_port, self.imaps_port = free_ports(2)
            if self._try_start():
                return
            self.imap_port = self.imaps_port = 0
        raise RuntimeError("dovecot does not start:\n" + self.log_text())

    def stop(self):
        """Stops the server; its mail stays for the next start."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def close(self):
        """Ends the server at once and removes its folder when it made that itself."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)  # an orderly stop takes a second
            self._process.wait()
            self._process = None
        for folder in self._own_folders:
            shutil.rmtree(folder, ignore_errors=True)

    def log_text(self):
        """What the server has logged since its folder was made."""
        files = sorted((self.folder / "log").glob("*"))
        return "".join(f.read_text(encoding="utf-8", errors="replace") for f in files)

    def use_certificate(self, kind):
        """Changes the server certificate (throwaway_ca.SERVER_KINDS) and restarts."""
        running = self._process is not None
        self.stop()
        self._make_certificate(kind)
        if running:
            self.start()

    def _temporary_folder(self):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="mailhold-dovecot-"))
        folder.chmod(0o755)  # the server's user has to get in
        self._own_folders.append(folder)
        return folder

    def _prepare(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        self._run = self.folder / "run"
        if len(str(self._run)) > _LONGEST_RUN_PATH:
            self._run = self._temporary_folder() / "run"
        parts = ("state", "log", "mail", "users", "tls")
        for part in (self._run, *(self.folder / name for name in parts)):
            part.mkdir(exist_ok=True)
        throwaway_ca.make_ca(self.folder / "tls")
        self._make_certificate(self.settings.certificate)
        for part in (self._run, *(self.folder / p for p in ("state", "log", "mail"))):
            self.hand_over(part)

    def _make_certificate(self, kind):
        throwaway_ca.make_server_certificate(self.folder / "tls", kind)
        os.chown(self.folder / "tls" / "server.key", self._uid, self._gid)

    def _try_start(self):
        user, group = pwd.getpwuid(self._uid).pw_name, grp.getgrgid(self._gid).gr_name
        config = self.folder / "dovecot.conf"
        config.write_text(dovecot_config.configuration(
            self.settings, self.folder, self._run, user, group, (self.imap_port, self.imaps_port)),
            encoding="utf-8")
        (self.folder / "users.conf").write_text(
            dovecot_config.users_configuration(self.folder), encoding="utf-8")
        other_user = {}
        if os.getuid() == 0:
            other_user = {"user": self._uid, "group": self._gid, "extra_groups": []}
        with open(self.folder / "log" / "output", "ab") as output:
            self._process = subprocess.Popen(
                [PROGRAM, "-F", "-c", config], stdin=subprocess.DEVNULL, stdout=output,
                stderr=output, cwd=self.folder, env={"PATH": os.environ.get("PATH", "/usr/bin"),
                                                    "TZ": self.settings.zone},
                preexec_fn=die_with_parent, start_new_session=True,
                **other_user)
        return self._wait_until_ready()

    def _wait_until_ready(self):
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                with socket.create_connection(("127.0.0.1", self.imap_port), timeout=5) as probe:
                    if probe.recv(4) == b"* OK":
                        return True
            except OSError:
                time.sleep(0.01)
        self.stop()
        return False

    def hand_over(self, path):
        """Gives `path` to the server's user; nothing to do when that is us."""
        if os.getuid() == 0:
            os.chown(path, self._uid, self._gid)

    def hand_over_tree(self, top):
        if os.getuid() != 0:
            return
        for where, _, names in os.walk(top):
            os.chown(where, self._uid, self._gid)
            for name in names:
                os.chown(f"{where}/{name}", self._uid, self._gid)
