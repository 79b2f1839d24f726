#!/usr/bin/env python3
"""Searching from the command line: the query language against real mail, pages, JSON, ids for export,
conversations, customers, and errors that point at the place."""

import email.header
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from e2e_case import E2eCase


def mail(number, subject, text, sender="Bob Lee <bob@customer.example>", to="lin@acme.example",
         day=1, **headers):
    """A letter of March 2026 with its own Message-ID, <N@mail.example>."""
    lines = [f"From: {sender}", f"To: {to}",
             f"Subject: {email.header.Header(subject, 'utf-8').encode()}",
             f"Message-ID: <{number}@mail.example>", f"Date: {day} Mar 2026 10:00:00 +0000",
             "MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8",
             "Content-Transfer-Encoding: 8bit",
             *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items()),
             "", text, ""]
    return "\r\n".join(lines).encode()


class Search(E2eCase):
    def setUp(self):
        super().setUp()
        self.lin = self.user
        self.colleague = self.new_user("wang")

    def deliver_and_backup(self):
        deliver = self.server.deliver
        us = f"Lin <{self.lin}>"
        deliver(self.lin, "INBOX", mail(1, "Inquiry stainless pipes",
                                        "Please quote 304 pipes, 60.3 x 3.91 mm.", to=us, day=1))
        deliver(self.lin, "Sent", mail(2, "Re: Inquiry stainless pipes", "Our price list follows.",
                                       sender=us, to="Bob Lee <bob@customer.example>", day=2,
                                       In_Reply_To="<1@mail.example>"))
        deliver(self.lin, "INBOX", mail(3, "Re: Inquiry stainless pipes", "Thanks. Too expensive!",
                                        to=us, day=3, References="<1@mail.example> <2@mail.example>"))
        deliver(self.lin, "INBOX", mail(4, "报价单 304不锈钢管", "附件是我们的不锈钢管报价。",
                                        sender="王芳 <wang.fang@163.com>", to=us, day=4))
        deliver(self.colleague, "INBOX", mail(5, "Copper list", "A list of copper prices: 1,250.00",
                                              sender="Eve <eve@other.example>",
                                              to=f"Wang <{self.colleague}>", day=5))
        for address in (self.lin, self.colleague):
            self.add_account(address)
        self.backup()

    def numbers(self, *query):
        """Which of the letters a query finds, newest first."""
        found = self.tool.json("search", *query, check=0)
        numbers = [int(one["message_id"].partition("@")[0]) for one in found["results"]]
        self.assertEqual(found["total"], len(numbers))
        return numbers

    def test_queries(self):
        self.deliver_and_backup()
        for query, wanted in {
                "pipe": [3, 2, 1],
                '"pipe"': [],
                "price list": [5, 2],
                '"price list"': [2],
                "list price": [5, 2],
                '"list price"': [],
                "pipes -expensive": [2, 1],
                "-pipes": [5, 4],
                "copper OR 不锈钢": [5, 4],
                "(copper OR expensive) -list": [3],
                "exp*": [3],
                "不锈": [4],
                "报价": [4],
                "304不锈钢管": [4],
                "1250": [5],
                "from:customer.example": [3, 1],
                "from:(eve OR 王芳)": [5, 4],
                "to:customer.example": [2],
                "subject:304": [4],
                "body:304": [1],
                "date:2026-03-02..2026-03-03": [3, 2],
                "after:2026-03-04": [5, 4],
                "before:2026-03-02": [1],
                "mid:4@mail.example": [4],
                "larger:1M": [],
                "has:attachment": [],
                f"account:{self.colleague}": [5],
                "account:wang-*": [5],
                "folder:sent": [2],
                "folder:INBOX -account:wang-*": [4, 3, 1],
                "is:gone": [],
                "*": [5, 4, 3, 2, 1]}.items():
            with self.subTest(query):
                self.assertEqual(self.numbers(query), wanted)

    def test_dashed_words_and_options_mix(self):
        self.deliver_and_backup()
        self.assertEqual(self.numbers("pipes", "-expensive"), [2, 1])
        self.assertEqual(self.numbers("-pipes", "--sort", "relevance", "copper"), [5])
        self.assertEqual(self.numbers("folder:Sent", "price list"), [2])
        only_count = self.tool.run("search", "--count", "-pipes", check=0)
        self.assertEqual(only_count.stdout, "2\n")

    def test_lines_for_people(self):
        self.deliver_and_backup()
        shown = self.tool.run("search", "pipes", "quote", check=0).stdout
        self.assertIn("2026-03-01  Bob Lee", shown)
        self.assertIn(f"{self.lin.partition('@')[0]}/INBOX  Please", shown)
        self.assertIn("Please *quote* 304 *pipes*", shown)
        self.assertIn("1 message found", shown)
        sent = self.tool.run("search", "folder:Sent", check=0).stdout
        self.assertIn("→ Bob Lee", sent)

    def test_pages(self):
        self.deliver_and_backup()
        first = self.tool.json("search", "*", "--limit", 2, check=0)
        last = self.tool.json("search", "*", "--limit", 2, "--page", 3, check=0)
        self.assertEqual((first["total"], len(first["results"])), (5, 2))
        self.assertEqual((last["total"], len(last["results"])), (5, 1))
        behind = self.tool.run("search", "*", "--page", 9, check=0)
        self.assertIn("behind the last", behind.stdout)

    def test_json(self):
        self.deliver_and_backup()
        [one] = self.tool.json("search", "王芳", check=0)["results"]
        self.assertEqual(one["from"], "王芳 <wang.fang@163.com>")
        self.assertEqual(one["subject"], "报价单 304不锈钢管")
        self.assertEqual(one["date"], "2026-03-04T10:00:00Z")
        self.assertEqual(one["to"], [f"Lin <{self.lin}>"])
        self.assertIn("不锈钢管报价", one["snippet"])
        self.assertEqual(one["attachments"], [])
        self.assertEqual(one["placements"], [{"account": self.lin, "folder": "INBOX", "flags": [],
                                              "gone_since": None}])
        shown = self.tool.json("show", one["id"], check=0)
        self.assertEqual(shown["subject"], one["subject"])

    def test_ids_go_into_export(self):
        self.deliver_and_backup()
        ids = self.tool.run("search", "--ids", "pipes", check=0).stdout.split()
        self.assertEqual(len(ids), 3)
        by_ids, by_query = self.home / "by-ids", self.home / "by-query"
        self.tool.run("export", "--to", by_ids, *ids, check=0)
        self.tool.run("export", "--query", "pipes", "--to", by_query, check=0)
        self.assertEqual({line["id"] for line in self.manifest(by_ids)}, set(ids))
        self.assertEqual({line["id"] for line in self.manifest(by_query)}, set(ids))

    def test_a_message_gone_from_the_server(self):
        self.deliver_and_backup()
        self.server.expunge(self.lin, "Sent")
        self.backup()
        self.assertEqual(self.numbers("is:gone"), [2])
        self.assertEqual(self.numbers("is:gone", "folder:INBOX"), [])
        self.assertEqual(self.numbers("is:gone", "folder:Sent"), [2])
        self.assertIn("gone since", self.tool.run("search", "is:gone", check=0).stdout)

    def test_conversations(self):
        self.deliver_and_backup()
        found = self.tool.json("search", "--threads", "expensive", check=0)
        self.assertEqual(found["total"], 1)
        [conversation] = found["conversations"]
        self.assertEqual([(one["message_id"], one["found"]) for one in conversation["messages"]],
                         [("1@mail.example", False), ("2@mail.example", False),
                          ("3@mail.example", True)])
        shown = self.tool.run("search", "--threads", "expensive", check=0).stdout
        self.assertIn("(3 messages, 1 found, 2026-03-01 to 2026-03-03)", shown)

    def test_customers(self):
        self.deliver_and_backup()
        customers = self.tool.json("customers", check=0)["customers"]
        self.assertEqual([one["customer"] for one in customers],
                         ["other.example", "wang.fang@163.com", "customer.example"])
        bob = customers[2]
        self.assertEqual((bob["from_them"], bob["to_them"]), (2, 1))
        self.assertEqual((bob["first"], bob["last"]),
                         ("2026-03-01T10:00:00Z", "2026-03-03T10:00:00Z"))
        self.assertEqual(bob["ours"], [self.lin])
        self.assertEqual(bob["contacts"][0]["name"], "Bob Lee")
        only = self.tool.json("customers", "copper", check=0)["customers"]
        self.assertEqual([one["customer"] for one in only], ["other.example"])
        shown = self.tool.run("customers", check=0).stdout
        self.assertIn("bob@customer.example  Bob Lee", shown)

    def test_nothing_found(self):
        self.deliver_and_backup()
        result = self.tool.run("search", "zeppelin", check=0)
        self.assertIn("Nothing found in 5 of 5 messages.", result.stdout)
        self.assertEqual(self.tool.run("search", "--ids", "zeppelin", check=0).stdout, "")
        self.assertEqual(self.tool.json("search", "zeppelin", check=0)["results"], [])
        self.assertEqual(self.tool.json("customers", "zeppelin", check=0)["customers"], [])

    def test_costs_are_told(self):
        self.deliver_and_backup()
        self.assertRegex(self.tool.run("-v", "search", "pipes", check=0).stderr,
                         r"searched \d+ shards? in \d+ ms: read .* of an index of ")


class Mistakes(E2eCase):
    def assert_pointed_at(self, query, marked, *words):
        result = self.tool.run("search", query, unlock=False)
        self.assertEqual(result.code, 2, result)
        shown, marks, error, hint = result.stderr.splitlines()
        self.assertEqual(shown, "  " + query)
        self.assertEqual(marks, marked)
        self.assertTrue(error.startswith("mailhold: "), error)
        self.assertTrue(hint.startswith("hint: "), hint)
        for word in words:
            self.assertIn(word, error + hint)

    def test_point_at_the_place_before_a_passphrase_is_asked_for(self):
        self.assert_pointed_at("form:bob pipe", "  ^^^^", "did you mean from:")
        self.assert_pointed_at("pipe (steel", "       ^", "never closed")
        self.assert_pointed_at("不锈钢 date:soon", "              ^^^^", "not a date")
        self.assert_pointed_at("pipe --limitt", "       ^^^^^^^^", "search --help")

    def test_export_takes_one_of_account_query_and_ids(self):
        self.assert_error(self.tool.run("export", "--query", "a", "--account", self.user, "--to",
                                        self.home / "x"), 2, "either")

    def test_a_name_nobody_has_is_noted(self):
        self.server.deliver(self.user, "INBOX", mail(1, "a", "b"))
        self.add_account()
        self.backup()
        result = self.tool.run("search", "folder:imbox", check=0)
        self.assertIn('did you mean "inbox"?', result.stderr)


if __name__ == "__main__":
    unittest.main()
