"""Reading a number as a reader's country writes it; the way back from `rules.number`.

Nothing is guessed: what is written in another country's style is not taken, and the fault carries
what may have been meant. Pure.
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

from mirps.base.texts.rules import marks

#: Spaces that part thousands where a locale parts them by a space: plain, no-break, narrow, thin.
_SPACES = "\u0020\u00a0\u202f\u2009"
_MINUS = "-\u2212"
#: The styles of the countries that we know: (decimal mark, group mark; a space stands for all spaces).
_STYLES = ((".", ","), (",", " "), (",", "."), (".", " "))
#: Longer than any number that a ledger holds.
MOST = 40


class Wrong(StrEnum):
    """Why a text is no number for this reader."""

    LETTERS = "letters"  # something else than digits and marks
    STYLE = "style"  # a number as other countries write it
    GROUPS = "groups"  # thousands parted in the wrong places
    LONG = "long"


class NotANumber(ValueError):
    """A text that is not a number in this style. `meant`: the values that other styles read in it."""

    def __init__(self, why: Wrong, found: str, meant: tuple[Decimal, ...] = ()) -> None:
        super().__init__(f"{found!r}: {why.value}")
        self.why = why
        self.found = found
        self.meant = meant


def read_number(text: str, locale: str) -> Decimal:
    """The number that `text` is in the locale's style: 226,029 in Honduras, 226 029 in Costa Rica.

    Digits without marks read the same everywhere. `read_number(number(x, locale), locale) == x`.
    Raises NotANumber: for letters, signs of percent or money, thousands parted wrongly, and numbers
    in a style that is not the locale's, with what each may have meant.
    """
    given = text.strip(_SPACES + "\t\r\n")
    if len(given) > MOST:
        raise NotANumber(Wrong.LONG, given[:MOST])
    point, group = marks(locale)
    own = (point, " " if group in _SPACES else group)
    found = _read(given, *own)
    if found is not None:
        return found
    bare = given[1:] if given[:1] and given[0] in _MINUS else given
    if not bare or not any(c.isdigit() for c in bare):
        raise NotANumber(Wrong.LETTERS, given)
    if any(not (c.isascii() and c.isdigit()) and c not in f".,{_SPACES}" for c in bare):
        raise NotANumber(Wrong.LETTERS, given)
    others = (_read(given, *style) for style in _STYLES if style != own)
    meant = tuple(dict.fromkeys(value for value in others if value is not None))
    raise NotANumber(Wrong.STYLE if meant else Wrong.GROUPS, given, meant)


def _read(given: str, point: str, group: str) -> Decimal | None:
    """The number in one style, or None when it does not fit it."""
    negative = given[:1] != "" and given[0] in _MINUS
    body = given[1:].lstrip(_SPACES) if negative else given
    if group == " ":
        for space in _SPACES[1:]:
            body = body.replace(space, " ")
    whole, mark, part = body.partition(point)
    if mark and not _digits(part):
        return None
    if group in whole:
        first, *rest = whole.split(group)
        # 0,029 is no number of thousands: it is a decimal of another country.
        if not _digits(first) or len(first) > 3 or first[0] == "0":
            return None
        if any(len(r) != 3 or not _digits(r) for r in rest):
            return None
        whole = first + "".join(rest)
    if not _digits(whole):
        return None
    value = Decimal(f"{whole}.{part}" if mark else whole)
    return -value if negative else value


def _digits(text: str) -> bool:
    return text.isascii() and text.isdecimal()
