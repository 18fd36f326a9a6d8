"""Binding the claims of a text to figures of the ledger, and what is at odds with them."""

# ruff: noqa: E501, SIM905 (patterns and lists of words are kept whole)
from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache

from mirps.evidence.checks import relations
from mirps.evidence.checks.messages import message
from mirps.evidence.checks.reading import claims, lexicon
from mirps.evidence.checks.reading.claims import Sentence
from mirps.evidence.checks.reading.dates import Moment
from mirps.evidence.checks.reading.mentions import Mention
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
    """A figure with the words of its measure, and those of its universe and its place in the source."""

    figure: Figure
    words: frozenset[str]
    told: frozenset[str]
    value: Decimal


#: How texts tell of a measure beside its name, folded; a measure that is about one population implies it.
_TOLD: dict[str, tuple[str, str]] = {
    "population.stock": (r"\b(?:host\w*|home to|liv(?:e|es|ing)|resid\w+|present in|population|acog\w+|alberg\w+|viv(?:en|ian)|poblacion|habitan)\b", ""),
    "asylum.applications": (r"\b(?:applications?|claims?|requests?|solicitudes)\b", "ASY"),
    "asylum.recognised": (r"\b(?:recogni[sz]ed|recognition|reconoci\w+)\b", "REF"),
    "asylum.recognised-cumulative": (r"\b(?:recogni[sz]ed|reconoci\w+)\b", "REF"),
    "asylum.pending": (r"\b(?:pending|backlog|pendientes?)\b", "ASY"),
    "transit.entries": (r"\b(?:cross\w+|entries|entered|entry|transit\w*|cruz\w+|cruces?|ingres\w+|entradas?|transit\w+)\b", "MIX"),
    "returns.arrivals": (r"\b(?:return\w*|retorn\w+)\b", "RET"),
    "permits.work": (r"\b(?:work permits?|permisos de trabajo)\b", ""),
    "idp.displaced": (r"\b(?:internally displaced|desplazad\w+ intern\w+|desplazamiento interno)\b", "IDP"),
    "relocation.people": (r"\b(?:relocat\w+|reubic\w+)\b", ""),
    "jobs.placed": (r"\b(?:placed|placements?|hired|colocad\w+|contratad\w+)\b", ""),
}  # fmt: skip


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
    return _Row(figure, words, stems(figure.universe) | stems(figure.fragment), figure.value)


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


def _speaks(sent: Sentence, mention: Mention, states: set[str], row: _Row) -> tuple[int, int]:
    """(what the words say for a claim being about a figure, what the context says); (-1, 0) when
    something speaks against it: another State, population or year, or another kind of unit."""
    figure = row.figure
    known = figure.state in STATES
    if not _kind_fits(mention, figure) or (known and states and figure.state not in states):
        return -1, 0
    own = lexicon.fold(_clause(sent, mention))
    populations = {code for code, words in _POPULATION.items() if words.search(own)}
    if (populations and figure.population in POPULATIONS and figure.population not in populations) or (
        _other_year(sent, mention, figure)
    ):
        return -1, 0
    said = stems(sent.text)
    told = len(row.told & stems(own))
    words = 2 * (figure.population in populations) + min(len(row.words & said), 3) + 2 * (told >= 2)
    words += 2 * bool(_tells(row, own))
    context = 2 * (figure.state in states) + _same_period(sent, figure) + (told >= 3) + (not known)
    return words, context


def _tells(row: _Row, own: str) -> bool:
    told = _TOLD.get(row.figure.measure)
    return told is not None and re.search(told[0], own) is not None


def _other_year(sent: Sentence, mention: Mention, figure: Figure) -> bool:
    """The years that a clause names, or else its sentence, are all outside the figure's period."""
    last = figure.when
    if last is None:
        return False
    first = figure.period_start or last
    near = [d for d in sent.dates if not _BEGINS.search(sent.text[: d.start])]
    own = [d for d in near if _between(sent, mention, d.start)]
    years = {m.year for d in own or near for m in (d.first, d.last) if m.year}
    return bool(years) and not any(first.year <= year <= last.year for year in years)


_BEGINS = re.compile(
    r"\b(?:since|desde|than in|que en|respecto a|compared (?:with|to)|law|ley|decree|decreto|of|de)\s$",
    re.IGNORECASE,
)


def _between(sent: Sentence, mention: Mention, at: int) -> bool:
    """Whether a place in the sentence belongs to a mention's own clause."""
    left = max((m.end for m in sent.mentions if m.end <= mention.begin), default=0)
    right = min((m.begin for m in sent.mentions if m.begin >= mention.end), default=len(sent.text))
    return left <= at < right


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
    """The figure of this very value that words and context speak for; small numbers recur, so more must speak."""
    best: tuple[int, _Row] | None = None
    for row in values.get(mention.value, []):
        words, context = _speaks(sent, mention, states, row)
        small = mention.value < 100
        enough = (
            words >= 3 and context >= 2 and _unit_fits(mention, row) if small else words >= 1 and context >= 1
        )
        if enough and (best is None or words + context > best[0]):
            best = (words + context, row)
    return best[1] if best else None


def _unit_fits(mention: Mention, row: _Row) -> bool:
    """Seven cities are not seven sessions: the counted noun is the figure's unit, or a word of its own."""
    unit = row.figure.unit
    return (
        mention.kind in "pm"
        or unit in (mention.unit, mention.kin)
        or bool(stems(mention.noun) & (row.told | row.words))
    )


def _at_odds(sent: Sentence, mention: Mention, states: set[str], rows: Sequence[_Row]) -> _Row | None:
    """The one figure that the claim clearly speaks of, when its value is another."""
    if mention.kind not in "cm" or len(states) != 1 or mention.value < 10:
        return None
    found = [row for row in rows if _clearly(sent, mention, states, row)]
    subjects = {r.figure.subject() for r in found}
    if not found or len(subjects) != 1:
        return None
    if any(relations.restated(mention.quantity(), _quantity(r.figure)) is None for r in found):
        return None
    return found[0]


def _clearly(sent: Sentence, mention: Mention, states: set[str], row: _Row) -> bool:
    """The State, population, period and measure of a figure are all named, and no narrower thing is."""
    figure = row.figure
    if figure.state not in states or figure.dimensions or figure.universe or figure.place:
        return False
    if not _kind_fits(mention, figure) or not figure.population or not _period_named(sent, mention, figure):
        return False
    own = lexicon.fold(_clause(sent, mention))
    populations = {code for code, words in _POPULATION.items() if words.search(own)}
    implied = _TOLD.get(figure.measure, ("", ""))[1]
    if populations - {figure.population} or not (populations or implied == figure.population):
        return False
    named = len(row.words) >= 2 and len(row.words & stems(sent.text)) >= max(2, len(row.words) - 1)
    near = Decimal("0.5") <= mention.value / row.value <= Decimal(2) if row.value else False
    return near and (named or _tells(row, own)) and not _NARROWER.search(own)


#: Words that make a claim one about some of a figure's people.
_NARROWER = re.compile(
    r"\b(?:wom[ae]n|m[ae]n|girls?|boys?|child\w*|minors?|adolescents?|adults?|new|of (?:whom|which|them)|more|fewer|less|per|average|target|mujeres|hombres|nin[oa]s?|ninez|menores|adolescentes|adult[oa]s|"
    r"nuev[oa]s?|de (?:ell[oa]s|l[oa]s cuales)|mas|menos|promedio|meta|from [a-z]+ nationals|nationals|nacionales)\b"
)


def _period_named(sent: Sentence, mention: Mention, figure: Figure) -> bool:
    """The sentence names the figure's own period: its day or month, or for a whole year the year."""
    when = figure.when
    if when is None:
        return False
    start = figure.period_start
    whole = start is not None and (start.month, start.day, when.month, when.day) == (1, 1, 12, 31)
    for dated in sent.dates:
        last, first = dated.last, dated.first
        if dated.kind == "year" and whole and start is not None and start.year == last.year == when.year:
            return True
        if dated.kind == "year" or last.year != when.year or last.month != when.month:
            continue
        opens = (
            start is None
            or not dated.is_range
            or (first.month == start.month and (first.year or start.year) == start.year)
        )
        if opens and (last.day is None or last.day == when.day):
            return start is None or dated.is_range
    return False


def _quantity(figure: Figure) -> Quantity:
    return Quantity(figure.value or Decimal(0), figure.unit, figure.qualifier)


def _finding(sent: Sentence, mention: Mention, name: str, figure: Figure) -> Finding:
    stated, expected = relations.plain(mention.value), relations.plain(figure.value or Decimal(0))
    breach = Breach("ledger_mismatch", CONTRADICTION, stated, expected, {"figure": figure.id})
    text = claims.snippet(sent.text, mention.begin, mention.end)
    return Finding(
        breach.kind, breach.severity, (name,), stated, expected, sent.locator, message(breach), text
    )
