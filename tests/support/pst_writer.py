"""Writes Outlook data files (.pst, Unicode) for tests: folders, messages, attachments, recipients.

    pst = PstWriter()
    pst.add(["Inbox", "客户"], Message({SUBJECT: "Anfrage", BODY: "Hello"},
            recipients=[Recipient(TO, "Bob", "bob@customer.example")],
            attachments=[Attachment("a.pdf", b"…", "application/pdf")]))
    path.write_bytes(pst.to_bytes())

It holds what readers of mail look at. Outlook's own indexes (contents tables, allocation maps) are left out."""

import dataclasses
import struct

from pst_layers import (BINARY, BOOLEAN, INTEGER32, NONE, OBJECT, STRING, STRING8, TIME, Blocks, Heap,
                        add_properties, add_table)

# Properties ([MS-OXPROPS]) with their types.
MESSAGE_CLASS = 0x001A, STRING
SUBJECT = 0x0037, STRING
SUBJECT_8BIT = 0x0037, STRING8
SENT = 0x0039, TIME
FROM_NAME = 0x0042, STRING
FROM_NAME_8BIT = 0x0042, STRING8
FROM_TYPE = 0x0064, STRING
FROM_ADDRESS = 0x0065, STRING
INTERNET_HEADER = 0x007D, STRING
SENDER_NAME = 0x0C1A, STRING
SENDER_ADDRESS = 0x0C1F, STRING
SHOWN_CC = 0x0E03, STRING
SHOWN_TO = 0x0E04, STRING
DELIVERED = 0x0E06, TIME
FLAGS = 0x0E07, INTEGER32
BODY = 0x1000, STRING
BODY_8BIT = 0x1000, STRING8
RTF = 0x1009, BINARY
HTML = 0x1013, BINARY
MESSAGE_ID = 0x1035, STRING
REFERENCES = 0x1039, STRING
IN_REPLY_TO = 0x1042, STRING
LAST_VERB = 0x1081, INTEGER32
FLAG_STATUS = 0x1090, INTEGER32
INTERNET_CODE_PAGE = 0x3FDE, INTEGER32
CODE_PAGE = 0x3FFD, INTEGER32
FROM_SMTP = 0x5D02, STRING

NAME = 0x3001, STRING
ADDRESS_TYPE = 0x3002, STRING
ADDRESS = 0x3003, STRING
SMTP_ADDRESS = 0x39FE, STRING
RECIPIENT_TYPE = 0x0C15, INTEGER32
ITEM_COUNT = 0x3602, INTEGER32
HAS_SUBFOLDERS = 0x360A, BOOLEAN
FOLDER_CLASS = 0x3613, STRING

ATTACHED = 0x3701, BINARY
ATTACHED_OBJECT = 0x3701, OBJECT
ATTACHED_METHOD = 0x3705, INTEGER32
ATTACHED_NAME = 0x3707, STRING
ATTACHED_TYPE = 0x370E, STRING
ATTACHED_ID = 0x3712, STRING
ATTACHED_SIZE = 0x0E20, INTEGER32

TO, CC, BCC = 1, 2, 3
READ, UNSENT = 0x01, 0x08
REPLIED, REPLIED_TO_ALL, FORWARDED = 102, 103, 104

_STORE, _NAMES, _ROOT, _TOP = 0x21, 0x61, 0x122, 0x8022
_ATTACHMENT_TABLE, _RECIPIENT_TABLE = 0x671, 0x692


@dataclasses.dataclass
class Recipient:
    kind: int
    name: str
    address: str
    smtp: str = ""          # where `address` is Exchange's own
    address_type: str = "SMTP"


@dataclasses.dataclass
class Attachment:
    name: str = ""
    content: bytes = b""
    media_type: str = ""
    content_id: str = ""
    message: object = None  # a Message instead of content


@dataclasses.dataclass
class Message:
    properties: dict
    recipients: list = dataclasses.field(default_factory=list)
    attachments: list = dataclasses.field(default_factory=list)


class PstWriter:
    """`missing`: messages that folders count and do not have, as after damage."""

    def __init__(self, encryption=NONE, missing=0):
        self._blocks = Blocks(encryption)
        self._missing = missing
        self._folders = {(): _TOP}
        self._counts = {}
        self._next_node = 0x2000

    def add(self, folder, message):
        """Puts a message into a folder, given by its levels."""
        parent = self._folder(tuple(folder))
        self._counts[parent] = self._counts.get(parent, 0) + 1
        node = self._new_node(0x04)
        self._blocks.add_node(node, *self._message(message), parent)
        return node

    def add_folder(self, folder):
        self._folder(tuple(folder))

    def to_bytes(self):
        blocks = self._blocks
        entry_id = b"\0" * 4 + b"mailhold's store" + struct.pack("<I", _TOP)
        blocks.add_node(_STORE, *self._context({NAME: "Store", (0x35E0, BINARY): entry_id,
                                                (0x35DF, INTEGER32): 0x89}))
        blocks.add_node(_NAMES, *self._context({(0x0001, INTEGER32): 251}))
        blocks.add_node(_ROOT, *self._context({NAME: "", HAS_SUBFOLDERS: True}), _ROOT)
        for levels, node in self._folders.items():
            count = self._counts.get(node, 0)
            blocks.add_node(node, *self._context(
                {NAME: levels[-1] if levels else "Top of Outlook data file",
                 ITEM_COUNT: count + (self._missing if count else 0), FOLDER_CLASS: "IPF.Note"}),
                self._folders[levels[:-1]] if levels else _ROOT)
        return blocks.to_bytes()

    # ---- nodes

    def _new_node(self, kind):
        self._next_node += 1
        return (self._next_node << 5) | kind

    def _folder(self, levels):
        if levels not in self._folders:
            self._folder(levels[:-1])
            self._folders[levels] = self._new_node(0x02)
        return self._folders[levels]

    def _context(self, properties, subnodes=None):
        heap = Heap(self._blocks, 0xBC)
        heap.subnodes.update(subnodes or {})
        return heap.finish(add_properties(heap, properties))

    def _table(self, columns, rows):
        heap = Heap(self._blocks, 0x7C)
        return heap.finish(add_table(heap, columns, rows))

    # ---- messages

    def _message(self, message):
        subnodes = {}
        if message.recipients:
            subnodes[_RECIPIENT_TABLE] = self._recipients(message.recipients)
        if message.attachments:
            rows = []
            for number, attachment in enumerate(message.attachments):
                node = ((0x401 + number) << 5) | 0x05
                subnodes[node] = self._attachment(attachment)
                rows.append((node, {ATTACHED_SIZE: len(attachment.content) + 100,
                                    ATTACHED_METHOD: 5 if attachment.message else 1}))
            subnodes[_ATTACHMENT_TABLE] = self._table([ATTACHED_SIZE, ATTACHED_METHOD], rows)
        return self._context({MESSAGE_CLASS: "IPM.Note", **message.properties}, subnodes)

    def _recipients(self, recipients):
        columns = [RECIPIENT_TYPE, NAME, ADDRESS_TYPE, ADDRESS, SMTP_ADDRESS]
        return self._table(columns, [
            (number, {RECIPIENT_TYPE: one.kind, NAME: one.name, ADDRESS_TYPE: one.address_type,
                      ADDRESS: one.address, **({SMTP_ADDRESS: one.smtp} if one.smtp else {})})
            for number, one in enumerate(recipients)])

    def _attachment(self, attachment):
        properties = {ATTACHED_METHOD: 5 if attachment.message else 1}
        for key, value in ((ATTACHED_NAME, attachment.name), (ATTACHED_TYPE, attachment.media_type),
                           (ATTACHED_ID, attachment.content_id)):
            if value:
                properties[key] = value
        if not attachment.message:
            return self._context({**properties, ATTACHED: attachment.content})
        node = (0x500 << 5) | 0x04
        inner = self._message(attachment.message)
        return self._context({**properties, ATTACHED_OBJECT: struct.pack("<II", node, 0)},
                             {node: inner})
