"""A record's values: from what was typed (a form, a CSV, a workbook) to data, and back.

All three write the same flat cells: `title.es`, `title.en`, `cost.amount`, `cost.currency`, many codes
parted by `;`, rows one a line with their parts parted by `|`. `read(kind, flat(kind, data)) == data`.
Every fault names the cell and carries what its sentence needs. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from mirps.planning.records.kinds import Field, Kind, Type

#: A record's data: JSON, without the fields that say nothing.
Data = dict[str, Any]
LANGUAGES = ("es", "en")
_WHEN = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?\Z")
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d\Z")
_CURRENCY = re.compile(r"[A-Z]{3}\Z")
_LINK = re.compile(r"https?://[^\s<>\"']+\Z")
_KEY = re.compile(r"[a-z][a-z0-9-]*/[a-z0-9][a-z0-9.-]*\Z")
_SERIES = re.compile(
    r"(?P<measure>[a-z0-9.-]+) (?P<state>[A-Z][A-Z0-9]{2,4})(?: (?P<dimensions>[a-z]+=\S+))?\Z"
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
MOST_ROWS = 200
MOST_MANY = 60


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a cell: `key` of a sentence, filled with `values`."""

    cell: str
    key: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Known:
    """What codes and keys may be used: `code(list, code)`, `key(key)` and `measure(code)`."""

    code: Callable[[str, str], bool]
    key: Callable[[str], bool]
    measure: Callable[[str], bool]
    #: How a number is read; the plain form of data files unless a reader's own style is given.
    number: Callable[[str], Decimal] = Decimal


class _Wrong(Exception):
    def __init__(self, key: str, /, **values: object) -> None:
        super().__init__(key)
        self.key, self.values = key, values


def cells(f: Field) -> tuple[str, ...]:
    """The flat cells of a field."""
    if f.bilingual:
        return (f"{f.name}.es", f"{f.name}.en")
    if f.type is Type.MONEY:
        return (f"{f.name}.amount", f"{f.name}.currency")
    return (f.name,)


def columns(kind: Kind) -> tuple[str, ...]:
    return tuple(c for f in kind.fields for c in cells(f))


def read(kind: Kind, given: Mapping[str, str], known: Known) -> tuple[Data, list[Fault]]:
    """Data and faults of flat cells. A field with a fault is left out of the data."""
    data: Data = {}
    faults: list[Fault] = []
    for f in kind.fields:
        raw = {c: _clean(given.get(c, "")) for c in cells(f)}
        if not any(raw.values()):
            if f.required:
                faults.append(Fault(cells(f)[0], "record.fault.required"))
            continue
        found = _field(f, raw, known, faults)
        if found is not None:
            data[f.name] = found
    return data, faults


def flat(kind: Kind, data: Mapping[str, Any]) -> dict[str, str]:
    """The cells of data, every column of the kind in it."""
    out: dict[str, str] = {}
    for f in kind.fields:
        out |= _flat(f, data.get(f.name))
    return out


def missing(kind: Kind, data: Mapping[str, Any]) -> list[str]:
    """Cells that must be filled before it is published: required ones, and the other language of each text."""
    found = [cells(f)[0] for f in kind.fields if f.required and f.name not in data]
    for f in kind.fields:
        if f.bilingual and f.name in data:
            found += [f"{f.name}.{lang}" for lang in LANGUAGES if not data[f.name].get(lang)]
    return found


def stale(kind: Kind, data: Mapping[str, Any]) -> list[str]:
    """Cells whose text was not written anew when its other language was."""
    return [f"{f.name}.{data[f.name]['stale']}" for f in kind.fields
            if f.bilingual and data.get(f.name, {}).get("stale")]  # fmt: skip


def revised(kind: Kind, old: Mapping[str, Any], new: Data, confirmed: Iterable[str] = ()) -> Data:
    """`new` with its translations marked: one language written anew makes the other stale, until that is
    written too or confirmed (its cell named in `confirmed`)."""
    sure = set(confirmed)
    out = dict(new)
    for f in kind.fields:
        if not f.bilingual or f.name not in new:
            continue
        was, now = old.get(f.name) or {}, {k: v for k, v in new[f.name].items() if k in LANGUAGES}
        changed = [lang for lang in LANGUAGES if was.get(lang, "") != now.get(lang, "")]
        mark = was.get("stale", "")
        if len(changed) == 1:
            other = "en" if changed[0] == "es" else "es"
            mark = other if mark != changed[0] and now.get(other) and was.get(changed[0]) else ""
        elif len(changed) == 2:
            mark = ""
        if mark and now.get(mark) and f"{f.name}.{mark}" not in sure:
            now["stale"] = mark
        out[f.name] = now
    return out


def refs(kind: Kind, data: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(field, key) of every record that the data name."""
    found: list[tuple[str, str]] = []
    for f in kind.fields:
        if f.type is Type.REF and f.name in data:
            held = data[f.name]
            found += [(f.name, key) for key in (held if f.many else [held])]
    return found


def words(kind: Kind, data: Mapping[str, Any], lang: str) -> str:
    """What a search finds of it in one language."""
    found: list[str] = []
    for f in kind.fields:
        held = data.get(f.name)
        if held is None or f.type not in (Type.TEXT, Type.WORDS, Type.LONG, Type.ROWS):
            continue
        if f.bilingual:
            found.append(held.get(lang) or "")
        elif f.type is Type.ROWS:
            found += [str(v) for row in held for v in row.values() if isinstance(v, str)]
        else:
            found.append(str(held))
    return " ".join(filter(None, found))


def _clean(text: str) -> str:
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def _field(f: Field, raw: Mapping[str, str], known: Known, faults: list[Fault]) -> Any:
    if f.bilingual:
        return _texts(f, raw, faults)
    if f.type is Type.MONEY:
        return _money(f, raw, known, faults)
    if f.type is Type.ROWS:
        return _rows(f, raw[f.name], known, faults)
    try:
        if f.many:
            parts = [p.strip() for p in raw[f.name].split(";") if p.strip()]
            if len(parts) > MOST_MANY:
                raise _Wrong("record.fault.many", most=MOST_MANY, found=len(parts))
            return [_single(f, p, known) for p in dict.fromkeys(parts)]
        return _single(f, raw[f.name], known)
    except _Wrong as e:
        faults.append(Fault(f.name, e.key, e.values))
        return None


def _texts(f: Field, raw: Mapping[str, str], faults: list[Fault]) -> dict[str, str] | None:
    found: dict[str, str] = {}
    for lang in LANGUAGES:
        text = raw[f"{f.name}.{lang}"]
        if len(text) > f.most:
            faults.append(
                Fault(f"{f.name}.{lang}", "record.fault.long", {"most": f.most, "found": len(text)})
            )
            return None
        if text and f.type is Type.WORDS and "\n" in text:
            text = " ".join(text.split())
        if text:
            found[lang] = text
    return found


def _money(f: Field, raw: Mapping[str, str], known: Known, faults: list[Fault]) -> dict[str, str] | None:
    amount, currency = raw[f"{f.name}.amount"], raw[f"{f.name}.currency"].upper()
    if currency and not (_CURRENCY.match(currency) and known.code("currencies", currency)):
        faults.append(Fault(f"{f.name}.currency", "record.fault.currency", {"found": currency[:20]}))
        return None
    if not amount:
        faults.append(Fault(f"{f.name}.amount", "record.fault.amount"))
        return None
    try:
        return {"amount": _number(amount, known), "currency": currency}
    except _Wrong as e:
        faults.append(Fault(f"{f.name}.amount", e.key, e.values))
        return None


def _rows(f: Field, text: str, known: Known, faults: list[Fault]) -> list[dict[str, Any]] | None:
    """One row a line, its parts in the order of the field's own, parted by `|`."""
    lines = [line for line in text.split("\n") if line.strip()]
    try:
        if len(lines) > MOST_ROWS:
            raise _Wrong("record.fault.many", most=MOST_ROWS, found=len(lines))
        return [row for n, line in enumerate(lines, start=1) if (row := _row(f, n, line, known))] or None
    except _Wrong as e:
        faults.append(Fault(f.name, e.key, e.values))
        return None


def _row(f: Field, n: int, line: str, known: Known) -> dict[str, Any]:
    parts = [p.strip() for p in line.split("|")]
    if len(parts) > len(f.of):
        raise _Wrong("record.fault.parts", line=n, most=len(f.of), found=len(parts))
    row: dict[str, Any] = {}
    for sub, part in zip(f.of, parts, strict=False):
        try:
            if part:
                row[sub.name] = _single(sub, part, known)
            elif sub.required:
                raise _Wrong("record.fault.required")
        except _Wrong as e:
            raise _Wrong("record.fault.row", line=n, part=sub.name, why=(e.key, e.values)) from None
    if row and (lacking := [s.name for s in f.of[len(parts) :] if s.required]):
        raise _Wrong("record.fault.row", line=n, part=lacking[0], why=("record.fault.required", {}))
    return row


def _single(f: Field, text: str, known: Known) -> Any:
    """One value of any type but the compound ones. Raises _Wrong."""
    if f.most and len(text) > f.most:
        raise _Wrong("record.fault.long", most=f.most, found=len(text))
    return _READ[f.type](f, text, known)


def _number(text: str, known: Known) -> str:
    try:
        found = known.number(text)
    except (InvalidOperation, ValueError):
        raise _Wrong("record.fault.number", found=text[:40]) from None
    if not found.is_finite() or abs(found) >= Decimal("1e18"):
        raise _Wrong("record.fault.number", found=text[:40])
    return plain(found)


def plain(number: Decimal) -> str:
    """A number as data keep it: without exponent and idle zeros."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _date(_f: Field, text: str, _known: Known) -> str:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise _Wrong("record.fault.date", found=text[:40]) from None
    if not 1900 <= found.year < 2200:
        raise _Wrong("record.fault.date", found=text[:40])
    return found.isoformat()


def _when(f: Field, text: str, known: Known) -> str:
    if not _WHEN.match(text):
        raise _Wrong("record.fault.when", found=text[:40])
    _date(f, (text + "-01-01")[:10], known)
    return text


def _matching(pattern: re.Pattern[str], key: str) -> Callable[[Field, str, Known], str]:
    def checked(_f: Field, text: str, _known: Known) -> str:
        if not pattern.match(text):
            raise _Wrong(key, found=text[:60])
        return text

    return checked


def _choice(f: Field, text: str, _known: Known) -> str:
    if text not in f.options:
        raise _Wrong("record.fault.choice", found=text[:40], options=", ".join(f.options))
    return text


def _code(f: Field, text: str, known: Known) -> str:
    if not known.code(f.list, text):
        raise _Wrong("record.fault.code", found=text[:60], list=f.list)
    return text


def _ref(f: Field, text: str, known: Known) -> str:
    if not _KEY.match(text) or text.partition("/")[0] not in f.to or not known.key(text):
        raise _Wrong("record.fault.ref", found=text[:80], kinds=", ".join(f.to))
    return text


def _series(_f: Field, text: str, known: Known) -> str:
    found = _SERIES.match(text)
    if not found or not known.measure(found["measure"]) or not known.code("states", found["state"]):
        raise _Wrong("record.fault.series", found=text[:80])
    return text


def _yes(_f: Field, text: str, _known: Known) -> bool:
    if text.lower() in ("yes", "sí", "si", "1", "true", "on"):
        return True
    if text.lower() in ("no", "0", "false", "off"):
        return False
    raise _Wrong("record.fault.yes", found=text[:20])


def _plain(_f: Field, text: str, _known: Known) -> str:
    return " ".join(text.split())


_READ: dict[Type, Callable[[Field, str, Known], Any]] = {
    Type.TEXT: _plain,
    Type.DATE: _date,
    Type.WHEN: _when,
    Type.CLOCK: _matching(_CLOCK, "record.fault.clock"),
    Type.NUMBER: lambda _f, text, known: _number(text, known),
    Type.CHOICE: _choice,
    Type.CODE: _code,
    Type.REF: _ref,
    Type.SERIES: _series,
    Type.YES: _yes,
    Type.LINK: _matching(_LINK, "record.fault.link"),
    Type.FILE: _matching(re.compile(r"[0-9a-f]{64}\Z"), "record.fault.file"),
}


def _flat(f: Field, held: Any) -> dict[str, str]:
    if f.bilingual:
        return {f"{f.name}.{lang}": (held or {}).get(lang, "") for lang in LANGUAGES}
    if f.type is Type.MONEY:
        return {f"{f.name}.{part}": (held or {}).get(part, "") for part in ("amount", "currency")}
    if f.type is Type.ROWS:
        lines = [" | ".join(_text(row.get(s.name)) for s in f.of).rstrip(" |") for row in held or ()]
        return {f.name: "\n".join(lines)}
    if f.many:
        return {f.name: "; ".join(held or ())}
    return {f.name: _text(held)}


def _text(held: Any) -> str:
    if held is None:
        return ""
    if isinstance(held, bool):
        return "yes" if held else "no"
    return str(held)
