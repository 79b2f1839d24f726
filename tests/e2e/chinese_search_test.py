#!/usr/bin/env python3
"""Chinese mail: every message is found by a two-character word of its body and of its attached PDF, XLSX
and DOCX, and none by a word that it does not contain, although all words share their characters."""

import email.message
import email.policy
import itertools
import pathlib
import random
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

import sample_documents
from e2e_case import E2eCase

MESSAGES = 60
# Words are pairs of these. A text gets its words in brackets: no pair arises between two of them.
CHARACTERS = "钢管螺栓报价交货质检合同付款样品包装海运港口仓库标准尺寸颜色数量单证"
CHARSETS = ("utf-8", "gb18030", "gbk", "gb2312", "utf-8")


def words_of(chance):
    """Two words for each of a message's four texts, and words that no message has."""
    pairs = ["".join(pair) for pair in itertools.permutations(sorted(set(CHARACTERS)), 2)]
    chance.shuffle(pairs)
    needed = MESSAGES * 8
    return [pairs[i * 8:i * 8 + 8] for i in range(MESSAGES)], pairs[needed:needed + 60]


def sentence(words):
    return "".join(f"【{word}】" for word in words)


def letter(number, words):
    message = email.message.EmailMessage(policy=email.policy.SMTP)
    message["From"] = f"客户 <buyer{number}@kehu.example>"
    message["To"] = "lin@acme.example"
    message["Subject"] = f"No. {number}"
    message["Message-ID"] = f"<{number}@kehu.example>"
    message.set_content(sentence(words[0:2]) + "\n", charset=CHARSETS[number % len(CHARSETS)],
                        cte="base64" if number % 2 else "quoted-printable")
    files = {"pdf": ("application", "pdf", sample_documents.pdf([sentence(words[2:4])])),
             "xlsx": ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                      sample_documents.xlsx("Sheet1", [[sentence(words[4:6]), 12], ["x", 3]])),
             "docx": ("application", "vnd.openxmlformats-officedocument.wordprocessingml.document",
                      sample_documents.docx([sentence(words[6:8]), "end"]))}
    for ending, (main, sub, content) in files.items():
        message.add_attachment(content, maintype=main, subtype=sub, filename=f"file{number}.{ending}")
    return message.as_bytes()


class ChineseSearch(E2eCase):
    def found(self, query):
        return {hit["subject"] for hit in
                self.tool.json("search", query, "--limit", 1000, check=0)["results"]}

    def test_every_text_of_every_message_is_found_by_its_words_and_by_no_other(self):
        words, foreign = words_of(random.Random(3))
        for number, of_message in enumerate(words):
            self.server.deliver(self.user, "INBOX", letter(number, of_message))
        self.add_account()
        self.backup()
        for number, of_message in enumerate(words):
            for word in of_message[number % 2::2]:  # one of each text
                self.assertEqual(self.found(word), {f"No. {number}"}, word)
        for word in foreign:
            self.assertEqual(self.found(word), set(), word)

    def test_what_stands_in_a_document_is_found_in_attachments_only(self):
        words, _ = words_of(random.Random(4))
        self.server.deliver(self.user, "INBOX", letter(1, words[1]))
        self.add_account()
        self.backup()
        body, pdf, xlsx, docx = words[1][0], words[1][2], words[1][4], words[1][6]
        self.assertEqual(self.found(f"body:{body}"), {"No. 1"})
        self.assertEqual(self.found(f"attachment:{body}"), set())
        for word in (pdf, xlsx, docx):
            self.assertEqual(self.found(f"attachment:{word}"), {"No. 1"})
            self.assertEqual(self.found(f"body:{word}"), set())


if __name__ == "__main__":
    unittest.main()
