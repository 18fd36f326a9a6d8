"""What a drawing is made from. Small, frozen, and the same for every chart and map."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

#: Writes a value as the reader's country does, e.g. `texts.number` with its locale bound.
Show = Callable[[Decimal], str]


@dataclass(frozen=True, slots=True)
class Point:
    """One value of a series.

    `label` is the category, the period (a year sorts as text: "2024") or, on a map, what
    the reader sees as the place's name. `value` is None exactly when nothing is known to
    draw; `absence` then says why: `_U` unknown, `_L` not collected, `_S` suppressed, or ""
    for not reported. `qualifier` is exact, about, at_least or at_most. `href` leads to the
    figure's page. `code` is the place's code on a map (MEX, MX-CHP).
    """

    label: str
    value: Decimal | None
    absence: str = ""
    href: str = ""
    qualifier: str = "exact"
    code: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    """Values of one thing, in the order in which they are to be read."""

    name: str
    points: tuple[Point, ...]
    stock: bool = False  # a stock on a day (drawn as a line), not a flow in a period (a bar)


@dataclass(frozen=True, slots=True)
class Spot:
    """A place marked on a map by a symbol: latitude and longitude in degrees (WGS 84)."""

    point: Point
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Frame:
    """What surrounds a drawing: its words, its language and how it writes values.

    `title` and `description` become the SVG's accessible name and description (they are
    not painted: the page or report sets them as text). `unit` is painted by the axis.
    `width` is in CSS pixels (the SVG scales); `link` False leaves out every address,
    as a PDF needs. `key` distinguishes two equal drawings in one page.
    """

    title: str
    lang: str
    show: Show = field(default=str)
    description: str = ""
    unit: str = ""
    width: int = 600
    link: bool = True
    key: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """The drawing as rows, to stand beside it. Each cell is the text that the drawing shows."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def table(series: Sequence[Series], frame: Frame, *, first: str = "") -> Table:
    """A row for each label, in the order first met, and a column for each series.

    `first` heads the column of labels. A value that is absent is written in words.
    """
    from mirps.sharing.drawings.words import written

    labels = list(dict.fromkeys(p.label for s in series for p in s.points))
    cells = [{p.label: written(p, frame) for p in s.points} for s in series]
    rows = tuple((label, *(column.get(label, "–") for column in cells)) for label in labels)
    return Table(head=(first, *(s.name for s in series)), rows=rows)
