"""The optional corpus of real mail, found by MAILHOLD_CORPUS; tests that want it skip without it.

The variable names a folder with enron.tar.xz and spamassassin.tar.xz, or with the folders in them:
PERSON/inbox/N and spamassassin/KIND/N. Archives are unpacked once, to a cache folder. The files
have LF line ends, which Dovecot serves as CRLF: what the server serves is the truth."""

import os
import pathlib
import re
import shutil
import tarfile
import tempfile

_ARCHIVES = ("enron.tar.xz", "spamassassin.tar.xz")
_MARK = ".complete"


def _cache_folder():
    base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return pathlib.Path(base) / "mailhold-corpus"


def _unpacked(archive):
    """The folder with the content of `archive`, unpacked when it was not before."""
    target = _cache_folder() / archive.name.split(".")[0]
    mark = target / _MARK
    if mark.exists() and mark.read_text(encoding="ascii") == str(archive.stat().st_size):
        return target
    shutil.rmtree(target, ignore_errors=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = pathlib.Path(tempfile.mkdtemp(dir=target.parent))
    try:
        with tarfile.open(archive) as tar:
            tar.extraction_filter = getattr(tarfile, "data_filter", None)  # not in Python 3.11.2
            tar.extractall(partial)
        (partial / _MARK).write_text(str(archive.stat().st_size), encoding="ascii")
        partial.rename(target)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return target


def roots():
    """The folders that hold people's folders; empty when there is no corpus."""
    where = os.environ.get("MAILHOLD_CORPUS")
    if not where:
        return []
    where = pathlib.Path(where)
    found = [_unpacked(where / name) for name in _ARCHIVES if (where / name).exists()]
    return found or ([where] if where.is_dir() else [])


def _by_number(path):
    return [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", str(path))]


def _files(folder):
    return sorted((p for p in folder.rglob("*") if p.is_file()), key=_by_number)


def _people_folders():
    for root in roots():
        for person in sorted(p for p in root.iterdir() if p.is_dir()):
            yield person


def enron_people():
    """{person: [message files in order]} of the Enron people."""
    return {person.name: _files(person / "inbox")
            for person in _people_folders() if (person / "inbox").is_dir()}


def spamassassin():
    """{kind: [message files in order]}, the kinds being easy-ham-1, spam-1 and so on."""
    return {kind.name: _files(kind)
            for person in _people_folders() if person.name == "spamassassin"
            for kind in sorted(person.iterdir()) if kind.is_dir()}


def messages():
    """Yields (person, path) of every message; for SpamAssassin the person is "spamassassin"."""
    for person, paths in enron_people().items():
        yield from ((person, path) for path in paths)
    for paths in spamassassin().values():
        yield from (("spamassassin", path) for path in paths)
