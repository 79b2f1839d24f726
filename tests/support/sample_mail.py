#!/usr/bin/env python3
"""Generates the project's own sample mail: three accounts of a hardware exporter, by seed.

    python3 tests/support/sample_mail.py --seed 7 --messages 300 --to DIR

writes DIR/ADDRESS/Maildir/[FOLDER/]cur/… (folder names in UTF-8, mtime = INTERNALDATE), as the
class Dovecot loads it, and DIR/truth.jsonl: one JSON line per message with account, folder, file,
flags, internaldate (seconds since 1970), sha256, size, subject, from, message_id, words surely in
the body, and for every attachment name, type, sha256, size and words surely in it. The same seed
and options make the same bytes."""

import argparse
import dataclasses
import datetime
import hashlib
import json
import math
import pathlib
import random

import maildir_files
import sample_files
from sample_letters import Writer
from sample_mime import STYLES, render, style_that_fits
from sample_world import (FLAGSHIP, LAST_DAY, SPAN_DAYS, TACTICAL, VANGUARD, customers, make_deal)

TRUTH = "truth.jsonl"
KEYWORDS = ["$Forwarded"]


@dataclasses.dataclass(frozen=True)
class Account:
    """One sample account and where it files things."""

    person: object
    sent: str
    filed: tuple  # folders that incoming mail may be moved to
    others: tuple  # folders that exist besides

    @property
    def folders(self):
        return ("INBOX", self.sent, "Drafts", "Trash", *self.filed, *self.others)


ACCOUNTS = {
    "flagship": Account(FLAGSHIP, "已发送", ("供应商", "Archive/2023"),
                        ("Customers/ACME", "客户/华美", "待处理")),
    "tactical": Account(TACTICAL, "Sent", ("Quotes & Samples", "Archive/USA"), ("Junk",)),
    "vanguard": Account(VANGUARD, "Sent", ("开发信/回复",), ("Junk",)),
}


@dataclasses.dataclass(frozen=True)
class Placement:
    """One message in one folder of one account."""

    account: str
    folder: str
    flags: tuple
    epoch: int
    raw: bytes
    letter: object


class Sample:
    """All placements of a sample, made on the fly. `messages` counts placements."""

    def __init__(self, seed=7, messages=300, catalogue_kib=200, catalogues=None):
        self._rng = random.Random(seed)
        self._wanted = messages
        self._catalogues = min(messages // 25, 300) if catalogues is None else catalogues
        self._customers = customers(self._rng, max(20, min(messages // 20, 2000)))
        self._writer = Writer(self._rng, sample_files.catalogue(catalogue_kib * 1024, seed))

    def placements(self):
        """Yields the placements, one thread of letters after the other, oldest thread first."""
        made, sent_catalogues = 0, 0
        while made < self._wanted:
            done = made / self._wanted
            age = datetime.timedelta(days=90 + (1 - done) * (SPAN_DAYS - 90))
            turn = list(self._turn(LAST_DAY - age))
            due = min(self._catalogues, math.ceil(self._catalogues * done * 1.03))
            while sent_catalogues < due:
                turn.insert(0, self._catalogue_letter(LAST_DAY - age))
                sent_catalogues += 1
            turn = turn[:self._wanted - made]
            yield from turn
            made += len(turn)

    def _pick_customer(self):
        known = 7
        if self._rng.random() < 0.3:
            return self._customers[self._rng.randrange(known)]
        return self._rng.choice(self._customers)

    def _pick_account(self, customer):
        if customer.folder:
            return ACCOUNTS["flagship"]
        return self._rng.choices(list(ACCOUNTS.values()), (45, 32, 23))[0]

    def _turn(self, start):
        """A deal, and now and then a notice and a letter among ourselves."""
        rng = self._rng
        deal = make_deal(rng, self._pick_customer(), start)
        account = self._pick_account(deal.customer)
        yield from self._deal(deal, account)
        if rng.random() < 0.5:
            moment = deal.start + datetime.timedelta(hours=rng.uniform(1, 200))
            letter = self._writer.notice(deal, account.person, moment)
            folder = rng.choice(("INBOX", "INBOX", "Trash", account.folders[-1]))
            yield self._placed(account, folder, letter, self._flags(letter))
        if rng.random() < 0.15:
            yield from self._internal(deal)

    def _deal(self, deal, account):
        other = ACCOUNTS["tactical" if account.person is FLAGSHIP else "flagship"]
        for letter, ours in self._writer.deal(deal, account.person, other.person):
            if ours:
                places = [(account, account.sent)]
            else:
                self._writer.received(letter)
                places = self._filed(account, letter.sender)
            places += [(other, "INBOX")] if letter.cc else []
            yield from self._everywhere(letter, places)
            if ours and self._rng.random() < 0.04:
                draft = self._writer.draft_of(letter)
                yield self._placed(account, "Drafts", draft, ("\\Draft", "\\Seen"))

    def _filed(self, account, sender):
        """Where an incoming letter lies: mostly one folder, now and then two."""
        rng = self._rng
        home = sender.folder or rng.choice(account.filed)
        where = "INBOX" if rng.random() < (0.3 if sender.folder else 0.75) else home
        if rng.random() < 0.04:
            return [(account, "INBOX"), (account, home)]
        return [(account, where)]

    def _internal(self, deal):
        sender, receiver = self._rng.sample(list(ACCOUNTS.values()), 2)
        moment = deal.start + datetime.timedelta(hours=self._rng.uniform(1, 300))
        letter = self._writer.internal(deal, sender.person, receiver.person, moment)
        yield from self._everywhere(letter, [(sender, sender.sent), (receiver, "INBOX")])

    def _catalogue_letter(self, start):
        customer = self._pick_customer()
        account = self._pick_account(customer)
        moment = start + datetime.timedelta(hours=self._rng.uniform(0, 48))
        deal = make_deal(self._rng, customer, start)
        letter = self._writer.catalogue(deal, account.person, moment)
        return self._placed(account, account.sent, letter, ("\\Seen",))

    def _everywhere(self, letter, places):
        """The same bytes in every one of `places`."""
        first = self._placed(*places[0], letter, self._flags(letter))
        yield first
        for account, folder in places[1:]:
            yield dataclasses.replace(first, account=account.person.address, folder=folder,
                                      flags=self._flags(letter))

    def _flags(self, letter):
        rng = self._rng
        ours = letter.sender in (FLAGSHIP, TACTICAL, VANGUARD)
        flags = ["\\Seen"] if ours or rng.random() < 0.88 else []
        if letter.answered and not ours:
            flags.append("\\Answered")
        if rng.random() < 0.04:
            flags.append("\\Flagged")
        if rng.random() < 0.03:
            flags.append("$Forwarded")
        return tuple(flags)

    def _placed(self, account, folder, letter, flags):
        names = [letter.sender.name, *(p.name for p in letter.to + letter.cc),
                 *(a.name for a in letter.attachments)]
        text = "\n".join((letter.subject, letter.text, letter.quoted, *names))
        wanted = self._rng.choice(STYLES[letter.language])
        raw = render(letter, style_that_fits(wanted, letter.language, text))
        epoch = int(letter.moment.timestamp()) + (5 if letter.trace else 1)
        return Placement(account.person.address, folder, flags, epoch, raw, letter)


def truth_of(placement, file):
    """What is true of one message, for truth.jsonl."""
    letter = placement.letter
    return {"account": placement.account, "folder": placement.folder, "file": file,
            "flags": sorted(placement.flags), "internaldate": placement.epoch,
            "sha256": hashlib.sha256(placement.raw).hexdigest(), "size": len(placement.raw),
            "subject": letter.subject, "from": letter.sender.address,
            "message_id": letter.message_id, "words": list(dict.fromkeys(letter.words)),
            "attachments": [{"name": a.name, "type": a.media_type, "sha256": a.sha256,
                             "size": len(a.data), "words": list(a.words)}
                            for a in letter.attachments]}


def _maildirs(folder):
    """Makes every folder of the sample; returns {(account, folder): path of its Maildir}."""
    made = {}
    known = {p.folder for p in customers(random.Random(0), 0)}
    for account in ACCOUNTS.values():
        top = folder / account.person.address / "Maildir"
        extra = known if account.person is FLAGSHIP else ()
        for name in sorted({*account.folders, *extra}):
            path = maildir_files.make_maildir(top if name == "INBOX" else top / name)
            maildir_files.write_keywords(path, KEYWORDS)
            made[account.person.address, name] = path
    return made


def write(folder, sample):
    """Writes `sample` as Maildirs and truth.jsonl into `folder`, which holds no sample yet."""
    folder = pathlib.Path(folder)
    maildirs = _maildirs(folder)
    with open(folder / TRUTH, "x", encoding="utf-8") as truth:
        for serial, placement in enumerate(sample.placements()):
            letters = maildir_files.flag_letters(placement.flags, KEYWORDS)
            path = maildir_files.place_message(
                maildirs[placement.account, placement.folder], f"{1000000000 + serial}.sample",
                placement.raw, letters, placement.epoch)
            line = truth_of(placement, str(path.relative_to(folder)))
            truth.write(json.dumps(line, ensure_ascii=False) + "\n")


def read_truth(folder):
    """Yields what truth.jsonl in `folder` says, message by message."""
    with open(pathlib.Path(folder) / TRUTH, encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def main():
    parser = argparse.ArgumentParser(description="Writes sample trade mail as Maildirs.")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--messages", type=int, default=300)
    parser.add_argument("--to", required=True, metavar="DIR")
    parser.add_argument("--catalogue-kib", type=int, default=200, help="size of the catalogue")
    parser.add_argument("--catalogues", type=int,
                        help="how many letters carry it (default: 1 in 25, at most 300)")
    arguments = parser.parse_args()
    write(arguments.to, Sample(arguments.seed, arguments.messages, arguments.catalogue_kib,
                               arguments.catalogues))


if __name__ == "__main__":
    main()
