"""The mailboxes that are measured, as trees that the test Dovecot loads: ADDRESS/Maildir/…"""

import base64
import pathlib
import random
import re

import corpus
import maildir_files
import sample_mail

MAILBOX = "bench@acme.example"
CATALOGUES = "catalogues@acme.example"
LARGE = "large@acme.example"

CATALOGUE_BYTES = 3_000_000
CATALOGUE_LETTERS = 300
LARGE_BYTES = 100_000_000
_CUSTOMERS = 240
_SHOWN = 400


def write_mailbox(tree, count, use_corpus, customers=_CUSTOMERS):
    """One account of `count` messages, kept as a salesperson keeps them: a third each in INBOX and
    Sent, the rest in a folder for each customer. Returns (messages, folders, where they come from).

    Line ends are CRLF on disk already, so that the files are the bytes that are served."""
    sources = _corpus_messages(count) if use_corpus else _generated_messages(count)
    letters_each = max(1, count // 3 // customers)
    top, made = tree / MAILBOX / "Maildir", 0
    folders = [maildir_files.make_maildir(top), maildir_files.make_maildir(top / "Sent")]
    folders += [maildir_files.make_maildir(top / "Customers" / f"Customer {number:03}")
                for number in range(customers)]
    for number, raw in enumerate(sources):
        place = number % 3 if number % 3 < 2 else 2 + number // 3 // letters_each % customers
        maildir_files.write_message(folders[place], raw, "S" if number % 4 else "",
                                    1_200_000_000 + number)
        made += 1
    return made, len(folders), "real mail of MAILHOLD_CORPUS" if use_corpus else "generated mail"


def write_mbox(path, count, use_corpus):
    """`count` messages as one mbox file. Of real mail there may be fewer: it comes again then, each time
    with another header field, so that words are as frequent as they are. Returns a few messages from all
    over it, and where they come from."""
    chance, shown = random.Random(5), []
    with path.open("wb") as out:
        for number, raw in enumerate(_repeated_corpus(count) if use_corpus else _generated_messages(count)):
            if chance.random() < _SHOWN / count:
                shown.append(raw)
            quoted = re.sub(rb"(?m)^(>*From )", rb">\1", raw.replace(b"\r\n", b"\n"))
            out.write(b"From bench@acme.example Sat Jan  1 00:00:00 2000\n" + quoted + b"\n\n")
    return shown, "real mail of MAILHOLD_CORPUS" if use_corpus else "generated mail"


def _repeated_corpus(count):
    paths = [path for _, path in corpus.messages()]
    for number in range(count):
        again = b"X-Copy: %d\n" % (number // len(paths)) if number >= len(paths) else b""
        yield again + paths[number % len(paths)].read_bytes()


def _corpus_messages(count):
    """`count` messages spread evenly over all people and kinds of the corpus."""
    paths = [path for _, path in corpus.messages()]
    step = max(1.0, len(paths) / count)
    for number in range(min(count, len(paths))):
        yield re.sub(rb"\r?\n", b"\r\n", paths[int(number * step)].read_bytes())


def _generated_messages(count):
    sample = sample_mail.Sample(seed=1, messages=count, catalogues=count // 100)
    return (placement.raw for placement in sample.placements())


def _letter_with(payload, number):
    """A letter with `payload` as base64 attachment."""
    head = (f"From: sales@acme.example\r\nTo: customer{number}@example.com\r\n"
            f"Subject: our catalogue, for customer {number}\r\nMIME-Version: 1.0\r\n"
            'Content-Type: multipart/mixed; boundary="cut"\r\n\r\n--cut\r\n'
            f"Content-Type: text/plain\r\n\r\nDear customer {number},\r\n\r\n--cut\r\n"
            "Content-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n")
    return head.encode() + payload + b"--cut--\r\n"


def _coded(size, seed):
    return base64.encodebytes(random.Random(seed).randbytes(size)).replace(b"\n", b"\r\n")


def write_catalogues(tree):
    """The same catalogue in many letters."""
    folder = maildir_files.make_maildir(tree / CATALOGUES / "Maildir")
    payload = _coded(CATALOGUE_BYTES, seed=2)
    for number in range(CATALOGUE_LETTERS):
        maildir_files.write_message(folder, _letter_with(payload, number), "S", 1_300_000_000 + number)


def write_large(tree):
    """One message of LARGE_BYTES."""
    folder = maildir_files.make_maildir(tree / LARGE / "Maildir")
    payload = _coded(LARGE_BYTES * 57 // 78, seed=3)
    maildir_files.write_message(folder, _letter_with(payload, 1), "S", 1_300_000_000)


def bytes_below(folder):
    """Sizes of all files below `folder`."""
    return sum(p.stat().st_size for p in pathlib.Path(folder).rglob("*") if p.is_file())
