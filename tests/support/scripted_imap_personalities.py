"""Scripted servers that behave like known providers, as far as a backup or an upload notices."""

import itertools
import threading

from scripted_imap import Folder, Mailbox, Message, ScriptedImap
from scripted_imap_model import DEFAULT_DATE
from scripted_imap_uploads import append_items
from scripted_imap_wire import quoted

GMAIL_CAPABILITIES = ["IMAP4rev1", "UNSELECT", "IDLE", "NAMESPACE", "QUOTA", "ID", "XLIST",
                      "CHILDREN", "X-GM-EXT-1", "UIDPLUS", "ENABLE", "MOVE", "CONDSTORE", "ESEARCH",
                      "UTF8=ACCEPT", "LIST-EXTENDED", "LIST-STATUS", "LITERAL-", "SPECIAL-USE",
                      "APPENDLIMIT=35651584", "SASL-IR"]
M365_CAPABILITIES = ["IMAP4", "IMAP4rev1", "SASL-IR", "UIDPLUS", "ID", "UNSELECT", "CHILDREN",
                     "IDLE", "NAMESPACE", "LITERAL+"]
EXCHANGE_CAPABILITIES = ["IMAP4", "IMAP4rev1", "UIDPLUS", "CHILDREN", "IDLE", "NAMESPACE", "LITERAL+"]
YAHOO_CAPABILITIES = ["IMAP4rev1", "SASL-IR", "ID", "MOVE", "NAMESPACE", "UIDPLUS", "LITERAL+", "CHILDREN",
                      "UNSELECT"]
YAHOO_SHOWS = 10_000
EXCHANGE_LINE_BYTES, EXCHANGE_ERRORS = 10_239, 10
QQ_REFUSAL = ("TAG NO Login fail. Account is abnormal, service is not open, password is incorrect, login "
              "frequency limited, or system is busy. More information at "
              "https://help.mail.qq.com/detail/108/1023")
UNSAFE_LOGIN = "SELECT Unsafe Login. Please contact kefu@188.com for help"
GMAIL_FOLDERS = {"[Gmail]/All Mail": "\\All", "[Gmail]/Drafts": "\\Drafts",
                 "[Gmail]/Sent Mail": "\\Sent", "[Gmail]/Starred": "\\Flagged",
                 "[Gmail]/Spam": "\\Junk", "[Gmail]/Trash": "\\Trash"}
# What a label is called in X-GM-LABELS when it is one of Gmail's own.
_SYSTEM_LABELS = {"INBOX": "\\Inbox", "[Gmail]/Sent Mail": "\\Sent", "[Gmail]/Drafts": "\\Draft",
                  "[Gmail]/Starred": "\\Starred", "[Gmail]/Important": "\\Important"}


class GmailMailbox(Mailbox):
    """INBOX, Gmail's own folders and one folder a label; one message, many views."""

    def __init__(self, labels=()):
        super().__init__(Folder("INBOX"), Folder("[Gmail]", attributes=["\\Noselect"]))
        for name, use in GMAIL_FOLDERS.items():
            self.add_folder(name, attributes=["\\HasNoChildren", use])
        for label in labels:
            self.add_folder(label)
        self._ids = itertools.count(1278455344230334865)

    def receive(self, data, folders=("INBOX",), flags=(), date=DEFAULT_DATE):
        """Puts one message into All Mail and into `folders`; Spam and Trash are apart from All
        Mail. Returns its X-GM-MSGID."""
        gmail_id = next(self._ids)
        labels = [_SYSTEM_LABELS.get(name, name).encode() for name in folders]
        apart = {"[Gmail]/Spam", "[Gmail]/Trash"}.intersection(folders)
        for name in [*folders, *([] if apart else ["[Gmail]/All Mail"])]:
            # As Gmail does, a folder does not list its own label.
            own = _SYSTEM_LABELS.get(name, name).encode()
            others = [label for label in labels if label != own]
            self[name].add(data, flags, gmail_id=gmail_id, labels=others, date=date)
        return gmail_id

    def merge(self, name, data, flags, date):
        """One message appended to the folder `name`: a label more when All Mail has it already, and
        nothing when the label is there too."""
        known = next((one for one in self["[Gmail]/All Mail"].messages if one.data == data), None)
        if known is None:
            self.receive(data, [] if name == "[Gmail]/All Mail" else [name], flags, date)
        elif known.gmail_id not in (one.gmail_id for one in self[name].messages):
            self[name].add(data, flags, gmail_id=known.gmail_id, date=date)


def gmail(**options):
    """X-GM-EXT-1 and its folders, equal messages merged; give users a GmailMailbox."""
    server = ScriptedImap(GMAIL_CAPABILITIES, **options)
    server.mechanisms = ["PLAIN", "XOAUTH2", "OAUTHBEARER"]
    merging = threading.Lock()

    def merge(session, tag, args):
        folder = session.mailbox.find(args[0])
        if folder is None:
            return False
        (flags, date, data), = append_items(args[1:])
        with merging:
            next_uid = folder.uidnext  # what it says even when nothing is added
            session.mailbox.merge(folder.name.decode(), bytes(data), flags, date.decode())
        session.ok(tag, f"[APPENDUID {folder.uidvalidity} {next_uid}] (Success)")
        return True

    server.on("APPEND", merge)
    return server


def netease163(**options):
    """163, 126 and yeah.net: no folder opens before an ID."""
    server = ScriptedImap(["IMAP4rev1", "XLIST", "SPECIAL-USE", "ID", "LITERAL+", "UIDPLUS",
                           "APPENDLIMIT=71680000", "SASL-IR", "XAPPLEPUSHSERVICE"], **options)
    server.mechanisms = ["PLAIN", "XOAUTH2"]
    server.needs_id = True
    return server


def qq(**options):
    """QQ and exmail: hang up at any command they did not advertise."""
    server = ScriptedImap(["IMAP4rev1", "ID", "NAMESPACE", "SASL-IR"], **options)
    server.mechanisms = ["PLAIN", "LOGIN"]
    server.drops_on_unknown = True
    return server


def m365(**options):
    """Exchange Online: tokens only, no CONDSTORE, no LIST-EXTENDED, special uses unadvertised."""
    server = ScriptedImap(M365_CAPABILITIES, **options)
    server.mechanisms = ["XOAUTH2", "PLAIN"]
    server.on("CREATE", _refuse_reserved_names)
    return server


def _refuse_reserved_names(session, tag, args):
    if args[0].lower() in (b"files", b"calendar", b"contacts"):
        session.no(tag, "Folder name is reserved.")
        return True


def m365_with_rev2(**options):
    """As some tenants were served: IMAP4rev2 is advertised, and a search finds nothing."""
    server = m365(**options)
    server.capabilities += ["IMAP4rev2", "ENABLE", "ESEARCH"]

    def find_nothing(session, tag, args):
        if args[0].upper() == b"RETURN":
            session.line("* ESEARCH (TAG ", quoted(tag), ") UID")
        else:
            session.line("* SEARCH")
        session.ok(tag)
        return True

    for command in ("SEARCH", "UID SEARCH"):
        server.on(command, find_nothing)
    return server


def exchange(**options):
    """Exchange on a company's own machines: sizes are estimates, long lines are refused, and after ten
    errors it hangs up."""
    server = ScriptedImap(EXCHANGE_CAPABILITIES, **options)
    server.mechanisms = ["PLAIN", "LOGIN"]
    errors = {}

    def estimate(_, message, __):
        message.advertised_size = len(message.data) * 4 // 3

    def refuse(session, tag, args):
        longest = max(len(line) for _, _, data in append_items(args[1:]) for line in data.split(b"\r\n"))
        if longest <= EXCHANGE_LINE_BYTES:
            return False
        errors[session] = errors.get(session, 0) + 1
        session.bad(tag, "Command Argument Error. 11")
        if errors[session] == EXCHANGE_ERRORS:
            session.bye("Connection is closed. 14")
        return True

    server.on_message(estimate)
    server.on("APPEND", refuse)
    return server


class YahooFolder(Folder):
    """Shows its newest messages only; the others are there, and nobody gets at them over IMAP."""

    def receive(self, letters):
        added = [Message(self.uidnext + at, data) for at, data in enumerate(letters)]
        self.messages = [*self.messages, *added][-YAHOO_SHOWS:]
        self.uidnext += len(added)


def yahoo(**options):
    """Yahoo and AOL; give users a mailbox of YahooFolders."""
    return ScriptedImap(YAHOO_CAPABILITIES, **options)


def courier(**options):
    """The old server: hardly an extension, everything below `INBOX.`."""
    server = ScriptedImap(["IMAP4rev1", "UIDPLUS", "CHILDREN", "NAMESPACE", "IDLE", "ENABLE"],
                          **options)
    server.mechanisms = ["PLAIN"]
    server.namespace = (b"INBOX.", b".")

    def refuse(session, tag, args):
        if not args[0].startswith(b"INBOX."):
            session.no(tag, "Invalid mailbox name.")
            return True

    server.on("CREATE", refuse)
    return server


def cap_connections(server, most, text):
    """More than `most` connections logged in at once are turned away with `text`. Returns
    the list that gets the number of each session turned away."""
    turned_away, gate = [], threading.Lock()

    def cap(session, tag, _):
        with gate:
            if server.logged_in() < most:
                return False
            turned_away.append(session.number)
        session.no(tag, text)
        session.bye("too many connections")
        return True

    for command in ("AUTHENTICATE", "LOGIN"):
        server.on(command, cap)
    return turned_away


def throttle_once(server, milliseconds, status="NO", command="UID FETCH", wants=lambda args: True):
    """The next `command` of each user, with arguments that it `wants`, is refused as Exchange does: wait
    so long, and goodbye. Returns the list that gets (user, moment) of each refusal."""
    refusals = []

    def refuse(session, tag, args):
        if not wants(args) or any(user is session.user for user, _ in refusals):
            return False
        refusals.append((session.user, server.now()))
        session.line(tag, f" {status} Request is throttled. "
                          f"Suggested Backoff Time: {milliseconds} milliseconds")
        session.bye("Connection is closed. 13")
        return True

    server.on(command, refuse)
    return refusals
