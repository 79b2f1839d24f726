"""Letters of the sample trade mail: what people write to each other in the course of a deal."""

import dataclasses
import datetime
import functools
import re

import sample_files
from sample_phrases import CLOSINGS, GREETINGS, LETTERS, WROTE
from sample_phrases_en import ENGLISH, NOTICES
from sample_world import Person

_TEMPLATES = {**LETTERS, "en": ENGLISH}
# stage, written by us, how likely the deal goes on to it, hours since the last letter
_COURSE = (("inquiry", False, 1.0, (0, 1)), ("quote", True, 0.95, (2, 40)),
           ("negotiate", False, 0.6, (8, 120)), ("sample", True, 0.5, (4, 60)),
           ("order", False, 0.75, (24, 240)), ("proforma", True, 0.95, (2, 30)),
           ("lc", False, 0.4, (48, 200)), ("shipping", True, 0.9, (300, 700)))
_SHORTEST_WORD = 4  # "5" is in many bodies by chance and says nothing in a search test
_ENDS = (("complaint", False), ("answer", True)), (("thanks", False),)


@dataclasses.dataclass
class Letter:
    """One message before it is bytes. `words` are strings that its body surely holds."""

    sender: Person
    to: tuple
    subject: str
    text: str
    moment: datetime.datetime
    language: str
    message_id: str
    cc: tuple = ()
    quoted: str = ""
    references: tuple = ()
    attachments: tuple = ()
    words: tuple = ()
    trace: tuple = ()
    date_header: str = ""
    html: bool = False
    logo: bool = False
    answered: bool = False


@functools.lru_cache(maxsize=None)
def _fields(template):
    return tuple(re.findall(r"\{(\w+)\}", template))


@functools.lru_cache(maxsize=None)
def _offset(zone):
    minutes = int(zone[1:3]) * 60 + int(zone[3:])
    return datetime.timezone(datetime.timedelta(minutes=-minutes if zone[0] == "-" else minutes))


_DAYS = "Mon Tue Wed Thu Fri Sat Sun".split()
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


def date_header(moment, zone):
    local = moment.astimezone(_offset(zone))
    return (f"{_DAYS[local.weekday()]}, {local.day} {_MONTHS[local.month - 1]} {local.year} "
            f"{local:%H:%M:%S} {zone}")


def _called(person, language):
    """How `person` is addressed in a letter of `language`."""
    if language in ("zh", "tw", "ja"):
        own = "".join(c for c in person.name if c >= "\u2e80" or c == " ").strip()
        return own or person.name
    western = "".join(c for c in person.name if c < "\u2e80").split()
    return western[0] if western else "Sirs"


def _received(rng, letter, zone):
    """The trace headers that servers put above an incoming message."""
    host = letter.sender.address.split("@")[1]
    code = f"{rng.getrandbits(48):012x}"
    by = letter.to[0].address.split("@")[1]
    when = date_header(letter.moment, zone)
    return (f"Return-Path: <{letter.sender.address}>".encode(),
            f"Received: from mail.{host} (mail.{host} [192.0.2.{rng.randrange(1, 255)}])\r\n"
            f"\tby mx.{by} with ESMTPS id {code}\r\n"
            f"\tfor <{letter.to[0].address}>; {when}".encode(),
            f"Received: from [198.51.100.{rng.randrange(1, 255)}] by mail.{host}; {when}".encode())


class Writer:
    """Writes letters, drawing every choice from one random generator."""

    def __init__(self, rng, catalogue):
        self._rng = rng
        self._catalogue = catalogue
        self._count = 0

    def deal(self, deal, us, colleague=None):
        """The letters of one deal, each answering the one before; (letter, written by us) pairs."""
        rng, letters = self._rng, []
        moment = deal.start
        for stage, ours, likely, (least, most) in self._stages():
            if rng.random() > likely:
                if stage in ("quote", "order", "shipping"):
                    break
                continue
            moment += datetime.timedelta(hours=rng.uniform(least, most))
            previous = letters[-1][0] if letters else None
            if previous:
                previous.answered = True
            cc = (colleague,) if colleague and rng.random() < 0.25 else ()
            letters.append((self._stage_letter(deal, stage, ours, us, moment, previous, cc), ours))
        return letters

    def _stages(self):
        yield from _COURSE
        for stage, ours in self._rng.choice(_ENDS):
            yield stage, ours, 0.9, (200, 900)

    def _stage_letter(self, deal, stage, ours, us, moment, previous, cc):
        customer = deal.customer
        language = self._language(customer, stage, ours)
        sender, receiver = (us, customer) if ours else (customer, us)
        files = sample_files.for_stage(self._rng, deal, stage, language)
        letter = self._compose(_TEMPLATES[language][stage], deal, language, sender, (receiver,),
                               moment)
        letter.attachments, letter.cc = files, cc
        if previous:
            self._answer(letter, previous)
        return letter

    @staticmethod
    def _language(customer, stage, ours):
        """The language of a letter: exporters answer in English where they cannot else."""
        usable = ("zh", "tw") if ours else tuple(LETTERS)
        if customer.language in usable and stage in LETTERS[customer.language]:
            return customer.language
        return "en"

    def _answer(self, letter, previous):
        letter.subject = "Re: " + previous.subject.removeprefix("Re: ")
        known = (previous.message_id,) if previous.message_id else ()
        letter.references = (previous.references + known)[-6:]
        if self._rng.random() < 0.7:
            wrote = WROTE[letter.language].format(date=f"{previous.moment:%Y-%m-%d}",
                                                  name=previous.sender.name)
            letter.quoted = f"{wrote}\n{previous.text}".rstrip("\n")
            letter.words += tuple(w for w in previous.words if w in previous.text)

    def _compose(self, template, deal, language, sender, to, moment):
        """Fills a template with the facts of `deal`."""
        rng = self._rng
        facts = {**deal.facts, "item": deal.lines[0].names[language], "year": f"{moment:%Y}"}
        subjects, *paragraphs = template
        chosen = [rng.choice(alternatives) for alternatives in paragraphs]
        body = "\n".join(chosen).format_map(facts)
        words = tuple(dict.fromkeys(facts[f] for text in chosen for f in _fields(text)
                                    if len(facts[f]) >= _SHORTEST_WORD
                                    or not facts[f].isascii()))
        greeting = rng.choice(GREETINGS[language]).format(to=_called(to[0], language))
        closing = rng.choice(CLOSINGS[language])
        text = (f"{greeting}\n\n{body}\n\n{closing}\n\n{sender.name}\n{sender.company}, "
                f"{sender.city}\n")
        return self._finish(Letter(
            sender=sender, to=to, subject=rng.choice(subjects).format_map(facts), text=text,
            moment=moment, language=language, message_id=self._message_id(sender), words=words,
            html=rng.random() < 0.55, logo=rng.random() < 0.1))

    def _finish(self, letter):
        letter.date_header = date_header(letter.moment, letter.sender.zone)
        return letter

    def _message_id(self, sender):
        self._count += 1
        host = sender.address.split("@")[1]
        return f"<{self._rng.getrandbits(64):016x}.{self._count}@{host}>"

    def received(self, letter):
        """Marks `letter` as one that came in: trace headers, now and then no Message-ID."""
        letter.trace = _received(self._rng, letter, "+0800")
        if self._rng.random() < 0.01:
            letter.message_id = ""
        return letter

    def catalogue(self, deal, us, moment):
        """One of the many letters that carry the catalogue."""
        language = self._language(deal.customer, "catalogue", True)
        letter = self._compose(_TEMPLATES[language]["catalogue"], deal, language, us,
                               (deal.customer,), moment)
        letter.attachments = (self._catalogue,)
        return letter

    def internal(self, deal, sender, receiver, moment):
        """A letter from one of our accounts to another."""
        language = self._rng.choice(("zh", "en"))
        return self._compose(_TEMPLATES[language]["internal"], deal, language, sender, (receiver,),
                             moment)

    def notice(self, deal, us, moment):
        """A newsletter or an automatic message, which belongs to no deal."""
        name, address, language, zone, subjects, paragraphs = self._rng.choice(NOTICES)
        sender = Person(name, address, name, deal.customer.city, language, zone)
        letter = self._compose((subjects, *paragraphs), deal, language, sender, (us,), moment)
        letter.html = self._rng.random() < 0.85
        return self.received(letter)

    def draft_of(self, letter):
        """An unfinished version: the same Message-ID, other bytes."""
        text = letter.text.split("\n\n")[0] + "\n\n" + letter.text.split("\n\n")[1][:40]
        return dataclasses.replace(letter, text=text + "\n", quoted="", attachments=(), words=())
