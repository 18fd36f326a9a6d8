"""A registration as linkage sees it: plain values, no tables, no keys, no pages.

Every value may be missing (''), and none is trusted: what cannot be read counts as missing, never as an
error, since duplicates hide in whatever a desk has written.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from mirps.people.duplicates.cells import Cells

#: Columns of values by name, all of one length; several values of one cell are joined by ';'.
Columns = Mapping[str, Sequence[str] | Cells]

_LONGEST = 40


@dataclass(frozen=True, slots=True, repr=False)
class Record:
    """One registration of one person. It has no repr: a log tells nobody's name.

    `born` is ISO 8601, as exact as known ('1990', '1990-05', '1990-05-03'), followed by '~' where estimated
    (EDTF). `documents` are (type, number), a type naming its issuer too ('id-HND'): numbers of different
    types say nothing about each other. `place` is a code whose beginning up to '-' is its State ('MEX-07').
    """

    id: str
    given: str = ""
    surnames: str = ""
    born: str = ""
    sex: str = ""
    nationality: str = ""
    documents: tuple[tuple[str, str], ...] = ()
    phones: tuple[str, ...] = ()
    place: str = ""


def columns(records: Iterable[Record]) -> dict[str, list[str]]:
    """The values of many records by column, as `table.Table` reads them."""
    held = list(records)
    plain = ("given", "surnames", "born", "sex", "nationality", "place")
    found = {name: [getattr(r, name) for r in held] for name in plain}
    found["documents"] = [";".join(f"{_cell(t)}:{_cell(n)}" for t, n in r.documents) for r in held]
    found["phones"] = [";".join(filter(None, map(_phone, r.phones))) for r in held]
    return found


def _phone(value: str) -> str:
    """The last eight digits: a number as it is dialled at home, in all States but Mexico (ten) and Belize (seven)."""
    return "".join(c for c in value[:_LONGEST] if c.isdecimal() and c.isascii())[-8:]


def _cell(value: str) -> str:
    return value.replace(";", " ").replace(":", " ")
