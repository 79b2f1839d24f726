"""Starting and stopping a throwaway mail server: its folder, certificates, ports and process.

A server runs without privileges: as `nobody` when started by root, else as the current user. It ends
with the thread that started it, and removes its folder when it made that itself."""

import contextlib
import ctypes
import os
import pathlib
import pwd
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import time

import throwaway_ca

_LONGEST_RUN_PATH = 60  # a Unix socket's path ends at 107 bytes; servers add up to 40
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


class ServerProcess:
    """One server process, a context manager. A subclass says what to run in `_command`, and names
    the folders below `folder` that its server writes to in `parts`."""

    host = "localhost"
    name = ""  # for messages and the temporary folder
    parts = ("mail",)

    def __init__(self, folder=None, certificate="valid"):
        self._own_folders = []
        self.folder = pathlib.Path(folder).resolve() if folder else self._temporary_folder()
        self._process = None
        self.imap_port = self.imaps_port = 0
        self._uid, self._gid = (os.getuid(), os.getgid())
        if self._uid == 0:
            nobody = pwd.getpwnam("nobody")
            self._uid, self._gid = nobody.pw_uid, nobody.pw_gid
        self._prepare(certificate)

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

    def _command(self):
        """(command line, environment) that start the server in the foreground, on `imap_port` and
        `imaps_port`; writes the configuration for it."""
        raise NotImplementedError

    # ---- the process

    def start(self):
        """Starts the server and waits until it answers. A second start keeps the ports."""
        for _ in range(5):  # another process may take a free port before the server does
            if not self.imap_port:
                self.imap_port, self.imaps_port = free_ports(2)
            if self._try_start():
                return
            self.imap_port = self.imaps_port = 0
        raise RuntimeError(f"{self.name} does not start:\n" + self.log_text()[-4000:])

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

    def kill(self):
        """Ends the server and its children at once, as a crash does; its mail stays for the next
        start."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None

    def close(self):
        """Ends the server at once and removes its folder when it made that itself."""
        self.kill()  # an orderly stop takes a second
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
        folder = pathlib.Path(tempfile.mkdtemp(prefix=f"mailhold-{self.name}-"))
        folder.chmod(0o755)  # the server's user has to get in
        self._own_folders.append(folder)
        return folder

    def _prepare(self, certificate):
        self.folder.mkdir(parents=True, exist_ok=True)
        self._run = self.folder / "run"
        if len(str(self._run)) > _LONGEST_RUN_PATH:
            self._run = self._temporary_folder() / "run"
        written = (self._run, *(self.folder / name for name in ("log", *self.parts)))
        for part in (*written, self.folder / "users", self.folder / "tls"):
            part.mkdir(exist_ok=True)
        throwaway_ca.make_ca(self.folder / "tls")
        self._make_certificate(certificate)
        for part in written:
            self.hand_over(part)

    def _make_certificate(self, kind):
        throwaway_ca.make_server_certificate(self.folder / "tls", kind)
        self.hand_over(self.folder / "tls" / "server.key")

    def _try_start(self):
        line, environment = self._command()
        with open(self.folder / "log" / "output", "ab") as output:
            self._process = subprocess.Popen(
                line, stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd=self.folder,
                env={"PATH": os.environ.get("PATH", "/usr/bin"), **environment},
                preexec_fn=die_with_parent, start_new_session=True, **self._other_user())
        return self._wait_until_ready()

    def _other_user(self):
        """What subprocess has to be told for the server's user."""
        if os.getuid() != 0:
            return {}
        return {"user": self._uid, "group": self._gid, "extra_groups": []}

    def _wait_until_ready(self):
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline and self._process.poll() is None:
            with contextlib.suppress(OSError):
                if self._greets():
                    return True
            time.sleep(0.01)
        self.stop()
        return False

    def _greets(self):
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE  # it may be a bad one
        with socket.create_connection(("127.0.0.1", self.imaps_port), timeout=5) as plain:
            with context.wrap_socket(plain) as probe:
                return probe.recv(4) == b"* OK"

    # ---- files for the server's user

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
