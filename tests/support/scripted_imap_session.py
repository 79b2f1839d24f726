"""One connection to the scripted IMAP server: reading commands, logging in, and the
means to misbehave (raw bytes, cuts, delays). The folder commands are in
scripted_imap_commands.py, those that add mail in scripted_imap_uploads.py."""

import base64
import json
import select
import socket
import ssl
import time
import zlib

from scripted_imap_commands import FolderCommands
from scripted_imap_model import wire
from scripted_imap_uploads import UploadCommands
from scripted_imap_wire import Malformed, literal_announced, tokenize

LONGEST_LINE = 1 << 20
BEFORE_LOGIN = {"CAPABILITY", "NOOP", "LOGOUT", "STARTTLS", "LOGIN", "AUTHENTICATE", "ID"}


class Hangup(Exception):
    """Either side ended the connection; the session's thread unwinds."""


class Session(FolderCommands, UploadCommands):
    """What a hook gets to play with. Runs in a thread of its own."""

    def __init__(self, server, connection, number):
        self.server = server
        self.number = number
        self.user = None       # a User once logged in
        self.folder = None     # the selected Folder
        self.view = []         # UIDs by sequence number, as this client was told
        self.read_only = True
        self.id_seen = False
        self.enabled = set()
        self._connection = connection
        self._input = b""
        self._inflate = self._deflate = None
        self._secure = False

    # Means to answer and to misbehave.

    def send(self, data):
        """Raw bytes, nothing added."""
        if self._deflate:
            data = self._deflate.compress(data) + self._deflate.flush(zlib.Z_SYNC_FLUSH)
        try:
            self._connection.sendall(data)
        except (OSError, ValueError) as gone:
            raise Hangup from gone

    def line(self, *parts):
        self.send(b"".join(wire(part) for part in parts) + b"\r\n")

    def ok(self, tag, text="done"):
        self.line(tag, " OK ", text)

    def no(self, tag, text):
        self.line(tag, " NO ", text)

    def bad(self, tag, text):
        self.line(tag, " BAD ", text)

    def bye(self, text="server shutting down"):
        self.line("* BYE ", text)
        self.cut()

    def cut(self):
        """Ends the connection at once, in the middle of whatever was being sent."""
        raise Hangup

    def sleep(self, seconds):
        """Keeps silent; ends early when the server is closed."""
        if self.server.closing.wait(seconds):
            raise Hangup

    def hang(self, seconds=120):
        """Says nothing until the client gives up; tells whether it did within `seconds`."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.sleep(0.02)
            if self._client_left():
                return True
        return False

    def trickle(self, data, pause):
        """One byte every `pause` seconds."""
        for at in range(len(data)):
            self.send(data[at:at + 1])
            self.sleep(pause)

    def _client_left(self):
        ready, _, _ = select.select([self._connection], [], [], 0)
        if not ready:
            return False
        try:
            flags = 0 if self._secure else socket.MSG_PEEK
            return self._connection.recv(1, flags) == b""
        except OSError:
            return True

    # The conversation.

    def run(self):
        try:
            if self.server.tls == "implicit":
                self.start_tls()
            if not self.server.play("GREETING", self, b"*", []):
                self.line("* OK scripted server ready")
            while True:
                command = self.read_command()
                if command:
                    self.answer(command)
        except Hangup:
            pass
        finally:
            self.close()

    def close(self):
        try:
            self._connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self._connection.close()

    def start_tls(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.server.cert_file, self.server.key_file)
        try:
            self._connection = context.wrap_socket(self._connection, server_side=True)
        except OSError as refused:
            raise Hangup from refused
        self._input, self._secure = b"", True

    def read_line(self):
        while b"\n" not in self._input:
            if len(self._input) > LONGEST_LINE:
                raise Hangup
            self._input += self._receive()
        line, _, self._input = self._input.partition(b"\n")
        return line.rstrip(b"\r")

    def _receive(self):
        try:
            data = self._connection.recv(1 << 16)
        except (OSError, ValueError) as gone:
            raise Hangup from gone
        if not data:
            raise Hangup
        return self._inflate.decompress(data) if self._inflate else data

    def read_command(self):
        """The parts of one command, text and literal in turn; None when it was refused before one of its
        literals, which then is not read."""
        parts, line = [], self.read_line()
        while announced := literal_announced(line):
            before, size, synchronizing = announced
            try:
                if self.check_announced([*parts, before], size, synchronizing):
                    return None
            except (Malformed, ValueError) as wrong:
                self.refuse_announced(parts or [before], wrong)
                return None
            if synchronizing:
                self.line("+ go ahead")
            while len(self._input) < size:
                self._input += self._receive()
            parts += [before, self._input[:size]]
            self._input = self._input[size:]
            line = self.read_line()
        return parts + [line]

    def refuse_announced(self, parts, wrong):
        tag, _, rest = parts[0].partition(b" ")
        self.server.record(self, "BROKEN", rest)
        self.bad(tag, f"Error in IMAP command: {wrong}")

    def answer(self, parts):
        tag, _, rest = parts[0].partition(b" ")
        name, _, rest = rest.partition(b" ")
        if name.upper() == b"UID":
            second, _, rest = rest.partition(b" ")
            name += b" " + second
        name = name.upper().decode("latin-1")
        self.server.record(self, name, b"".join([rest, *parts[1:]]))
        try:
            args = tokenize([rest, *parts[1:]])
            if not self.server.play(name, self, tag, args):
                self.dispatch(name, tag, args)
        except (Malformed, ValueError, IndexError, KeyError, AttributeError) as wrong:
            self.bad(tag, f"Error in IMAP command {name}: {wrong}")

    def dispatch(self, name, tag, args):
        """The correct answer. A hook may call it after playing its part."""
        handler = getattr(self, "do_" + name.lower().replace(" ", "_"), None)
        if handler is None:
            if self.server.drops_on_unknown:
                self.cut()
            self.bad(tag, "Unknown command")
        elif self.user is None and name not in BEFORE_LOGIN:
            self.bad(tag, "Not logged in")
        else:
            handler(tag, args)

    def can(self, capability):
        return capability in self.server.capabilities

    def need(self, capability):
        """Refuses what was not advertised, as a server without the extension would."""
        if not self.can(capability):
            if self.server.drops_on_unknown:
                self.cut()
            raise Malformed("unknown command, or one not advertised")

    # Commands in any state.

    def capability_text(self):
        words = list(self.server.capabilities)
        if self.user is None:
            words += [f"AUTH={one}" for one in self.server.mechanisms]
            words += ["STARTTLS"] if self.server.tls == "starttls" and not self._secure else []
        return " ".join(words)

    def do_capability(self, tag, _):
        self.line("* CAPABILITY ", self.capability_text())
        self.ok(tag)

    def do_noop(self, tag, _):
        self.announce_changes()
        self.ok(tag)

    def do_logout(self, tag, _):
        self.line("* BYE logging out")
        self.ok(tag)
        self.cut()

    def do_id(self, tag, _):
        self.need("ID")
        self.id_seen = self.user is not None
        self.line('* ID ("name" "scripted")')
        self.ok(tag)

    def do_starttls(self, tag, _):
        if self.server.tls != "starttls" or self._secure:
            raise Malformed("no STARTTLS here")
        self.ok(tag, "begin TLS")
        self.start_tls()

    def do_enable(self, tag, args):
        self.need("ENABLE")
        granted = [one.decode().upper() for one in args if self.can(one.decode().upper())]
        self.enabled.update(granted)
        self.line("* ENABLED", *(" " + one for one in granted))
        self.ok(tag)

    def do_compress(self, tag, args):
        self.need("COMPRESS=DEFLATE")
        if args[0].upper() != b"DEFLATE":
            raise Malformed("only DEFLATE")
        self.ok(tag)
        self._inflate, self._deflate = zlib.decompressobj(-15), zlib.compressobj(6, wbits=-15)
        self._input = self._inflate.decompress(self._input)

    # Logging in.

    def do_login(self, tag, args):
        if self.can("LOGINDISABLED"):
            self.no(tag, "[PRIVACYREQUIRED] plaintext login is disabled")
        else:
            self.log_in(tag, args[0], args[1])

    def do_authenticate(self, tag, args):
        mechanism = args[0].upper().decode()
        if mechanism not in self.server.mechanisms:
            self.no(tag, "[CANNOT] unsupported authentication mechanism")
            return
        first = base64.b64decode(args[1].replace(b"=", b"") + b"==") if args[1:] else None
        if mechanism == "LOGIN":
            user = first or self.challenge(b"Username:")
            self.log_in(tag, user, self.challenge(b"Password:"))
            return
        answer = first or self.challenge(b"")
        if mechanism == "PLAIN":
            self.log_in(tag, *answer.split(b"\0")[1:3])
        else:
            self.log_in_with_token(tag, mechanism, answer)

    def challenge(self, text):
        self.line("+ ", base64.b64encode(text))
        return base64.b64decode(self.read_line())

    def log_in(self, tag, name, password):
        user = self.server.user_named(name.decode())
        fits = user is not None and user.password == password.decode()
        self.finish_login(tag, name, user, fits)

    def log_in_with_token(self, tag, mechanism, answer):
        fields = answer.split(b"\1")
        if mechanism == "XOAUTH2":
            name = fields[0].removeprefix(b"user=")
        else:
            name = next(part[2:] for part in fields[0].split(b",") if part.startswith(b"a="))
        bearer = next((one for one in fields if one.startswith(b"auth=Bearer ")), b"")
        user = self.server.user_named(name.decode())
        fits = user is not None and bearer.removeprefix(b"auth=Bearer ").decode() in user.tokens
        if fits:
            self.finish_login(tag, name, user, fits)
            return
        self.server.record_login(self, name.decode(), False)
        # Some clients hang up at once when they are given the reason.
        self.challenge(json.dumps({"status": "400", "schemes": "Bearer",
                                   "scope": "https://mail.example/"}).encode())
        self.refuse_login(tag, user)

    def finish_login(self, tag, name, user, fits):
        accepted = fits and user.refusal is None
        self.server.record_login(self, name.decode(), accepted)
        if not accepted:
            self.refuse_login(tag, user)
            return
        self.user = user
        self.ok(tag, f"[CAPABILITY {self.capability_text()}] Logged in")

    def refuse_login(self, tag, user):
        refusal = ["TAG NO [AUTHENTICATIONFAILED] Authentication failed."]
        if user is not None and user.refusal is not None:
            refusal = user.refusal
        for text in refusal:
            self.line(wire(text).replace(b"TAG", wire(tag), 1))
        if any(text.startswith("* BYE") for text in refusal):
            self.cut()
