"""The latest counts of an indicator as tables and drawings: cells as they may be shown, and no other number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from markupsafe import Markup

from mirps.base.codelists import api as codelists
from mirps.base.texts.api import day, number, say
from mirps.evidence.figures import api as figures
from mirps.evidence.figures.api import TOTAL, UNKNOWN, Figure, Qualifier
from mirps.evidence.indicators.api import Indicator, Kind
from mirps.evidence.releases import api as releases
from mirps.evidence.releases.api import Release, Row, Stage
from mirps.sharing.drawings import Frame, Point, Series, bars
from mirps.sharing.portal import wording
from mirps.sharing.portal.charts import CHART
from mirps.web.pages.indicators import words


@dataclass(frozen=True, slots=True)
class Cell:
    label: str
    value: str
    shown: bool  # False: `value` says in words why there is none
    part: bool = False  # of the one before it that is not a part


@dataclass(frozen=True, slots=True)
class Breakdown:
    key: str
    title: str
    svg: Markup
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Count:
    """A State's count as shown."""

    state: str
    name: str
    total: Cell
    number: Decimal | None
    when: str
    known_on: str
    provisional: bool
    hidden: bool  # some cell is suppressed


class Teller:
    """Tells one indicator's counts to one reader."""

    def __init__(self, i: Indicator, lang: str, locale: str) -> None:
        self.i, self.lang, self.locale = i, lang, locale

    def count(self, r: Release) -> Count:
        rows = self.rows(r)
        total = next((x for x in rows if x.cell == TOTAL), Row(self.i.code, TOTAL, None))
        return Count(
            r.state, wording.state(r.state, self.lang), self._cell(total, say("entries.total", self.lang)),
            total.value, self._when(r), day(r.known_on, self.lang), r.stage == Stage.PROVISIONAL,
            any(x.absence == figures.SUPPRESSED for x in rows),
        )  # fmt: skip

    def rows(self, r: Release) -> list[Row]:
        """Cells about which there is something to say."""
        told = (x for x in releases.rows_of(r) if x.code == self.i.code)
        return [x for x in told if x.value is not None or x.absence]

    def _when(self, r: Release) -> str:
        if self.i.kind is Kind.STOCK or r.first is None:
            return day(r.last, self.lang)
        return say("counted.period", self.lang, first=day(r.first, self.lang), last=day(r.last, self.lang))

    def breakdowns(self, r: Release) -> list[Breakdown]:
        found: dict[tuple[str, ...], list[Row]] = {}
        for row in self.rows(r):
            if row.cell != TOTAL:
                found.setdefault(tuple(figures.parse_dimensions(row.cell)), []).append(row)
        return [self._breakdown(names, rows) for names, rows in found.items()]

    def _breakdown(self, names: Sequence[str], rows: Sequence[Row]) -> Breakdown:
        what = say("entries.and", self.lang).join(words.dimension(n, self.lang).lower() for n in names)
        title = say("counted.by", self.lang, what=what)
        ordered = self._ordered(names, rows)
        cells = tuple(self._cell(row, self.label(row), part) for row, part in ordered)
        drawn = Markup("")
        if len(names) == 1:
            wholes = {self._parent(names[0], self._member(row)) for row, _ in ordered}
            drawn = self._drawn(title, [row for row, _ in ordered if self._member(row) not in wholes])
        return Breakdown("-".join(names), title, drawn, cells)

    def _ordered(self, names: Sequence[str], rows: Sequence[Row]) -> list[tuple[Row, bool]]:
        """Parts after their whole, what is not known last; nationalities by how many."""
        if len(names) > 1:
            return [(row, False) for row in rows]
        name = names[0]
        listed = {code: n for n, code in enumerate(codelists.dimensions().get(name, ()))}
        if name == "nationality":
            ordered = sorted(rows, key=lambda r: -(r.value or 0))
            return [(r, False) for r in sorted(ordered, key=lambda r: self._member(r) == UNKNOWN)]

        parents = {m: self._parent(name, m) for m in map(self._member, rows)}
        last = len(listed)

        def place(row: Row) -> tuple[int, bool, int]:
            member = self._member(row)
            whole = parents[member]
            return listed.get(whole or member, last), bool(whole), listed.get(member, last)

        return [(row, parents[self._member(row)] in parents) for row in sorted(rows, key=place)]

    @staticmethod
    def _member(row: Row) -> str:
        return next(iter(figures.parse_dimensions(row.cell).values()), "")

    @staticmethod
    def _parent(name: str, member: str) -> str:
        known = codelists.dimensions().get(name)
        return str(known[member].extra.get("parent") or "") if known and member in known else ""

    def label(self, row: Row) -> str:
        return " · ".join(
            f"{words.dimension(d, self.lang)}: {wording.member(d, m, self.lang)}" if m == UNKNOWN
            else wording.capital(wording.member(d, m, self.lang))
            for d, m in figures.parse_dimensions(row.cell).items()
        )  # fmt: skip

    def _cell(self, row: Row, label: str, part: bool = False) -> Cell:
        about = Qualifier.ABOUT if row.rounded and row.value is not None else Qualifier.EXACT
        figure = Figure(
            "",
            "",
            "",
            "",
            "",
            "",
            self.i.measure,
            row.value,
            self.i.unit,
            qualifier=about,
            absence=row.absence,
        )
        if row.value is None and not row.absence:
            return Cell(label, say("counted.nothing", self.lang), False, part)
        return Cell(label, wording.value(figure, self.lang, self.locale), row.value is not None, part)

    def _drawn(self, title: str, rows: Sequence[Row]) -> Markup:
        if sum(row.value is not None for row in rows) < 2:
            return Markup("")
        points = [Point(self.label(row), row.value, row.absence) for row in rows]
        return self._bars(title, points, ranked=False)

    def states(self, counts: Mapping[str, Count]) -> Markup:
        """A bar a State, where two can be compared."""
        points = [Point(c.name, c.number) for c in counts.values() if c.number is not None]
        return self._bars(say("counted.states", self.lang), points) if len(points) > 1 else Markup("")

    def _bars(self, title: str, points: Sequence[Point], *, ranked: bool = True) -> Markup:
        show = partial(number, locale=self.locale)
        unit = codelists.units().name(self.i.unit, self.lang)
        frame = Frame(title, self.lang, show, say("portal.chart.description", self.lang), unit, CHART)
        return Markup(bars(Series("", tuple(points)), frame, ranked=ranked))  # noqa: S704 - our own
