"""What a file says, in words: each fact with how sure it is, who recorded it and when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from django.utils import timezone

from mirps.base.codelists import api as codelists
from mirps.base.texts.api import partial_date
from mirps.people.registry import api as registry
from mirps.people.registry import wording
from mirps.people.registry.api import Book, Fact, Type
from mirps.web.jinja import moment

#: The sections of a file, and the kinds of facts in each; what a kind of another State's book adds comes last.
SECTIONS = {
    "who": ("name", "birth", "sex", "nationality", "document", "identity-check"),
    "needs": ("need",),
    "contact": ("contact", "address", "language"),
    "situation": ("status", "journey", "education", "occupation", "note", "attachment"),
}
_ELSEWHERE = ("membership", "relation", "consent", "photo", "size")


@dataclass(frozen=True, slots=True)
class Told:
    """A fact in words. `words` come first and bold; `more` are pairs of a label and its words."""

    id: UUID
    kind: str
    words: str
    more: tuple[tuple[str, str], ...]
    trace: str
    sensitive: str = ""
    careful: str = ""  # a code that says how to handle it: a contact that is not safe to use
    contested: bool = False
    file: str = ""
    stands: bool = True


@dataclass(frozen=True, slots=True)
class Teller:
    """How facts are told to this reader."""

    book: Book
    lang: str
    locale: str

    def told(self, f: Fact, *, contested: bool = False, stands: bool = True) -> Told:
        kind = self.book.kinds[f.kind]
        said = [
            (name, self.value(f, name))
            for name, field in kind.fields.items()
            if name in f.data and field.type is not Type.FILE
        ]
        first = _firsts(f.kind)
        words = " ".join(v for n, v in said if n in first)
        more = tuple((self.label(f.kind, n), v) for n, v in said if n not in first)
        if f.withdrawn:
            words, more = str(f.data.get("why", "")), ()
        return Told(
            f.id, f.kind, words, more, self.trace(f),
            self.book.lists["sensitivities"].name(f.sensitivity, self.lang) if f.sensitivity else "",
            str(f.data.get("safety", "")), contested,
            next((str(f.data[n]) for n, field in kind.fields.items() if field.type is Type.FILE and n in f.data), ""),
            stands,
        )  # fmt: skip

    def value(self, f: Fact, name: str) -> str:
        field = self.book.kinds[f.kind].fields[name]
        if field.type is Type.WHEN:
            return partial_date(str(f.data[name]), self.locale)
        return wording.value_text(self.book.kinds[f.kind], name, f.data[name], self.book, self.lang)

    def label(self, kind: str, field: str) -> str:
        return wording.field_name(kind, field, self.lang)

    def trace(self, f: Fact) -> str:
        sure = self.book.lists["certainties"].name(f.data["sure"], self.lang) if f.data.get("sure") else ""
        office = codelists.office_name(f.office, self.lang)
        return " · ".join(filter(None, (sure, f.by, office, self.when(f.happened_at))))

    def when(self, at: datetime) -> str:
        """The facts of one registration share their moment."""
        return _moment(at, self.locale, timezone.get_current_timezone_name())


@lru_cache(maxsize=1000)
def _moment(at: datetime, locale: str, zone: str) -> str:
    """By the clock of the reader's zone, which is the current one."""
    return moment(at, locale)


@lru_cache(maxsize=100)
def _firsts(kind: str) -> tuple[str, ...]:
    """The fields by which a fact is known at a glance: what it must hold, or what it may be about."""
    k = registry.book().kinds[kind]
    needed = tuple(f.name for f in k.fields.values() if f.required and f.type is not Type.FILE)
    return needed or k.any or tuple(k.fields)[:1]


@dataclass(frozen=True, slots=True)
class SectionTold:
    key: str
    kinds: tuple[tuple[str, str, tuple[Told, ...]], ...]  # kind, its name, facts


def sections(teller: Teller, standing: Iterable[Fact], contested: set[UUID]) -> list[SectionTold]:
    by: dict[str, list[Fact]] = {}
    for f in standing:
        by.setdefault(f.kind, []).append(f)
    known = {k for kinds in SECTIONS.values() for k in kinds} | set(_ELSEWHERE)
    others = tuple(k for k in teller.book.kinds if k not in known)
    return [
        SectionTold(key, tuple(
            (kind, wording.kind_name(kind, teller.lang),
             tuple(teller.told(f, contested=f.id in contested) for f in by[kind]))
            for kind in (*kinds, *(others if key == "situation" else ())) if kind in by
        ))
        for key, kinds in SECTIONS.items()
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Agreed:
    """What somebody agreed to, or did not."""

    purpose: str
    name: str
    given: bool
    words: str
    trace: str


def agreed(teller: Teller, facts: Iterable[Fact], consents: Mapping[str, bool]) -> list[Agreed]:
    """The last answer for each purpose."""
    last = {f.data["purpose"]: teller.told(f) for f in facts if f.kind == "consent"}
    list_ = teller.book.lists["consent-purposes"]
    return [
        Agreed(p, list_.name(p, teller.lang), consents.get(p, False),
               ", ".join(v for n, v in told.more), told.trace)
        for p, told in last.items()
    ]  # fmt: skip
