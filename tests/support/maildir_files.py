"""Maildir files as Dovecot keeps them: names that carry flags, and its keyword list.

A message's bytes are written exactly as given; its INTERNALDATE is the file's mtime."""

import itertools
import os
import pathlib

_LETTERS = {"\\Draft": "D", "\\Flagged": "F", "\\Answered": "R", "\\Seen": "S", "\\Deleted": "T"}
_KEYWORDS_FILE = "dovecot-keywords"
_serial = itertools.count(1)


def make_maildir(folder):
    """Creates `folder` with its cur, new and tmp; returns it."""
    folder = pathlib.Path(folder)
    for part in ("cur", "new", "tmp"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    return folder


def is_maildir(folder):
    return (folder / "cur").is_dir()


def read_keywords(folder):
    """The keyword names of `folder`, in the order of the letters a, b, c."""
    try:
        lines = (folder / _KEYWORDS_FILE).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []
    return [line.split(" ", 1)[1] for line in lines]


def write_keywords(folder, keywords):
    """Writes the keyword names of `folder`; at most 26, as a letter stands for each."""
    if len(keywords) > 26:
        raise ValueError("a Maildir holds at most 26 keywords")
    text = "".join(f"{i} {keyword}\n" for i, keyword in enumerate(keywords))
    (folder / _KEYWORDS_FILE).write_text(text, encoding="utf-8")


def flag_letters(flags, keywords):
    """`flags` as the letters of a Maildir name; `keywords` is the folder's list."""
    letters = {_LETTERS[f] if f in _LETTERS else chr(ord("a") + keywords.index(f)) for f in flags}
    return "".join(sorted(letters))


def write_message(folder, raw, letters, epoch, serial=None):
    """Writes one message into the `cur` of `folder`; returns its path.

    A server that has not seen the files yet numbers them in the order of `serial` (default: the
    order of the calls)."""
    serial = next(_serial) if serial is None else serial
    base = f"{1000000000 + serial}.P{os.getpid()}.mailhold"
    return place_message(folder, base, raw, letters, epoch)


def place_message(folder, base, raw, letters, epoch):
    """Writes one message under the unique name `base`; returns its path."""
    # Plain strings: this runs a hundred thousand times for the large samples.
    partial = f"{folder}/tmp/{base}"
    final = f"{folder}/cur/{base}:2,{letters}"
    with open(partial, "wb") as file:
        file.write(raw)
    os.utime(partial, (epoch, epoch))
    os.rename(partial, final)
    return pathlib.Path(final)
