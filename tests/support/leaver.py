#!/usr/bin/env python3
"""Deletes all mail of an account over IMAP, as a leaver does before leaving; prints how much.

    python3 tests/support/leaver.py --port P --user U --password W --ca-file F"""

import argparse

import imap_reader
from folder_names import quoted


def delete_everything(connection):
    """Empties every folder of the logged-in `connection`; returns how many messages went."""
    deleted = 0
    for folder in imap_reader.folder_names(imap_reader.Conversation(connection)):
        count = int(connection.select(quoted(folder))[1][0])
        if count:
            connection.store("1:*", "+FLAGS.SILENT", "(\\Deleted)")
            connection.expunge()
        deleted += count
    return deleted


def main():
    parser = argparse.ArgumentParser(description="Deletes all mail of an account.")
    parser.add_argument("--host", default="localhost")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--user", required=True)
    parser.add_argument("--password", required=True)
    parser.add_argument("--ca-file", required=True)
    arguments = parser.parse_args()
    with imap_reader.connect(**vars(arguments)) as connection:
        print(f"{delete_everything(connection)} messages of {arguments.user} deleted on the server")


if __name__ == "__main__":
    main()
