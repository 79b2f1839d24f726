"""The scripted IMAP server's folder commands, answered correctly: LIST, STATUS, SELECT,
FETCH and SEARCH, with the extensions that are advertised."""

import fnmatch
import re

from scripted_imap_wire import Malformed, literal, quoted, set_text, uids_in

SPECIAL_USES = {b"\\All", b"\\Archive", b"\\Drafts", b"\\Flagged", b"\\Junk", b"\\Sent", b"\\Trash"}


def pattern_matches(pattern, name, separator):
    """LIST's wildcards: * for anything, % for anything within one level."""
    level = b"[^" + re.escape(separator) + b"]*" if separator else b".*"
    text = b"".join({b"*": b".*", b"%": level}.get(piece, re.escape(piece))
                    for piece in re.split(rb"([*%])", pattern))
    return re.fullmatch(text, name, re.DOTALL) is not None


def find_partial(item):
    """(item without its <a.b>, slice) of BODY[]<a.b>."""
    found = re.search(rb"<(\d+)(?:\.(\d+))?>$", item)
    if not found:
        return item, slice(None)
    start = int(found[1])
    return item[:found.start()], slice(start, start + int(found[2]) if found[2] else None)


def section_of(data, section):
    """The bytes a BODY[section] names: all, HEADER, TEXT, HEADER.FIELDS (..)."""
    head, blank, text = data.partition(b"\r\n\r\n")
    header = head + blank
    name = section.upper()
    if name == b"":
        return data
    if name == b"HEADER":
        return header
    if name == b"TEXT":
        return text
    wanted = re.fullmatch(rb"HEADER\.FIELDS \((.*)\)", name)
    if not wanted:
        raise Malformed(f"section {section!r} is not scripted")
    patterns = [one.decode() for one in wanted[1].split()]
    lines = re.split(rb"\r\n(?![ \t])", head)
    chosen = [line for line in lines
              if any(fnmatch.fnmatch(line.split(b":")[0].decode("latin-1").upper(), pattern)
                     for pattern in patterns)]
    return b"".join(line + b"\r\n" for line in chosen) + b"\r\n"


class FolderCommands:
    """Mixed into Session, which brings the connection and the login."""

    @property
    def mailbox(self):
        return self.user.mailbox

    def do_namespace(self, tag, _):
        self.need("NAMESPACE")
        prefix, separator = self.server.namespace
        self.line("* NAMESPACE ((", quoted(prefix), " ", self.separator_wire(separator),
                  ")) NIL NIL")
        self.ok(tag)

    @staticmethod
    def separator_wire(separator):
        return b"NIL" if separator is None else quoted(separator)

    # LIST and STATUS.

    def do_list(self, tag, args):
        returns, chosen = [], []
        if isinstance(args[0], list):
            self.need("LIST-EXTENDED")
            chosen, args = [one.upper() for one in args[0]], args[1:]
        if len(args) > 2:
            self.need("LIST-EXTENDED")
            if args[2].upper() != b"RETURN":
                raise Malformed("RETURN expected")
            returns = args[3]
        patterns = args[1] if isinstance(args[1], list) else [args[1]]
        status_items = self.status_asked(returns)
        if patterns == [b""]:
            self.line('* LIST (\\Noselect) "/" ""')
        for folder in self.mailbox.folders:
            matches = any(pattern_matches(args[0] + one, folder.name, folder.separator)
                          for one in patterns)
            special = SPECIAL_USES.intersection(folder.attributes)
            if not matches or (b"SPECIAL-USE" in chosen and not special):
                continue
            self.list_line(folder)
            if status_items and folder.selectable:
                self.status_line(folder, status_items)
        self.ok(tag)

    def status_asked(self, returns):
        upper = [one if isinstance(one, list) else one.upper() for one in returns]
        if b"SPECIAL-USE" in upper:
            self.need("SPECIAL-USE")
        if b"STATUS" not in upper:
            return []
        self.need("LIST-STATUS")
        return upper[upper.index(b"STATUS") + 1]

    def list_line(self, folder):
        self.line("* LIST (", b" ".join(folder.attributes), ") ",
                  self.separator_wire(folder.separator), " ",
                  folder.name_wire or quoted(folder.name))

    def status_line(self, folder, items):
        if b"HIGHESTMODSEQ" in [one.upper() for one in items]:
            self.need("CONDSTORE")
        self.line("* STATUS ", folder.name_wire or quoted(folder.name),
                  " (", folder.status(items), ")")

    def do_status(self, tag, args):
        folder = self.mailbox.find(args[0])
        if folder is None or not folder.selectable:
            self.no(tag, "[NONEXISTENT] no such folder")
            return
        self.status_line(folder, args[1])
        self.ok(tag)

    # SELECT.

    def do_examine(self, tag, args):
        self.open_folder(tag, args, read_only=True)

    def do_select(self, tag, args):
        self.open_folder(tag, args, read_only=False)

    def open_folder(self, tag, args, read_only):
        if self.server.needs_id and not self.id_seen:
            self.no(tag, "SELECT Unsafe Login. Please contact kefu@188.com for help")
            return
        if self.folder is not None and "QRESYNC" in self.enabled:
            self.line("* OK [CLOSED] previous folder closed")
        self.folder, self.view = None, []
        folder = self.mailbox.find(args[0])
        if folder is None or not folder.selectable:
            self.no(tag, "[NONEXISTENT] no such folder")
            return
        options = args[1] if len(args) > 1 else []
        if b"CONDSTORE" in options or b"QRESYNC" in options:
            self.need("CONDSTORE")
        self.folder, self.view, self.read_only = folder, folder.uids, read_only
        self.describe_folder()
        if b"QRESYNC" in options:
            self.resynchronise(options[options.index(b"QRESYNC") + 1])
        self.ok(tag, f"[READ-{'ONLY' if read_only else 'WRITE'}] opened")

    def describe_folder(self):
        folder = self.folder
        self.line(r"* FLAGS (\Answered \Flagged \Deleted \Seen \Draft)")
        permanent = [] if self.read_only else folder.permanent_flags
        self.line("* OK [PERMANENTFLAGS (", b" ".join(permanent), ")] kept")
        self.line(f"* {len(self.view)} EXISTS")
        self.line("* 0 RECENT")
        self.line(f"* OK [UIDVALIDITY {folder.uidvalidity}] epoch")
        self.line(f"* OK [UIDNEXT {folder.uidnext}] next")
        if self.can("CONDSTORE"):
            self.line(f"* OK [HIGHESTMODSEQ {folder.modseq}] highest")

    def resynchronise(self, known):
        if "QRESYNC" not in self.enabled:
            raise Malformed("QRESYNC not enabled")
        uidvalidity, modseq = int(known[0]), int(known[1])
        if uidvalidity != self.folder.uidvalidity:
            return
        self.vanished_since(modseq)
        for message in list(self.folder.messages):
            if message.modseq > modseq:
                self.fetch_line(message, [b"UID", b"FLAGS", b"MODSEQ"])

    def vanished_since(self, modseq, asked=None):
        gone = {uid for uid, at in self.folder.vanished if at > modseq}
        gone = gone if asked is None else gone & asked
        if gone:
            self.line("* VANISHED (EARLIER) ", set_text(gone))

    def do_unselect(self, tag, _):
        self.need("UNSELECT")
        self.folder, self.view = None, []
        self.ok(tag)

    def do_close(self, tag, _):
        self.folder, self.view = None, []
        self.ok(tag)

    # FETCH and SEARCH.

    def do_fetch(self, tag, args):
        self.need_folder()
        numbers = uids_in(args[0], list(range(1, len(self.view) + 1)))
        self.fetch(tag, {self.view[number - 1] for number in numbers}, args[1:])

    def do_uid_fetch(self, tag, args):
        self.need_folder()
        items = args[1] if isinstance(args[1], list) else [args[1]]
        self.fetch(tag, uids_in(args[0], self.view), [[b"UID", *items], *args[2:]])

    def need_folder(self):
        if self.folder is None:
            raise Malformed("no folder selected")

    def fetch(self, tag, uids, args):
        items = self.fetch_items(args[0])
        modifiers = [one.upper() for one in args[1]] if len(args) > 1 else []
        since = None
        if b"CHANGEDSINCE" in modifiers:
            self.need("CONDSTORE")
            since = int(modifiers[modifiers.index(b"CHANGEDSINCE") + 1])
            items += [b"MODSEQ"] if b"MODSEQ" not in items else []
        if b"VANISHED" in modifiers:
            self.need("QRESYNC")
            self.vanished_since(since)
        for message in list(self.folder.messages):
            if message.uid in uids and (since is None or message.modseq > since):
                if message not in self.folder.messages:
                    continue  # a hook expunged it while the ones before were sent
                if not self.server.play_message(self, message, items):
                    self.fetch_line(message, items)
        self.announce_changes()
        self.ok(tag)

    @staticmethod
    def fetch_items(asked):
        items = []
        for item in asked if isinstance(asked, list) else [asked]:
            items += [item] if item.upper() not in items else []
        return [item.upper() for item in items]

    def fetch_line(self, message, items):
        """The whole FETCH response for `message`, right in every item."""
        self.fetch_pairs(message, self.pairs(message, items))

    def fetch_pairs(self, message, pairs):
        """A FETCH response of the (name, value) `pairs`, for hooks that reorder them."""
        body = b" ".join(name + b" " + value for name, value in pairs)
        self.line(f"* {self.view.index(message.uid) + 1} FETCH (", body, ")")

    def pairs(self, message, items):
        """(name, value as sent) of each item asked; notes bodies in the server's log."""
        return [self.pair(message, item) for item in items]

    def pair(self, message, item):
        simple = {
            b"UID": lambda: b"%d" % message.uid,
            b"FLAGS": lambda: b"(" + b" ".join(message.flags) + b")",
            b"INTERNALDATE": lambda: quoted(message.date.encode()),
            b"RFC822.SIZE": lambda: b"%d" % message.size,
            b"MODSEQ": lambda: b"(%d)" % message.modseq,
        }
        gmail = {
            b"X-GM-MSGID": lambda: b"%d" % (message.gmail_id or 0),
            b"X-GM-THRID": lambda: b"%d" % (message.gmail_id or 0),
            b"X-GM-LABELS": lambda: b"(" + b" ".join(quoted(one) for one in message.labels) + b")",
        }
        if item in simple:
            if item == b"MODSEQ":
                self.need("CONDSTORE")
            return item, simple[item]()
        if item in gmail:
            self.need("X-GM-EXT-1")
            return item, gmail[item]()
        return self.body_pair(message, item)

    def body_pair(self, message, item):
        whole = {b"RFC822": b"BODY[]", b"RFC822.HEADER": b"BODY.PEEK[HEADER]"}.get(item, item)
        whole, part = find_partial(whole)
        found = re.fullmatch(rb"BODY(\.PEEK)?\[(.*)\]", whole)
        if not found:
            raise Malformed(f"unknown FETCH item {item!r}")
        if found[2] == b"":
            self.server.record_body(self, message)
        may_set = not self.read_only or self.server.body_sets_seen
        if not found[1] and may_set and b"\\Seen" not in message.flags:
            message.flags.append(b"\\Seen")
        name = item if item.startswith(b"RFC822") else b"BODY[" + found[2] + b"]"
        if part.start is not None:
            name += b"<%d>" % part.start
        if message.body_wire is not None and found[2] == b"":
            return name, message.body_wire
        return name, literal(section_of(message.data, found[2])[part])

    def do_uid_search(self, tag, args):
        self.need_folder()
        returns = None
        if args[0].upper() == b"RETURN":
            self.need("ESEARCH")
            returns, args = args[1], args[2:]
        uids = set(self.view)
        while args:
            if args[0].upper() == b"UID":
                uids &= uids_in(args[1], self.view)
                args = args[2:]
            elif args[0].upper() == b"ALL" or args[0][:1].isdigit():
                args = args[1:]
            else:
                raise Malformed(f"search key {args[0]!r} is not scripted")
        if returns is None:
            self.line("* SEARCH", *(f" {uid}" for uid in sorted(uids)))
        else:
            self.line("* ESEARCH (TAG ", quoted(tag), ") UID",
                      *([" ALL ", set_text(uids)] if uids else []))
        self.ok(tag)

    def announce_changes(self):
        """Tells the client, as a server does between commands, what came and went."""
        if self.folder is None:
            return
        present = self.folder.uids
        gone = [uid for uid in self.view if uid not in present]
        if gone and "QRESYNC" in self.enabled:
            self.line("* VANISHED ", set_text(gone))
            self.view = [uid for uid in self.view if uid in present]
        for uid in gone:
            if uid in self.view:
                self.line(f"* {self.view.index(uid) + 1} EXPUNGE")
                self.view.remove(uid)
        if len(present) > len(self.view):
            self.view = present
            self.line(f"* {len(present)} EXISTS")
