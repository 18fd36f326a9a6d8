"""What may stand in a list that is taken out, and how a file becomes a row of it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from mirps.base.refusal import Refusal
from mirps.people.registry.kinds import Book
from mirps.people.registry.rules import Fact, current_name, is_telephone

#: A contact that nobody is to use leaves the node in no list.
UNSAFE = "unsafe"


class ExtractFault(Refusal):
    """A list that is not made, as a text of data/texts/people-extracts.yaml."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: a field of facts of a kind, or (`of`) what is known of the registration itself."""

    key: str
    of: str = ""
    kind: str = ""
    field: str = ""
    year: bool = False
    telephone: bool = False


@dataclass(frozen=True, slots=True)
class Terms:
    """data/registration/extracts.yaml."""

    most: int
    columns: Mapping[str, Column]
    purposes: Mapping[str, tuple[Column, ...]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which list: of whom, of those registered at the institution, and what of them. `office` empty is all of
    them; days are inclusive."""

    purpose: str
    columns: tuple[str, ...]
    office: str = ""
    since: date | None = None
    until: date | None = None


def read(given: Mapping[str, Any], book: Book) -> Terms:
    """Raises ValueError for a column that no fact could fill."""
    columns = {key: Column(key, **said) for key, said in given["columns"].items()}
    for c in columns.values():
        if not c.of and (c.kind not in book.kinds or c.field not in book.kinds[c.kind].fields):
            raise ValueError(f"extracts.yaml: no field {c.kind}.{c.field} for the column {c.key}")
    purposes = {p: tuple(columns[key] for key in keys) for p, keys in given["purposes"].items()}
    return Terms(int(given["most"]), columns, purposes)


def chosen(wanted: Wanted, terms: Terms) -> list[Column]:
    """The columns, in their order. Raises ExtractFault for none, and for one that the purpose does not need."""
    may = terms.purposes.get(wanted.purpose)
    if may is None:
        raise ExtractFault("extracts.fault.purpose")
    found = [c for c in may if c.key in wanted.columns]
    if not found or len(found) != len(set(wanted.columns)):
        raise ExtractFault("extracts.fault.columns")
    if wanted.since and wanted.until and wanted.since > wanted.until:
        raise ExtractFault("extracts.fault.days")
    return found


def values(column: Column, standing: Sequence[Fact]) -> Iterable[Any]:
    """What stands of a person in that column, as it was said. What needs clearance is never among it."""
    facts = [f for f in standing if f.kind == column.kind and not f.sensitivity]
    if column.kind == "name":
        said: list[Mapping[str, Any]] = [current_name(facts)]
    elif column.telephone:
        said = [f.data for f in facts if is_telephone(f.data) and f.data.get("safety") != UNSAFE]
    else:
        said = [f.data for f in facts]
    found = (data[column.field] for data in said if data.get(column.field))
    return dict.fromkeys(str(v)[:4] if column.year else v for v in found)
