#!/usr/bin/env python3
"""Makes a golden vault with the program that MAILHOLD_BIN names: make_vault.py FOLDER

Run once for each released version of the format, and never again for the same one: the point of a golden
vault is that it was written by the program of its day. Refuses a folder that exists."""

import base64
import json
import pathlib
import random
import shutil
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from dovecot import Dovecot
from e2e_case import PASSPHRASE, PASSWORD, ClockedMailhold, instant_of, letter, recovery_key, sha256_of

LIN, WANG = "lin@acme.example", "wang@acme.example"
NIGHTS = ("2026-03-07T02:00:00Z", "2026-03-08T02:00:00Z", "2026-03-09T02:00:00Z")
AS_OF = "2026-03-07T12:00:00Z"  # between the first two


def with_catalogue(number, catalogue):
    """A letter whose attachment is large enough to be stored once on its own."""
    head = ("MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=cut\r\n\r\n--cut\r\n"
            "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
            "我们的目录见附件。\r\n--cut\r\nContent-Type: application/octet-stream\r\n"
            "Content-Transfer-Encoding: base64\r\n\r\n")
    coded = base64.encodebytes(catalogue).replace(b"\n", b"\r\n")
    return (f"From: lin@acme.example\r\nTo: buyer{number}@customer.example\r\n"
            f"Subject: catalogue for {number}\r\n{head}").encode() + coded + b"--cut--\r\n"


class Maker:
    def __init__(self, server, home):
        self.server = server
        self.tool = ClockedMailhold(home)
        self.sheet = home / "recovery.txt"

    def night(self, moment):
        self.tool.pretended_now = moment
        self.tool.run("backup", check=0, unlock=False)

    def make(self):
        self.tool.pretended_now = "2026-03-06T12:00:00Z"
        self.tool.init(PASSPHRASE, "--recovery-sheet", self.sheet)
        for address in (LIN, WANG):
            self.server.add_user(address, PASSWORD)
            self.tool.account_add(address, PASSWORD, self.server.host, self.server.imaps_port,
                                  ca=self.server.ca_file)
        catalogue = random.Random(1).randbytes(40_000)
        for number in range(4):
            self.server.deliver(LIN, "INBOX", letter(number), flags=("\\Seen",),
                                internaldate=1772676000)
        self.server.deliver(LIN, "已发送", with_catalogue(1, catalogue), flags=("\\Seen", "$Forwarded"))
        self.server.deliver(WANG, "INBOX", with_catalogue(2, catalogue))
        self.server.deliver(WANG, "INBOX", letter(3))  # the same as Lin has
        self.night(NIGHTS[0])
        self.server.set_flags(LIN, "INBOX", [1], ("\\Seen", "\\Flagged"))
        self.server.expunge(LIN, "INBOX", [2])
        self.server.rename_folder(LIN, "已发送", "已发送 2025")
        self.server.deliver(WANG, "Customers/ACME", b"Subject: nul \0 and bare\nlf\r\n\r\n\xff\xfe")
        self.night(NIGHTS[1])
        self.tool.pretended_now = "2026-03-08T12:00:00Z"
        first = next(one["id"] for one in self.tool.json("key", "list", check=0, unlock=False)["slots"]
                     if one["kind"] == "recovery")
        self.tool.run("key", "recovery", "--sheet", self.tool.home / "second.txt", check=0)
        self.tool.run("key", "remove", first, check=0)  # a second epoch
        self.server.deliver(LIN, "INBOX", letter(9))
        self.night(NIGHTS[2])

    def exported(self, *as_of):
        """What there is to be had back, one line a message."""
        lines = []
        for address in (LIN, WANG):
            to = self.tool.home / f"out-{address}-{len(as_of)}"
            self.tool.run("export", "--account", address, "--to", to, *as_of, check=0)
            for line in (to / "mailhold-export.jsonl").read_text(encoding="utf-8").splitlines():
                entry = json.loads(line)
                raw = (to / entry["path"]).read_bytes()
                lines.append({"account": address, "folder": entry["folder"], "id": entry["id"],
                              "flags": entry["flags"], "epoch": instant_of(entry["internaldate"])[0],
                              "sha256": sha256_of(raw)})
        return sorted(lines, key=lambda one: json.dumps(one, sort_keys=True))


def main():
    if len(sys.argv) != 2 or sys.argv[1].startswith("-"):
        sys.exit(__doc__)
    folder = pathlib.Path(sys.argv[1])
    if folder.exists():
        sys.exit(f"{folder} exists: a golden vault is made once")
    with Dovecot(zone="Asia/Shanghai") as server, tempfile.TemporaryDirectory() as home:
        home = pathlib.Path(home)
        maker = Maker(server, home)
        maker.make()
        truth = {"passphrase": PASSPHRASE, "recovery_key": recovery_key(home / "second.txt"),
                 "now": maker.exported(),
                 "as_of": {"time": AS_OF, "messages": maker.exported("--as-of", AS_OF)}}
        shutil.copytree(home / "vault", folder / "vault")
    (folder / "truth.json").write_text(json.dumps(truth, ensure_ascii=False, indent=1) + "\n",
                                       encoding="utf-8")


if __name__ == "__main__":
    main()
