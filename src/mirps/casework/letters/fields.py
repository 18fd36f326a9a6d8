"""What a template may name, and what of it stands in a letter. Pure.

Names are the same in both languages; what they hold is in the language of the letter. `said_<field>` is what was
answered to a field of the procedure that is not sensitive: need-to-know stays off paper.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from mirps.base.texts.api import day, say
from mirps.casework.procedures.model import Field, Paper, Procedure, Type

#: Each has a text `letters.field.<name>` that says what it is.
FIELDS = (
    "name", "born", "nationality", "person_number", "family", "case_number", "procedure", "document", "authority",
    "office", "state", "act", "act_day", "stage", "reason", "remedies", "law", "cited", "issued", "valid_until",
    "serial", "window_code", "window_address", "verify_address",
)  # fmt: skip
#: What a text must hold, by the sort of paper: nothing adverse without its reason and the way back.
NEEDS: Mapping[Paper, tuple[str, ...]] = {
    Paper.CERTIFICATE: ("name",),
    Paper.CARD: (),
    Paper.LETTER: ("name",),
    Paper.NOTICE: ("name", "reason", "remedies"),
}
SAID = "said_"


@dataclass(frozen=True, slots=True)
class Words:
    """How a letter in this language writes: days as the State does, countries by name."""

    lang: str
    locale: str
    country: Any  # code -> name

    def day(self, value: date | None) -> str:
        return day(value, self.locale) if value else ""


def known(p: Procedure | None) -> tuple[str, ...]:
    """Every name that a template for this procedure may hold."""
    said = [f"{SAID}{code}" for code, f in p.fields.items() if not f.sensitive] if p else []
    return (*FIELDS, *said)


def said(p: Procedure, facts: Mapping[str, Any], w: Words) -> dict[str, str]:
    """The procedure's own fields as they were answered."""
    return {
        f"{SAID}{code}": answered(p.fields[code], value, w, p)
        for code, value in facts.items()
        if code in p.fields and not p.fields[code].sensitive
    }


def answered(field: Field, value: Any, w: Words, p: Procedure) -> str:
    """An answer in words."""
    match field.type:
        case Type.YES:
            return say(f"letters.said-{'yes' if value else 'no'}", w.lang)
        case Type.DATE:
            try:
                return w.day(date.fromisoformat(str(value)[:10]))
            except ValueError:
                return str(value)
        case Type.COUNTRY:
            return str(w.country(str(value), w.lang))
        case Type.CHOICE | Type.CHOICES:
            given = value if isinstance(value, list) else [value]
            return ", ".join(str(getattr(field.options.get(str(v)), w.lang, v)) for v in given)
    return str(value)
