"""Registration numbers: made from an id alone, so that a desk without a line can print one. Pure.

`MEX-7K3Q9-2VXHD-C`: the State, ten letters of the id's random end, one that checks. What is no person has a
mark after the State: a group `MEX-G-…`, and what bands above number so. The 31 letters leave
out those that are taken for others (0 O, 1 I L); 31 is a prime, so one wrong letter, or two neighbours
exchanged, always show. 31**10 numbers: among a million people, two share one with a chance of 1 in 1,600,
and the later is then registered under another id.
"""

from __future__ import annotations

from uuid import UUID

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
GROUP = "G"
_LENGTH = 10
#: Of a version 7 UUID (RFC 9562), the bits after the variant are random.
_RANDOM = (1 << 62) - 1


def number(state: str, id_: UUID, *, mark: str = "") -> str:
    """The number of a person, or of what `mark` stands for."""
    rest = id_.int & _RANDOM
    digits = []
    for _ in range(_LENGTH):
        rest, digit = divmod(rest, len(LETTERS))
        digits.append(digit)
    letters = "".join(LETTERS[d] for d in digits)
    return f"{state}-{mark and f'{mark}-'}{letters[:5]}-{letters[5:]}-{LETTERS[_check(state, digits)]}"


def tidy(typed: str, *, mark: str = "") -> str:
    """A number as it was typed or scanned, in capitals with its strokes; empty where it is none.
    `mark`: the one that it must bear; without it, a person's number or a group's."""
    plain = "".join(c for c in typed.upper() if c.isalnum())
    state, rest = plain[:3], plain[3:]
    found, letters = rest[: -_LENGTH - 1], rest[-_LENGTH - 1 :]
    if found not in ((mark,) if mark else ("", GROUP)) or not state.isalpha():
        return ""
    if len(letters) != _LENGTH + 1 or any(c not in LETTERS for c in letters):
        return ""
    digits = [LETTERS.index(c) for c in letters]
    if _check(state, digits[:-1]) != digits[-1]:
        return ""
    return f"{state}-{found and f'{found}-'}{letters[:5]}-{letters[5:10]}-{letters[10]}"


def _check(state: str, digits: list[int]) -> int:
    values = [ord(c) - 65 for c in state] + digits
    return sum((n + 1) * v for n, v in enumerate(values)) % len(LETTERS)
