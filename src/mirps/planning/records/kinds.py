"""Kinds of records: what is kept of a meeting, an action, a contribution. Each is a few lines of YAML.

A kind names its fields, who may act on it and how it comes into force; its form, list, history, workbook
and translation follow from that. data/planning/kinds/*.yaml; docs/adr/0016. Pure: no Django, no clock.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

import yaml

_E = TypeVar("_E", bound=StrEnum)


class KindFault(ValueError):
    """A kind that cannot be read. The message names file, kind, field and remedy."""


class Type(StrEnum):
    """What a field holds, and how it is kept in a record's data (a JSON object)."""

    TEXT = "text"  # str, one line
    WORDS = "words"  # {"es": str, "en": str}, one line each
    LONG = "long"  # {"es": str, "en": str}, paragraphs
    DATE = "date"  # "2024-12-05"
    WHEN = "when"  # as exact as it is known: "2024", "2024-12", "2024-12-05"
    CLOCK = "clock"  # "14:30", by the clock of the record's State
    NUMBER = "number"  # str of a decimal
    MONEY = "money"  # {"amount": str, "currency": ISO 4217 or "" where the source names none}
    CHOICE = "choice"  # one of `options`
    CODE = "code"  # a code of `list`; many: a list of codes
    REF = "ref"  # the key of a record, "kind/code"; many: a list of keys
    SERIES = "series"  # "measure STATE" or "measure STATE sex=F": figures of the ledger
    ROWS = "rows"  # a list of objects with the fields `of`
    YES = "yes"  # bool
    LINK = "link"  # an http(s) address
    FILE = "file"  # the digest of an attached file


class Flow(StrEnum):
    """How a record comes into force."""

    REVIEWED = "reviewed"  # written, submitted, then published by somebody else
    DIRECT = "direct"  # in force as it is written; every change is kept


class Audience(StrEnum):
    """Who reads what is in force. Drafts are read by those who may write, review or publish."""

    PUBLIC = "public"
    MEMBERS = "members"  # whoever holds a role in the MIRPS
    OWN = "own"  # whoever may read or write for the owner (the domain's acts, and `<domain>.read`)


def narrowest(named: Iterable[str | None]) -> str:
    """The audience that the fewest belong to; nothing where none is named."""
    order = [a.value for a in (Audience.OWN, Audience.MEMBERS, Audience.PUBLIC)]
    return min((a for a in named if a in order), key=order.index, default="")


#: Code lists that a CODE field may name.
LISTS = frozenset(
    {"states", "institutions", "sectors", "populations", "documents", "units", "countries", "currencies", "places"}
)  # fmt: skip
#: Types that a row of ROWS may hold.
IN_ROWS = frozenset(
    {Type.TEXT, Type.DATE, Type.WHEN, Type.CLOCK, Type.NUMBER, Type.CHOICE, Type.CODE, Type.YES, Type.LINK}
)
_NAME = re.compile(r"[a-z][a-z0-9-]{1,30}\Z")
#: Of every kind: where it is said, a remark in both languages, and whether it is our own proposal.
COMMON: Mapping[str, Mapping[str, Any]] = {
    "source": {
        "type": "rows",
        "of": {
            "document": {"type": "code", "list": "documents"},
            "locator": {"type": "text"},
            "fragment": {"type": "text", "most": 120},
        },
    },
    "note": {"type": "long"},
    "proposal": {"type": "yes"},
}
_MOST = {Type.TEXT: 200, Type.WORDS: 300, Type.LONG: 6000, Type.LINK: 500}


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    type: Type
    required: bool = False
    many: bool = False
    most: int = 0  # characters, each language
    options: tuple[str, ...] = ()
    list: str = ""
    to: tuple[str, ...] = ()  # kinds that a REF may name
    of: tuple[Field, ...] = ()  # the fields of a row
    #: Left out of forms, because an action of its own sets it.
    kept: bool = False

    @property
    def bilingual(self) -> bool:
        return self.type in (Type.WORDS, Type.LONG)


@dataclass(frozen=True, slots=True)
class Kind:
    name: str
    area: str  # the file it stands in
    domain: str  # its acts are <domain>.write, .review, .publish and .read
    flow: Flow
    audience: Audience
    title: str  # the field that names a record
    fields: tuple[Field, ...]
    parents: tuple[str, ...] = ()  # kinds one of which it stands under; none: it stands alone
    by: dict[str, Field] = field(default_factory=dict, compare=False, hash=False)

    def __getitem__(self, name: str) -> Field:
        return self.by[name]

    @property
    def own(self) -> tuple[Field, ...]:
        """Its fields without those that every kind has."""
        return tuple(f for f in self.fields if f.name not in COMMON)


def read(folder: Path) -> dict[str, Kind]:
    """Every kind of `folder`/*.yaml by name. Raises KindFault for the first that is wrong."""
    found: dict[str, Kind] = {}
    for path in sorted(folder.glob("*.yaml")):
        for name, given in (yaml.safe_load(path.read_text(encoding="utf-8")) or {}).items():
            where = f"{path.name}: {name}"
            if name in found:
                raise KindFault(f"{where}: stands twice; give it another name")
            found[name] = _kind(where, name, path.stem, given)
    for kind in found.values():
        _known(kind, found)
    return found


def _kind(where: str, name: str, area: str, given: Mapping[str, Any]) -> Kind:
    known = {"domain", "flow", "audience", "title", "fields", "parents"}
    if extra := set(given) - known:
        raise KindFault(f"{where}: {sorted(extra)[0]!r} is not known; use {', '.join(sorted(known))}")
    if not _NAME.match(name):
        raise KindFault(f"{where}: a name is small letters, digits and hyphens")
    fields = tuple(_fields(where, given.get("fields") or {})) + tuple(_fields(where, COMMON))
    by = {f.name: f for f in fields}
    if "audience" in by and not set(by["audience"].options) <= set(Audience):
        raise KindFault(f"{where}.audience: its options are {', '.join(Audience)}")
    title = given.get("title", "title")
    if title not in by or by[title].type not in (Type.TEXT, Type.WORDS):
        raise KindFault(f"{where}: title names the field that names a record, of type text or words")
    return Kind(
        name=name, area=area, domain=str(given.get("domain") or area),
        flow=_of(Flow, given.get("flow", "reviewed"), f"{where}: flow"),
        audience=_of(Audience, given.get("audience", "public"), f"{where}: audience"),
        title=title, fields=fields, parents=tuple(given.get("parents") or ()), by=by,
    )  # fmt: skip


def _fields(where: str, given: Mapping[str, Mapping[str, Any]]) -> Iterable[Field]:
    for name, f in given.items():
        yield _field(f"{where}.{name}", name, f)


def _field(where: str, name: str, f: Mapping[str, Any]) -> Field:
    known = {"type", "required", "many", "most", "options", "list", "to", "of", "kept"}
    if extra := set(f) - known:
        raise KindFault(f"{where}: {sorted(extra)[0]!r} is not known; use {', '.join(sorted(known))}")
    type_ = _of(Type, f.get("type"), f"{where}: type")
    needs = {Type.CHOICE: "options", Type.CODE: "list", Type.REF: "to", Type.ROWS: "of"}
    if type_ in needs and not f.get(needs[type_]):
        raise KindFault(f"{where}: a {type_.value} needs {needs[type_]!r}")
    if type_ is Type.CODE and f["list"] not in LISTS:
        raise KindFault(f"{where}: list is one of {', '.join(sorted(LISTS))}")
    if f.get("many") and type_ not in (Type.CODE, Type.REF, Type.CHOICE):
        raise KindFault(f"{where}: only codes, choices and references can be many; use rows")
    of = tuple(_fields(where, f.get("of") or {}))
    if wrong := [x.name for x in of if x.type not in IN_ROWS or x.many]:
        raise KindFault(f"{where}.{wrong[0]}: a row holds only single {', '.join(sorted(IN_ROWS))}")
    return Field(
        name=name, type=type_, required=bool(f.get("required")), many=bool(f.get("many")),
        most=int(f.get("most") or _MOST.get(type_, 0)), options=tuple(str(o) for o in f.get("options") or ()),
        list=f.get("list", ""), to=tuple(f.get("to") or ()), of=of, kept=bool(f.get("kept")),
    )  # fmt: skip


def _of(cls: type[_E], value: object, where: str) -> _E:
    try:
        return cls("yes" if value is True else str(value))  # YAML reads a bare yes as true
    except ValueError:
        raise KindFault(f"{where} is one of {', '.join(cls)}") from None


def _known(kind: Kind, found: Mapping[str, Kind]) -> None:
    named = [(p, "parents") for p in kind.parents]
    named += [(k, f.name) for f in kind.fields for k in f.to]
    for k, place in named:
        if k not in found:
            raise KindFault(f"{kind.area}.yaml: {kind.name}.{place}: there is no kind {k!r}")
