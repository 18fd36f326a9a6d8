"""A package as it travels: one line with the signed head, then the contents, gzipped JSON. Pure.

`zcat` reads the contents (from the second line on), any library of JOSE the head. The head alone says who sends
it and how much is to come, so that nothing is kept of a stranger, and a broken upload goes on where it ended.
"""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from mirps.sharing.exchange.rules import MOST_HEAD, MOST_PLAIN, NotTaken

SUFFIX = ".mirps"
#: NUL, as JSON writes it, and halves of characters.
_BAD = re.compile(r"\\u0000|[\ud800-\udfff]")


def body_of(content: Mapping[str, Any]) -> bytes:
    """Equal contents give equal bytes."""
    plain = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return gzip.compress(plain.encode(), 6, mtime=0)


def digest_of(body: bytes) -> str:
    return sha256(body).hexdigest()


def joined(head: str, body: bytes) -> bytes:
    return head.encode("ascii") + b"\n" + body


def head_in(data: bytes) -> str:
    """The signed line that a package begins with. Raises NotTaken 'form'."""
    line, mark, _ = data[: MOST_HEAD + 1].partition(b"\n")
    if not mark:
        raise NotTaken("form")
    try:
        return line.decode("ascii")
    except UnicodeDecodeError:
        raise NotTaken("form") from None


def content_of(body: bytes, most: int = MOST_PLAIN) -> dict[str, Any]:
    """What the contents say. Never more than `most` bytes are unpacked. Raises NotTaken 'content', 'too-big'."""
    reader = zlib.decompressobj(wbits=31)
    try:
        plain = reader.decompress(body, most)
        if reader.unconsumed_tail:
            raise NotTaken("too-big", settles=True, size=most, most=most)
        if not reader.eof or reader.unused_data:
            raise NotTaken("content", settles=True, what="gzip")
        told = json.loads(plain)
        if b"\\u" in plain and _BAD.search(json.dumps(told, ensure_ascii=False)):
            raise ValueError  # no database keeps these
    except (zlib.error, ValueError, RecursionError) as fault:
        if isinstance(fault, NotTaken):
            raise
        raise NotTaken("content", settles=True, what="gzip, JSON") from None
    if not isinstance(told, dict):
        raise NotTaken("content", settles=True, what="JSON")
    return told
