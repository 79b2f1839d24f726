#!/usr/bin/env python3
"""Tests of the proxy that breaks connections: each fault is what it says, once, at its point.

    python3 tests/support/faulty_proxy_test.py"""

import pathlib
import socket
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from faulty_proxy import HARMLESS, REFUSED, SAID, Fault, FaultyProxy
from scripted_imap import ScriptedImap

USER = "a@example.com"
LETTER = b"Subject: one\r\n\r\nA literal {5}\r\nmh3 OK no\r\n"
DIALOGUE = [b'mh1 LOGIN a@example.com secret', b'mh2 EXAMINE INBOX', b'mh3 UID FETCH 1:* (BODY.PEEK[])',
            b'mh4 NOOP']


class FaultyProxyTest(unittest.TestCase):
    def setUp(self):
        self.server = ScriptedImap(["IMAP4rev1", "LITERAL+"])
        self.addCleanup(self.server.close)
        self.inbox = self.server.add_user(USER)["INBOX"]
        self.inbox.add(LETTER)
        self.proxy = FaultyProxy(self.server.port)
        self.addCleanup(self.proxy.close)

    def connect(self):
        client = socket.create_connection(("127.0.0.1", self.proxy.port), timeout=3)
        self.addCleanup(client.close)
        return client

    def heard(self, client, until=b""):
        """What the server says until a line begins with `until`, or it hangs up."""
        data = b""
        while not until or b"\r\n" + until + b" " not in b"\r\n" + data or not data.endswith(b"\r\n"):
            more = client.recv(1 << 16)
            if not more:
                break
            data += more
        return data

    def talk(self, lines=DIALOGUE):
        """All answers to some commands, one after the other, or those until it hung up. Nothing is said
        out of turn: what lies unread when a connection is closed makes the close a reset."""
        client = self.connect()
        said = self.heard(client, b"*")
        for line in lines:
            if not said.endswith(b"\r\n"):
                break
            client.sendall(line + b"\r\n")
            said += self.heard(client, line.split(b" ")[0])
        return said

    def arm(self, kind, direction, at=0):
        self.proxy.arm(Fault(kind, direction, at))

    def test_what_is_not_armed_changes_nothing(self):
        undisturbed = self.talk()
        self.assertIn(LETTER, undisturbed)
        self.assertEqual(self.proxy.traffic["down", "bytes"], len(undisturbed))
        self.assertEqual(self.proxy.traffic["up", "bytes"], sum(len(line) + 2 for line in DIALOGUE))
        self.assertEqual(self.proxy.traffic["up", "units"], len(DIALOGUE))

    def test_a_connection_is_closed_at_its_byte(self):
        undisturbed = self.talk()
        for at in (0, 1, 100, len(undisturbed) - 1):
            self.arm("close", "down", at)
            self.assertEqual(self.talk(), undisturbed[:at])
            self.assertTrue(self.proxy.fired)
            self.assertEqual(self.talk(), undisturbed, "it strikes once")

    def test_what_a_client_says_is_closed_at_its_byte(self):
        self.arm("close", "up", len(DIALOGUE[0]) + 2 + 5)
        self.assertNotIn(b"mh2", self.talk(DIALOGUE[:2]))
        self.assertTrue(self.server.wait_until_left())
        self.assertEqual([one.name for one in self.server.commands()], ["LOGIN"])

    def test_a_reset_is_one_and_gone_stays_gone(self):
        for kind in ("reset", "gone"):
            self.arm(kind, "down", 3)
            with self.assertRaises(ConnectionResetError):
                self.heard(self.connect())
        with self.assertRaises(ConnectionResetError):
            self.heard(self.connect())
        self.proxy.arm(None)
        self.assertIn(LETTER, self.talk())

    def test_a_stall_is_silence(self):
        self.arm("stall", "down", 3)
        client = self.connect()
        client.settimeout(0.3)
        self.assertEqual(client.recv(100), b"* O")
        client.sendall(DIALOGUE[0] + b"\r\n")
        with self.assertRaises(TimeoutError):
            client.recv(100)
        client.close()
        self.assertTrue(self.server.wait_until_left())

    def test_a_trickle_is_slow(self):
        self.arm("trickle", "down", 3)
        client, begun = self.connect(), time.monotonic()
        self.assertEqual([client.recv(100) for _ in range(3)], [b"* O", b"K", b" "])
        self.assertGreater(time.monotonic() - begun, 0.5)

    def test_what_is_harmless_changes_no_byte(self):
        undisturbed = self.talk()
        for kind in HARMLESS:
            for direction in ("down", "up"):
                self.arm(kind, direction, 20)
                self.assertEqual(self.talk(), undisturbed)

    def test_what_is_said_stands_between_two_responses(self):
        undisturbed = self.talk()
        units = self.proxy.traffic["down", "units"]
        for kind, (said, ends) in SAID.items():
            with self.subTest(kind):
                before = []
                for at in range(units):
                    self.arm(kind, "down", at)
                    client = self.connect()
                    client.sendall(b"\r\n".join(DIALOGUE) + b"\r\n")
                    heard = self.heard(client, b"" if ends else b"mh4")
                    start, _, rest = heard.partition(said)
                    self.assertLess(len(start), len(heard))
                    self.assertTrue(undisturbed.startswith(start))
                    self.assertEqual(rest, b"" if ends else undisturbed[len(start):])
                    before.append(start)
                self.assertEqual(len(set(before)), units)
                self.assertFalse([one for one in before if one.endswith(b"{5}\r\n")])

    def test_a_refused_command_is_not_carried_out(self):
        for kind, (words, ends) in REFUSED.items():
            for end in ("{41+}\r\n" + LETTER.decode() + "\r\n", "{41}\r\n"):
                with self.subTest(kind, end=end):
                    self.arm(kind, "up", 2)
                    client = self.connect()
                    client.sendall(b"\r\n".join(DIALOGUE[:2]) + b"\r\nmh3 APPEND INBOX " + end.encode() +
                                   DIALOGUE[3] + b"\r\n")
                    heard = self.heard(client, b"* BYE" if ends else b"mh4")
                    self.assertIn(b"\r\nmh3 " + words + b"\r\n", heard)
                    self.assertEqual(b"\r\nmh4 OK" in heard, not ends)
                    self.assertEqual(len(self.inbox.messages), 1)


if __name__ == "__main__":
    unittest.main()
