"""What somebody typed into a row: a number, how sure, why there is none, a note. Pure.

Numbers come as numbers, or as text in the style of the institution's country; text of another style
is never guessed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation

from mirps.base.texts.api import number
from mirps.evidence.entries.api import Given, NotRead, read_cell
from mirps.evidence.figures.api import Qualifier
from mirps.evidence.workbooks.rules import MOST_NOTE, Column, Fault, Raw, Row, tidy

#: Digits that a spreadsheet keeps of a number.
DIGITS = 15


@dataclass(frozen=True, slots=True)
class Language:
    """How an institution's people write: its country's style of numbers, and the words of the lists.
    Words are in lower case, of both languages, because people paste what they have."""

    locale: str
    lang: str
    absences: Mapping[str, str]
    sureness: Mapping[str, Qualifier]


@dataclass(frozen=True, slots=True)
class Typed:
    """What a row says, or what is wrong with it. A column that is gone says what stood there (None)."""

    given: Given
    faults: tuple[Fault, ...] = ()
    remarks: tuple[Fault, ...] = ()


def typed(row: Row, unit: str, held: Given, words: Language) -> Typed:
    """What a row says. `held`: what stands in the cell, for columns that the sheet no longer has."""
    faults: list[Fault] = []
    remarks = [_at(row, r, "formula") for r in row.cells.values() if r.formula and r.value is not None]
    faults += [_at(row, r, "formula-empty") for r in row.cells.values() if r.formula and r.value is None]
    value, absence = _value(row, unit, words, faults)
    named, given_absence = _absence(row, words, faults)
    if absence and given_absence and absence != given_absence:
        faults.append(_at(row, row.cells[Column.ABSENCE], "two-absences"))
    if not named:
        given_absence = "" if value is not None else held.absence
    note = _note(row, held, words.lang, faults)
    es, en = (note, held.note_en) if words.lang == "es" else (held.note_es, note)
    sure = _sure(row, held, words, faults)
    return Typed(
        Given(value, absence or given_absence, sure if value is not None else Qualifier.EXACT, es, en),
        tuple(faults),
        tuple(remarks),
    )


def _at(row: Row, raw: Raw, key: str, **values: object) -> Fault:
    return Fault(key, values, row.sheet, raw.address, found=shown(raw), row=row.key)


def shown(raw: Raw) -> str:
    """What stands in a cell, to be named in a fault."""
    v = raw.value
    if isinstance(v, datetime):
        v = v.date() if v.time() == time() else v
    if isinstance(v, date | time):
        return v.isoformat()
    if isinstance(v, int | float) and not isinstance(v, bool) and "%" in raw.shape:
        return f"{(_decimal(v) * 100).normalize() + 0:f} %"
    return " ".join(str("" if v is None else v).split())[:60]


def _decimal(v: int | float) -> Decimal:
    """A spreadsheet's number, to the digits that it keeps."""
    if isinstance(v, int):
        return Decimal(v)
    d = Decimal(f"{v:.{DIGITS}g}") + 0  # no negative nought
    return d.quantize(Decimal(1)) if d == d.to_integral_value() and abs(d) < Decimal(10) ** 20 else d


def _value(row: Row, unit: str, words: Language, faults: list[Fault]) -> tuple[Decimal | None, str]:
    raw = row.cells[Column.VALUE]
    v = raw.value
    if v is None or v == "":
        return None, ""
    wrong = ""
    if isinstance(v, bool):
        wrong = "truth"
    elif raw.error:
        wrong = "error"
    elif raw.date or isinstance(v, date | datetime | time):
        wrong = "date"
    elif isinstance(v, int | float):
        return _plain(row, raw, v, unit, faults), ""
    if wrong:
        faults.append(_at(row, raw, wrong))
        return None, ""
    return _text(row, raw, str(v), unit, words, faults)


def _plain(row: Row, raw: Raw, v: int | float, unit: str, faults: list[Fault]) -> Decimal | None:
    try:
        d = _decimal(v)
    except (InvalidOperation, OverflowError):
        faults.append(_at(row, raw, "number"))
        return None
    if "%" not in raw.shape:
        return d
    if unit in ("percent", "percent_change"):
        return (d * 100).normalize() + 0  # 46 % is kept as 46
    faults.append(_at(row, raw, "percent"))
    return None


def _text(
    row: Row, raw: Raw, text: str, unit: str, words: Language, faults: list[Fault]
) -> tuple[Decimal | None, str]:
    bare = text.strip()
    if bare.endswith("%"):
        if unit not in ("percent", "percent_change"):
            faults.append(_at(row, raw, "percent"))
            return None, ""
        bare = bare[:-1]
    try:
        return read_cell(bare, words.locale, words.absences)
    except NotRead as e:
        name = e.hint.key.rpartition(".")[2]
        meant = e.hint.values.get("meant")
        own = number(Decimal("226029.5"), words.locale)
        many = {"meant": " / ".join(str(m) for m in meant)} if isinstance(meant, list) else {}
        faults.append(_at(row, raw, name, example=own, **many))
        return None, ""


def _absence(row: Row, words: Language, faults: list[Fault]) -> tuple[bool, str]:
    """Whether the sheet has the column, and the absence that it names."""
    raw = row.cells.get(Column.ABSENCE)
    if raw is None:
        return False, ""
    text = _words(raw)
    if not text:
        return True, ""
    found = words.absences.get(text, "")
    if not found:
        faults.append(_at(row, raw, "absence"))
    return True, found


def _sure(row: Row, held: Given, words: Language, faults: list[Fault]) -> Qualifier:
    raw = row.cells.get(Column.SURE)
    if raw is None:
        return held.qualifier
    text = _words(raw)
    if text and text not in words.sureness:
        faults.append(_at(row, raw, "sure"))
    return words.sureness.get(text, Qualifier.EXACT)


def _note(row: Row, held: Given, lang: str, faults: list[Fault]) -> str:
    """The note, as text whatever it begins with; the one that stands if it is the same but for blanks."""
    stands = held.note_es if lang == "es" else held.note_en
    raw = row.cells.get(Column.NOTE)
    if raw is None:
        return stands
    note = tidy(
        shown(raw) if isinstance(raw.value, date | time) else str("" if raw.value is None else raw.value)
    )
    if len(note) > MOST_NOTE:
        faults.append(_at(row, raw, "note-long", most=MOST_NOTE))
    if any(ord(c) < 32 and c not in "\t\n" for c in note):
        faults.append(_at(row, raw, "note-marks"))
    return stands if note == tidy(stands) else note


def _words(raw: Raw) -> str:
    return " ".join(str(raw.value if raw.value is not None else "").split()).lower()
