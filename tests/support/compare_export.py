#!/usr/bin/env python3
"""Compares a Maildir export with what is true of the sample mail, message by message.

    python3 tests/support/compare_export.py SAMPLE ADDRESS EXPORT

says how many messages are the same in content, folder, flags and date; else what differs, exit code 1."""

import collections
import datetime
import hashlib
import json
import pathlib
import sys

import sample_mail


def truth_of(sample, address):
    return collections.Counter(
        (line["folder"], line["sha256"], tuple(line["flags"]), line["internaldate"])
        for line in sample_mail.read_truth(sample) if line["account"] == address)


def exported(top):
    found = collections.Counter()
    for text in (top / "mailhold-export.jsonl").read_text(encoding="utf-8").splitlines():
        line = json.loads(text)
        content = hashlib.sha256((top / line["path"]).read_bytes()).hexdigest()
        date = int(datetime.datetime.fromisoformat(line["internaldate"]).timestamp())
        found[line["folder"], content, tuple(sorted(line["flags"])), date] += 1
    return found


def main():
    sample, address, top = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
    wanted, found = truth_of(sample, address), exported(top)
    if wanted != found:
        sys.exit(f"{(wanted - found).total()} messages of {wanted.total()} are missing or differ: "
                 f"{list((wanted - found).keys())[:3]}")
    print(f"{found.total()} of {wanted.total()} messages came back: every byte, folder, flag and date "
          "as it was")


if __name__ == "__main__":
    main()
