"""Binding the claims of a text to figures of the ledger, and what is at odds with them."""

# ruff: noqa: E501, SIM905 (patterns and lists of words are kept whole)
from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache

from mirps.evidence.checks import claims, lexicon, relations
from mirps.evidence.checks.claims import Sentence
from mirps.evidence.checks.dates import Moment
from mirps.evidence.checks.mentions import Mention
from mirps.evidence.checks.messages import message
from mirps.evidence.checks.relations import CONTRADICTION, Breach, Quantity
from mirps.evidence.checks.textcheck import Checked, Finding
from mirps.evidence.figures.rules import Figure, Measure

#: The States as texts name them, in both languages, folded.
STATES = {
    "BLZ": "belize|belice|belizean|beliceñ[oa]s?", "CRI": "costa rica|costa rican|costarricenses?",
    "SLV": "el salvador|salvadoran|salvadoreñ[oa]s?", "GTM": "guatemala|guatemalan|guatemaltec[oa]s?",
    "HND": "honduras|honduran|hondureñ[oa]s?", "MEX": "mexico|mexican|mexican[oa]s?", "PAN": "panama|panamanian|panameñ[oa]s?",
}  # fmt: skip
#: Population classes (data/codelists/populations.csv) as texts name them.
POPULATIONS = {
    "PIP": r"international protection|proteccion internacional", "REF": r"refugees?\b|refugiad[oa]s?\b",
    "ASY": r"asylum.seekers?|solicitantes", "STA": r"stateless|apatridas?", "IDP": r"internally displaced|desplazad[oa]s? intern",
    "RSK": r"at risk of displacement|riesgo de desplazamiento", "RET": r"returnees?|returned|retornad[oa]s?",
    "MIX": r"mixed movements?|crossed|people on the move|movimientos mixtos|en transito|cruzaron|irregular entr|ingreso irregular",
}  # fmt: skip
_STATE = {code: re.compile(rf"\b(?:{lexicon.fold(words)})\b") for code, words in STATES.items()}
_POPULATION = {code: re.compile(words) for code, words in POPULATIONS.items()}
_STOP = frozenset(
    "the of and in for de la el los las en y a al del que por con number numero total people personas persons".split()
)


@dataclass(slots=True)
class Bound:
    figures: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Row:
    figure: Figure
    words: frozenset[str]
    value: Decimal


@lru_cache(maxsize=8192)
def stems(text: str) -> frozenset[str]:
    """The content words of a text, folded and cut, to compare wordings."""
    words = re.findall(r"[a-z]{3,}", lexicon.fold(text))
    return frozenset(w[:6] for w in words if w not in _STOP)


def bind(done: Checked, figures: Sequence[Figure], measures: Mapping[str, Measure], lang: str) -> Bound:
    """Claims that state a figure's value about the same thing are bound to it; a claim that clearly
    speaks of a figure (State, population, period and measure) with another value is a finding."""
    rows = [_row(f, measures, lang) for f in figures if f.value is not None]
    values: dict[Decimal, list[_Row]] = {}
    for row in rows:
        values.setdefault(row.value, []).append(row)
    bound = Bound()
    state = ""
    for sent in done.sentences:
        named = _states(sent.text)
        heading = len(sent.text.split()) <= 4 and len(named) == 1 and not sent.mentions
        state = next(iter(named)) if heading else state
        for mention, name in zip(sent.mentions, sent.claims, strict=True):
            own = named or ({state} if state else set())
            found = _bound(sent, mention, own, values)
            if found:
                bound.figures[name] = found.figure.id
            elif at_odds := _at_odds(sent, mention, own, rows):
                bound.figures[name] = at_odds.figure.id
                bound.findings.append(_finding(sent, mention, name, at_odds.figure))
    return bound


def _row(figure: Figure, measures: Mapping[str, Measure], lang: str) -> _Row:
    measure = measures.get(figure.measure)
    words = (
        stems(measure.name(lang)) if measure else stems(figure.measure.replace("-", " ").replace("_", " "))
    )
    assert figure.value is not None
    return _Row(figure, words, figure.value)


def _states(text: str) -> set[str]:
    plain = lexicon.fold(text)
    return {code for code, words in _STATE.items() if words.search(plain)}


def _clause(sent: Sentence, mention: Mention) -> str:
    """The words around a mention, up to the next mentions."""
    left = max((m.end for m in sent.mentions if m.end <= mention.begin), default=0)
    right = min((m.begin for m in sent.mentions if m.begin >= mention.end), default=len(sent.text))
    return sent.text[left:right]


def _kind_fits(mention: Mention, figure: Figure) -> bool:
    shares = figure.unit in ("percent", "percent_change")
    if shares or mention.kind == "p":
        return shares and mention.kind in "po"
    if mention.kind == "m" or figure.unit in ("USD", "EUR", "CAD", "HNL", "XXX"):
        return mention.kind == "m" and figure.unit in (mention.unit, "XXX")
    return mention.kind in "ct"


def _score(sent: Sentence, mention: Mention, states: set[str], row: _Row) -> int:
    """How much speaks for a claim being about a figure; below 0 when something speaks against."""
    figure = row.figure
    if not _kind_fits(mention, figure):
        return -1
    known = figure.state in STATES
    if known and states and figure.state not in states:
        return -1
    score = 2 if known and figure.state in states else 0
    own = lexicon.fold(_clause(sent, mention))
    populations = {code for code, words in _POPULATION.items() if words.search(own)}
    if figure.population in populations:
        score += 2
    score += min(len(row.words & stems(sent.text)), 3)
    return score + (1 if _same_period(sent, figure) else 0)


def _same_period(sent: Sentence, figure: Figure) -> bool:
    when = figure.when
    return when is not None and any(_covers(d.last, when) for d in sent.dates)


def _covers(moment: Moment, day: date) -> bool:
    if moment.year is not None and moment.year != day.year:
        return False
    if moment.month is not None and moment.month != day.month:
        return False
    return moment.year is not None or moment.month is not None


def _bound(
    sent: Sentence, mention: Mention, states: set[str], values: Mapping[Decimal, list[_Row]]
) -> _Row | None:
    rows = values.get(mention.value, [])
    scored = [(_score(sent, mention, states, row), row) for row in rows]
    need = 1 if mention.value >= 100 else 3  # small numbers recur: more must speak for them
    fit = [(s, r) for s, r in scored if s >= need]
    return max(fit, key=lambda x: x[0])[1] if fit else None


def _at_odds(sent: Sentence, mention: Mention, states: set[str], rows: Sequence[_Row]) -> _Row | None:
    """The one figure that the claim clearly speaks of, when its value is another."""
    if mention.kind not in "cm" or len(states) != 1 or mention.value < 10:
        return None
    own = lexicon.fold(_clause(sent, mention))
    populations = {code for code, words in _POPULATION.items() if words.search(own)}
    said = stems(sent.text)
    found = [row for row in rows if _clearly(sent, mention, states, populations, said, row)]
    subjects = {r.figure.subject() for r in found}
    if not found or len(subjects) != 1:
        return None
    if any(relations.restated(mention.quantity(), _quantity(r.figure)) is None for r in found):
        return None
    return found[0]


def _clearly(
    sent: Sentence, mention: Mention, states: set[str], populations: set[str], said: frozenset[str], row: _Row
) -> bool:
    figure = row.figure
    if (
        figure.state not in states
        or figure.dimensions
        or not _kind_fits(mention, figure)
        or not figure.population
    ):
        return False
    if populations != {figure.population} or not _same_period(sent, figure) or len(row.words) < 2:
        return False
    near = Decimal("0.5") <= mention.value / row.value <= Decimal(2) if row.value else False
    return near and len(row.words & said) >= max(2, len(row.words) - 1)


def _quantity(figure: Figure) -> Quantity:
    return Quantity(figure.value or Decimal(0), figure.unit, figure.qualifier)


def _finding(sent: Sentence, mention: Mention, name: str, figure: Figure) -> Finding:
    stated, expected = relations.plain(mention.value), relations.plain(figure.value or Decimal(0))
    breach = Breach("ledger_mismatch", CONTRADICTION, stated, expected, {"figure": figure.id})
    text = claims.snippet(sent.text, mention.begin, mention.end)
    return Finding(
        breach.kind, breach.severity, (name,), stated, expected, sent.locator, message(breach), text
    )
