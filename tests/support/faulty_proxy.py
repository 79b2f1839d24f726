"""A loopback proxy that does to connections what networks and overloaded servers do, once, at a chosen
point.

    with FaultyProxy(server.imap_port) as proxy:
        proxy.arm(Fault("reset", "down", 1200))   # 1,200 bytes of the server's come through, then …
        …
        proxy.fired                               # whether it came to that
        proxy.traffic                             # what there was, to choose the next points

Points are counted over all connections together. Faults of the wire (WIRE) are at a byte and go with TLS;
what is SAID stands between two responses, what is REFUSED is a command: both need plain text."""

import collections
import contextlib
import dataclasses
import random
import re
import select
import socket
import struct
import time

from loopback_proxy import LoopbackProxy

# At a byte: closed, reset, reset with nobody there any more, no byte any more, a byte now and then, a
# break between two bytes, and from the start each byte on its own.
WIRE = ("close", "reset", "gone", "stall", "trickle", "split", "crumble")
HARMLESS = ("split", "crumble")

# Before a response: (bytes, whether the connection ends with them).
SAID = {
    "bye": (b"* BYE the laboratory closes\r\n", True),
    "untagged no": (b"* NO [ALERT] the laboratory has something to say\r\n", False),
    "garbage": (random.Random(1).randbytes(200) + b"\r\n", False),
    "continuation": (b"+ go on\r\n", False),
    "overlong line": (b"* OK " + b"x" * (3 << 20) + b"\r\n", False),
    "huge literal": (b"* 1 FETCH (UID 1 BODY[] {4294967296}\r\n", False),
}
# Instead of carrying a command out: (what follows its tag, whether the connection ends then).
REFUSED = {
    "tagged no": (b"NO the laboratory does not want to", False),
    "tagged bad": (b"BAD the laboratory does not understand", False),
    "unavailable": (b"NO [UNAVAILABLE] the laboratory has trouble of its own", False),
    "limit": (b"NO [LIMIT] the laboratory has a limit", False),
    "too many": (b"NO Too many simultaneous connections. (Failure)", True),
    "backoff": (b"NO Request is throttled. Suggested Backoff Time: 200 milliseconds", True),
    "bad backoff": (b"BAD Request is throttled. Suggested Backoff Time: 200 milliseconds", True),
}

_TRICKLE_SECONDS = 0.3
_SPLIT_SECONDS = 0.02
_CRUMB_SECONDS = 0.0001  # the other side reads a byte before the next one comes
_LOOK_SECONDS = 0.1
_LITERAL = re.compile(rb"\{(\d+)(\+?)\}\r?\n$")
_COMMAND = re.compile(rb"(\w+) [A-Za-z]+")


@dataclasses.dataclass(frozen=True)
class Fault:
    """`direction` is "down" for what the server says, "up" for what the client says; `at` counts bytes,
    for SAID responses and for REFUSED commands."""

    kind: str
    direction: str
    at: int = 0


class _Over(Exception):
    """Nothing more goes through this connection."""


class _Units:
    """Cuts a stream into responses, or commands: whole lines, and literals as they come."""

    def __init__(self):
        self._line, self._literal_left, self._begins = b"", 0, True

    def feed(self, data):
        """Yields (piece, whether a response or command begins with it); half a line is kept."""
        while data:
            if self._literal_left:
                piece, data = data[:self._literal_left], data[self._literal_left:]
                self._literal_left -= len(piece)
                yield piece, False
                continue
            line, end, data = data.partition(b"\n")
            self._line += line + end
            if end:
                yield self._take_line()

    def _take_line(self):
        line, begins, self._line = self._line, self._begins, b""
        announced = _LITERAL.search(line)
        self._begins = not announced
        self._literal_left = int(announced[1]) if announced else 0
        return line, begins

    def forget_literal(self):
        """What was announced is not going to be sent."""
        self._literal_left, self._begins = 0, True


class _Connection:
    """A client, the connection to the server for it, and what is wrong between them."""

    def __init__(self, client, server):
        self.to = {"up": server, "down": client}
        self.units = {"up": _Units(), "down": _Units()}
        self.is_stalled = False
        self.trickles = set()     # the directions in which it does
        self.refused = {}         # tag: what REFUSED has for it
        self.is_swallowing = False  # the rest of a refused command

    def reset(self):
        for one in self.to.values():
            one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            one.close()
        raise _Over


class FaultyProxy(LoopbackProxy):
    """Does nothing but count until a fault is armed."""

    def __init__(self, to_port):
        self._reset_counts(None)
        super().__init__(to_port)

    def arm(self, fault):
        """Counts from zero, with `fault`, or None, ready. Nobody may be connected."""
        with self._lock:
            self._reset_counts(fault)

    def _reset_counts(self, fault):
        self._fault = fault
        self._is_gone = False
        self.fired = False
        self.traffic = collections.Counter()  # (direction, "bytes" or "units")

    def _forward(self, client, server):
        connection = _Connection(client, server)
        sources = {client: "up", server: "down"}
        with contextlib.suppress(_Over):
            while True:
                for ready in select.select(list(sources), [], [], _LOOK_SECONDS)[0]:
                    data = ready.recv(1 << 14)
                    if data:
                        self._pass_on(connection, sources[ready], data)
                    elif connection.is_stalled and ready is server:
                        del sources[server]  # the client is not told
                    else:
                        return
                if self._is_gone:
                    connection.reset()

    def _pass_on(self, connection, direction, data):
        if self._is_gone:
            connection.reset()
        if self._fault and self._fault.kind in WIRE:
            self._pass_bytes(connection, direction, data)
            return
        with self._lock:
            self.traffic[direction, "bytes"] += len(data)
        for piece, begins in connection.units[direction].feed(data):
            strikes = begins and self._strikes_at_unit(direction, piece)
            if direction == "up":
                self._pass_command(connection, piece, begins, strikes)
            else:
                self._pass_response(connection, piece, strikes)

    # ---- the wire

    def _pass_bytes(self, connection, direction, data):
        before = self._bytes_before_fault(direction, len(data))
        self._send(connection, direction, data[:before])
        if before < len(data):
            self._strike_wire(connection, direction)
            self._send(connection, direction, data[before:])

    def _bytes_before_fault(self, direction, count):
        with self._lock:
            passed = self.traffic[direction, "bytes"]
            self.traffic[direction, "bytes"] += count
            fault = self._fault
            if self.fired or fault.direction != direction or fault.at >= passed + count:
                return count
            self.fired = True
            return fault.at - passed

    def _strike_wire(self, connection, direction):
        kind = self._fault.kind
        if kind == "close":
            raise _Over
        if kind in ("reset", "gone"):
            self._is_gone = kind == "gone"
            connection.reset()
        if kind == "split":
            time.sleep(_SPLIT_SECONDS)
        elif kind == "stall":
            connection.is_stalled = True
        elif kind == "trickle":
            connection.trickles.add(direction)

    def _send(self, connection, direction, data):
        crumbles = self._fault.kind == "crumble"
        if connection.is_stalled:
            return
        if not crumbles and direction not in connection.trickles:
            connection.to[direction].sendall(data)
            return
        for at in range(len(data)):
            time.sleep(_CRUMB_SECONDS if crumbles else _TRICKLE_SECONDS)
            connection.to[direction].sendall(data[at:at + 1])

    # ---- the server

    def _strikes_at_unit(self, direction, piece):
        if direction == "up" and not _COMMAND.match(piece):
            return False  # a step of a login
        with self._lock:
            number = self.traffic[direction, "units"]
            self.traffic[direction, "units"] += 1
            fault = self._fault
            if self.fired or not fault or (fault.direction, fault.at) != (direction, number):
                return False
            self.fired = True
            return True

    def _pass_response(self, connection, piece, strikes):
        client = connection.to["down"]
        said, ends = SAID[self._fault.kind] if strikes else (b"", False)
        client.sendall(said)
        if ends:
            raise _Over
        words, ends = connection.refused.pop(piece.split(b" ")[0], (None, False))
        if words:
            client.sendall(piece.split(b" ")[0] + b" " + words + b"\r\n")
        else:
            client.sendall(piece)
        if ends:
            client.sendall(b"* BYE Connection is closed.\r\n")
            raise _Over

    def _pass_command(self, connection, piece, begins, strikes):
        """A refused command becomes a NOOP, whose answer then comes where its own would have come."""
        if strikes:
            tag = piece.split(b" ")[0]
            connection.refused[tag] = REFUSED[self._fault.kind]
            connection.to["up"].sendall(tag + b" NOOP\r\n")
            announced = _LITERAL.search(piece)
            connection.is_swallowing = bool(announced and announced[2])
            if announced and not announced[2]:
                connection.units["up"].forget_literal()
            return
        if begins:
            connection.is_swallowing = False
        if not connection.is_swallowing:
            connection.to["up"].sendall(piece)
