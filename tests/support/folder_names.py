"""Modified UTF-7 (RFC 3501, 5.1.3): how IMAP spells folder names outside ASCII, both ways."""

import base64
import re


def encode_folder(name):
    """"已发送" -> "&XfJT0ZAB-"."""
    def shifted(match):
        text = match[0]
        if text == "&":
            return "&-"
        coded = base64.b64encode(text.encode("utf-16-be")).decode("ascii")
        return "&" + coded.rstrip("=").replace("/", ",") + "-"

    return re.sub(r"&|[^\x20-\x7e]+", shifted, name)


def decode_folder(name):
    """"&XfJT0ZAB-" -> "已发送". Raises ValueError when `name` is not modified UTF-7."""
    def unshifted(match):
        coded = match[1].replace(",", "/")
        if not coded:
            return "&"
        return base64.b64decode(coded + "=" * (-len(coded) % 4)).decode("utf-16-be")

    return re.sub(r"&([^-]*)-", unshifted, name)


def quoted(name):
    """`name` as an IMAP quoted string, already in modified UTF-7."""
    return '"' + encode_folder(name).replace("\\", "\\\\").replace('"', '\\"') + '"'
