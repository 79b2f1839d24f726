"""The scripted IMAP server's commands that add mail: CREATE, SUBSCRIBE, APPEND and GETQUOTAROOT, as strict
as a real server, or stricter: what is wrong before a literal is said before the literal is taken, and
what the client sends all the same is read as commands."""

import re

from scripted_imap_wire import Literal, Malformed, quoted, tokenize

SYSTEM_FLAGS = {b"\\answered", b"\\flagged", b"\\deleted", b"\\seen", b"\\draft"}
_KEYWORD = re.compile(rb'[^\x00-\x20\x7f-\xff(){%*"\\\]]+')
_DATE = re.compile(rb"( \d|\d\d)-(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)-\d{4}"
                   rb" \d\d:\d\d:\d\d [+-]\d{4}")
LITERAL_MINUS_BYTES = 4096


def check_flag(flag):
    known = flag.lower() in SYSTEM_FLAGS
    if not known and not _KEYWORD.fullmatch(flag):
        raise Malformed(f"{flag!r} is no flag")


def append_items(args):
    """[(flags, date or None, literal or None)] of what follows the folder's name in an APPEND; the last
    literal may still be on its way."""
    items, at = [], 0
    while at < len(args):
        flags, date, data = [], None, None
        if isinstance(args[at], list):
            flags, at = args[at], at + 1
        if at < len(args) and isinstance(args[at], bytes) and not isinstance(args[at], Literal):
            date, at = args[at], at + 1
        if at < len(args) and isinstance(args[at], Literal):
            data, at = args[at], at + 1
        elif at < len(args):
            raise Malformed("a literal is expected")
        for flag in flags:
            check_flag(flag)
        if date is not None and not _DATE.fullmatch(date):
            raise Malformed(f"{date!r} is no date")
        items.append((flags, date, data))
    return items


class UploadCommands:
    """Mixed into Session."""

    def check_announced(self, parts, size, synchronizing):
        """What is wrong with a command before the literal at its end: raises Malformed. True when a hook
        named "LITERAL" has refused it: `hook(session, tag, [size])`, for APPEND only."""
        if not synchronizing and not self.can("LITERAL+") and not (
                self.can("LITERAL-") and size <= LITERAL_MINUS_BYTES):
            raise Malformed("a literal that does not wait, and none was advertised")
        tag, _, rest = parts[0].partition(b" ")
        name, _, rest = rest.partition(b" ")
        if name.upper() != b"APPEND":
            return False
        args = tokenize([rest, *parts[1:]])
        if args:  # else the literal is the folder's name
            append_items(args[1:])
        return self.server.play("LITERAL", self, tag, [size])

    def do_create(self, tag, args):
        name = args[0]
        separator = self.server.namespace[1]
        if self.mailbox.find(name) is not None:
            self.no(tag, "[ALREADYEXISTS] it is there")
            return
        self.mailbox.add_folder(name, separator=separator)
        self.ok(tag)

    def do_subscribe(self, tag, args):
        self.server.subscribed.append(args[0])
        self.ok(tag)

    def do_append(self, tag, args):
        items = append_items(args[1:])
        if not items or any(data is None for _, _, data in items):
            raise Malformed("an APPEND without its message")
        if len(items) > 1:
            self.need("MULTIAPPEND")
        folder = self.mailbox.find(args[0])
        if folder is None or not folder.selectable:
            self.no(tag, "[TRYCREATE] no such folder")
        elif any(not data for _, _, data in items):
            self.no(tag, "Can't save a zero byte message.")
        elif self.would_overflow(items):
            self.no(tag, "[OVERQUOTA] Quota exceeded (mailbox for user is full)")
        else:
            self.store(tag, folder, items)

    def store(self, tag, folder, items):
        """Adds the messages and says where, with UIDPLUS. A hook may call it, and say something else."""
        uids = []
        for flags, date, data in items:
            kept = [flag for flag in flags if self.keeps(folder, flag)]
            when = {} if date is None else {"date": date.decode()}
            uids.append(folder.add(bytes(data), kept, **when).uid)
        if tag is not None:
            code = f"[APPENDUID {folder.uidvalidity} {','.join(map(str, uids))}] "
            self.ok(tag, (code if self.can("UIDPLUS") else "") + "APPEND completed")
        return uids

    @staticmethod
    def keeps(folder, flag):
        kept = [one.lower() for one in folder.permanent_flags]
        return flag.lower() in kept or (b"\\*" in kept and not flag.startswith(b"\\"))

    # Quota: of all folders together, in bytes.

    def used_bytes(self):
        return sum(one.size for folder in self.mailbox.folders for one in folder.messages)

    def would_overflow(self, items):
        quota = self.server.quota_bytes
        return quota is not None and self.used_bytes() + sum(len(data) for _, _, data in items) > quota

    def do_getquotaroot(self, tag, args):
        self.need("QUOTA")
        self.line("* QUOTAROOT ", quoted(args[0]), ' ""')
        if self.server.quota_bytes is not None:
            self.line(f'* QUOTA "" (STORAGE {self.used_bytes() // 1024} '
                      f"{self.server.quota_bytes // 1024})")
        self.ok(tag)
