"""What a finding over the ledger says: which figures, what is stated, what would follow.

Kinds that the checks over a report share say the same there (mirps.evidence.checks.messages).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from string import Template
from typing import Protocol

from mirps.base.codelists import api as codelists
from mirps.evidence.checks.messages import TEXTS as SHARED
from mirps.evidence.figures.rules import Figure

#: kind: (Spanish, English). `$name` stands for a value of the finding.
TEXTS: Mapping[str, tuple[str, str]] = {
    "share_impossible": (
        "Se indica $share %, y la parte de un total está entre 0 y 100.",
        "$share% is stated, and a share of a total lies between 0 and 100.",
    ),
    "restated_period": (
        "El mismo valor, $value, se da para dos períodos distintos: $first y $again.",
        "The same value, $value, is given for two different periods: $first and $again.",
    ),
    "above_limit": (
        "Se indica $stated, y no debería pasar de $limit.",
        "$stated is stated, and it should not exceed $limit.",
    ),
    "difference_mismatch": (
        "Entre $first y $again la diferencia es $expected, y se indica $stated.",
        "Between $first and $again the difference is $expected, and $stated is stated.",
    ),
    "stock_outruns_flow": (
        "De $before a $after el total subió $rise, y en ese tiempo se indica una entrada de $flow.",
        "From $before to $after the total rose by $rise, and $flow are stated to have come in over that time.",
    ),
    "jump": (
        "$stated se aparta mucho de su historia: el valor central de $points es $median.",
        "$stated is far from its history: the middle value of $points is $median.",
    ),
    "unit_differs": (
        "La misma medida se cuenta aquí en «$unit» y allí en «$other»: no se pueden comparar sin más.",
        "The same measure is counted here in '$unit' and there in '$other': they cannot simply be compared.",
    ),
    "unit_wrong": (
        "El valor $value se da en «$first», y la medida se cuenta en «$again».",
        "The value $value is given in '$first', and the measure is counted in '$again'.",
    ),
    "date_ahead": (
        "La cifra es del $date y su documento se conoció el $known.",
        "The figure is of $date and its document became known on $known.",
    ),
}
_WITH = {"es": "Junto con", "en": "Beside"}
_PIECES = re.compile(r"( [+×] )")
#: Values that are names or dates, not amounts.
_AS_IT_IS = frozenset({"label", "period", "date", "known", "document", "axis", "relation"})
_UNITS = frozenset({"unit_differs", "unit_wrong"})

SayNumber = Callable[[Decimal], str]


class Said(Protocol):
    """A finding, fresh from the checks or kept in the database."""

    @property
    def kind(self) -> str: ...
    @property
    def figures(self) -> Sequence[str]: ...
    @property
    def stated(self) -> str: ...
    @property
    def expected(self) -> str: ...
    @property
    def params(self) -> Mapping[str, str]: ...


def message(finding: Said, lang: str, figures: Mapping[str, Figure], say_number: SayNumber) -> str:
    """The finding in a sentence or two. `figures` has the statements that it names.

    Raises KeyError for a kind without texts.
    """
    es, en = TEXTS.get(finding.kind) or SHARED[finding.kind]
    values = {"stated": finding.stated, "expected": finding.expected, **finding.params}
    first = figures.get(finding.figures[0])
    if "value" not in values and first is not None and first.value is not None:
        values["value"] = f"{first.value:f}"
    said = {name: _say(name, text, finding.kind, lang, say_number) for name, text in values.items()}
    sentence = Template(es if lang == "es" else en).safe_substitute(said)
    lead, *others = (_named(id_, figures, say_number) for id_ in finding.figures)
    beside = f" {_WITH[lang]}: {'; '.join(others)}." if others else ""
    return f"{lead}: {sentence}{beside}"


def _named(id_: str, figures: Mapping[str, Figure], say_number: SayNumber) -> str:
    figure = figures.get(id_)
    if figure is None:
        return id_
    value = say_number(figure.value) if figure.value is not None else figure.absence
    return f"{id_} ({', '.join(p for p in (figure.document, value) if p)})"


def _say(name: str, text: str, kind: str, lang: str, say_number: SayNumber) -> str:
    if kind in _UNITS and name in {"unit", "other", "first", "again", "stated", "expected"}:
        return codelists.units().name(text, lang)
    if name in _AS_IT_IS or "/" in text:
        return text.replace("/", " – ")
    return "".join(_amount(piece, say_number) for piece in _PIECES.split(text))


def _amount(text: str, say_number: SayNumber) -> str:
    return say_number(Decimal(text)) if re.fullmatch(r"-?\d+(\.\d+)?", text) else text
