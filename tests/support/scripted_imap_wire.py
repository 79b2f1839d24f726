"""IMAP's wire grammar as far as the scripted server needs it: arguments of a
command into Python values, Python values into quoted strings, UID sets."""

import re

_ATOM_END = b' ()"{'


class Literal(bytes):
    """An argument that came as a literal."""


class Malformed(Exception):
    """The client sent something that is no IMAP command; the server says BAD."""


def tokenize(parts):
    """Arguments of one command. `parts` alternates text and literal bytes, as
    read from the socket. Atoms and strings become `bytes`, `(...)` a list; an
    atom keeps its brackets and partial: b'BODY.PEEK[HEADER.FIELDS (A B)]<0.9>'."""
    stack = [[]]
    for index, part in enumerate(parts):
        if index % 2:
            stack[-1].append(Literal(part))
        else:
            _tokenize_text(part, stack)
    if len(stack) != 1:
        raise Malformed("unbalanced parentheses")
    return stack[0]


def _tokenize_text(text, stack):
    at = 0
    while at < len(text):
        char = text[at:at + 1]
        if char == b" ":
            at += 1
        elif char == b"(":
            stack.append([])
            at += 1
        elif char == b")":
            if len(stack) == 1:
                raise Malformed("a ) too many")
            done = stack.pop()
            stack[-1].append(done)
            at += 1
        elif char == b'"':
            value, at = _quoted(text, at + 1)
            stack[-1].append(value)
        else:
            value, at = _atom(text, at)
            stack[-1].append(value)


def _quoted(text, at):
    value = bytearray()
    while at < len(text):
        char = text[at]
        if char == 0x22:
            return bytes(value), at + 1
        if char == 0x5C:
            at += 1
            if at == len(text):
                break
            char = text[at]
        value.append(char)
        at += 1
    raise Malformed("quoted string without its end")


def _atom(text, at):
    start, depth = at, 0
    while at < len(text):
        char = text[at:at + 1]
        if char == b"[":
            depth += 1
        elif char == b"]":
            depth -= 1
        elif depth <= 0 and char in (b" ", b"(", b")", b'"'):
            break
        at += 1
    return text[start:at], at


def literal_announced(line):
    """(text before it, bytes, is synchronizing) of the literal that `line` ends with, else None."""
    found = re.search(rb"~?\{(\d+)(\+?)\}$", line)
    return found and (line[:found.start()], int(found[1]), not found[2])


def quoted(value):
    """`value` as servers send a string: quoted where that can carry it, else a literal."""
    if any(byte in b"\r\n\0" for byte in value):
        return literal(value)
    return b'"' + value.replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'


def literal(value):
    return b"{%d}\r\n" % len(value) + value


def uids_in(text, present):
    """Which numbers of the sorted list `present` the set `text` names. As every
    server does, n:* names the last one even when it lies below n (RFC 3501, 6.4.8)."""
    last = present[-1] if present else 0
    wanted = set()
    for piece in text.decode().split(","):
        low, _, high = piece.partition(":")
        ends = [last if end == "*" else int(end) for end in (low, high or low)]
        wanted.update(n for n in present if min(ends) <= n <= max(ends))
    return wanted


def set_text(numbers):
    """{1,2,3,7} as b'1:3,7'."""
    runs = []
    for number in sorted(numbers):
        if runs and runs[-1][1] == number - 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ",".join(f"{a}" if a == b else f"{a}:{b}" for a, b in runs).encode()


def numbers_in(text):
    """b'1:3,7' as {1,2,3,7}; a test's way to read a set without '*'."""
    numbers = set()
    for piece in text.decode().split(","):
        low, _, high = piece.partition(":")
        numbers.update(range(int(low), int(high or low) + 1))
    return numbers
