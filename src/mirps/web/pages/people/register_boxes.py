"""From what the form asks to the boxes of a page, and from what was typed into them to a fact's data.

A box is named by where it stands ("p0.birth.0.date": the first person's first birth). A date is three boxes
(`.d`, `.m`, `.y`), as exact as it is known. A country is typed by its name, in either language, or its code.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from mirps.base.codelists import api as codelists
from mirps.base.files.api import FileFault
from mirps.base.texts.api import LANGUAGES, say
from mirps.people.registry import api as registry
from mirps.people.registry import wording
from mirps.people.registry.api import Block, Book, Field, Kind, Type
from mirps.web.pages.people.door import Desk

SURE = "sure"
#: A list of so many codes is shown whole.
SHOWN_WHOLE = 5
_LONGEST = 5000


@dataclass(frozen=True, slots=True)
class Box:
    """One input. `as_`: line, long, number, country, when, radios, pick, tick or file."""

    name: str
    as_: str
    label: str
    value: str = ""
    options: tuple[tuple[str, str], ...] = ()
    parts: tuple[str, str, str] = ("", "", "")  # of a date: day, month, year
    needed: bool = False
    fault: str = ""
    most: int = 0

    @property
    def filled(self) -> bool:
        return bool(self.value or any(self.parts))


@dataclass(frozen=True, slots=True)
class Entry:
    """The boxes of one fact."""

    name: str
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A block of the form with its entries."""

    name: str
    legend: str
    needed: bool
    repeat: bool
    entries: tuple[Entry, ...]

    @property
    def open(self) -> bool:
        """Whether it is shown unfolded: what is needed, what says something, what has a fault."""
        return self.needed or any(b.filled or b.fault for e in self.entries for b in e.boxes)


@dataclass(frozen=True, slots=True)
class Paper:
    """What is on the page: what was typed, what is wrong with it, and whose language it is."""

    typed: Mapping[str, str]
    faults: Mapping[str, str]
    lang: str
    book: Book

    def of(self, prefix: str, count: int, block: Block) -> Asked:
        fields = asked_fields(block)
        entries = tuple(
            Entry(name := f"{prefix}.{block.key}.{n}", self.boxes(name, block.kind, fields, block.required))
            for n in range(count)
        )
        return Asked(
            f"{prefix}.{block.key}",
            wording.block_name(block, self.lang),
            block.required,
            block.repeat,
            entries,
        )

    def boxes(self, name: str, kind: Kind, fields: Iterable[Field], needed: bool) -> tuple[Box, ...]:
        return tuple(self.box(f"{name}.{f.name}", kind, f, needed) for f in fields)

    def box(self, name: str, kind: Kind, f: Field, needed: bool) -> Box:
        typed = self.typed
        as_ = _AS.get(f.type, "line")
        options: tuple[tuple[str, str], ...] = ()
        if f.type is Type.CODE:
            options = _options(f.list, self.lang)
            as_ = "radios" if len(options) <= SHOWN_WHOLE and f.name != SURE else "pick"
        parts = (typed.get(f"{name}.d", ""), typed.get(f"{name}.m", ""), typed.get(f"{name}.y", ""))
        return Box(
            name, as_, wording.field_name(kind.name, f.name, self.lang), typed.get(name, ""), options,
            parts if f.type is Type.WHEN else ("", "", ""), needed and f.required,
            self.faults.get(name, ""), f.most,
        )  # fmt: skip


_AS = {Type.LONG: "long", Type.NUMBER: "number", Type.COUNTRY: "country", Type.WHEN: "when", Type.YES: "tick",
       Type.FILE: "file"}  # fmt: skip


@cache
def _sure() -> Field:
    return Field(SURE, Type.CODE, list="certainties")


@cache
def _options(list_: str, lang: str) -> tuple[tuple[str, str], ...]:
    return tuple((code, c.name(lang)) for code, c in registry.book().lists[list_].items())


def asked_fields(block: Block) -> tuple[Field, ...]:
    return (*block.fields, _sure()) if block.sure else block.fields


def all_fields(kind: Kind) -> tuple[Field, ...]:
    """Everything that a fact of this kind may hold, and how sure it is."""
    return (*kind.fields.values(), _sure())


# --- what was typed


def posted(given: Mapping[str, Any]) -> dict[str, str]:
    """The values of a form as they were typed, without the blanks around them."""
    return {name: str(value).strip()[:_LONGEST] for name, value in given.items()}


def said(name: str, fields: Iterable[Field], typed: Mapping[str, str]) -> dict[str, Any]:
    """The data that was typed into the boxes of one fact; empty where none was filled."""
    found = {f.name: _said(f, f"{name}.{f.name}", typed) for f in fields}
    return {field: value for field, value in found.items() if value not in ("", False)}


def _said(f: Field, name: str, typed: Mapping[str, str]) -> object:
    if f.type is Type.WHEN:
        return when(*(typed.get(f"{name}.{part}", "") for part in "dmy"))
    value = typed.get(name, "")
    if f.type is Type.COUNTRY:
        return country(value)
    return bool(value) if f.type is Type.YES else value


def when(day: str, month: str, year: str) -> str:
    """A date as exact as it was typed: "1987", "1987-05", "1987-05-04". What is none shows itself as none."""
    parts = [year, month, day]
    while parts and not parts[-1]:
        parts.pop()
    return "-".join([*parts[:1], *(p.zfill(2) for p in parts[1:])])


def country(typed: str) -> str:
    """The code (ISO 3166-1 alpha-3) of a country by its name or code; what was typed, where it is none."""
    return _countries().get(_plain(typed), typed[:40])


@cache
def _countries() -> dict[str, str]:
    names = {_plain(codelists.country_name(c, lang)): c for c in codelists.countries() for lang in LANGUAGES}
    return names | {_plain(c): c for c in codelists.countries()}


@cache
def country_names(lang: str) -> tuple[str, ...]:
    """What is proposed while a country is typed: the region's States and their neighbours first."""
    every = sorted(codelists.countries(), key=lambda c: _plain(codelists.country_name(c, lang)))
    near = [*codelists.member_states(), "NIC", "VEN", "CUB", "HTI", "COL", "ECU"]
    return tuple(codelists.country_name(c, lang) for c in [*near, *(c for c in every if c not in near)])


def _plain(text: str) -> str:
    parted = unicodedata.normalize("NFD", text.casefold())
    return "".join(c for c in parted if c.isalnum())


def count(typed: Mapping[str, str], name: str) -> int:
    """How many entries of a block were on the page (at least one)."""
    begins = f"{name}."
    at = {t[len(begins) :].partition(".")[0] for t in typed if t.startswith(begins)}
    return max((int(n) + 1 for n in at if n.isascii() and n.isdigit() and len(n) < 3), default=1)


# --- what stands already, laid out to be corrected


def laid_out(name: str, fields: Iterable[Field], data: Mapping[str, Any], lang: str) -> dict[str, str]:
    """What a fact says, as if somebody had typed it."""
    out: dict[str, str] = {}
    for f in fields:
        value = data.get(f.name)
        if value is None:
            continue
        if f.type is Type.WHEN:
            year, month, day = [*str(value).split("-"), "", ""][:3]
            out |= {f"{name}.{f.name}.{p}": v for p, v in zip("dmy", (day, month, year), strict=True)}
        elif f.type is Type.COUNTRY:
            out[f"{name}.{f.name}"] = codelists.country_name(str(value), lang)
        else:
            out[f"{name}.{f.name}"] = "1" if value is True else str(value)
    return out


# --- files


def files_kept(desk: Desk) -> tuple[dict[str, str], dict[str, str]]:
    """The files of a form, kept sealed at once so that a fault elsewhere does not lose them: each box with the
    SHA-256 of its file, and each with what is wrong with it."""
    digests, faults = dict[str, str](), dict[str, str]()
    for name, file in desk.request.FILES.items():
        content = file.read() if isinstance(file, UploadedFile) else b""
        if content:
            try:
                digests[name] = registry.put_file(
                    content, by=desk.username, at=desk.now, held_for=registry.HeldFor.TO_COME
                )
            except FileFault as e:
                faults[name] = say(e.key, desk.lang, **e.values)
    return digests, faults
