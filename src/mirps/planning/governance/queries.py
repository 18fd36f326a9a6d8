"""Governance read from records: bodies, their terms, the States and when they joined."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mirps.base.codelists.api import rows
from mirps.planning.governance.terms import Body, Cited, Name, Seat, Term, Text
from mirps.planning.records import api as records
from mirps.planning.records.api import Known, Record


@dataclass(frozen=True, slots=True)
class Member:
    """A State of the MIRPS; `joined` and `left` as exact as they are known."""

    state: str
    joined: str
    left: str
    instrument: Text
    sources: tuple[Cited, ...]
    note: Text


@dataclass(frozen=True, slots=True)
class Book:
    """All that is in force of governance at one reading."""

    members: tuple[Member, ...]
    bodies: dict[str, Body]  # by key, in their order
    terms: tuple[Term, ...]

    def body(self, code: str) -> Body | None:
        return self.bodies.get(f"body/{code}")

    def of(self, body: Body) -> list[Term]:
        return [t for t in self.terms if t.body == body.key]

    def within(self, body: Body) -> list[Body]:
        return [b for b in self.bodies.values() if b.within == body.key]

    def present(self) -> list[str]:
        """The States that are members today."""
        return [m.state for m in self.members if not m.left]


def book() -> Book:
    """Two queries' worth of records, as dataclasses."""
    found: dict[str, list[Record]] = {"member-state": [], "body": [], "term": []}
    for r in records.in_force(*found):
        found[r.kind].append(r)
    return _book(
        [_member(r.public or {}) for r in sorted(found["member-state"], key=lambda r: r.place)],
        [body_of(r.key, r.state, r.public or {}, r.place) for r in found["body"]],
        [term_of(r.key, r.parent, r.state, r.public or {}) for r in found["term"]],
    )


def book_of_files(folder: Path) -> Book:
    """The same from the facts of a data folder, each as the last document says it: for an installation
    that has not loaded them yet. Codes and keys are taken as they stand; loading proves them."""
    known = Known(code=lambda *_: True, key=lambda _: True, measure=lambda _: True)
    last: dict[str, dict[str, tuple[dict[str, str], dict[str, Any]]]] = {}
    for kind in ("member-state", "body", "term"):
        path = folder / "planning" / "facts" / f"{kind}.csv"
        for _, row in rows(path) if path.is_file() else ():
            data, _faults = records.read(records.kinds()[kind], row, known)
            last.setdefault(kind, {})[f"{kind}/{row['code']}"] = (row, data)
    bodies = last.get("body", {}).items()
    terms = last.get("term", {}).items()
    return _book(
        [_member(data) for _, data in last.get("member-state", {}).values()],
        [body_of(key, row["state"], data, int(row["place"])) for key, (row, data) in bodies],
        [term_of(key, row["parent"], row["state"], data) for key, (row, data) in terms],
    )


def _book(members: Iterable[Member], bodies: Iterable[Body], terms: Iterable[Term]) -> Book:
    ordered = {b.key: b for b in sorted(bodies, key=lambda b: (b.place, b.key))}
    return Book(tuple(members), ordered, tuple(t for t in terms if _kept_by_its_owner(t, ordered)))


def _kept_by_its_owner(t: Term, bodies: Mapping[str, Body]) -> bool:
    """A State keeps the terms of its own bodies, never those of the region's: they give rights there."""
    return t.body in bodies and t.area in ("", bodies[t.body].state)


def body_of(key: str, state: str, data: Mapping[str, Any], place: int = 0) -> Body:
    return Body(
        key=key, type=data.get("type", ""), title=_text(data, "title"), short=data.get("short", ""), state=state,
        within=data.get("within", ""), created=data.get("created", ""), ended=data.get("ended", ""),
        purpose=_text(data, "purpose"), note=_text(data, "note"),
        names=tuple(
            Name(Text(n.get("es", ""), n.get("en", "")), n.get("from", ""), n.get("until", ""))
            for n in data.get("names", ())
        ),
        seats=tuple(
            Seat(Text(s.get("es", ""), s.get("en", "")), int(float(s.get("turn", 0))))
            for s in data.get("seats", ())
        ),
        sources=_cited(data), place=place,
    )  # fmt: skip


def term_of(key: str, body: str, area: str, data: Mapping[str, Any]) -> Term:
    number = data.get("number")
    return Term(
        key=key, body=body, role=data.get("role", ""), member=data.get("member", ""),
        institution=data.get("institution", ""), holder=_text(data, "holder"), unit=_text(data, "unit"),
        title=_text(data, "title"), note=_text(data, "note"), number=int(float(number)) if number else None,
        year=data.get("year", ""), starts=data.get("starts", ""), ends=data.get("ends", ""),
        held=data.get("held", ""), basis=data.get("basis", "stated"), sources=_cited(data), area=area,
    )  # fmt: skip


def _member(data: Mapping[str, Any]) -> Member:
    return Member(
        data.get("member", ""), data.get("joined", ""), data.get("left", ""), _text(data, "instrument"),
        _cited(data), _text(data, "note"),
    )  # fmt: skip


def _text(data: Mapping[str, Any], name: str) -> Text:
    held = data.get(name) or {}
    return Text(held.get("es", "") or held.get("en", ""), held.get("en", "") or held.get("es", ""))


def _cited(data: Mapping[str, Any]) -> tuple[Cited, ...]:
    rows: Iterable[Mapping[str, str]] = data.get("source", ())
    return tuple(Cited(s.get("document", ""), s.get("locator", ""), s.get("fragment", "")) for s in rows)
