"""Scripted servers that behave like known providers, as far as a backup notices."""

import itertools

from scripted_imap import Folder, Mailbox, ScriptedImap

GMAIL_CAPABILITIES = ["IMAP4rev1", "UNSELECT", "IDLE", "NAMESPACE", "QUOTA", "ID", "XLIST",
                      "CHILDREN", "X-GM-EXT-1", "UIDPLUS", "ENABLE", "MOVE", "CONDSTORE", "ESEARCH",
                      "UTF8=ACCEPT", "LIST-EXTENDED", "LIST-STATUS", "LITERAL-", "SPECIAL-USE",
                      "APPENDLIMIT=35651584", "SASL-IR"]
M365_CAPABILITIES = ["IMAP4", "IMAP4rev1", "SASL-IR", "UIDPLUS", "ID", "UNSELECT", "CHILDREN",
                     "IDLE", "NAMESPACE", "LITERAL+"]
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

    def receive(self, data, folders=("INBOX",), flags=()):
        """Puts one message into All Mail and into `folders`; Spam and Trash are apart from All
        Mail. Returns its X-GM-MSGID."""
        gmail_id = next(self._ids)
        labels = [_SYSTEM_LABELS.get(name, name).encode() for name in folders]
        apart = {"[Gmail]/Spam", "[Gmail]/Trash"}.intersection(folders)
        for name in [*folders, *([] if apart else ["[Gmail]/All Mail"])]:
            # As Gmail does, a folder does not list its own label.
            own = _SYSTEM_LABELS.get(name, name).encode()
            others = [label for label in labels if label != own]
            self[name].add(data, flags, gmail_id=gmail_id, labels=others)
        return gmail_id


def gmail(**options):
    """X-GM-EXT-1 and its folders; give users a GmailMailbox."""
    server = ScriptedImap(GMAIL_CAPABILITIES, **options)
    server.mechanisms = ["PLAIN", "XOAUTH2", "OAUTHBEARER"]
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
    return server


def courier(**options):
    """The old server: hardly an extension, everything below `INBOX.`."""
    server = ScriptedImap(["IMAP4rev1", "UIDPLUS", "CHILDREN", "NAMESPACE", "IDLE", "ENABLE"],
                          **options)
    server.mechanisms = ["PLAIN"]
    server.namespace = (b"INBOX.", b".")
    return server


def throttle_once(server, milliseconds, status="NO", command="UID FETCH"):
    """The next `command` of each user is refused as Exchange does: wait so long, and goodbye.
    Returns the list that gets (user, moment) of each refusal."""
    refusals = []

    def refuse(session, tag, _):
        if any(user is session.user for user, _ in refusals):
            return False
        refusals.append((session.user, server.now()))
        session.line(tag, f" {status} Request is throttled. "
                          f"Suggested Backoff Time: {milliseconds} milliseconds")
        session.bye("Connection is closed. 13")
        return True

    server.on(command, refuse)
    return refusals
