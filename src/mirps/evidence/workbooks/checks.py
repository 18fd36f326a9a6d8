"""The column of checks: what a row's formula says, in Excel and LibreOffice alike. Pure.

`sheet.check` is the same in Python; a test holds them together through LibreOffice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mirps.evidence.entries.rules import JUMP

#: What may be wrong in a row, in the order in which it is said.
NAMES = ("both", "missing", "above", "below", "jump")


def quoted(text: str) -> str:
    """A text inside a formula."""
    return '"' + text.replace('"', '""') + '"'


def formula(
    at: Mapping[str, str], said: Mapping[str, str], *, exact: str, required: bool,
    groups: Sequence[tuple[str, int]],
) -> str:  # fmt: skip
    """The formula of one row.

    `at`: the addresses of its value, sure, absence and earlier cells; `said`: the sentence of each
    name; `exact`: the word for an exact value; `groups`: of a total, each breakdown's range and count.
    """
    value, sure, absent, earlier = at["value"], at["sure"], at["absence"], at["earlier"]
    is_exact = f'OR({sure}="",{sure}={quoted(exact)})'
    sums = [f"ROUND(SUM({cells}),6)" for cells, _ in groups]
    tests: dict[str, str] = {"both": f'AND(ISNUMBER({value}),{absent}<>"")'}
    if required:
        tests["missing"] = f'AND({value}="",{absent}="")'
    if groups:
        above = ",".join(f"{s}>{value}" for s in sums)
        below = ",".join(
            f"AND(COUNT({cells})={n},{s}<{value})" for s, (cells, n) in zip(sums, groups, strict=True)
        )
        tests["above"] = f"AND(ISNUMBER({value}),{is_exact},OR({above}))"
        tests["below"] = f"AND(ISNUMBER({value}),{is_exact},OR({below}))"
    tests["jump"] = (
        f"AND(ISNUMBER({value}),ISNUMBER({earlier}),{earlier}<>0,"
        f"OR({value}>{earlier}*{JUMP},{value}*{JUMP}<{earlier}))"
    )
    out = '""'
    for name in reversed(NAMES):
        if name in tests:
            out = f"IF({tests[name]},{quoted(said[name])},{out})"
    return f"={out}"
