"""What a desk says, read and proved: new groups and people, and facts about them. Pure.

One shape for all doors (page, offline desk, OpenRosa) and for all acts: to register is to say facts of
people who are new, to amend, to join or to split is to say facts of people who stand.

    {"id", "state", "institution", "office", "made_at", "device", "form",
     "groups": [{"id", "kind", "level"}],
     "people": [{"id", "level"}],
     "facts":  [{"id", "kind", "person"?, "group"?, "other"?, "data", "replaces"?, "withdrawn"?, "happened_at"?}]}

Every id is made by whoever says it (UUID, RFC 9562), so the same submission sent twice is the same. A moment
is ISO 8601 with its offset. A clock that runs ahead is not refused, since a desk without a line cannot mend
it: the moment of arrival is kept beside it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import RFC_4122, UUID

from mirps.people.registry.kinds import SURE, Block, Book, Field, Kind, Type

#: A group of more people is several; a desk sends no more at once.
MOST_PEOPLE, MOST_FACTS = 60, 2000
#: Nobody is registered who was born before.
OLDEST = 125
_WHEN = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?\Z")
_CODE = re.compile(r"[A-Z]{3}\Z")
_DIGEST = re.compile(r"[0-9a-f]{64}\Z")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong at a place ("facts[3].data.date"): `key` of a sentence, with what it needs."""

    path: str
    key: str
    values: Mapping[str, object] = field(default_factory=dict)


class Refused(ValueError):
    """Nothing of a submission is taken where anything of it is wrong. Carries every fault."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = list(faults)
        super().__init__("; ".join(f"{f.path}: {f.key}" for f in self.faults))


@dataclass(frozen=True, slots=True)
class Said:
    """One fact as it was said. `repr` tells no data, so that no log does."""

    id: UUID
    kind: str
    data: Mapping[str, Any] = field(repr=False)
    happened_at: datetime
    person: UUID | None = None
    group: UUID | None = None
    other: UUID | None = None
    replaces: UUID | None = None
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class NewGroup:
    id: UUID
    kind: str
    level: str


@dataclass(frozen=True, slots=True)
class NewPerson:
    id: UUID
    level: str


@dataclass(frozen=True, slots=True)
class Submission:
    id: UUID
    state: str
    institution: str
    office: str
    made_at: datetime
    device: str
    form: str
    groups: tuple[NewGroup, ...] = ()
    people: tuple[NewPerson, ...] = ()
    facts: tuple[Said, ...] = ()

    def of(self, person: UUID) -> list[Said]:
        return [f for f in self.facts if f.person == person]


def read(given: object, book: Book, *, country: Callable[[str], bool], at: datetime) -> Submission:
    """A submission, proved. `at` is the moment of arrival. Raises Refused with every fault."""
    reader = _Reader(book, country, at)
    found = reader.submission(given)
    if reader.faults or found is None:
        raise Refused(reader.faults)
    faults = list(_whole(found, book))
    if faults:
        raise Refused(faults)
    return found


class _Reader:
    def __init__(self, book: Book, country: Callable[[str], bool], at: datetime) -> None:
        self.book, self.country, self.at = book, country, at
        self.faults: list[Fault] = []
        self.ids: set[UUID] = set()

    def wrong(self, path: str, key: str, **values: object) -> str:
        """Note a fault; nothing is left of the value."""
        if len(self.faults) < 200:
            self.faults.append(Fault(path, key, values))
        return ""

    def submission(self, given: object) -> Submission | None:
        if not isinstance(given, Mapping):
            self.wrong("", "shape")
            return None
        id_, made_at = self.id(given, "id", "", own=True), self.moment(given.get("made_at"), "made_at")
        words = [
            self.word(given.get(name), name) for name in ("state", "institution", "office", "device", "form")
        ]
        groups = [self.new_group(g, f"groups[{n}]") for n, g in self.rows(given, "groups", MOST_PEOPLE)]
        people = [self.new_person(p, f"people[{n}]") for n, p in self.rows(given, "people", MOST_PEOPLE)]
        facts = [self.fact(f, f"facts[{n}]", made_at) for n, f in self.rows(given, "facts", MOST_FACTS)]
        if not facts and not self.faults:
            self.wrong("facts", "nothing")
        if self.faults or id_ is None or made_at is None:
            return None
        state, institution, office, device, form = words
        return Submission(
            id_, state, institution, office, made_at, device, form,
            tuple(g for g in groups if g), tuple(p for p in people if p), tuple(f for f in facts if f),
        )  # fmt: skip

    def rows(self, given: Mapping[str, Any], name: str, most: int) -> Iterable[tuple[int, Mapping[str, Any]]]:
        rows = given.get(name) or []
        if not isinstance(rows, list) or any(not isinstance(r, Mapping) for r in rows):
            self.wrong(name, "shape")
            return []
        if len(rows) > most:
            self.wrong(name, "too-many", most=most)
            return []
        return enumerate(rows)

    def new_group(self, given: Mapping[str, Any], path: str) -> NewGroup | None:
        id_ = self.id(given, "id", path, own=True)
        kind = self.code(given.get("kind"), "group-kinds", f"{path}.kind")
        level = self.code(given.get("level"), "levels", f"{path}.level")
        return NewGroup(id_, kind, level) if id_ and kind and level else None

    def new_person(self, given: Mapping[str, Any], path: str) -> NewPerson | None:
        id_ = self.id(given, "id", path, own=True)
        level = self.code(given.get("level"), "levels", f"{path}.level")
        return NewPerson(id_, level) if id_ and level else None

    def fact(self, given: Mapping[str, Any], path: str, made_at: datetime | None) -> Said | None:
        before = len(self.faults)
        id_ = self.id(given, "id", path, own=True)
        kind = self.book.kinds.get(str(given.get("kind")))
        if kind is None:
            self.wrong(f"{path}.kind", "unknown-kind", kind=str(given.get("kind"))[:40])
            return None
        ends = {
            name: self.id(given, name, path)
            for name in ("person", "group", "other", "replaces")
            if given.get(name)
        }
        tied = "+".join(n if n != "other" else "person" for n in ("person", "group", "other") if n in ends)
        if tied not in kind.of or ("other" in ends and ends["other"] == ends.get("person")):
            self.wrong(path, "of-whom", kind=kind.name)
        when = (
            self.moment(given["happened_at"], f"{path}.happened_at") if given.get("happened_at") else made_at
        )
        withdrawn = bool(given.get("withdrawn"))
        if withdrawn and not given.get("replaces"):
            self.wrong(path, "withdraws-nothing")
        data = self.data(kind, given.get("data"), f"{path}.data", bare=withdrawn)
        if len(self.faults) > before or id_ is None or when is None:
            return None
        return Said(id_, kind.name, data, when, ends.get("person"), ends.get("group"), ends.get("other"),
                    ends.get("replaces"), withdrawn)  # fmt: skip

    def data(self, kind: Kind, given: object, path: str, *, bare: bool) -> dict[str, Any]:
        if not isinstance(given, Mapping):
            self.wrong(path, "shape")
            return {}
        if bare:  # what is withdrawn leaves only why
            why = self.text(given.get("why"), f"{path}.why", 300)
            return {"why": why} if why else {}
        out: dict[str, Any] = {}
        for name, value in given.items():
            if name == SURE:
                out[SURE] = self.code(value, "certainties", f"{path}.{SURE}")
            elif name not in kind.fields:
                self.wrong(f"{path}.{str(name)[:40]}", "unknown-field", kind=kind.name)
            elif value not in (None, "", False):
                out[name] = self.value(kind.fields[name], value, f"{path}.{name}")
        out = {name: value for name, value in out.items() if value not in (None, "")}
        for f in kind.fields.values():
            if f.required and not given.get(f.name):
                self.wrong(f"{path}.{f.name}", "required")
        if kind.any and not any(given.get(n) for n in kind.any):
            self.wrong(f"{path}.{kind.any[0]}", "one-of")
        elif kind.find == "name" and not _letters(out.get(n, "") for n in kind.any):
            self.wrong(f"{path}.{kind.any[0]}", "no-letters")
        return out

    def value(self, f: Field, value: object, path: str) -> object:
        if f.type is Type.YES:
            return value is True or self.wrong(path, "yes-or-no")
        if f.type is Type.NUMBER:
            return self.number(value, path)
        if not isinstance(value, str):
            return self.wrong(path, "text")
        if f.type is Type.CODE:
            return self.code(value, f.list, path)
        if f.type is Type.COUNTRY:
            return value if _CODE.match(value) and self.country(value) else self.wrong(path, "country")
        if f.type is Type.WHEN:
            return self.when(value, path, past=f.past)
        if f.type is Type.FILE:
            return value if _DIGEST.match(value) else self.wrong(path, "file")
        return self.text(value, path, f.most, lines=f.type is Type.LONG)

    def number(self, value: object, path: str) -> int | None:
        plain = int(value) if isinstance(value, str) and value.isascii() and value.isdigit() else value
        if not isinstance(plain, int) or isinstance(plain, bool) or not 0 <= plain <= 10_000:
            self.wrong(path, "number")
            return None
        return plain

    def text(self, value: object, path: str, most: int, *, lines: bool = False) -> str:
        if not isinstance(value, str):
            return "" if value is None else self.wrong(path, "text")
        plain = unicodedata.normalize("NFC", value).replace("\r\n", "\n")
        if _CONTROL.search(plain):
            return self.wrong(path, "control")
        plain = plain.strip() if lines else " ".join(plain.split())
        if len(plain) > most:
            self.wrong(path, "too-long", most=most)
        return plain

    def word(self, value: object, path: str) -> str:
        found = self.text(value, path, 80)
        if not found:
            self.wrong(path, "required")
        return found

    def code(self, value: object, list_: str, path: str) -> str:
        if value in self.book.lists[list_]:
            return str(value)
        return self.wrong(path, "unknown-code" if value else "required", code=str(value)[:40])

    def when(self, value: str, path: str, *, past: bool) -> str | None:
        try:
            day = date.fromisoformat((value + "-01-01")[:10]) if _WHEN.match(value) else None
        except ValueError:
            day = None
        if day is None:
            self.wrong(path, "date")
            return None
        today = self.at.date()
        if past and day > today + timedelta(days=1):  # a day is ahead of us east of here
            self.wrong(path, "future")
        elif day.year < today.year - OLDEST:
            self.wrong(path, "too-old", year=today.year - OLDEST)
        return value

    def moment(self, value: object, path: str) -> datetime | None:
        try:
            found = datetime.fromisoformat(str(value))
        except ValueError:
            found = None
        if found is None or found.tzinfo is None:
            self.wrong(path, "moment")
            return None
        return found

    def id(self, given: Mapping[str, Any], name: str, path: str, *, own: bool = False) -> UUID | None:
        where = f"{path}.{name}".lstrip(".")
        try:
            found = UUID(str(given.get(name)))
        except ValueError:
            found = None
        if found is None or found.variant != RFC_4122:
            self.wrong(where, "id")
            return None
        if own and found in self.ids:
            self.wrong(where, "twice")
        if own:
            self.ids.add(found)
        return found


def _letters(words: Iterable[str]) -> bool:
    return any(c.isalpha() for word in words for c in word)


def _whole(found: Submission, book: Book) -> Iterable[Fault]:
    """What is missing before new people and groups stand as a whole."""
    levels = {g.id: g.level for g in found.groups}
    members: dict[UUID, list[Said]] = {}
    for f in found.facts:
        if f.kind == "membership" and f.group:
            members.setdefault(f.group, []).append(f)
    in_groups = {f.person for m in members.values() for f in m}
    for n, g in enumerate(found.groups):
        heads = [f for f in members.get(g.id, ()) if f.data.get("role") == "head"]
        if not members.get(g.id):
            yield Fault(f"groups[{n}]", "no-member")
        elif len(heads) != 1:
            yield Fault(f"groups[{n}]", "one-head", {"heads": len(heads)})
        said = [f for f in found.facts if f.group == g.id and f.kind != "membership"]
        yield from _asked(f"groups[{n}]", book.form.blocks("group", levels[g.id], book.levels), said)
    for n, p in enumerate(found.people):
        if p.id not in in_groups:
            yield Fault(f"people[{n}]", "no-group")
        yield from _asked(f"people[{n}]", book.form.blocks("person", p.level, book.levels), found.of(p.id))


def _asked(path: str, blocks: Iterable[Block], said: list[Said]) -> Iterable[Fault]:
    for b in blocks:
        fits = (f for f in said if f.kind == b.kind.name and not f.withdrawn)
        if b.required and not any(b.preset.items() <= f.data.items() for f in fits):
            yield Fault(f"{path}.{b.key}", "asked")
