"""Looks for mail that can be read in what mailhold keeps: vault, state and temporary folders. Every
end-to-end test ends with it.

    readable_mail(tool)     # [(file, what was found)]; must be empty

Found are header fields, addresses of correspondents in the domains that our test mail uses, and the
words of its smallest letters. Own accounts may be known (docs/security.md), and so may folder names."""

import pathlib
import re

_HEADER = rb"(?m)^(?:Subject|Message-ID|MIME-Version|Content-Type|Received|Return-Path): "
_WORDS = rb"Dear Sirs|please quote|inquiry \d"
_ADDRESS = rb"[A-Za-z0-9._+-]+@(?:[A-Za-z0-9.-]+\.example|example\.com)\b"
_LIKE_MAIL = re.compile(b"|".join((_HEADER, _WORDS, _ADDRESS)))


def readable_mail(tool):
    """[(file, what was found)] in everything that `tool`, a Mailhold, keeps."""
    found, own = [], own_addresses(tool)
    for path in _kept_files(tool):
        try:
            content = path.read_bytes()
        except OSError:  # a fifo, or gone meanwhile
            continue
        found += [(str(path), hit) for hit in hits_in(content, own)]
    return found


def hits_in(content, own):
    """What in these bytes is mail, and not one of the `own` addresses."""
    return sorted({hit for hit in _LIKE_MAIL.findall(content)
                   if not any(address in hit for address in own)})


def own_addresses(tool):
    """The accounts of the config, as bytes; at least what mailhold's own texts name."""
    config = tool.config.read_bytes() if tool.config.is_file() else b""
    return {*re.findall(rb'(?m)^ *(?:address|user) *= *"([^"]+)"', config), b"@localhost"}


def _kept_files(tool):
    for folder in (tool.vault, tool.home / "state", tool.temporary):
        yield from (path for path in folder.rglob("*") if path.is_file())
