"""What is wrong in a workbook, in words: where, why, and what helps."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from mirps.base.codelists import api as codelists
from mirps.base.texts.api import number, say
from mirps.evidence.figures import api as figures
from mirps.evidence.figures.api import Qualifier
from mirps.evidence.workbooks.rules import Column, Fault


@dataclass(frozen=True, slots=True)
class Told:
    """A fault in words. `where` is empty for one of the whole file."""

    sheet: str
    cell: str
    where: str
    row: str
    found: str
    why: str
    do: str
    whole: bool


def told(fault: Fault, lang: str, locale: str) -> Told:
    """A fault in the reader's language, numbers as their country writes them."""
    values = {k: _word(v, lang, locale) for k, v in fault.values.items()} | {"row": fault.row}
    values.setdefault("example", number(Decimal("226029.5"), locale))
    where = (
        say("workbooks.page.place", lang, sheet=fault.sheet, cell=fault.cell) if fault.cell else fault.sheet
    )
    return Told(
        fault.sheet, fault.cell, where, fault.row, fault.found,
        say(f"workbooks.fault.{fault.key}.why", lang, **values),
        say(f"workbooks.fault.{fault.key}.do", lang, **values), fault.whole,
    )  # fmt: skip


def remark(fault: Fault, lang: str, locale: str) -> str:
    """Something worth knowing that stops nothing."""
    values = {k: _word(v, lang, locale) for k, v in fault.values.items()}
    return say(f"workbooks.remark.{fault.key}", lang, **values)


def answer(value: Decimal | None, absence: str, sure: Qualifier, lang: str, locale: str) -> str:
    """An answer in a few words: '1,234', 'about 1,234', 'not collected', or nothing."""
    if value is None:
        return figures.absence(absence, lang) if absence else ""
    words = number(value, locale)
    return words if sure is Qualifier.EXACT else f"{say(f'workbooks.sure.{sure.value}', lang)} {words}"


def _word(value: object, lang: str, locale: str) -> str:
    if isinstance(value, Column):
        return say(f"workbooks.column.{value.value}", lang)
    if isinstance(value, Decimal | int) and not isinstance(value, bool):
        return number(value, locale)
    found = codelists.institutions().get(str(value))
    return found.name(lang) if found else str(value)
