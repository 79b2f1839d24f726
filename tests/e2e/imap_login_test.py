#!/usr/bin/env python3
"""What a refused login means and says, and how providers' limits are kept: the table of login
failures, and cases 52 to 55."""

import base64
import collections
import pathlib
import re
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from imap_case import USER, ImapCase, mail
from scripted_imap_personalities import (UNSAFE_LOGIN, cap_connections, m365, netease163, qq,
                                         throttle_once)
from server_process import free_ports
from throwaway_ca import make_ca, make_server_certificate

MAILS = [mail(number) for number in range(1, 6)]
SECRET = "Kq7vN2xTallSecret"

QQ_ABNORMAL = ("Login fail. Account is abnormal, service is not open, password is incorrect, "
               "login frequency limited, or system is busy. More information at "
               "https://service.mail.qq.com/detail/0/428")

# What the server says at login -> (class, what the hint must speak of). TAG stands for the tag; a
# text without a status is its NO. Response codes are believed before words.
WAIT, STEP = "(?i)wait|later|again", "(?i)password"
REFUSALS = [
    # Wrong credentials.
    ("[AUTHENTICATIONFAILED] Invalid credentials (Failure)", "credentials", STEP),
    ("[AUTHENTICATIONFAILED] Authentication failed.", "credentials", STEP),
    ("LOGIN Login error or password error", "credentials", STEP),
    ("Please using authorized code to login. More information at https://service.mail.qq.com",
     "credentials", "授权码|(?i:authori[sz]ation code|authori[sz]ed code)"),
    ("LOGIN failed.", "credentials", "(?i)password|token|oauth"),
    ("AUTHENTICATE failed.", "credentials", "(?i)password|token|oauth"),
    ("[EXPIRED] That password isn't valid any more.", "credentials", STEP),
    ("invalid_grant", "credentials", "(?i)token|sign in|consent|password"),
    # Banned or disabled.
    ("AUTHENTICATE failed. AADSTS50057: The user account is disabled.", "disabled",
     "(?i)provider|admin|disabled|restore"),
    ("AADSTS70000: User account is found to be in service abuse mode", "disabled",
     "(?i)provider|admin|disabled|restore"),
    ("AADSTS50053: The account is locked", "disabled", "(?i)provider|admin|locked|restore"),
    ("[CONTACTADMIN] Contact your administrator", "disabled", "(?i)admin|provider"),
    # The provider wants something from the user first.
    ("[ALERT] Application-specific password required: "
     "https://support.google.com/accounts/answer/185833 (Failure)", "policy", "(?i)app.*password"),
    ("[ALERT] Please log in via your web browser: "
     "https://support.google.com/mail/accounts/answer/78754 (Failure)", "policy",
     "(?i)browser|web"),
    ("[ALERT] Your account is not enabled for IMAP use. Please visit your Gmail settings page.",
     "policy", "IMAP"),
    ("[ALERT] IMAP access is disabled for your domain. Please contact your domain administrator.",
     "policy", "IMAP"),
    ("You are yet to enable IMAP for your account. Please contact your administrator", "policy",
     "IMAP"),
    ("AUTHENTICATE Invalid credentials or IMAP is disabled", "policy", "IMAP"),
    ("[PRIVACYREQUIRED] Plaintext authentication disallowed on non-secure connections.", "policy",
     "(?i)tls"),
    ("[AUTHORIZATIONFAILED] No such authorization-ID", "policy", "(?i)delegat|admin|allow|right"),
    # Temporary.
    ("[UNAVAILABLE] Temporary authentication failure.", "temporary", WAIT),
    ("[INUSE] Mailbox is in use", "temporary", WAIT),
    ("[SERVERBUG] Internal error occurred.", "temporary", WAIT),
    ("System busy!", "temporary", WAIT),
    ("Server Unavailable. 15", "temporary", WAIT),
    # Throttled.
    ("[LIMIT] Too many logins", "throttled", WAIT),
    ("[ALERT] Too many simultaneous connections. (Failure)", "throttled", "(?i)connection|wait"),
    ("Account exceeded command or bandwidth limits. (Failure)", "throttled", WAIT),
    ("[LIMIT] Maximum number of connections from user+IP exceeded (mail_max_userip_connections=10)",
     "throttled", "(?i)connection|wait"),
    ("* BYE Session expired, please login again.", "throttled", WAIT),
    # One text for everything.
    (QQ_ABNORMAL, "ambiguous", "(?i)wait|later|授权码|authori"),
]


class LoginFailureCases(ImapCase):
    def report_of_refusals(self, refusals, start=None):
        """One run over an account for each of `refusals`: [(what was said, its report)]."""
        server = self.serve(start) if start else self.serve()
        for number, lines in enumerate(refusals):
            address = f"u{number}@example.com"
            server.add_user(address, SECRET, refusal=lines)
            self.add_account(address, server, password=SECRET)
        self.add_account("fine@example.com", server)
        server.add_user("fine@example.com")["INBOX"].add(MAILS[0])
        report = self.backup(check=3, timeout=400)
        self.assert_all_well(report.pop("fine@example.com"), new=1)
        self.assert_no_secret_told()
        return [report[f"u{number}@example.com"] for number in range(len(refusals))]

    def assert_no_secret_told(self):
        told = self.last_run.stdout + self.last_run.stderr
        self.assertNotIn(SECRET, told)
        self.assertNotIn(base64.b64encode(SECRET.encode()).decode().rstrip("="), told)
        for word in re.findall(r"[A-Za-z0-9+/]{24,}={0,2}", told):  # in a SASL answer
            self.assertNotIn(SECRET.encode(), base64.b64decode(word + "=" * (-len(word) % 4)))

    def test_every_known_refusal_is_classified(self):
        lines = [[text if text.startswith("*") else f"TAG NO {text}"] for text, _, _ in REFUSALS]
        accounts = self.report_of_refusals(lines)
        for (text, wanted, hint), account in zip(REFUSALS, accounts):
            with self.subTest(text=text):
                self.assert_failed(account, wanted)
                self.assertRegex(account["error"]["hint"], hint)
                words = max(re.sub(r"^\* BYE|\[.*?\]", "", text).split(), key=len)
                self.assertIn(words, account["error"]["text"], "the server's own words are shown")
        hints = {account["error"]["hint"] for account in accounts if account["error"]}
        self.assertGreaterEqual(len(hints), 8, "a hint is about this failure, not any")

    def test_untagged_webalert_reaches_the_user(self):
        url = "https://accounts.google.com/signin/continue?sarp=1"
        lines = [[f"* NO [WEBALERT {url}] Web login required.",
                  "TAG NO [ALERT] Please log in via your web browser: https://support.google.com"]]
        account, = self.report_of_refusals(lines)
        self.assert_failed(account, "policy")
        self.assertIn(url, account["error"]["text"] + account["error"]["hint"])

    def test_a_code_is_believed_before_words(self):
        lines = [["TAG NO [UNAVAILABLE] LOGIN failed."], ["TAG NO [LIMIT] Invalid credentials"],
                 ["TAG NO [CONTACTADMIN] System busy!"]]
        classes = [account["error"]["class"] for account in self.report_of_refusals(lines)]
        self.assertEqual(classes, ["temporary", "throttled", "disabled"])

    def test_qq_is_classified_with_its_own_mechanisms(self):
        lines = [[f"TAG NO {QQ_ABNORMAL}"], ["TAG NO Please using authorized code to login."]]
        accounts = self.report_of_refusals(lines, start=qq)
        self.assertEqual([account["error"]["class"] for account in accounts],
                         ["ambiguous", "credentials"])

    def test_a_refused_token_is_wrong_credentials(self):
        server = self.serve(m365)
        for method in ("xoauth2", "oauthbearer"):
            server.mechanisms = ["XOAUTH2", "OAUTHBEARER"]
            server.add_user(f"{method}@example.com", tokens=["right"])
            self.add_account(f"{method}@example.com", server, auth=method,
                             token_command=f"echo {SECRET}")
        report = self.backup(check=3)
        for address, account in report.items():
            with self.subTest(address):
                self.assert_failed(account, "credentials")
                self.assertRegex(account["error"]["hint"], "(?i)token|sign|consent")
        self.assert_no_secret_told()
        self.assertEqual({one.user for one in server.login_attempts()}, set(report))

    def test_logindisabled_sends_no_password(self):
        server = self.serve(capabilities=["IMAP4rev1", "LOGINDISABLED"])
        server.mechanisms = []
        self.inbox(*MAILS, server=server)
        account = self.backup(check=3)[USER]
        self.assert_failed(account, "policy")
        self.assertRegex(account["error"]["hint"], "(?i)tls")
        self.assertEqual(server.login_attempts(), [])

    def test_refusals_after_login_are_classified_too(self):
        not_connected = "User is authenticated but not connected."
        for number, status in enumerate(("NO", "BAD")):
            server = self.serve(m365)

            def refuse(session, tag, _, status=status):
                session.line(tag, f" {status} {not_connected}")
                return True

            for command in ("LIST", "NAMESPACE", "EXAMINE", "STATUS"):
                server.on(command, refuse)
            address = f"u{number}@example.com"
            server.add_user(address)
            self.add_account(address, server)
        for address, account in self.backup(check=3).items():
            with self.subTest(address):
                self.assert_failed(account, "policy")
                self.assertIn(not_connected.rstrip("."), account["error"]["text"])

    def test_nobody_listens(self):
        server, _ = self.inbox(*MAILS)
        self._accounts[USER]["port"] = free_ports(1)[0]
        account = self.backup(check=3)[USER]
        self.assert_failed(account, "unreachable")
        self.assertEqual(server.commands(), [])

    def test_an_unknown_host(self):
        self.inbox(*MAILS, host="mail.example.invalid", tls="implicit")
        account = self.backup(check=3)[USER]
        self.assert_failed(account, "unreachable")
        self.assertIn("mail.example.invalid", account["error"]["text"] + account["error"]["hint"])

    def test_tls_trouble(self):
        ca = make_ca(self.home)
        (self.home / "other").mkdir()
        other_ca = make_ca(self.home / "other")
        table = {"expired": ca, "wrong-host": ca, "valid": other_ca}
        for kind, trusted in table.items():
            folder = self.home / kind
            folder.mkdir()
            for name in ("ca.key", "ca.pem"):
                (folder / name).write_bytes((self.home / name).read_bytes())
            cert, key = make_server_certificate(folder, kind)
            self.tls_account(f"{kind}@example.com", trusted, tls="implicit", cert_file=cert,
                             key_file=key)
        self.tls_account("plain@example.com", ca, account_tls="implicit")
        self.tls_account("nostarttls@example.com", ca, account_tls="starttls")
        servers = self._tls_servers
        for address, account in self.backup(check=3).items():
            with self.subTest(address):
                self.assert_failed(account, "tls")
                self.assertRegex(account["error"]["hint"], "(?i)certificate|tls|clock|ca")
                self.assertEqual(servers[address].login_attempts(), [], "no password was sent")

    def tls_account(self, address, ca, account_tls=None, **options):
        server = self.serve(**options)
        self._tls_servers = {**getattr(self, "_tls_servers", {}), address: server}
        server.add_user(address)["INBOX"].add(MAILS[0])
        self.add_account(address, server, tls=account_tls or options["tls"], host="localhost",
                         ca_file=str(ca))


class ProviderLimitCases(ImapCase):
    def test_case52_id_right_after_login_where_it_is_advertised(self):
        server, _ = self.inbox(*MAILS, server=self.serve(netease163))
        self.assert_all_well(self.backup()[USER], new=5)
        by_session = collections.defaultdict(list)
        for command in server.commands(user=USER):
            by_session[command.session].append(command.name)
        self.assertTrue(by_session)
        for names in by_session.values():
            opening = [name for name in names if name in ("ID", "EXAMINE", "LIST", "STATUS")]
            self.assertEqual(opening[0], "ID", "each connection introduces itself first")
        self.assert_archived(MAILS)

    def test_case52_no_id_where_it_is_not_advertised(self):
        server, _ = self.inbox(*MAILS, server=self.serve(capabilities=["IMAP4rev1"]))
        server.drops_on_unknown = True
        self.assert_all_well(self.backup()[USER], new=5)
        self.assertEqual(server.commands("ID", "NAMESPACE", "ENABLE", "COMPRESS"), [])

    def test_case52_unsafe_login_in_spite_of_id_is_policy(self):
        server, _ = self.inbox(*MAILS, server=self.serve(netease163))
        server.on("EXAMINE", lambda session, tag, _: session.no(tag, UNSAFE_LOGIN) or True)
        account = self.backup(check=3)[USER]
        self.assert_failed(account, "policy")
        self.assertIn("Unsafe Login", account["error"]["text"])

    def assert_waited(self, server, refusals, seconds):
        """The next login comes so long after the one refusal, and not much later."""
        self.assertEqual(len(refusals), 1)
        waited = [one.at - refusals[0][1] for one in server.login_attempts() if one.at > refusals[0][1]]
        self.assertTrue(waited, "it came back")
        self.assertGreaterEqual(min(waited), seconds)
        self.assertLess(min(waited), seconds + 1.5)

    def test_case53_suggested_backoff_is_waited_exactly(self):
        for status in ("NO", "BAD"):
            for asked in (b"FLAGS", b"BODY.PEEK[]"):  # while comparing, and while fetching
                with self.subTest(status=status, asked=asked):
                    self.setUp()  # a home of its own
                    server, _ = self.inbox(*MAILS, connections=1)
                    refusals = throttle_once(server, 3000, status, wants=lambda args: asked in args[1])
                    self.assert_all_well(self.backup()[USER], new=5)
                    self.assert_waited(server, refusals, 3.0)
                    self.assert_archived(MAILS)

    def test_case53_suggested_backoff_is_waited_at_the_door(self):
        server, _ = self.inbox(*MAILS, connections=1)
        refusals = throttle_once(server, 3000, command="AUTHENTICATE")
        self.assert_all_well(self.backup()[USER], new=5)
        self.assert_waited(server, refusals, 3.0)

    def test_case53_one_throttled_account_does_not_hold_up_others(self):
        server, _ = self.inbox(*MAILS, connections=1)
        refusals = throttle_once(server, 3000)
        other = self.serve()
        other.add_user("b@example.com")["INBOX"].add(mail(50))
        self.add_account("b@example.com", other)
        report = self.backup()
        self.assert_all_well(report["b@example.com"], new=1)
        self.assert_all_well(report[USER], new=5)
        self.assertLess(other.commands()[-1].at, refusals[0][1] + 3)

    def cap_account(self, **settings):
        server = self.serve()
        mailbox = server.add_user(USER)
        for folder in range(8):
            box = mailbox.add_folder(f"F{folder}")
            for number in range(250):  # a connection for every 500
                box.add(mail(folder * 1000 + number))
        self.add_account(USER, server, **settings)
        # Slow enough that connections overlap when several are used.
        server.on_message(lambda session, message, items:
                          b"BODY.PEEK[]" in items and session.sleep(0.001))
        return server

    def test_case54_connection_cap_of_the_account(self):
        for cap in (1, 3):
            with self.subTest(cap=cap):
                self.setUp()  # a home of its own
                server = self.cap_account(connections=cap)
                self.assert_all_well(self.backup()[USER], new=2000)
                self.assertEqual(server.most_logged_in, cap)

    def test_case54_a_lower_cap_of_the_server_is_lived_with(self):
        server = self.cap_account(connections=4)
        turned_away = cap_connections(server, 2,
                                      "[LIMIT] Maximum number of connections from user+IP exceeded")
        self.assert_all_well(self.backup()[USER], new=2000)
        self.assertTrue(turned_away)
        self.assertLess(len(turned_away), 20, "it does not hammer at the door")

    def test_case55_wrong_password_on_200_accounts(self):
        server = self.serve()
        addresses = [f"u{number}@example.com" for number in range(200)]
        for address in addresses:
            server.add_user(address, password="changed yesterday")
            self.add_account(address, server)
        for run in range(2):
            with self.subTest(run=run):
                report = self.backup(check=3, timeout=300)
                attempts = collections.Counter(one.user for one in server.login_attempts())
                self.assertEqual(attempts, {address: 1 for address in addresses})
                for address in addresses:
                    self.assert_failed(report[address], "credentials")


if __name__ == "__main__":
    unittest.main()
