"""The figures that a section may name: its State's in this round, entered ones too, and published ones.

A figure of the round is named by the id that it bears, or will bear, in the ledger; one that was stated
anew goes by its first id as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property, lru_cache

from django.utils import timezone

from mirps.base.codelists import api as codelists
from mirps.base.places.rules import fold
from mirps.base.texts.api import NotANumber, read_number
from mirps.evidence.entries import api as entries
from mirps.evidence.figures import api as figures
from mirps.evidence.figures.api import Figure
from mirps.evidence.narratives.rules import Standing
from mirps.evidence.rounds import api as rounds
from mirps.evidence.rounds.api import Status

#: How a cell's status reads for whoever names its figure.
_STANDING = {
    Status.EMPTY: Standing.EMPTY, Status.DRAFT: Standing.DRAFT, Status.SUBMITTED: Standing.HANDED,
    Status.RETURNED: Standing.RETURNED, Status.STATE: Standing.APPROVED, Status.REGION: Standing.APPROVED,
    Status.PUBLISHED: Standing.PUBLISHED,
}  # fmt: skip
#: What the region may read of a State's cells: what the State answered for.
_OF_THE_REGION = (Status.STATE, Status.REGION, Status.PUBLISHED)
_NUMBER = re.compile(r"\d[\d.,\u00a0\u202f]*(?: \d{3})*")
#: From this size on a number says by itself which figure is meant, whatever State it is of.
TELLING = 100
_SHARES = frozenset({"percent", "percent_change"})


@dataclass(frozen=True, slots=True)
class Nameable:
    """A figure that a section may name. `own`: it is of this round."""

    figure: Figure
    standing: Standing
    own: bool

    @property
    def id(self) -> str:
        return self.figure.id


class Figures(dict[str, Nameable]):
    """Nameable figures by the id they bear now. `first`: other ids that lead to them."""

    def __init__(self, found: Iterable[Nameable], first: Mapping[str, str]) -> None:
        super().__init__((x.id, x) for x in found)
        self.first = dict(first)

    def of(self, id_: str) -> Nameable | None:
        """The figure that an id leads to: itself, or the statement that took its place."""
        return self.get(id_) or self.get(self.first.get(id_, ""))

    @cached_property
    def by_value(self) -> Mapping[Decimal, list[Nameable]]:
        """Figures by the size of their value."""
        out: dict[Decimal, list[Nameable]] = {}
        for x in self.values():
            if x.figure.value is not None:
                out.setdefault(abs(x.figure.value), []).append(x)
        return out

    def standing(self, ids: Iterable[str]) -> dict[str, Standing]:
        return {i: x.standing if (x := self.of(i)) else Standing.UNKNOWN for i in ids}


def veiled(found: Figures) -> Figures:
    """The same for somebody of the region: what the State has not answered for is named without its value."""
    kept = [
        replace(x, figure=replace(x.figure, value=None, absence=""))
        if x.own and x.standing not in (Standing.APPROVED, Standing.PUBLISHED)
        else x
        for x in found.values()
    ]
    return Figures(kept, found.first)


def nameable(round: str, state: str) -> Figures:
    """What sections of a State (nothing: of the region) may name: three queries, and the ledger's
    book when it changed."""
    own: list[Nameable] = []
    first: dict[str, str] = {}
    for line in entries.sheet(round, state=state):
        for cell in line.cells:
            status = Status(cell.status)
            if state or status in _OF_THE_REGION:
                figure = entries.figure_of(cell, line.ask)
                own.append(Nameable(figure, _STANDING[status], True))
                first[rounds.figure_id(round, line.ask, cell.dimensions)] = figure.id
    ids = {x.id for x in own}
    public, corrected = _public(figures.cache_token(timezone.now()))
    return Figures([*own, *(x for x in public if x.id not in ids)], {**corrected, **first})


@lru_cache(maxsize=2)
def _public(token: str) -> tuple[list[Nameable], dict[str, str]]:
    """Published figures that stand, and the id that each corrected one goes by now; read once for as long
    as the public ledger (its `token`) stays as it is."""
    held = figures.book()
    public = [e for e in held.entries.values() if e.public]
    first = {
        e.figure.id: latest for e in public
        if e.superseded_by and (latest := held.latest(e.figure.id)) in held and held.get(latest).public
    }  # fmt: skip
    return [Nameable(e.figure, Standing.PUBLISHED, False) for e in public if not e.superseded_by], first


def search(query: str, among: Figures, *, state: str, most: int = 20) -> list[Nameable]:
    """Figures that hold every word of the query (or begin like it): measure, State, place, people, value,
    year, in either language, without accents. This round's first, then the State's own, the latest first."""
    numbers = [_digits(n) for n in _NUMBER.findall(query)]
    wanted = [_stem(w) for w in re.findall(r"\w+", fold(_NUMBER.sub(" ", query)))]
    if not wanted and not numbers:
        return []
    found = []
    for x in among.values():
        words, digits = _words(x.figure), _value(x.figure)
        if all(any(w.startswith(q) for w in words) for q in wanted) and all(
            digits.startswith(n) or any(w == n for w in words) for n in numbers
        ):
            found.append(x)
    return _nearest_first(found, set(numbers), state)[:most]


def _nearest_first(found: list[Nameable], exact: set[str], state: str) -> list[Nameable]:
    """The value sought, then what has a value, then this round's, then the State's own, then the latest."""
    by_day = sorted(sorted(found, key=lambda x: x.id), key=lambda x: str(x.figure.when or ""), reverse=True)
    return sorted(
        by_day,
        key=lambda x: (
            _value(x.figure) not in exact, x.figure.value is None, not x.own, x.figure.state != state
        ),
    )  # fmt: skip


def offers(words: str, among: Figures, *, locale: str, state: str, most: int = 3) -> list[Nameable]:
    """Figures whose value is the number that somebody typed, in this country's style or another's. A small
    number is many figures' value: only the State's own are offered for it."""
    bare = words.strip().rstrip("%").strip("\u00a0\u202f .,")
    try:
        meant: tuple[Decimal, ...] = (read_number(bare, locale),)
    except NotANumber as e:
        meant = e.meant
    share = words.rstrip().endswith("%")
    same = [x for value in dict.fromkeys(meant) for x in among.by_value.get(abs(value), ())]
    found = [
        x for x in same
        if (not share or x.figure.unit in _SHARES)
        and (not state or x.figure.state == state or abs(x.figure.value or Decimal(0)) >= TELLING)
    ]  # fmt: skip
    return _nearest_first(found, set(), state)[:most]


def _digits(number: str) -> str:
    return re.sub(r"\D", "", number)


def _value(figure: Figure) -> str:
    return "" if figure.value is None else _digits(f"{figure.value.normalize():f}")


def _stem(word: str) -> str:
    """A word as it is sought: plural and gender left open."""
    return re.sub(r"(?:[oae]s?|s)$", "", word) if len(word) > 4 else word


@lru_cache(maxsize=20_000)
def _words(figure: Figure) -> frozenset[str]:
    measure = figures.measures().get(figure.measure)
    bodies = codelists.institutions()
    said = [figure.id, figure.place, figure.universe, str(figure.when or "")[:4]]
    for lang in ("es", "en"):
        said += [
            measure.name(lang) if measure else figure.measure, figures.state_name(figure.state, lang),
            *(figures.member(k, v, lang) for k, v in figure.members().items()),
        ]  # fmt: skip
        if figure.population:
            said.append(codelists.populations().name(figure.population, lang))
        if body := bodies.get(figure.source):
            said += [body.extra.get("acronym") or "", body.name(lang)]
    return frozenset(re.findall(r"\w+", fold(" ".join(said))))
