"""How a record is shown: its address, its fields in words, what a change changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from mirps.base.texts import api as texts
from mirps.base.texts.api import say
from mirps.planning.records import api as records
from mirps.planning.records.api import Fault, Field, Kind, Record, Type
from mirps.sharing.portal import wording
from mirps.web.jinja import address
from mirps.web.pages.planning.door import Desk

#: kind -> the name of its own page, which takes `code`. Others are shown by the page that all kinds share.
PAGES: dict[str, str] = {}


def address_of(key: str, lang: str) -> str:
    """Where a record is shown."""
    kind, _, code = key.partition("/")
    if kind in PAGES:
        return address(PAGES[kind], lang=lang, code=code)
    return address("record", lang=lang, kind=kind, code=code)


def label(kind: Kind, field: str, lang: str) -> str:
    """What a field is called; the common ones are called the same in every kind."""
    key = f"kind.{kind.name}.field.{field}"
    return say(key if key in texts.catalogue() else f"record.field.{field}", lang)


def hint(kind: Kind, field: str, lang: str) -> str:
    key = f"kind.{kind.name}.hint.{field}"
    return say(key, lang) if key in texts.catalogue() else ""


def choice(kind: Kind, field: str, option: str, lang: str) -> str:
    return say(f"kind.{kind.name}.choice.{field}.{option}", lang)


@dataclass(frozen=True, slots=True)
class Part:
    """One thing said by a field: words, where they lead, and in what language they are if not the page's."""

    words: str
    href: str = ""
    lang: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """A field in words. `parts`: what it says, one or many; `rows`: a table instead, with its heads."""

    name: str
    label: str
    parts: tuple[Part, ...] = ()
    paragraphs: bool = False
    heads: tuple[str, ...] = ()
    rows: tuple[tuple[Part, ...], ...] = ()


def told(desk: Desk, kind: Kind, data: Mapping[str, Any], *, fields: Iterable[str] = ()) -> list[Told]:
    """The fields that say something, in the kind's order (or `fields`), in the reader's words."""
    names = list(fields) or [f.name for f in kind.fields if f.name not in (kind.title, "source", "proposal")]
    chosen = [kind[n] for n in names if n in data]
    keys = [key for f in chosen if f.type is Type.REF for key in (data[f.name] if f.many else [data[f.name]])]
    called = titles(desk, keys)
    return [_told(desk, kind, f, data[f.name], called) for f in chosen]


def titles(desk: Desk, keys: Iterable[str]) -> dict[str, str]:
    """What the records are called that this person may know of."""
    out = {}
    for r in Record.objects.filter(pk__in=set(keys)).order_by():
        held = desk.shown(r)
        if held is not None:
            out[r.key] = records.title(r.kind, held, desk.lang) or r.code
    return out


def title(desk: Desk, record: Record) -> str:
    return records.title(record.kind, desk.shown(record) or {}, desk.lang) or record.code


def sources(desk: Desk, data: Mapping[str, Any]) -> list[dict[str, str]]:
    """Where it is said: document, place and locator."""
    return [
        {
            "document": s.get("document", ""),
            "name": wording.document(s["document"], desk.lang) if s.get("document") else "",
            "locator": s.get("locator", ""),
            "fragment": s.get("fragment", ""),
        }
        for s in data.get("source", ())
    ]


def money(held: Mapping[str, str], lang: str, locale: str) -> str:
    """An amount with its currency; one without a currency says so."""
    amount = texts.number(Decimal(held["amount"]), locale)
    return (
        f"{held['currency']} {amount}"
        if held.get("currency")
        else say("record.no-currency", lang, amount=amount)
    )


def _told(desk: Desk, kind: Kind, f: Field, held: Any, called: Mapping[str, str]) -> Told:
    name = label(kind, f.name, desk.lang)
    if f.type is Type.ROWS:
        heads = tuple(label(kind, f"{f.name}.{s.name}", desk.lang) for s in f.of)
        rows = tuple(
            tuple(_single(desk, kind, f"{f.name}.", s, row.get(s.name), called) for s in f.of) for row in held
        )
        return Told(f.name, name, heads=heads, rows=rows)
    if f.bilingual:
        text, lang = texts_of(held, desk.lang)
        parts = tuple(Part(p, lang=lang) for p in text.split("\n") if p.strip())
        return Told(f.name, name, parts, paragraphs=f.type is Type.LONG)
    return Told(
        f.name, name, tuple(_single(desk, kind, "", f, v, called) for v in (held if f.many else [held]))
    )


def texts_of(held: Mapping[str, str], lang: str) -> tuple[str, str]:
    """A bilingual text in the reader's language; else in the other, which is then named."""
    other = "en" if lang == "es" else "es"
    return (held[lang], "") if held.get(lang) else (held.get(other, ""), other)


def _single(desk: Desk, kind: Kind, prefix: str, f: Field, held: Any, called: Mapping[str, str]) -> Part:
    if held is None:
        return Part("")
    lang, locale = desk.lang, desk.locale
    match f.type:
        case Type.WHEN | Type.DATE:
            return Part(texts.partial_date(held, locale))
        case Type.NUMBER:
            return Part(texts.number(Decimal(held), locale))
        case Type.MONEY:
            return Part(money(held, lang, locale))
        case Type.CHOICE:
            return Part(choice(kind, f"{prefix}{f.name}", held, lang))
        case Type.CODE:
            return _coded(f, held, lang)
        case Type.REF:
            return (
                Part(called[held], address_of(held, lang))
                if held in called
                else Part(say("record.closed", lang))
            )
        case Type.SERIES:
            return _series(held, lang)
        case Type.YES:
            return Part(say(f"record.{'yes' if held else 'no'}", lang))
        case Type.LINK:
            return Part(held, held)
        case Type.FILE:
            return Part(say("record.download", lang), f"paper/{held}/")
        case _:
            return Part(str(held))


def _coded(f: Field, code: str, lang: str) -> Part:
    name = records.name_of(f.list, code, lang)
    if f.list == "documents":
        return Part(name, address("source", lang=lang, code=code))
    if f.list == "states" and code in records.listed("states") and len(code) == 3:
        return Part(name, address("state", lang=lang, code=code))
    return Part(name)


def _series(held: str, lang: str) -> Part:
    from mirps.evidence.figures import api as figures

    measure, state, *rest = held.split(" ")
    known = figures.measures().get(measure)
    words = [known.name(lang) if known else measure, wording.state(state, lang), *rest]
    return Part(" · ".join(words), address("measure", lang=lang, code=measure))


@dataclass(frozen=True, slots=True)
class Difference:
    """What one change changed in a cell."""

    label: str
    before: str
    after: str


def differences(kind: Kind, old: Mapping[str, Any], new: Mapping[str, Any], lang: str) -> list[Difference]:
    """Cell by cell, as it is written in forms and workbooks."""
    was, now = records.flat(kind, old), records.flat(kind, new)
    return [Difference(cell_name(kind, c, lang), was[c], now[c]) for c in was if was[c] != now[c]]


def cell_name(kind: Kind, cell: str, lang: str) -> str:
    """`title.es` -> Título (español)."""
    name, _, part = cell.partition(".")
    if name not in kind.by:
        return say(f"record.field.{name}", lang) if f"record.field.{name}" in texts.catalogue() else name
    called = label(kind, name, lang)
    return f"{called} ({say(f'record.part.of-{part}', lang)})" if part else called


def fault_words(kind: Kind, fault: Fault, lang: str) -> str:
    """The sentence of a fault: what is wrong and what helps."""
    values = dict(fault.values)
    if "list" in values:
        values["list"] = say(f"record.list.{values['list']}", lang)
    if isinstance(why := values.get("why"), tuple):
        values["why"] = fault_words(kind, Fault(fault.cell, *why), lang)
        values["part"] = label(kind, f"{fault.cell}.{values['part']}", lang)
    return say(fault.key, lang, **values)
