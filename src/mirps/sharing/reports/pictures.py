"""Charts and maps of a report: figures become the drawings' points, and the table beside."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

from mirps.base.codelists.api import data_folder
from mirps.base.places.rules import gazetteer
from mirps.base.texts.api import number, say
from mirps.evidence.figures.api import Figure
from mirps.sharing.reports import painting, wording
from mirps.sharing.reports.reading import ReportFault
from mirps.sharing.reports.tree import Directive, Grid, Line, Picture, Text

if TYPE_CHECKING:
    from mirps.sharing.reports.binding import Binder


def draw(directive: Directive, found: Mapping[str, Mapping[str, str]], binder: Binder) -> Picture | None:
    """The drawing of a `chart` or `map` directive. `found`: series -> figure id -> label.

    Nothing, where a draft has too few of its figures for a drawing (any other report has them all), or
    where an `optional` drawing cannot be made.
    """
    o = directive.options
    title = str(o.get("title") or "")
    kind = "map" if directive.kind == "map" else "chart"
    area = str(o.get("area") or "")
    if o.get("kind") == "places":
        data, said = _places(title, area, binder)
    else:
        data, said = _grid(title, found, binder, str(o.get("first") or "")), _in_words(found, binder)
    alt = say(f"reports.alt.{kind}", binder.lang, title=title, data=said)
    known = [f for group in found.values() for id_ in group if (f := binder.figure(id_))]
    whole = binder.figure(str(o["whole"])) if o.get("whole") else None
    canvas = painting.Canvas(
        kind=str(o.get("kind") or ("map" if kind == "map" else "bars")),
        title=title,
        alt=alt,
        lang=binder.lang,
        show=shower(known[0] if known else None, binder),
        bare=partial(number, locale=binder.locale),
        key=binder.key(),
        href=binder.href if binder.linked else None,
        area=area,
        ordered=bool(o.get("ordered")),
        half=bool(o.get("half")),
        whole=whole.value if whole else None,
    )
    try:
        svg = painting.paint(canvas, _known(found, binder))
    except painting.NotDrawn as e:
        if o.get("optional") or any(binder.figure(id_) is None for group in found.values() for id_ in group):
            return None
        raise ReportFault("reports.fault.drawing", file=binder.file, line=directive.at, detail=str(e)) from e
    return Picture(kind, svg, alt, title, data, canvas.half)  # type: ignore[arg-type]


def _places(title: str, area: str, binder: Binder) -> tuple[Grid, str]:
    """The towns of a map that counts nothing, with their divisions."""
    named = painting.towns(area)
    divisions = gazetteer(data_folder() / "places").by_code
    rows: tuple[tuple[Line, ...], ...] = tuple(
        ((Text(m.name),), (Text(divisions[m.division].name),)) for m in named
    )
    head = tuple((Text(say(f"reports.column.{k}", binder.lang)),) for k in ("place", "division"))
    return Grid(title, head, rows, (False, False)), "; ".join(m.name for m in named)


def _known(found: Mapping[str, Mapping[str, str]], binder: Binder) -> dict[str, list[tuple[str, Figure]]]:
    out: dict[str, list[tuple[str, Figure]]] = {}
    for name, group in found.items():
        out[name] = [(label, f) for id_, label in group.items() if (f := binder.figure(id_))]
    return out


def shower(figure: Figure | None, binder: Binder) -> painting.Show:
    """Writes a value with the unit mark of a drawing's figures."""

    def show(value: Decimal) -> str:
        if figure is None:
            return str(value)
        return wording.value(dataclasses.replace(figure, value=value), binder.lang, binder.locale, "bare")

    return show


def _in_words(found: Mapping[str, Mapping[str, str]], binder: Binder) -> str:
    parts = []
    for name, group in found.items():
        said = "; ".join(f"{label}: {binder.number(id_).words}" for id_, label in group.items())
        parts.append(f"{name}: {said}" if name else said)
    return ". ".join(parts)


def _grid(title: str, found: Mapping[str, Mapping[str, str]], binder: Binder, first: str) -> Grid:
    """A row a label, a column a series."""
    if len(found) == 1:  # labels may repeat
        pairs = next(iter(found.values())).items()
        rows: tuple[tuple[Line, ...], ...] = tuple(
            ((Text(label),), (binder.number(id_),)) for id_, label in pairs
        )
        return Grid(title, _head([first, ""], binder), rows, (False, True))
    labels = list(dict.fromkeys(label for group in found.values() for label in group.values()))
    by = [{label: id_ for id_, label in group.items()} for group in found.values()]
    rows = tuple(
        ((Text(label),), *((binder.number(c[label]),) if label in c else (Text("–"),) for c in by))
        for label in labels
    )
    return Grid(title, _head([first, *found], binder), rows, (False, *(True for _ in by)))


def _head(names: list[str], binder: Binder) -> tuple[Line, ...]:
    kinds = ["what", *("value" for _ in names[1:])]
    return tuple(
        (Text(name or say(f"reports.column.{kind}", binder.lang)),)
        for name, kind in zip(names, kinds, strict=True)
    )
