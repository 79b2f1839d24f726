#!/usr/bin/env python3
"""A second reader of vaults, written from docs/format.md alone and sharing no code with mailhold.

second_reader.py VAULT SECRET    opens VAULT (a folder) with a passphrase or recovery key, checks the root
                                 log, every journal entry and every message in every archive, and prints
                                 one JSON line a message: content id, size, joined from parts where needed.
Exits 1 with one line on anything that the format does not allow.
"""
import base64
import ctypes
import hashlib
import io
import json
import os
import re
import struct
import sys
import tarfile

sodium = ctypes.CDLL("libsodium.so.23")
sodium.sodium_init()
zstd = ctypes.CDLL("libzstd.so.1")
zstd.ZSTD_getFrameContentSize.restype = ctypes.c_ulonglong
zstd.ZSTD_decompress.restype = ctypes.c_size_t


class Broken(Exception):
    """The vault is not what docs/format.md says."""


def need(condition, what):
    if not condition:
        raise Broken(what)


def blake(data, key=b""):
    return hashlib.blake2b(data, digest_size=32, key=key).digest()


def verify(public, message, signature):
    need(sodium.crypto_sign_verify_detached(signature, message, ctypes.c_ulonglong(len(message)), public) == 0,
         "a signature does not fit")


def aead_open(key, nonce, associated, sealed):
    out = ctypes.create_string_buffer(max(len(sealed) - 16, 1))
    bad = sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(
        out, None, None, sealed, ctypes.c_ulonglong(len(sealed)), associated,
        ctypes.c_ulonglong(len(associated)), nonce, key)
    return None if bad else out.raw[:len(sealed) - 16]


def box_public(secret):
    out = ctypes.create_string_buffer(32)
    sodium.crypto_scalarmult_base(out, secret)
    return out.raw


def box_open(secret, sealed):
    out = ctypes.create_string_buffer(len(sealed) - 48)
    bad = sodium.crypto_box_seal_open(out, sealed, ctypes.c_ulonglong(len(sealed)), box_public(secret), secret)
    need(not bad, "a sealed box does not open")
    return out.raw


def argon2(passphrase, salt, passes, memory):
    out = ctypes.create_string_buffer(32)
    bad = sodium.crypto_pwhash(out, ctypes.c_ulonglong(32), passphrase, ctypes.c_ulonglong(len(passphrase)),
                               salt, ctypes.c_ulonglong(passes), ctypes.c_size_t(memory), 2)
    need(not bad, "no memory for Argon2")
    return out.raw


def unzstd(frame):
    size = zstd.ZSTD_getFrameContentSize(frame, ctypes.c_size_t(len(frame)))
    need(size < 1 << 27, "a frame without a sensible size")
    out = ctypes.create_string_buffer(max(size, 1))
    got = zstd.ZSTD_decompress(out, ctypes.c_size_t(size), frame, ctypes.c_size_t(len(frame)))
    need(got == size, "a zstd frame is broken")
    return out.raw[:size]


class Vault:
    def __init__(self, folder):
        self.folder = folder

    def names(self, prefix):
        top = os.path.join(self.folder, prefix)
        found = [os.path.relpath(os.path.join(at, name), self.folder)
                 for at, _, files in os.walk(top) for name in files]
        return sorted(found)

    def get(self, name):
        with open(os.path.join(self.folder, name), "rb") as file:
            data = file.read()
        need(blake(data).hex() == re.split("[-/]", name)[-1], f"{name} does not hash to its name")
        return data

    def read_root_log(self):
        self.slots, self.epochs, self.writers, self.revoked = {}, {}, {}, {}
        before = bytes(32)
        for number, name in enumerate(self.names("root"), 1):
            need(name.startswith(f"root/{number:010}-"), f"{name} is out of place")
            data = self.get(name)
            line, signature = data.split(b"\n")[:2]
            event = json.loads(line)
            if number == 1:
                self.root = bytes.fromhex(event["pk"])
            verify(self.root, b"mailhold-root-v1\0" + line, base64.b64decode(signature))
            need(event["entry"] == number and event["prev"] == before.hex(), f"{name} does not follow")
            before = blake(data)
            self.apply(event)
        self.id = blake(b"mailhold-vault-v1\0" + self.root)[:16]

    def apply(self, event):
        kind = event["e"]
        if kind == "slot":
            self.slots[event["id"]] = event
            for epoch, ring in event["rings"].items():
                self.epochs[int(epoch)]["rings"][event["id"]] = ring
        elif kind == "unslot":
            del self.slots[event["id"]]
        elif kind == "writer":
            key = bytes.fromhex(event["pk"])
            self.writers[blake(b"mailhold-writer-v1\0" + key)[:16].hex()] = key
        elif kind == "epoch":
            need(event["n"] == len(self.epochs) + 1, "an epoch is missing")
            self.epochs[event["n"]] = event
        elif kind == "revoke":
            self.revoked[event["writer"]] = event["seq"]
        else:
            need(kind == "vault" or event.get("optional"), f"unknown root event {kind}")

    def unlock(self, secret):
        letters = re.sub("[ -]", "", secret).upper()
        is_recovery = re.fullmatch("[A-Z2-7]{56}", letters) is not None
        for slot_id, slot in self.slots.items():
            line, sealed = self.get("keys/" + slot["hash"]).split(b"\n")[:2]
            facts = json.loads(line)
            if (facts["kind"] == "recovery") != is_recovery:
                continue
            if is_recovery:
                whole = base64.b32decode(letters)
                need(blake(b"mailhold-recovery-v1\0" + whole[:32])[:3] == whole[32:], "mistyped recovery key")
                key = blake(b"mailhold-slot-v1\0" + bytes.fromhex(slot_id), whole[:32])
            else:
                key = argon2(secret.encode(), base64.b64decode(facts["salt"]), facts["opslimit"], facts["memlimit"])
            opened = aead_open(key, base64.b64decode(facts["nonce"]), b"mailhold-slot-v1\0" + line,
                               base64.b64decode(sealed))
            if opened:
                need(opened[32:] == self.root, "the slot's root key is another")
                need(box_public(opened[:32]).hex() == slot["pk"], "the slot's key is another")
                return self.open_rings(slot_id, opened[:32])
        raise Broken("the secret opens no slot")

    def open_rings(self, slot_id, slot_secret):
        self.keys = {}
        for number, epoch in self.epochs.items():
            if slot_id not in epoch["rings"]:
                continue
            ring = box_open(slot_secret, base64.b64decode(epoch["rings"][slot_id]))
            version, flags, zero, n = struct.unpack_from("<BBHI", ring)
            need((version, zero, n) == (1, 0, number) and len(ring) == 104 + 64 * flags, "a ring is broken")
            public = box_public(ring[8:40])
            need(public.hex() == epoch["pk"], "a ring holds other keys")
            self.keys[blake(public)[:8]] = (ring[8:40], ring[40:72])
            self.key_i = ring[72:104]

    def open_stream(self, data):
        """Header fields and the whole plain stream, everything checked."""
        magic, major, kind, flags, length = struct.unpack_from("<8sBcHI", data)
        need((magic, major, flags) == (b"MAILHOLD", 1, 0), "no sealed stream of version 1")
        header = data[:length]
        vault, uid, writer, seq, previous, recipient, box = struct.unpack_from("<16s16s16sQ32s8s80s", header, 16)
        need(vault == self.id, "a stream of another vault")
        end = len(data) - (64 if kind == b"J" else 0)
        directory, whole, last = struct.unpack("<QQ8s", data[end - 24:end])
        need((whole, last) == (len(data), b"DLOHLIAM"), "a stream is truncated")
        secret, key_p = self.keys[recipient]
        hashed = blake(header)
        key = blake(b"mailhold-block-v1" + box_open(secret, box) + hashed, key_p)
        blocks, at = [], length
        while at < end - 24:
            clen = struct.unpack_from("<I", data, at)[0]
            kind_of_block = int(at == directory)
            opened = aead_open(key, uid + struct.pack("<Q", len(blocks)),
                               hashed + struct.pack("<QBI", len(blocks), kind_of_block, clen),
                               data[at + 4:at + 4 + clen])
            need(opened is not None, "a block is not authentic")
            zlen = struct.unpack_from("<I", opened)[0]
            need(not any(opened[4 + zlen:]), "padding is not zero")
            blocks.append((clen, unzstd(opened[4:4 + zlen])))
            at += 4 + clen
        need(at == end - 24 and kind_of_block == 1, "no directory at the end")
        rows = blocks.pop()[1]
        need(rows == b"".join(struct.pack("<II", clen, len(plain)) for clen, plain in blocks),
             "the directory speaks of other blocks")
        table = [[clen, len(plain)] for clen, plain in blocks]
        fields = {"kind": kind, "writer": writer.hex(), "seq": seq, "previous": previous, "header": header}
        return fields, table, b"".join(plain for _, plain in blocks)

    def read_journal(self):
        self.archives, self.messages, self.parts, self.placed = {}, {}, {}, []
        heads = {}
        for name in self.names("journal"):
            _, writer, number = name.split("/")
            data = self.get(name)
            need(data[8:12] == b"\1J\0\0", f"{name} is no journal entry")
            verify(self.writers[writer], b"mailhold-journal-v1\0" + blake(data[:-64]), data[-64:])
            fields, _, plain = self.open_stream(data)
            need(fields["writer"] == writer and number.startswith(f"{fields['seq']:010}-"), f"{name} is misplaced")
            before = heads.get(writer, (0, bytes(32)))
            need((fields["seq"] - 1, fields["previous"]) == before, f"{name} does not follow")
            heads[writer] = (fields["seq"], blake(data))
            if fields["seq"] <= self.revoked.get(writer, fields["seq"]):
                self.apply_lines(plain)

    def apply_lines(self, plain):
        lines = [json.loads(line) for line in plain.decode().splitlines()]
        need(lines[0]["e"] == "entry", "an entry does not begin with its event")
        kinds = {"archive": (self.archives, "object"), "message": (self.messages, "id"), "part": (self.parts, "id")}
        for line in lines:
            if line["e"] in kinds:
                where, key = kinds[line["e"]]
                where[line[key]] = line
            elif line["e"] == "placed":
                self.placed.append(line)

    def read_archives(self):
        """Plain streams by object, each compared with what the journal says of it."""
        self.plain = {}
        for object_hash, event in self.archives.items():
            data = self.get(f"archives/{object_hash[:2]}/{object_hash}")
            fields, table, plain = self.open_stream(data)
            need(fields["kind"] == b"A" and base64.b64decode(event["header"]) == fields["header"] and
                 event["blocks"] == table and event["length"] == len(data),
                 "an archive is not what the journal says")
            self.plain[object_hash] = plain
            with tarfile.open(fileobj=io.BytesIO(plain)) as tar:  # the whole of it is a tar
                need(all(entry.isfile() for entry in tar), "an archive holds more than files")

    def entry(self, event, path):
        object_hash, offset, length = event["at"]
        piece = self.plain[object_hash][offset:offset + length]
        need(len(piece) == length and length % 512 == 0, "a location lies outside its archive")
        with tarfile.open(fileobj=io.BytesIO(piece + bytes(1024))) as tar:
            info = tar.next()
            need(info.name == path, f"{path} is not where the journal says")
            content = tar.extractfile(info).read()
            need(tar.next() is None, "a location covers more than one entry")
            return content, info.pax_headers.get("SCHILY.xattr.mailhold.meta", "")

    def part(self, part_id):
        stored, _ = self.entry(self.parts[part_id], f"parts/{part_id}")
        key = blake(b"mailhold-part-v1\0", self.key_i)
        need(blake(stored, key).hex() == part_id, "a part is not what its id says")
        return stored

    def message(self, content_id):
        event = self.messages[content_id]
        suffix = "spliced" if event.get("spliced") else "eml"
        raw, meta = self.entry(event, f"messages/{content_id}.{suffix}")
        if event.get("spliced"):
            raw = self.join(raw, meta)
        need(len(raw) == event["size"] and blake(raw, self.key_i).hex() == content_id,
             f"message {content_id} is not what its id says")
        return raw

    def join(self, skeleton, meta):
        splice = next(line for line in map(json.loads, meta.splitlines()) if line["e"] == "splice")
        out, done = b"", 0
        for offset, part_id, encoding in splice["parts"]:
            out += skeleton[done:offset] + raw_of(self.part(part_id), encoding)
            done = offset
        return out + skeleton[done:]


def raw_of(stored, encoding):
    if encoding == "8":
        return stored
    name, width, line_end, final = encoding.split("/")
    need(name == "b64", f"unknown encoding {encoding}")
    end = {"lf": b"\n", "crlf": b"\r\n"}[line_end]
    text = base64.b64encode(stored)
    step = int(width) or max(len(text), 1)
    lines = [text[at:at + step] for at in range(0, len(text), step)]
    return end.join(lines) + (end if final == "1" else b"")


def main():
    vault = Vault(sys.argv[1])
    vault.read_root_log()
    vault.unlock(sys.argv[2])
    vault.read_journal()
    vault.read_archives()
    for content_id in sorted(vault.messages):
        print(json.dumps({"id": content_id, "size": len(vault.message(content_id))}))
    for placed in vault.placed:
        need(placed["id"] in vault.messages, "a placement of an unknown message")


if __name__ == "__main__":
    try:
        main()
    except Broken as broken:
        sys.exit(f"second_reader: {broken}")
