#!/usr/bin/env python3
"""The scripted IMAP server, tried with Python's own client and with a bare socket."""

import base64
import imaplib
import pathlib
import re
import socket
import ssl
import sys
import tempfile
import time
import unittest
import zlib

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from scripted_imap import Folder, Mailbox, ScriptedImap, numbers_in
from scripted_imap_personalities import GmailMailbox, gmail, netease163, qq, throttle_once
from scripted_imap_wire import Malformed, quoted, tokenize, uids_in
from throwaway_ca import make_ca, make_server_certificate

USER = "a@example.com"
MAIL = b"Subject: one\r\nFrom: x@example.com\r\n\r\nhi\r\n"


class Raw:
    """A client that says exactly what the test says."""

    def __init__(self, server):
        self.socket = socket.create_connection(("127.0.0.1", server.port), timeout=10)
        self.file = self.socket.makefile("rb")
        self.greeting = self.file.readline()
        self.count = 0

    def ask(self, text):
        """All lines up to the tagged one, with literals in them, as one bytes."""
        self.count += 1
        tag = b"t%d" % self.count
        self.socket.sendall(tag + b" " + text + b"\r\n")
        answer = b""
        while True:
            line = self.file.readline()
            answer += line
            if not line or line.startswith(tag + b" "):
                return answer
            if announced := re.search(rb"\{(\d+)\}\r\n$", line):
                answer += self.file.read(int(announced[1]))

    def login(self):
        return self.ask(b"LOGIN a@example.com secret")

    def close(self):
        self.file.close()
        self.socket.close()


class WireTest(unittest.TestCase):
    def test_arguments_become_values(self):
        table = {
            (b'"" "*" RETURN (SPECIAL-USE STATUS (MESSAGES))',):
                [b"", b"*", b"RETURN", [b"SPECIAL-USE", b"STATUS", [b"MESSAGES"]]],
            (b"1:* (UID BODY.PEEK[HEADER.FIELDS (A B)]<0.9>)",):
                [b"1:*", [b"UID", b"BODY.PEEK[HEADER.FIELDS (A B)]<0.9>"]],
            (rb'"we\"ird\\ name" ', b"lit(eral", b""): [b'we"ird\\ name', b"lit(eral"],
        }
        for parts, values in table.items():
            self.assertEqual(tokenize(list(parts)), values)
        for broken in (b"(a", b"a)", b'"a', b'"a\\'):
            with self.assertRaises(Malformed):
                tokenize([broken])

    def test_a_star_always_names_the_last_message(self):
        self.assertEqual(uids_in(b"9:*", [2, 5]), {5})
        self.assertEqual(uids_in(b"1:4,*", [2, 3, 9]), {2, 3, 9})
        self.assertEqual(uids_in(b"1:*", []), set())

    def test_strings_are_quoted_or_literal(self):
        self.assertEqual(quoted(b'a"b\\'), rb'"a\"b\\"')
        self.assertEqual(quoted(b"a\nb"), b"{3}\r\na\nb")


class ServerCase(unittest.TestCase):
    def serve(self, **options):
        server = ScriptedImap(**options)
        self.addCleanup(server.close)
        self.mailbox = server.add_user(USER, tokens=["tok"])
        return server

    def raw(self, server):
        client = Raw(server)
        self.addCleanup(client.close)
        return client


class ServerTest(ServerCase):
    def test_imaplib_sees_an_ordinary_server(self):
        server = self.serve()
        inbox = self.mailbox["INBOX"]
        inbox.add(MAIL, ["\\Seen"])
        inbox.add(b"\r\nnul \0 and bare \n and \r\n", uid=7)
        client = imaplib.IMAP4("127.0.0.1", server.port)
        client.login(USER, "secret")
        self.assertEqual(client.select("INBOX", readonly=True), ("OK", [b"2"]))
        self.assertEqual(client.uid("SEARCH", "ALL")[1], [b"1 7"])
        answer = client.uid("FETCH", "7", "(UID BODY.PEEK[] RFC822.SIZE)")[1]
        self.assertEqual(answer[0][1], b"\r\nnul \0 and bare \n and \r\n")
        self.assertEqual(client.status("INBOX", "(MESSAGES UIDNEXT)")[1],
                         [b'"INBOX" (MESSAGES 2 UIDNEXT 8)'])
        client.logout()
        self.assertEqual(server.bodies_sent(), [("INBOX", 7)])
        self.assertEqual([one.name for one in server.commands("EXAMINE", "SELECT")], ["EXAMINE"])
        self.assertTrue(server.wait_until_left())

    def test_every_mechanism_logs_in_and_refuses(self):
        server = self.serve()
        coded = lambda text: base64.b64encode(text)  # noqa: E731
        bearer = b"\1auth=Bearer tok\1\1"
        right = [b"LOGIN a@example.com secret",
                 b"AUTHENTICATE PLAIN " + coded(b"\0a@example.com\0secret"),
                 b"AUTHENTICATE XOAUTH2 " + coded(b"user=a@example.com" + bearer),
                 b"AUTHENTICATE OAUTHBEARER "
                 + coded(b"n,a=a@example.com,\1host=h\1port=1" + bearer)]
        for command in right:
            self.assertIn(b" OK [CAPABILITY IMAP4rev1", self.raw(server).ask(command), command)
        for command in (b"LOGIN a@example.com wrong", b"LOGIN b@example.com secret"):
            self.assertIn(b" NO [AUTHENTICATIONFAILED]", self.raw(server).ask(command))
        accepted = [one.accepted for one in server.login_attempts()]
        self.assertEqual(accepted, [True] * 4 + [False] * 2)

    def test_sasl_without_initial_response_and_login_are_challenged(self):
        server = self.serve()
        for lines in ([b"AUTHENTICATE PLAIN", base64.b64encode(b"\0a@example.com\0secret")],
                      [b"AUTHENTICATE LOGIN", b"YUBleGFtcGxlLmNvbQ==", b"c2VjcmV0"]):
            client = self.raw(server)
            client.socket.sendall(b"t " + lines[0] + b"\r\n")
            for line in lines[1:]:
                self.assertTrue(client.file.readline().startswith(b"+ "))
                client.socket.sendall(line + b"\r\n")
            self.assertTrue(client.file.readline().startswith(b"t OK"))

    def test_a_stale_token_gets_the_challenge_and_then_no(self):
        server = self.serve()
        client = self.raw(server)
        stale = base64.b64encode(b"user=a@example.com\1auth=Bearer old\1\1")
        client.socket.sendall(b"t AUTHENTICATE XOAUTH2 " + stale + b"\r\n")
        challenge = client.file.readline()
        self.assertIn(b'"status": "400"', base64.b64decode(challenge[2:]))
        client.socket.sendall(b"\r\n")
        self.assertTrue(client.file.readline().startswith(b"t NO "))

    def test_a_refusal_is_sent_as_written(self):
        server = self.serve()
        server.add_user("b@example.com", refusal=["* NO [WEBALERT u] go", "TAG NO [ALERT] web",
                                                  "* BYE gone"])
        client = self.raw(server)
        self.assertEqual(client.ask(b"LOGIN b@example.com secret"),
                         b"* NO [WEBALERT u] go\r\nt1 NO [ALERT] web\r\n")
        self.assertEqual(client.file.read(), b"* BYE gone\r\n")

    def test_list_shows_what_is_asked(self):
        server = self.serve()
        self.mailbox.add_folder("Sent", attributes=["\\Sent"])
        self.mailbox.add_folder("A", attributes=["\\Noselect"])
        self.mailbox.add_folder("A/B", separator=None)
        client = self.raw(server)
        client.login()
        answer = client.ask(b'LIST "" "*" RETURN (SPECIAL-USE STATUS (MESSAGES HIGHESTMODSEQ))')
        self.assertIn(b'* LIST (\\Sent) "/" "Sent"\r\n* STATUS "Sent" (MESSAGES 0 HIGHESTMODSEQ 1)',
                      answer)
        self.assertIn(b'* LIST () NIL "A/B"', answer)
        self.assertNotIn(b'STATUS "A" ', answer)
        self.mailbox.add_folder("A/C")
        answer = client.ask(b'LIST "" "%"')
        self.assertIn(b'"A/B"', answer)  # no levels without a separator
        self.assertNotIn(b'"A/C"', answer)
        self.assertIn(b'* LIST (\\Noselect) "/" ""', client.ask(b'LIST "" ""'))

    def test_what_is_not_advertised_is_refused(self):
        server = self.serve(capabilities=["IMAP4rev1"])
        client = self.raw(server)
        client.login()
        self.mailbox["INBOX"].add(MAIL)
        for command in (b"ID NIL", b"NAMESPACE", b"ENABLE CONDSTORE", b"XYZZY",
                        b'LIST "" "*" RETURN (SPECIAL-USE)', b"EXAMINE INBOX (CONDSTORE)",
                        b"COMPRESS DEFLATE", b'STATUS INBOX (HIGHESTMODSEQ)'):
            self.assertIn(b" BAD ", client.ask(command), command)
        client.ask(b"EXAMINE INBOX")
        for item in (b"MODSEQ", b"X-GM-MSGID"):
            self.assertIn(b" BAD ", client.ask(b"UID FETCH 1 (%s)" % item), item)

    def test_changes_are_told_at_the_end_of_a_command(self):
        server = self.serve()
        inbox = self.mailbox["INBOX"]
        for _ in range(3):
            inbox.add(MAIL)
        client = self.raw(server)
        client.login()
        client.ask(b"EXAMINE INBOX")
        inbox.expunge(2)
        inbox.add(MAIL)
        answer = client.ask(b"UID FETCH 2 (FLAGS)")
        self.assertEqual(answer, b"* 2 EXPUNGE\r\n* 3 EXISTS\r\nt3 OK done\r\n")

    def test_condstore_and_qresync_send_only_what_changed(self):
        server = self.serve()
        inbox = self.mailbox["INBOX"]
        for _ in range(4):
            inbox.add(MAIL)
        client = self.raw(server)
        client.login()
        client.ask(b"ENABLE QRESYNC")
        known = inbox.modseq
        inbox.set_flags(3, "\\Seen")
        inbox.expunge(1, 2)
        answer = client.ask(b"EXAMINE INBOX (QRESYNC (1 %d))" % known)
        self.assertIn(b"* VANISHED (EARLIER) 1:2\r\n", answer)
        self.assertIn(b"* 1 FETCH (UID 3 FLAGS (\\Seen) MODSEQ (%d))" % (known + 1), answer)
        self.assertNotIn(b"UID 4", answer)
        answer = client.ask(b"UID FETCH 1:* (FLAGS) (CHANGEDSINCE %d VANISHED)" % known)
        self.assertIn(b"* VANISHED (EARLIER) 1:2\r\n", answer)
        self.assertEqual(answer.count(b"FETCH ("), 1)

    def test_peek_leaves_seen_alone(self):
        server = self.serve()
        message = self.mailbox["INBOX"].add(MAIL)
        client = self.raw(server)
        client.login()
        client.ask(b"SELECT INBOX")
        self.assertIn(b"BODY[] {%d}\r\n" % len(MAIL) + MAIL, client.ask(b"FETCH 1 BODY.PEEK[]"))
        self.assertEqual(message.flags, [])
        self.assertIn(b"BODY[HEADER.FIELDS (FROM)]",
                      client.ask(b"FETCH 1 (BODY[HEADER.FIELDS (From)])"))
        self.assertEqual(message.flags, [b"\\Seen"])
        self.assertIn(b"BODY[]<2> {3}\r\nbje)", client.ask(b"FETCH 1 BODY.PEEK[]<2.3>"))

    def test_compression_is_two_way(self):
        server = self.serve(capabilities=["IMAP4rev1", "COMPRESS=DEFLATE"])
        client = self.raw(server)
        client.login()
        self.assertIn(b" OK ", client.ask(b"COMPRESS DEFLATE"))
        press, inflate = zlib.compressobj(6, wbits=-15), zlib.decompressobj(-15)
        client.socket.sendall(press.compress(b"x NOOP\r\n") + press.flush(zlib.Z_SYNC_FLUSH))
        self.assertEqual(inflate.decompress(client.socket.recv(4096)), b"x OK done\r\n")

    def test_tls_both_ways(self):
        with tempfile.TemporaryDirectory() as folder:
            ca = make_ca(folder)
            cert, key = make_server_certificate(folder)
            context = ssl.create_default_context(cafile=str(ca))
            for tls in ("implicit", "starttls"):
                server = self.serve(tls=tls, cert_file=cert, key_file=key)
                if tls == "implicit":
                    client = imaplib.IMAP4_SSL("localhost", server.port, ssl_context=context)
                else:
                    client = imaplib.IMAP4("localhost", server.port)
                    client.starttls(context)
                self.assertEqual(client.login(USER, "secret")[0], "OK", tls)
                client.logout()


class MisbehaviourTest(ServerCase):
    def test_a_hook_can_cut_in_the_middle_of_a_literal(self):
        server = self.serve()
        for _ in range(3):
            self.mailbox["INBOX"].add(MAIL)

        def cut(session, message, items):
            if message.uid == 2:
                session.send(b"* 2 FETCH (UID 2 BODY[] {100}\r\nhalf")
                session.cut()

        server.on_message(cut)
        client = self.raw(server)
        client.login()
        client.ask(b"EXAMINE INBOX")
        client.socket.sendall(b"t UID FETCH 1:* (BODY.PEEK[])\r\n")
        self.assertTrue(client.file.read().endswith(b"{100}\r\nhalf"))
        self.assertEqual(server.bodies_sent(), [("INBOX", 1)])

    def test_close_ends_a_trickle_and_a_hang(self):
        server = self.serve()
        server.on("NOOP", lambda session, *_: session.trickle(b"x" * 1000, 0.5))
        server.on("CAPABILITY", lambda session, *_: session.hang())
        for command in (b"t NOOP\r\n", b"t CAPABILITY\r\n"):
            self.raw(server).socket.sendall(command)
        time.sleep(0.1)
        began = time.monotonic()
        server.close()
        self.assertLess(time.monotonic() - began, 2)
        self.assertEqual(server.sessions_open(), 0)

    def test_a_hang_notices_the_client_leaving(self):
        server = self.serve()
        left = []
        server.on("NOOP", lambda session, *_: left.append(session.hang(10)) or True)
        client = self.raw(server)
        client.socket.sendall(b"t NOOP\r\n")
        time.sleep(0.05)
        client.close()
        self.assertTrue(server.wait_until_left(5))
        self.assertEqual(left, [True])

    def test_the_most_sessions_at_once_are_counted(self):
        server = self.serve()
        clients = [self.raw(server) for _ in range(3)]
        for client in clients:
            client.login()
        clients[0].close()
        self.assertEqual(server.most_logged_in, 3)

    def test_a_preauth_greeting_can_be_played(self):
        server = self.serve()

        def preauth(session, *_):
            session.user = server.user_named(USER)
            session.line("* PREAUTH welcome")
            return True

        server.on("GREETING", preauth)
        client = self.raw(server)
        self.assertEqual(client.greeting, b"* PREAUTH welcome\r\n")
        self.assertIn(b" OK ", client.ask(b"EXAMINE INBOX"))


class PersonalityTest(ServerCase):
    def test_gmail_shows_one_message_in_many_folders(self):
        server = gmail()
        self.addCleanup(server.close)
        mailbox = GmailMailbox(["Work"])
        number = mailbox.receive(MAIL, ["INBOX", "Work", "[Gmail]/Starred"])
        mailbox.receive(MAIL, ["[Gmail]/Spam"])
        server.add_user(USER, mailbox=mailbox)
        client = self.raw(server)
        client.login()
        client.ask(b'EXAMINE "[Gmail]/All Mail"')
        answer = client.ask(b"UID FETCH 1:* (X-GM-MSGID X-GM-LABELS)")
        self.assertIn(rb'X-GM-MSGID %d X-GM-LABELS ("\\Inbox" "Work" "\\Starred")' % number, answer)
        self.assertEqual(answer.count(b"FETCH ("), 1)

    def test_163_opens_nothing_before_id(self):
        server = netease163()
        self.addCleanup(server.close)
        server.add_user(USER)
        client = self.raw(server)
        client.login()
        self.assertIn(b"NO SELECT Unsafe Login", client.ask(b"EXAMINE INBOX"))
        client.ask(b'ID ("name" "mailhold")')
        self.assertIn(b" OK ", client.ask(b"EXAMINE INBOX"))

    def test_qq_hangs_up_at_what_it_does_not_know(self):
        server = qq()
        self.addCleanup(server.close)
        server.add_user(USER)
        for command in (b"XYZZY", b'LIST "" "*" RETURN (SPECIAL-USE)'):
            client = self.raw(server)
            client.login()
            self.assertEqual(client.ask(command), b"")

    def test_throttling_names_the_wait_and_hangs_up_once(self):
        server = self.serve()
        refusals = throttle_once(server, 1500, status="BAD", command="NOOP")
        client = self.raw(server)
        client.login()
        answer = client.ask(b"NOOP")
        self.assertIn(b"BAD Request is throttled. Suggested Backoff Time: 1500", answer)
        client = self.raw(server)
        client.login()
        self.assertIn(b" OK ", client.ask(b"NOOP"))
        self.assertEqual(len(refusals), 1)

    def test_names_are_kept_byte_for_byte(self):
        server = self.serve()
        folder = Folder(b"raw \xff", separator="\\")
        server.add_user(USER, mailbox=Mailbox(Folder("INBOX"), folder))
        client = self.raw(server)
        client.login()
        self.assertIn(b'* LIST () "\\\\" "raw \xff"', client.ask(b'LIST "" *'))
        self.assertIn(b" OK ", client.ask(b'EXAMINE "raw \xff"'))
        self.assertEqual(numbers_in(b"1:3,7"), {1, 2, 3, 7})


if __name__ == "__main__":
    unittest.main()
