"""Turns a letter into the raw bytes of a message, as the mail programs of the trade write them.

Written out by hand, since Python's own email package never writes what many programs do: raw 8-bit
headers, GBK text labelled gb2312, encoded words in quoted file names."""

import base64
import binascii
import dataclasses
import functools
import hashlib
import re
import struct
import zlib
from html import escape
from urllib.parse import quote

CRLF = b"\r\n"


@dataclasses.dataclass(frozen=True)
class Attachment:
    """A file sent along; `words` are strings that its text surely holds."""

    name: str
    media_type: str
    data: bytes
    words: tuple = ()

    @functools.cached_property
    def encoded(self):
        return base64.encodebytes(self.data).replace(b"\n", CRLF)

    @functools.cached_property
    def sha256(self):
        return hashlib.sha256(self.data).hexdigest()


@dataclasses.dataclass(frozen=True)
class Style:
    """How one mail program writes: the label need not be the true charset.

    `transfer` is 7bit, 8bit, base64 or quoted-printable; `names` is how file names outside ASCII
    are spelt: rfc2047, rfc2231, continued or raw."""

    charset: str
    label: str
    transfer: str
    raw_headers: bool = False
    names: str = "rfc2231"


# Who writes with what: chosen by the address, so that a person stays with a program.
_PROGRAMS = (b"Foxmail 7.2.25.213[cn]", b"Microsoft Outlook 16.0", b"Apple Mail (2.3731.700.6)",
             b"Coremail Webmail Server", b"Mozilla Thunderbird", b"Roundcube Webmail/1.6.1")


def _styles(*rows):
    return tuple(Style(*row) for row in rows)


# What is plausible for each language; the first fits every text of the language.
STYLES = {
    "en": _styles(("utf-8", "UTF-8", "quoted-printable"), ("us-ascii", "us-ascii", "7bit"),
                  ("cp1252", "windows-1252", "quoted-printable"), ("utf-8", "utf-8", "base64"),
                  ("latin-1", "ISO-8859-1", "8bit"), ("utf-8", "utf-8", "8bit")),
    "zh": _styles(("gb18030", "gb18030", "base64"), ("gbk", "gb2312", "base64", False, "rfc2047"),
                  ("gbk", "GBK", "8bit", True, "raw"), ("utf-8", "utf-8", "base64"),
                  ("gbk", "gb2312", "8bit", False, "rfc2047"), ("utf-8", "UTF-8", "8bit"),
                  ("utf-8", "utf-8", "quoted-printable", False, "continued")),
    "tw": _styles(("utf-8", "utf-8", "base64"), ("big5", "big5", "base64", False, "rfc2047"),
                  ("big5", "Big5", "8bit", True, "raw")),
    "ja": _styles(("utf-8", "utf-8", "base64"),
                  ("iso2022_jp", "ISO-2022-JP", "7bit", False, "rfc2047")),
    "de": _styles(("utf-8", "utf-8", "quoted-printable"),
                  ("latin-1", "ISO-8859-1", "quoted-printable"), ("cp1252", "windows-1252", "8bit"),
                  ("cp1252", "Windows-1252", "quoted-printable", True, "raw")),
}
STYLES["es"] = STYLES["de"]


def style_that_fits(style, language, text):
    """`style`, or the language's first, or UTF-8 when neither can spell `text`."""
    for candidate in (style, STYLES[language][0]):
        try:
            text.encode(candidate.charset)
            return candidate
        except UnicodeEncodeError:
            continue
    return Style("utf-8", "utf-8", "base64")


def _encoded_words(text, style):
    """RFC 2047 words of at most 75 bytes, split between characters, folded."""
    room = 75 - len(f"=?{style.label}?B??=")
    words, pending = [], ""
    for character in text:
        size = len((pending + character).encode(style.charset))
        if pending and (size + 2) // 3 * 4 > room:
            words.append(pending)
            pending = ""
        pending += character
    words.append(pending)
    coded = (base64.b64encode(word.encode(style.charset)).decode() for word in words)
    return "\r\n ".join(f"=?{style.label}?B?{word}?=" for word in coded).encode("ascii")


def header_text(text, style):
    """An unstructured header value as `style` spells it."""
    if text.isascii():
        return text.encode("ascii")
    if style.raw_headers:
        return text.encode(style.charset)
    return _encoded_words(text, style)


def _mailbox(person, style):
    if person.name.isascii():
        name = f'"{person.name}"'.encode("ascii") if "." in person.name else person.name.encode()
    else:
        name = header_text(person.name, style)
    return name + b" <" + person.address.encode("ascii") + b">"


def _mailboxes(people, style):
    return b",\r\n ".join(_mailbox(person, style) for person in people)


def _parameter(name, value, style):
    """`; name=value` as `style` spells what is not ASCII."""
    if value.isascii():
        return b';\r\n %b="%b"' % (name, value.encode("ascii"))
    if style.names == "raw":
        return b';\r\n %b="%b"' % (name, value.encode(style.charset))
    if style.names == "rfc2047":
        return b';\r\n %b="%b"' % (name, _encoded_words(value, style))
    coded = quote(value.encode("utf-8"), safe="").encode("ascii")
    if style.names == "rfc2231":
        return b";\r\n %b*=UTF-8''%b" % (name, coded)
    pieces = re.findall(rb"(?:%..|[^%]){1,15}", coded)
    return b"".join(b";\r\n %b*%d*=%b%b" % (name, i, b"" if i else b"UTF-8''", piece)
                    for i, piece in enumerate(pieces))


def _text_part(kind, text, style):
    """A text part: its headers, an empty line, its encoded body."""
    raw = text.encode(style.charset)
    if style.transfer == "base64":
        body = base64.encodebytes(raw.replace(b"\n", CRLF)).replace(b"\n", CRLF)
    elif style.transfer == "quoted-printable":
        body = binascii.b2a_qp(raw, istext=True).replace(b"\n", CRLF)
    else:
        body = raw.replace(b"\n", CRLF)
    return (b"Content-Type: text/%b; charset=%b\r\nContent-Transfer-Encoding: %b\r\n\r\n%b"
            % (kind, style.label.encode(), style.transfer.encode(), body))


def _html(text, quoted, label):
    paragraphs = "".join(f"<p>{escape(p, quote=False)}</p>\n" for p in text.split("\n") if p)
    history = ""
    if quoted:
        lines = "<br>\n".join(escape(line, quote=False) for line in quoted.split("\n"))
        history = f'<blockquote type="cite" style="margin:0 1em">{lines}</blockquote>\n'
    return (f'<html><head><meta http-equiv="Content-Type" content="text/html; charset={label}">\n'
            "<style>p { margin: 0 0 8px; font-family: Calibri, SimSun; }</style></head>\n"
            f"<body>\n{paragraphs}{history}</body></html>\n")


def _png(red):
    """A small one-coloured picture, as signatures carry."""
    def chunk(kind, data):
        return (struct.pack(">I", len(data)) + kind + data +
                struct.pack(">I", zlib.crc32(kind + data)))

    rows = (b"\0" + bytes((red, 80, 160)) * 48) * 12
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 48, 12, 8, 2, 0, 0, 0)) +
            chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


LOGO = Attachment("logo.png", "image/png", _png(200))


def _multipart(kind, boundary, parts):
    opened = b"".join(b"--%b\r\n%b\r\n" % (boundary, part) for part in parts)
    return (b'Content-Type: multipart/%b;\r\n boundary="%b"\r\n\r\n' % (kind, boundary) +
            opened + b"--%b--\r\n" % boundary)


def _attachment_part(attachment, style):
    return (b"Content-Type: " + attachment.media_type.encode() +
            _parameter(b"name", attachment.name, style) +
            b"\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment" +
            _parameter(b"filename", attachment.name, style) + b"\r\n\r\n" + attachment.encoded)


def _content(letter, style, boundary):
    """Everything from the first Content- header on."""
    whole = letter.text
    if letter.quoted:
        whole += "\n" + "".join(f"> {line}\n" for line in letter.quoted.split("\n"))
    part = _text_part(b"plain", whole, style)
    if letter.html:
        page = _html(letter.text, letter.quoted, style.label)
        rich = _text_part(b"html", page, style)
        if letter.logo:
            picture = (b"Content-Type: image/png; name=logo.png\r\nContent-ID: <logo>\r\n"
                       b"Content-Transfer-Encoding: base64\r\n\r\n" + LOGO.encoded)
            rich = _multipart(b"related", boundary + b"r", [rich, picture])
        part = _multipart(b"alternative", boundary + b"a", [part, rich])
    if letter.attachments:
        files = [_attachment_part(a, style) for a in letter.attachments]
        part = _multipart(b"mixed", boundary + b"m", [part, *files])
    return part


def render(letter, style):
    """The raw bytes of `letter` (sample_letters.Letter), with CRLF line ends."""
    head = list(letter.trace)
    head.append(b"Date: " + letter.date_header.encode("ascii"))
    head.append(b"From: " + _mailbox(letter.sender, style))
    head.append(b"To: " + _mailboxes(letter.to, style))
    if letter.cc:
        head.append(b"Cc: " + _mailboxes(letter.cc, style))
    head.append(b"Subject: " + header_text(letter.subject, style))
    if letter.message_id:
        head.append(b"Message-ID: " + letter.message_id.encode("ascii"))
    if letter.references:
        head.append(b"In-Reply-To: " + letter.references[-1].encode("ascii"))
        head.append(b"References: " + b"\r\n ".join(r.encode("ascii") for r in letter.references))
    writer = zlib.crc32(letter.sender.address.encode("ascii"))
    head.append(b"X-Mailer: " + _PROGRAMS[writer % len(_PROGRAMS)])
    head.append(b"MIME-Version: 1.0")
    boundary = b"=_%08x_" % (zlib.crc32(repr((letter.message_id, letter.subject)).encode()))
    return CRLF.join(head) + CRLF + _content(letter, style, boundary)
