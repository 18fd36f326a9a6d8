"""What changed between two versions of a text, word by word. Pure.

`difflib` of the standard library: diff-match-patch compares letters, and its word mode goes by way of
letters that stand for words; two texts of a few pages need neither it nor a faster matcher.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

_TOKENS = re.compile(r"\[\[[^\[\]\n]*\]\]|\w+|\s+|[^\w\s]")
#: Words to compare one by one; beyond, a changed paragraph is shown as gone and come.
MOST = 2_000


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of a text: `kind` is same, gone or new."""

    kind: str
    text: str


def changes(then: str, now: str) -> list[Piece]:
    """The later text with what went and what came. The runs that are not `gone` join to `now`, those
    that are not `new` to `then`."""
    out: list[Piece] = []
    a, b = then.splitlines(keepends=True), now.splitlines(keepends=True)
    for kind, i, j, k, m in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if kind == "equal":
            out.append(Piece("same", "".join(b[k:m])))
            continue
        out += _words(_TOKENS.findall("".join(a[i:j])), _TOKENS.findall("".join(b[k:m])))
    return _joined(out)


def _words(then: Sequence[str], now: Sequence[str]) -> list[Piece]:
    if len(then) + len(now) > MOST:
        return [Piece("gone", "".join(then)), Piece("new", "".join(now))]
    out = []
    for kind, i, j, k, m in SequenceMatcher(None, then, now, autojunk=False).get_opcodes():
        if kind == "equal":
            out.append(Piece("same", "".join(now[k:m])))
        else:
            out += [Piece("gone", "".join(then[i:j])), Piece("new", "".join(now[k:m]))]
    return out


def _joined(pieces: Sequence[Piece]) -> list[Piece]:
    out: list[Piece] = []
    for p in pieces:
        if not p.text:
            continue
        if out and out[-1].kind == p.kind:
            out[-1] = Piece(p.kind, out[-1].text + p.text)
        else:
            out.append(p)
    return out
