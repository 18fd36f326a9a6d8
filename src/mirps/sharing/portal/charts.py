"""Figures as charts and maps, each with the table that stands beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from html import escape as esc
from math import hypot

from markupsafe import Markup

from mirps.base.codelists import api as lists
from mirps.base.places.outlines import Outline, region
from mirps.base.places.outlines import state as outline_of
from mirps.base.places.rules import Municipality, fold, gazetteer
from mirps.base.texts.api import number, say
from mirps.evidence.figures.api import Entry
from mirps.sharing.drawings import Frame, Point, Series, bars, symbols, trend
from mirps.sharing.drawings.palette import NEIGHBOUR, PAPER, SERIES
from mirps.sharing.drawings.svg import SMALL, document, mark, text
from mirps.sharing.portal.series import Course
from mirps.sharing.portal.shelf import Shelf
from mirps.sharing.portal.wording import Line, capital, state

#: In CSS pixels. Narrow, so that a phone shows its letters nearly at their size.
CHART, MAP = 440, 520


@dataclass(frozen=True, slots=True)
class Drawing:
    """A drawing and the same values as rows; each row leads to its figure."""

    key: str
    title: str
    svg: Markup
    rows: tuple[tuple[str, Line | None], ...]
    first: str  # the heading of the rows' names
    note: str = ""


class Draughtsman:
    """Draws for one reader: one language, one way to write numbers."""

    def __init__(self, shelf: Shelf, lang: str, locale: str) -> None:
        self.shelf, self.lang, self.locale = shelf, lang, locale
        self.show = partial(number, locale=locale)

    def line(self, e: Entry) -> Line:
        return self.shelf.line(e, self.lang, self.locale)

    def say(self, key: str, **values: object) -> str:
        return say(f"portal.{key}", self.lang, **values)

    def point(self, e: Entry, label: str, code: str = "", href: str = "") -> Point:
        f = e.figure
        return Point(label, f.value, f.absence, href or self.line(e).href, f.qualifier.value, code)

    def frame(self, title: str, width: int, description: str, unit: str = "") -> Frame:
        return Frame(title, self.lang, self.show, description, unit, width)

    def regional_map(self, title: str, values: Mapping[str, Entry]) -> Drawing:
        """A circle a State; those without a value are marked so. Each State leads to its page."""
        points, rows = [], []
        for code, s in lists.states().items():
            if s.extra["kind"] != "state":
                continue
            name, href, entry = state(code, self.lang), f"/{self.lang}/state/{code}/", values.get(code)
            points.append(
                self.point(entry, name, code, href) if entry else Point(name, None, href=href, code=code)
            )
            rows.append((name, self.line(entry) if entry else None))
        frame = self.frame(title, MAP, self.say("map.description"))
        svg = symbols(region(lists.data_folder() / "places", MAP), points, frame)
        return Drawing("map", title, Markup(svg), tuple(rows), self.say("column.state"))  # noqa: S704 - our own

    def ranking(
        self, key: str, title: str, values: Mapping[str, Entry], unit: str, note: str = ""
    ) -> Drawing:
        """A bar a State."""
        points = tuple(self.point(e, state(c, self.lang)) for c, e in values.items())
        rows = tuple((state(c, self.lang), self.line(e)) for c, e in values.items())
        svg = bars(Series("", points), self.frame(title, CHART, self.say("chart.description"), unit))
        return Drawing(key, title, Markup(svg), rows, self.say("column.state"), note)  # noqa: S704

    def course(self, key: str, title: str, courses: Sequence[Course], unit: str) -> Drawing:
        """Lines for stocks, columns for flows, and the same as rows, oldest first."""
        years = [str(e.figure.when.year) for c in courses for e in c.entries if e.figure.when]
        yearly = all(
            len({e.figure.when.year for e in c.entries if e.figure.when}) == len(c.entries) for c in courses
        )
        series, rows = [], []
        for c in courses:
            measure = self.shelf.measure(c.measure)
            name = state(c.state, self.lang)
            if len({x.state for x in courses}) == 1:
                name = capital(lists.populations().name(c.population, self.lang))
            labels = [
                str(e.figure.when.year) if yearly and e.figure.when else self.line(e).when for e in c.entries
            ]
            points = tuple(self.point(e, label) for e, label in zip(c.entries, labels, strict=True))
            stock = measure is not None and measure.stock_flow.value == "stock"
            series.append(Series(name, points, stock))
            rows += [(f"{name}, {label}" if len(courses) > 1 else label, self.line(e))
                     for e, label in zip(c.entries, labels, strict=True)]  # fmt: skip
        described = self.say("chart.course", first=min(years, default=""), last=max(years, default=""))
        svg = trend(series, self.frame(title, CHART, described, unit))
        return Drawing(key, title, Markup(svg), tuple(rows), self.say("column.when"))  # noqa: S704

    def state_map(
        self, code: str, entries: Sequence[Entry]
    ) -> tuple[Markup, list[tuple[Municipality, list[Line]]]]:
        """The State's divisions with the places that sources name, numbered as in the list of them."""
        folder = lists.data_folder() / "places"
        told: dict[str, list[Line]] = {}
        book = gazetteer(folder)
        for e in entries:
            place = book.find(e.figure.place, code) if e.figure.place else None
            if place is not None:
                told.setdefault(place.name, []).append(self.line(e))
        places = sorted((m for m in book.municipalities if m.state == code), key=lambda m: fold(m.name))
        frame = self.frame(
            self.say("map.state", state=state(code, self.lang)), MAP, self.say("map.state-how")
        )
        return Markup(_numbered(outline_of(folder, code, MAP), places, frame)), [  # noqa: S704 - our own
            (m, told.get(m.name, [])) for m in places
        ]


def _numbered(outline: Outline, places: Sequence[Municipality], frame: Frame) -> str:
    """Divisions in outline, and a numbered pin for each place that has a point."""
    lands = "".join(f'<path d="{land.path}"><title>{esc(land.name)}</title></path>' for land in outline.lands)
    body = f'<g fill="{NEIGHBOUR}" stroke="{PAPER}" stroke-width="1.2">{lands}</g>'
    pins = [
        (n, m, outline.projection(m.lat, m.lon))
        for n, m in enumerate(places, 1)
        if m.lat is not None and m.lon is not None
    ]
    spread = _apart([at for _, _, at in pins])
    for (n, m, at), (x, y) in zip(pins, spread, strict=True):
        if (x, y) != at:
            body += f'<path d="M{at[0]},{at[1]}L{x},{y}" stroke="{SERIES[0]}"/>'
        pin = f'<circle cx="{x}" cy="{y}" r="9.5" fill="{SERIES[0]}" stroke="{PAPER}" stroke-width="1.5"/>'
        pin += text(x, y + 4.2, str(n), size=SMALL, anchor="middle", fill=PAPER, bold=True)
        body += mark(pin, f"{n}. {m.name}", f"#{anchor(m.name)}", frame)
    return document(body, outline.height, frame)


def _apart(pins: Sequence[tuple[float, float]], least: float = 19.0) -> list[tuple[float, float]]:
    """The pins pushed apart until none hides another; a line will lead each back to its place."""
    at = [list(p) for p in pins]
    for _ in range(60):
        moved = False
        for i, a in enumerate(at):
            for b in at[:i]:
                dx, dy = a[0] - b[0], a[1] - b[1]
                far = hypot(dx, dy)
                if far < least - 0.1:
                    if far == 0:
                        dx, dy, far = 1.0, 0.0, 1.0
                    push = (least - far) / 2 / far
                    a[0], a[1] = a[0] + dx * push, a[1] + dy * push
                    b[0], b[1] = b[0] - dx * push, b[1] - dy * push
                    moved = True
        if not moved:
            break
    return [(round(x, 1), round(y, 1)) for x, y in at]


def anchor(name: str) -> str:
    return "place-" + "-".join("".join(c if c.isalnum() else " " for c in fold(name)).split())
