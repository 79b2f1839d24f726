"""Runs a program and tells how long it took and how much memory it held at most."""

import dataclasses
import os
import re
import subprocess
import threading
import time

_SAMPLE_SECONDS = 0.02


@dataclasses.dataclass
class Measured:
    """One run. `peak_bytes` is peak RSS plus the most that memory files (memfd, tmpfs) and child
    processes held at any sample; `files_seen` is False where this user may not look at the
    process's descriptors."""

    seconds: float
    peak_bytes: int
    files_seen: bool
    stdout: str
    stderr: str


def run(command, expected=(0,), **options):
    """Runs `command` to its end. Raises RuntimeError with its stderr for an unexpected exit code."""
    begun = time.monotonic()
    process = subprocess.Popen(list(map(str, command)), stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)
    watch = _MemoryWatch(process.pid)
    watch.start()
    output = {}
    readers = [threading.Thread(target=lambda name=name, stream=stream: output.update(
        {name: stream.read()})) for name, stream in (("out", process.stdout), ("err", process.stderr))]
    for reader in readers:
        reader.start()
    process.wait()
    seconds = time.monotonic() - begun
    watch.stop()
    for reader in readers:
        reader.join()
    process.stdout.close()
    process.stderr.close()
    if process.returncode not in expected:
        raise RuntimeError(f"{command} ended with {process.returncode}:\n"
                           f"{output['err'].decode(errors='replace')}")
    return Measured(seconds, watch.peak_rss_bytes + watch.most_file_bytes, watch.files_seen,
                    output["out"].decode(errors="replace"), output["err"].decode(errors="replace"))


class _MemoryWatch(threading.Thread):
    """Watches the peak RSS of a process and the files in memory that it holds open, and its children.

    Not ru_maxrss: that begins with what this Python holds when it starts the program."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self._process = f"/proc/{pid}"
        self._ended = threading.Event()
        self.peak_rss_bytes = self.most_file_bytes = 0
        self.files_seen = False

    def run(self):
        while not self._ended.wait(_SAMPLE_SECONDS):
            try:
                if os.path.samefile(f"{self._process}/exe", "/proc/self/exe"):
                    continue  # not started yet: what it shows is this Python's memory
                with open(f"{self._process}/status", encoding="ascii", errors="replace") as status:
                    found = re.search(r"VmHWM:\s+(\d+) kB", status.read())
                if found:  # else it has just ended
                    self.peak_rss_bytes = max(self.peak_rss_bytes, int(found[1]) * 1024)
                self.most_file_bytes = max(self.most_file_bytes,
                                           self._file_bytes() + self._child_bytes())
                self.files_seen = True
            except OSError:
                continue  # gone, or its descriptors are not ours to look at

    def _file_bytes(self):
        held = {}
        for name in os.listdir(f"{self._process}/fd"):
            try:
                path = f"{self._process}/fd/{name}"
                target, status = os.readlink(path), os.stat(path)
                if target.startswith(("/memfd:", "/dev/shm/")):
                    held[status.st_dev, status.st_ino] = status.st_blocks * 512
                elif target == "/" and status.st_dev != os.stat("/").st_dev:
                    whole = os.statvfs(path)  # a tmpfs that is mounted nowhere
                    held[status.st_dev] = (whole.f_blocks - whole.f_bfree) * whole.f_frsize
            except FileNotFoundError:
                continue  # closed meanwhile
        return sum(held.values())

    def _child_bytes(self):
        """Private memory of the children: what they share, they share with us."""
        total = 0
        for task in os.listdir(f"{self._process}/task"):
            with open(f"{self._process}/task/{task}/children", encoding="ascii") as children:
                for pid in children.read().split():
                    try:
                        with open(f"/proc/{pid}/status", encoding="ascii", errors="replace") as status:
                            found = re.search(r"RssAnon:\s+(\d+) kB", status.read())
                    except FileNotFoundError:
                        continue  # gone meanwhile
                    total += int(found[1]) * 1024 if found else 0
        return total

    def stop(self):
        self._ended.set()
        self.join()
