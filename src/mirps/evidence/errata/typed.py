"""A number as a person types it, in the way of writing of their country. Never guessed. Pure.

Honduras and Mexico write 1,234.5; Costa Rica 1 234,5. '226.029' is two hundred thousand for some
and two hundred for others: such a number is given back with both ways of writing it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

from mirps.evidence.errata.rules import MOST_DIGITS, Refused

#: How a reader's country writes a number: mirps.base.texts.number with its locale.
Write = Callable[[Decimal], str]

PLACES = 6
_SPACES = re.compile(r"[\s\u00a0\u202f\u2009'’]")
_MINUS = re.compile(r"\A[-\u2212\u2013]")
_GROUPS = re.compile(r"[0-9]{1,3}(?:g[0-9]{3})+\Z")


def read(text: str, write: Write, field: str = "value") -> Decimal:
    """The number. Raises Refused with what was found and how to write it (texts correct.fault.…)."""
    raw = text.strip()
    minus = bool(_MINUS.match(raw))
    bare = _MINUS.sub("", raw).strip()
    point, group = _marks(write)
    example = write(Decimal("1234.5"))
    if not bare or not re.fullmatch(r"[0-9][0-9.,'’\s\u00a0\u202f\u2009]*", bare) or bare[-1] in ".,'’":
        raise Refused("correct.fault.number", field, found=raw[:40], example=example)
    whole, decimals = _parted(bare, point, group)
    if whole is None:
        other = _other(bare)
        if other is None:
            raise Refused("correct.fault.number", field, found=raw[:40], example=example)
        raise Refused("correct.fault.style", field, found=raw[:40], right=write(other), example=example)
    if len(decimals) == 3 and not whole.startswith("0") and len(whole) <= 3:
        # One mark and three digits after it: thousands for some readers, decimals for others.
        raise Refused(
            "correct.fault.two-ways", field, found=raw[:40],
            whole=write(Decimal(whole + decimals)), part=f"{whole}{point}{decimals}0",
        )  # fmt: skip
    if len(whole.lstrip("0")) > MOST_DIGITS or len(decimals.rstrip("0")) > PLACES:
        raise Refused("correct.fault.size", field, found=raw[:40], digits=MOST_DIGITS, places=PLACES)
    value = Decimal(f"{whole}.{decimals}" if decimals else whole)
    return -value if minus else value


def _marks(write: Write) -> tuple[str, str]:
    """The reader's decimal mark and thousands mark."""
    written = write(Decimal("1234567.5"))
    return written[-2], written[1]


def _parted(bare: str, point: str, group: str) -> tuple[str | None, str]:
    """(whole digits, decimals) as the reader's country writes them; None for what it does not write."""
    whole, mark, decimals = bare.partition(point)
    if mark and not decimals.isdecimal():
        return None, ""
    # A space or an apostrophe parts thousands everywhere and can be read in one way only.
    whole = _SPACES.sub("g", whole) if group not in whole else whole.replace(group, "g")
    if not (whole.isdecimal() or _GROUPS.match(whole)):
        return None, ""
    return whole.replace("g", ""), decimals


def _other(bare: str) -> Decimal | None:
    """What the number says in the other style, when it says anything there."""
    for point, group in ((",", "."), (".", ",")):
        whole, decimals = _parted(bare, point, group)
        if whole is not None and len(whole) <= MOST_DIGITS and len(decimals) <= PLACES:
            return Decimal(f"{whole}.{decimals}" if decimals else whole)
    return None
