"""What may be a second secret, how long a wrong one makes wait, and for how long a visit lasts. Pure."""

from __future__ import annotations

import itertools
import secrets
import unicodedata
from collections.abc import Iterable
from datetime import datetime, timedelta

from mirps.base.refusal import Refusal

#: A visit ends after so long without a step, and in any case after so long.
IDLE, LONGEST = timedelta(minutes=10), timedelta(hours=1)
LEAST, MOST = 6, 64
#: After so many wrong tries in a row, so long until the next; after the last, only an office helps.
WAITS = {3: timedelta(minutes=1), 4: timedelta(minutes=5), 5: timedelta(minutes=15), 6: timedelta(hours=1),
         7: timedelta(hours=4), 8: timedelta(hours=12), 9: timedelta(hours=24)}  # fmt: skip
SHUT = 10
#: A name shorter than this is part of too many words to be looked for.
_SHORTEST = 3


class WindowFault(Refusal):
    """What cannot be done, as a text of data/texts/window.yaml."""


class Wait(WindowFault):
    """Code or secret are not right, or too many tries were made: the same answer for every code."""

    def __init__(self, until: datetime | None, *, shut: bool = False) -> None:
        key = "shut" if shut else "wait" if until else "wrong"
        super().__init__(f"window.fault.{key}")
        self.until = until
        self.shut = shut


def wait(failed: int, at: datetime) -> datetime | None:
    """Until when no try counts after so many that failed."""
    found = WAITS.get(failed)
    return at + found if found else None


def tidy(secret: str) -> str:
    """A secret as it is compared: without the spaces around it, in one form of its accents."""
    return unicodedata.normalize("NFC", secret).strip()


def weak(secret: str, born: str = "") -> str:
    """Why a secret is too easily guessed (a text `window.secret.<why>`); empty: it is not.

    `born`: the day of birth in ISO 8601, which whoever knows the person tries first.
    """
    if len(secret) < LEAST:
        return "short"
    if len(secret) > MOST:
        return "long"
    if len(set(secret)) < 3:
        return "same"
    steps = {ord(b) - ord(a) for a, b in itertools.pairwise(secret)}
    if steps in ({1}, {-1}):
        return "row"
    digits = "".join(c for c in secret if c.isdigit())
    if len(digits) == len(secret) and digits in set(_of_birth(born)):
        return "born"
    return ""


def _of_birth(born: str) -> Iterable[str]:
    parts = born.split("-")
    if len(parts) != 3:
        return
    year, month, day = parts
    for y in (year, year[2:]):
        yield from (f"{day}{month}{y}", f"{month}{day}{y}", f"{y}{month}{day}", f"{y}{day}{month}")


def new_secret() -> str:
    """Eight digits, to be given on paper."""
    while True:
        made = f"{secrets.randbelow(10**8):08}"
        if not weak(made):
            return made


def names_in(text: str, names: Iterable[str]) -> list[str]:
    """Which of these names a text holds, however it is accented: what is shown in a window names nobody."""
    words = set(_words(text))
    return [n for n in names if any(len(w) >= _SHORTEST and w in words for w in _words(n))]


def _words(text: str) -> list[str]:
    bare = "".join(c for c in unicodedata.normalize("NFD", text.casefold()) if not unicodedata.combining(c))
    return "".join(c if c.isalnum() else " " for c in bare).split()


def masked(value: str) -> str:
    """A telephone or address of mail so that its owner knows it again and nobody else learns it."""
    head, at, host = value.partition("@")
    if at:
        return f"{head[:1]}…@{host[:1]}…"
    digits = [c for c in value if c.isdigit()]
    return f"…{''.join(digits[-2:])}" if len(digits) > 4 else "…"
