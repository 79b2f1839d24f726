"""What the scripted IMAP server serves: mailboxes of folders of messages, in memory.

Names and flags are `bytes` as they go over the wire; a `str` is taken as UTF-8, so a
folder in Chinese is given in modified UTF-7. Lists are replaced, never changed in
place, so a test may change a mailbox while sessions read it."""

import threading
from dataclasses import dataclass, field

PERMANENT_FLAGS = [b"\\Answered", b"\\Flagged", b"\\Deleted", b"\\Seen", b"\\Draft", b"\\*"]
DEFAULT_DATE = "05-Mar-2024 10:20:30 +0800"


def wire(value):
    return value if isinstance(value, bytes) else value.encode()


@dataclass(eq=False)
class Message:
    """One message. `advertised_size` is what RFC822.SIZE claims, None for the truth;
    `body_wire` replaces the whole string after BODY[], for NIL, "" and worse."""

    uid: int
    data: bytes
    flags: list = field(default_factory=list)
    date: str = DEFAULT_DATE
    advertised_size: int | None = None
    body_wire: bytes | None = None
    modseq: int = 1
    gmail_id: int | None = None
    labels: list = field(default_factory=list)

    @property
    def size(self):
        return len(self.data) if self.advertised_size is None else self.advertised_size


class Folder:
    """One folder. `separator` None means NIL; `attributes` as in LIST; `name_wire`
    replaces the name in LIST and STATUS lines, for a literal or a strange case."""

    def __init__(self, name, uidvalidity=1, attributes=(), separator="/"):
        self.name = wire(name)
        self.uidvalidity = uidvalidity
        self.attributes = [wire(one) for one in attributes]
        self.separator = None if separator is None else wire(separator)
        self.name_wire = None
        self.permanent_flags = list(PERMANENT_FLAGS)  # of what is added; others are dropped
        self.messages = []
        self.uidnext = 1
        self.modseq = 1
        self.vanished = []  # (uid, modseq of its going)
        self._adding = threading.Lock()

    @property
    def selectable(self):
        return b"\\Noselect" not in self.attributes and b"\\NonExistent" not in self.attributes

    @property
    def uids(self):
        return [message.uid for message in self.messages]

    def add(self, data, flags=(), uid=None, **more):
        """Appends a message; gives it the next UID when none is said. Sessions may do so at once."""
        with self._adding:
            self.modseq += 1
            message = Message(uid or self.uidnext, wire(data), [wire(flag) for flag in flags],
                              modseq=self.modseq, **more)
            self.messages = sorted([*self.messages, message], key=lambda one: one.uid)
            self.uidnext = max(self.uidnext, message.uid + 1)
            return message

    def message(self, uid):
        return next(one for one in self.messages if one.uid == uid)

    def expunge(self, *uids):
        self.modseq += 1
        self.vanished += [(uid, self.modseq) for uid in uids if uid in self.uids]
        self.messages = [one for one in self.messages if one.uid not in uids]

    def set_flags(self, uid, *flags):
        self.modseq += 1
        message = self.message(uid)
        message.flags, message.modseq = [wire(flag) for flag in flags], self.modseq

    def renew(self, uidvalidity):
        """Another epoch: all messages go, UIDs start over."""
        self.uidvalidity, self.uidnext = uidvalidity, 1
        self.messages, self.vanished = [], []

    def status(self, items):
        values = {
            b"MESSAGES": len(self.messages), b"RECENT": 0, b"UIDNEXT": self.uidnext,
            b"UIDVALIDITY": self.uidvalidity, b"HIGHESTMODSEQ": self.modseq,
            b"UNSEEN": sum(b"\\Seen" not in one.flags for one in self.messages),
            b"SIZE": sum(one.size for one in self.messages),
        }
        return b" ".join(b"%s %d" % (item.upper(), values[item.upper()]) for item in items)


class Mailbox:
    """One user's folders, INBOX first, in the order LIST gives them."""

    def __init__(self, *folders):
        self.folders = list(folders) or [Folder("INBOX")]

    def __getitem__(self, name):
        found = self.find(wire(name))
        if found is None:
            raise KeyError(name)
        return found

    def find(self, name):
        """The folder as a server looks it up: byte for byte, INBOX in any case."""
        for folder in self.folders:
            both_inbox = folder.name.upper() == b"INBOX" == name.upper()
            if folder.name == name or both_inbox:
                return folder
        return None

    def add_folder(self, name, **options):
        folder = Folder(name, **options)
        self.folders = [*self.folders, folder]
        return folder

    def remove_folder(self, name):
        self.folders = [one for one in self.folders if one is not self[name]]
