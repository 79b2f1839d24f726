"""The lower two layers of an Outlook data file in its Unicode format ([MS-PST] 2.2, 2.3): blocks and the
trees of them, heaps, property contexts and table contexts. pst_writer.py makes mail of it.

Written from the specification alone, so that what reads these files is held against it."""

import struct
import zlib

HEADER_BYTES = 564
PAGE_BYTES = 512
BLOCK_BYTES = 8192
TRAILER_BYTES = 16
MAX_DATA_BYTES = BLOCK_BYTES - TRAILER_BYTES
FIRST_OFFSET = 0x4600  # behind the first allocation map, where there is one

NONE, PERMUTE, CYCLIC = 0, 1, 2

INTEGER32, BOOLEAN, OBJECT, STRING8, STRING, TIME, BINARY = 0x03, 0x0B, 0x0D, 0x1E, 0x1F, 0x40, 0x102

# [MS-PST] 5.1: what each byte is written as.
_PERMUTED = bytes.fromhex(
    "41361362a8216ebbf416cc047f64e85d1ef2cb2a74c55e35d295479e962d9a884c7d843fdbac31b6485ff6c4d8398be7"
    "233b388ec8c1df25b120a546604e9cfbaad35651457c550007c92b9d859b09a08fadb30f63ab894bd7a7155a716642bf"
    "264a6b98faea7753b270052cfd593a867ece06eb827857c78d43afb41cd45bcde2e9274fc3087280cfb0eff5286dbe30"
    "4d3492d50e3c2232e5e4f99fc2d10a8112e1ee918376e397e6618a1779a4b7dc907a5c8c02a6ca69de501a1193b95287"
    "58fced1d37491b6ae0293399bd6cd994f340546ff0c673b8d63e6518441fdd6710f10c19ecae03a1147ba90bfff8a3c0"
    "a201f72ebc2468750dfeba2fb5d0da3d")


def crc(data):
    """[MS-PST] 5.3: that of zlib, begun and ended with nothing inverted."""
    return zlib.crc32(data, 0xFFFFFFFF) ^ 0xFFFFFFFF


def signature(offset, number):
    mixed = (offset ^ number) & 0xFFFFFFFF
    return (mixed >> 16) ^ (mixed & 0xFFFF)


class Blocks:
    """The node database: blocks and nodes, and the file made of them."""

    def __init__(self, encryption=NONE):
        self.encryption = encryption
        self._pieces = []       # (offset, bytes)
        self._offset = FIRST_OFFSET
        self._next_block = 4
        self._next_page = 0x1000
        self._blocks = []       # (number, offset, bytes)
        self._nodes = {}        # id: (data block, subnode block, parent)

    # ---- blocks

    def _encrypted(self, data):
        return data.translate(_PERMUTED) if self.encryption == PERMUTE else data

    def _add_block(self, data, is_internal):
        number = self._next_block | (2 if is_internal else 0)
        self._next_block += 4
        if not is_internal:
            data = self._encrypted(data)
        room = -(-(len(data) + TRAILER_BYTES) // 64) * 64
        trailer = struct.pack("<HHIQ", len(data), signature(self._offset, number), crc(data), number)
        self._pieces.append((self._offset, data.ljust(room - TRAILER_BYTES, b"\0") + trailer))
        self._blocks.append((number, self._offset, len(data)))
        self._offset += room
        return number

    def add_data(self, data):
        """One block, or a tree of them; returns its number, 0 for nothing."""
        if not data:
            return 0
        if len(data) <= MAX_DATA_BYTES:
            return self._add_block(data, False)
        numbers = [self._add_block(data[i:i + MAX_DATA_BYTES], False)
                   for i in range(0, len(data), MAX_DATA_BYTES)]
        return self._add_list(numbers, 1, len(data))

    def _add_list(self, numbers, level, total):
        """An XBLOCK, or an XXBLOCK of several."""
        most = (MAX_DATA_BYTES - 8) // 8
        if len(numbers) > most:
            parts = [numbers[i:i + most] for i in range(0, len(numbers), most)]
            sizes = [min(total - i * most * MAX_DATA_BYTES, most * MAX_DATA_BYTES)
                     for i in range(len(parts))]
            lists = [self._add_list(part, level, size) for part, size in zip(parts, sizes)]
            return self._add_list(lists, level + 1, total)
        return self._add_block(struct.pack("<BBHI", 1, level, len(numbers), total)
                               + b"".join(struct.pack("<Q", n) for n in numbers), True)

    def add_subnodes(self, subnodes):
        """`subnodes`: {id: (data block, subnode block)}; returns its block's number, 0 for none."""
        if not subnodes:
            return 0
        entries = b"".join(struct.pack("<QQQ", node, *subnodes[node]) for node in sorted(subnodes))
        return self._add_block(struct.pack("<BBHI", 2, 0, len(subnodes), 0) + entries, True)

    def add_node(self, node, data_block, subnode_block=0, parent=0):
        self._nodes[node] = (data_block, subnode_block, parent)

    # ---- pages

    def _add_page(self, kind, entries, entry_bytes, level):
        most = 488 // entry_bytes
        body = b"".join(entries).ljust(488, b"\0") + struct.pack("<BBBB4x", len(entries), most,
                                                                 entry_bytes, level)
        number = self._next_page
        self._next_page += 4
        trailer = struct.pack("<BBHIQ", kind, kind, signature(self._offset, number), crc(body), number)
        self._pieces.append((self._offset, body + trailer))
        self._offset += PAGE_BYTES
        return number, self._offset - PAGE_BYTES

    def _add_tree(self, kind, records, entry_bytes):
        """`records`: (key, bytes), sorted; returns number and offset of the root."""
        level = 0
        while True:
            most = 488 // entry_bytes
            pages = []
            for i in range(0, max(len(records), 1), most):
                group = records[i:i + most]
                number, offset = self._add_page(kind, [data for _, data in group], entry_bytes, level)
                pages.append((group[0][0] if group else 0, number, offset))
            if len(pages) == 1:
                return pages[0][1:]
            records = [(key, struct.pack("<QQQ", key, number, offset)) for key, number, offset in pages]
            entry_bytes, level = 24, level + 1

    def to_bytes(self):
        self._offset = -(-self._offset // PAGE_BYTES) * PAGE_BYTES
        nodes = [(node, struct.pack("<QQQI4x", node, *values))
                 for node, values in sorted(self._nodes.items())]
        blocks = [(number, struct.pack("<QQHHI", number, offset, size, 2, 0))
                  for number, offset, size in sorted(self._blocks)]
        node_root = self._add_tree(0x81, nodes, 32)
        block_root = self._add_tree(0x80, blocks, 24)
        out = bytearray(self._offset)
        for offset, data in self._pieces:
            out[offset:offset + len(data)] = data
        out[:HEADER_BYTES] = self._header(node_root, block_root)
        return bytes(out)

    def _header(self, node_root, block_root):
        root = struct.pack("<IQQQQQQQQBBHI", 0, self._offset, 0, 0, 0, *node_root, *block_root, 2, 0, 0, 0)
        tail = struct.pack("<BBHQ", 0x80, self.encryption, 0, self._next_block)
        body = (struct.pack("<HHHBBII", 0x4D53, 23, 19, 1, 1, 0, 0)
                + struct.pack("<QQI", 0, self._next_page, 1) + b"\0" * 128 + b"\0" * 8
                + root + b"\xff" * 256 + tail)
        return (b"!BDN" + struct.pack("<I", crc(body[:471])) + body
                + struct.pack("<I", crc(body[:516])) + b"\0" * 36)


class Heap:
    """A heap on a node, with the node's own subnodes ([MS-PST] 2.3.1)."""

    LARGEST = 3580

    def __init__(self, blocks, kind):
        self.blocks = blocks
        self.kind = kind
        self.subnodes = {}
        self._items = []
        self._next_value = 0x100

    def add(self, data):
        """Returns the id of an allocation."""
        self._items.append(data)
        return len(self._items) << 5

    def add_value(self, data):
        """The same, or the id of a subnode for what is large."""
        if not data:
            return 0
        if len(data) <= 256:
            return self.add(data)
        node = (self._next_value << 5) | 0x1F
        self._next_value += 1
        self.subnodes[node] = (self.blocks.add_data(data), 0)
        return node

    def finish(self, root):
        """Returns the numbers of the data block and of the subnode block."""
        body, places = b"", [12]
        for item in self._items:
            body += item
            places.append(12 + len(body))
        body += b"\0" * (len(body) % 2)
        head = struct.pack("<HBBI4x", 12 + len(body), 0xEC, self.kind, root)
        page_map = struct.pack("<HH", len(self._items), 0) + b"".join(struct.pack("<H", p) for p in places)
        data = head + body + page_map
        assert len(data) <= MAX_DATA_BYTES, "more than one block of small values"
        return self.blocks.add_data(data), self.blocks.add_subnodes(self.subnodes)


def encoded(kind, value):
    if kind == STRING:
        return value.encode("utf-16-le")
    if kind == TIME:
        return struct.pack("<Q", (value + 11_644_473_600) * 10_000_000)
    return value


def _word(heap, kind, value):
    """The four bytes that stand for a value in a context."""
    if kind == INTEGER32:
        return struct.pack("<i", value)
    if kind == BOOLEAN:
        return struct.pack("<I", 1 if value else 0)
    return struct.pack("<I", heap.add_value(encoded(kind, value)))


def add_properties(heap, properties):
    """`properties`: {(number, type): value}; returns the id of the context's root."""
    records = b"".join(struct.pack("<HH", number, kind) + _word(heap, kind, properties[number, kind])
                       for number, kind in sorted(properties))
    root = heap.add(records) if records else 0
    return heap.add(struct.pack("<BBBBI", 0xB5, 2, 6, 0, root))


def add_table(heap, columns, rows):
    """`columns`: (number, type) each; `rows`: (row id, {(number, type): value}). Returns its root."""
    columns = sorted([*columns, (0x67F2, INTEGER32), (0x67F3, INTEGER32)])
    described, place = {}, 8
    for column in columns:
        if column[0] not in (0x67F2, 0x67F3):
            described[column] = place
            place += 4
    described[0x67F2, INTEGER32], described[0x67F3, INTEGER32] = 0, 4
    width = place + -(-len(columns) // 8)
    matrix = b""
    for row_id, values in rows:
        row, there = bytearray(width), 0
        for bit, column in enumerate(columns):
            known = {(0x67F2, INTEGER32): row_id, (0x67F3, INTEGER32): 1}.get(column, values.get(column))
            if known is None:
                continue
            row[described[column]:described[column] + 4] = _word(heap, column[1], known)
            row[place + bit // 8] |= 0x80 >> (bit % 8)
        matrix += bytes(row)
    index = b"".join(struct.pack("<II", row_id, n) for n, (row_id, _) in enumerate(rows))
    index_root = heap.add(struct.pack("<BBBBI", 0xB5, 4, 4, 0, heap.add(index) if rows else 0))
    shape = struct.pack("<BBHHHHIII", 0x7C, len(columns), place, place, place, width, index_root,
                        heap.add_value(matrix), 0)
    return heap.add(shape + b"".join(
        struct.pack("<HHHBB", kind, number, described[number, kind], 4, bit)
        for bit, (number, kind) in enumerate(columns)))
