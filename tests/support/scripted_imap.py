"""A scripted IMAP server on loopback, for what no real server will say.

It answers correctly by itself; a test makes it misbehave with hooks:

    server = ScriptedImap()
    inbox = server.add_user("a@example.com")["INBOX"]
    inbox.add(b"Subject: one\\r\\n\\r\\nhi\\r\\n")
    server.on("EXAMINE", lambda session, tag, args: session.bye() or True)
    server.on_message(lambda session, message, items: message.uid == 3 and session.cut())

A hook that returns True has answered; anything else lets the server go on. Every command
is logged. close() ends every connection and thread, whatever a hook is doing."""

import socket
import threading
import time
from dataclasses import dataclass, field

from scripted_imap_model import Folder, Mailbox, Message
from scripted_imap_session import Session
from scripted_imap_wire import numbers_in, set_text

__all__ = ["Command", "Folder", "Login", "Mailbox", "Message", "ScriptedImap", "Session", "User",
           "numbers_in", "set_text"]

PLAIN_CAPABILITIES = ["IMAP4rev1", "SASL-IR", "LITERAL+", "ID", "ENABLE", "NAMESPACE", "UIDPLUS",
                      "UNSELECT", "LIST-EXTENDED", "LIST-STATUS", "SPECIAL-USE", "CONDSTORE",
                      "QRESYNC", "ESEARCH"]
OLD_CAPABILITIES = ["IMAP4rev1", "NAMESPACE"]
MECHANISMS = ["PLAIN", "LOGIN", "XOAUTH2", "OAUTHBEARER"]


@dataclass
class User:
    """`refusal` refuses even the right password: lines to send, TAG standing for the tag;
    a line `* BYE …` in them ends the connection."""

    password: str
    mailbox: Mailbox
    tokens: set = field(default_factory=set)
    refusal: list | None = None


@dataclass(frozen=True)
class Command:
    """One command received. `selected` is the folder open in that session at that moment."""

    session: int
    user: str | None
    name: str
    text: bytes
    selected: bytes | None
    at: float


@dataclass(frozen=True)
class Login:
    user: str
    accepted: bool
    session: int
    at: float


class ScriptedImap:
    """Listens from construction to close(). `tls` is none, starttls or implicit; the last two
    take `cert_file` and `key_file`."""

    def __init__(self, capabilities=None, tls="none", cert_file=None, key_file=None):
        self.capabilities = list(PLAIN_CAPABILITIES if capabilities is None else capabilities)
        self.mechanisms = list(MECHANISMS)
        self.namespace = (b"", b"/")
        self.needs_id = False           # 163: EXAMINE only after ID
        self.drops_on_unknown = False   # QQ: no BAD, the connection is gone
        self.quota_bytes = None         # of each user, with QUOTA advertised or not
        self.subscribed = []            # names, as they came
        self.body_sets_seen = False     # iCloud: BODY[] sets \Seen even under EXAMINE
        self.tls, self.cert_file, self.key_file = tls, cert_file, key_file
        self.closing = threading.Event()
        self.log = []
        self.logins = []
        self.bodies = []                # (user, folder name, uid) of every whole body sent
        self.most_logged_in = 0         # sessions logged in at the same time, at most
        self._users = {}
        self._hooks = {}
        self._message_hook = None
        self._sessions = {}
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.port = self._listener.getsockname()[1]
        self._acceptor = threading.Thread(target=self._accept, daemon=True)
        self._acceptor.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def add_user(self, name, password="secret", mailbox=None, tokens=(), refusal=None):
        """Returns the user's mailbox: an empty INBOX unless one is given."""
        mailbox = mailbox or Mailbox()
        self._users[name] = User(password, mailbox, set(tokens), refusal)
        return mailbox

    def user_named(self, name):
        return self._users.get(name)

    def on(self, command, hook):
        """`hook(session, tag, args)` before each `command`, such as "EXAMINE" or "UID FETCH",
        or "GREETING", or "LITERAL" before one of an APPEND is taken; None takes it away."""
        self._hooks[command] = hook

    def on_message(self, hook):
        """`hook(session, message, items)` before each message of a FETCH; None takes it away."""
        self._message_hook = hook

    @staticmethod
    def now():
        """The clock of Command.at and Login.at, in seconds."""
        return time.monotonic()

    # What the tests look at.

    def commands(self, *names, user=None):
        """The commands received, in order: all, or those of these names or of this user."""
        with self._lock:
            return [one for one in self.log
                    if (not names or one.name in names) and user in (None, one.user)]

    def bodies_sent(self, user=None):
        with self._lock:
            return [(folder.decode("latin-1"), uid) for who, folder, uid in self.bodies
                    if user in (None, who)]

    def login_attempts(self, user=None):
        with self._lock:
            return [one for one in self.logins if user in (None, one.user)]

    def forget(self):
        """Empties the logs, between two runs."""
        with self._lock:
            self.log, self.logins, self.bodies = [], [], []
            self.most_logged_in = 0

    def sessions_open(self):
        with self._lock:
            return len(self._sessions)

    def wait_until_left(self, seconds=10):
        """Whether every client has hung up within `seconds`."""
        end = time.monotonic() + seconds
        while self.sessions_open() and time.monotonic() < end:
            time.sleep(0.01)
        return self.sessions_open() == 0

    def close(self):
        self.closing.set()
        try:
            self._listener.shutdown(socket.SHUT_RDWR)  # close() alone leaves accept() waiting
        except OSError:
            pass
        self._listener.close()
        with self._lock:
            sessions = list(self._sessions.items())
        for session, _ in sessions:
            session.close()
        for _, thread in sessions:
            thread.join(timeout=5)
        self._acceptor.join(timeout=5)

    # What the sessions call.

    def play(self, name, session, tag, args):
        hook = self._hooks.get(name)
        return hook is not None and hook(session, tag, args) is True

    def play_message(self, session, message, items):
        hook = self._message_hook
        return hook is not None and hook(session, message, items) is True

    def record(self, session, name, text):
        selected = session.folder.name if session.folder else None
        with self._lock:
            self.log.append(Command(session.number, self._name_of(session), name, text, selected,
                                    self.now()))

    def record_body(self, session, message):
        with self._lock:
            self.bodies.append((self._name_of(session), session.folder.name, message.uid))

    def record_login(self, session, user, accepted):
        with self._lock:
            self.logins.append(Login(user, accepted, session.number, self.now()))
            inside = sum(one.user is not None for one in self._sessions) + accepted
            self.most_logged_in = max(self.most_logged_in, inside)

    def logged_in(self):
        """How many sessions are logged in now, for hooks that play a connection cap."""
        with self._lock:
            return sum(one.user is not None for one in self._sessions)

    def _name_of(self, session):
        return next((name for name, user in self._users.items() if user is session.user), None)

    def _accept(self):
        for number in range(1 << 30):
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            session = Session(self, connection, number)
            thread = threading.Thread(target=self._serve, args=[session], daemon=True)
            with self._lock:
                self._sessions[session] = thread
                thread.start()  # here: close() joins whatever stands in _sessions

    def _serve(self, session):
        try:
            session.run()
        finally:
            with self._lock:
                del self._sessions[session]
