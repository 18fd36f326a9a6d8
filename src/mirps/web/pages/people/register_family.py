"""A family as it stands on the page while it is registered, and the submission that it becomes.

Every id is made when the page is first shown and travels with it, so that a double click, a reload or a lost
answer registers nobody twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid5

from uuid_utils.compat import uuid7

from mirps.base.texts.api import say
from mirps.people.identity import api as identity
from mirps.people.registry import wording
from mirps.people.registry.api import Block, Book, Fault
from mirps.web.pages.people import register_boxes as boxes
from mirps.web.pages.people.register_boxes import Asked, Paper

DEVICE = "web"
GROUP = "g"  # the prefix of what is asked of the group
LEVEL, KIND = "individual", "household"
_PERSON = re.compile(r"(p\d{1,2})\.id\Z")
_FACT = re.compile(r"facts\[(\d+)\](?:\.data\.(.+))?")
_NEW = re.compile(r"(people|groups)\[(\d+)\](?:\.(.+))?")


@dataclass
class Family:
    """What the page holds. `into` is the number of the group that new people join; empty: a new group."""

    id: str
    made: str
    searched: str
    group: str
    level: str = LEVEL
    kind: str = KIND
    into: str = ""
    typed: dict[str, str] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)
    focus: str = ""

    @property
    def people(self) -> list[str]:
        """The prefixes of the people on the page."""
        found = (m[1] for m in map(_PERSON.match, self.typed) if m)
        return sorted(found, key=lambda p: int(p[1:]))

    def another(self) -> str:
        """One more person, in an empty form; their prefix."""
        prefix = f"p{int(self.people[-1][1:]) + 1}" if self.people else "p0"
        self.typed[f"{prefix}.id"] = str(uuid7())
        if prefix == "p0" and not self.into:
            self.typed[f"{prefix}.role"] = "head"
        return prefix

    def without(self, prefix: str) -> None:
        """Take a person off the page; the last one stays."""
        if len(self.people) > 1:
            self.typed = {k: v for k, v in self.typed.items() if not k.startswith(f"{prefix}.")}

    def one_more(self, name: str) -> None:
        """One more entry of a block (`p0.document`)."""
        n = boxes.count(self.typed, name)
        if n < 20:
            self.typed[f"{name}.{n}.more"] = ""
            self.focus = f"{name}.{n}"

    def blocks(self, of: str, book: Book) -> list[Block]:
        return book.form.blocks(of, self.level, book.levels)


def begun(*, made: str, searched: str, typed_name: str, into: str) -> Family:
    """A new family: its first person bears the name that was searched for."""
    family = Family(str(uuid7()), made, searched, str(uuid7()), into=into)
    first = family.another()
    try:
        name = identity.read_line(typed_name)
    except ValueError:
        return family
    family.typed[f"{first}.name.0.given"] = " ".join(p.written for p in name.given)
    family.typed[f"{first}.name.0.surnames"] = " ".join(p.written for p in name.surnames)
    return family


def read(typed: dict[str, str], book: Book) -> Family:
    """A family as it comes back from the page."""
    return Family(
        typed.get("id", ""), typed.get("made", ""), typed.get("searched", ""), typed.get("group", ""),
        _one_of(typed.get("level"), book.lists["levels"], LEVEL),
        _one_of(typed.get("kind"), book.lists["group-kinds"], KIND), typed.get("into", ""), typed,
    )  # fmt: skip


def _one_of(given: str | None, codes: Iterable[str], otherwise: str) -> str:
    return given if given and given in codes else otherwise


# --- to a submission


@dataclass
class Said:
    """A submission, and at which box of the page each of its facts stands."""

    json: dict[str, Any]
    at: list[str]
    family: Family
    book: Book

    def place(self, fault: Fault) -> str:
        """The box that a fault is about; "" for one of the whole."""
        if m := _FACT.match(fault.path):
            name = self.at[int(m[1])]
            if name.endswith(".role"):
                return name
            return f"{name}.{m[2] or self._first(name)}"
        if m := _NEW.match(fault.path):
            prefix = self.family.people[int(m[2])] if m[1] == "people" else GROUP
            if m[3] and m[3] != "id":
                return f"{prefix}.{m[3]}.0.{self._first(f'{prefix}.{m[3]}')}"
            return f"{(self.family.people or ['p0'])[0] if prefix == GROUP else prefix}.role"
        return ""

    def _first(self, name: str) -> str:
        key = name.split(".")[1]
        return next(b.fields[0].name for s in self.book.form.sections for b in s.blocks if b.key == key)

    def told(self, faults: Iterable[Fault], lang: str) -> dict[str, str]:
        """Each box's first fault, in words."""
        out: dict[str, str] = {}
        for fault in faults:
            out.setdefault(self.place(fault), wording.fault_text(fault, self.book, lang))
        return out


def submission(family: Family, book: Book, *, where: Mapping[str, str], into: UUID | None) -> Said:
    """What the page says. `where`: state, institution and office; `into`: the group that is joined."""
    found = Said(
        {"id": family.id, **where, "made_at": family.made, "device": DEVICE, "form": book.form.version,
         "groups": [], "people": [], "facts": []},
        [], family, book,
    )  # fmt: skip
    group = str(into or family.group)
    if into is None:
        found.json["groups"] = [{"id": group, "kind": family.kind, "level": family.level}]
        _facts(found, GROUP, {"group": group}, family.blocks("group", book))
    for prefix in family.people:
        person = family.typed[f"{prefix}.id"]
        found.json["people"].append({"id": person, "level": family.level})
        _facts(found, prefix, {"person": person}, family.blocks("person", book))
        began = family.typed.get("began", "joined") if into else "registered"
        role = {"role": family.typed.get(f"{prefix}.role", ""), "began": began}
        _fact(found, f"{prefix}.role", "membership", {"person": person, "group": group}, role)
    return found


def _facts(found: Said, prefix: str, ends: dict[str, str], blocks: Iterable[Block]) -> None:
    for block in blocks:
        for n in range(boxes.count(found.family.typed, f"{prefix}.{block.key}")):
            name = f"{prefix}.{block.key}.{n}"
            data = boxes.said(name, boxes.asked_fields(block), found.family.typed)
            if data:
                _fact(found, name, block.kind.name, ends, {**block.preset, **data})


def _fact(found: Said, name: str, kind: str, ends: dict[str, str], data: dict[str, Any]) -> None:
    try:
        id_ = str(uuid5(UUID(found.family.id), name))
    except ValueError:  # an id that is none is told by whoever reads the submission
        id_ = ""
    found.json["facts"].append({"id": id_, "kind": kind, **ends, "data": data})
    found.at.append(name)


# --- to a page


@dataclass(frozen=True, slots=True)
class SectionShown:
    title: str
    asked: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class PersonShown:
    prefix: str
    id: str
    nth: int
    called: str
    role: str
    role_fault: str
    sections: tuple[SectionShown, ...]


def shown(family: Family, book: Book, lang: str) -> list[PersonShown]:
    """The people of the page, each with the boxes that their level asks for."""
    paper = Paper(family.typed, family.faults, lang, book)
    return [_shown(family, book, paper, prefix, n) for n, prefix in enumerate(family.people, 1)]


def blank(family: Family, book: Book, lang: str) -> PersonShown:
    """A person in an empty form, for the script that adds one without asking the server."""
    return _shown(family, book, Paper({}, {}, lang, book), "p00", 0)


def of_group(family: Family, book: Book, lang: str) -> list[SectionShown]:
    paper = Paper(family.typed, family.faults, lang, book)
    return _sections(family, book, paper, GROUP, "group")


def _shown(family: Family, book: Book, paper: Paper, prefix: str, nth: int) -> PersonShown:
    typed = paper.typed
    called = " ".join(
        filter(None, (typed.get(f"{prefix}.name.0.given"), typed.get(f"{prefix}.name.0.surnames")))
    )
    return PersonShown(
        prefix, typed.get(f"{prefix}.id", ""), nth, called, typed.get(f"{prefix}.role", ""),
        paper.faults.get(f"{prefix}.role", ""), tuple(_sections(family, book, paper, prefix, "person")),
    )  # fmt: skip


def _sections(family: Family, book: Book, paper: Paper, prefix: str, of: str) -> list[SectionShown]:
    out = []
    for section in book.form.sections:
        if section.of == of:
            asked = tuple(
                paper.of(prefix, boxes.count(paper.typed, f"{prefix}.{b.key}"), b)
                for b in section.blocks
                if b.at(family.level, book.levels)
            )
            if asked:
                out.append(SectionShown(say(f"registration.section.{section.key}", paper.lang), asked))
    return out
