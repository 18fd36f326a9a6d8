"""Reading releases: what waits for a person, what is out, what was agreed in advance, how a figure was computed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from django.db.models import QuerySet

from mirps.base.codelists.api import data_folder
from mirps.base.marked.reading import Reading
from mirps.base.marked.tree import tree
from mirps.evidence.figures import api as figures
from mirps.evidence.figures.api import Figure, FigureRow, Origin, Status
from mirps.evidence.indicators import quality
from mirps.evidence.indicators.api import Indicator
from mirps.evidence.indicators.api import indicators as all_indicators
from mirps.evidence.releases.models import Release, ReleaseStep, StandingApproval
from mirps.evidence.releases.rules import OUT, SIGNED, Row, Stage, row

#: How a computed figure says where it comes from, in the column that names the place in a document.
_LOCATOR = re.compile(
    r"indicator=([a-z0-9_]+); known=(\d{4}-\d\d-\d\d); protection=([a-z]+)(?:; rounded=(\d+))?\Z"
)


def of_state(state: str) -> QuerySet[Release]:
    """The releases of a State, the latest count first; their true values are read only where they are asked for."""
    return Release.objects.filter(state=state).defer("sealed").order_by("-counted_at", "family", "id")


def waiting(state: str) -> QuerySet[Release]:
    return of_state(state).filter(stage__in=[Stage.PROPOSED, Stage.REFUSED])


def out(state: str, codes: Iterable[str]) -> list[Release]:
    """What everybody may know of a State's counts of any of these indicators, oldest first: what the next release
    must not undo."""
    rows = Release.objects.filter(state=state, stage__in=OUT).order_by("counted_at", "id")
    wanted = set(codes)
    return [r for r in rows if not wanted.isdisjoint(r.indicators)]


def rows_of(release: Release) -> list[Row]:
    """The cells as they may be shown, without why."""
    return [row(told) for told in release.shown]


def latest_out(state: str, most: int) -> QuerySet[Release]:
    """What is out, the last first."""
    return of_state(state).filter(stage__in=OUT).order_by("-counted_at", "-id")[:most]


def signatures(release: Release) -> QuerySet[ReleaseStep]:
    """Who approved it as it was counted last, before the others whom it takes."""
    return release.steps.filter(step=SIGNED, at__gte=release.counted_at).order_by("id")


def blocked(release: Release) -> list[str]:
    """Indicators that fail a rule of their file without which nothing leaves."""
    told = release.report.get("quality", {})
    return sorted(c for c, notes in told.items() if quality.blocked(map(quality.note, notes)))


def standing(state: str, on: date) -> dict[str, StandingApproval]:
    """Indicator -> what a person agreed to in advance, in force on a day."""
    held = StandingApproval.objects.filter(state=state, ended_at=None).order_by("id")
    return {s.indicator: s for s in held if s.until is None or on <= s.until}


def indicators_of(release: Release) -> list[Indicator]:
    known = all_indicators()
    return [known[c] for c in release.indicators if c in known]


@dataclass(frozen=True, slots=True)
class Computed:
    """How a computed figure came to be. `protection`: the sensitivity by which it was protected."""

    indicator: str
    known_on: date
    protection: str
    rounded: int = 0


def locator(c: Computed) -> str:
    rounded = f"; rounded={c.rounded}" if c.rounded else ""
    return f"indicator={c.indicator}; known={c.known_on.isoformat()}; protection={c.protection}{rounded}"


def computed(figure: Figure) -> Computed | None:
    """What a figure says of how it was computed, here or in another node; None of any other."""
    found = _LOCATOR.match(figure.locator) if figure.origin is Origin.COMPUTED else None
    if found is None:
        return None
    try:
        known = date.fromisoformat(found[2])
    except ValueError:
        return None
    return Computed(found[1], known, found[3], int(found[4] or 0))


@cache
def exempt_rounds() -> frozenset[str]:
    """Rounds whose figures were published before anything was protected (data/disclosure/exempt.yaml)."""
    path = data_folder() / "disclosure" / "exempt.yaml"
    r = Reading(path.name)
    given = r.parts(tree(path.read_bytes(), path.name), ("rounds",), ("rounds",))
    found = frozenset(r.texts(given.get("rounds")))
    r.end()
    return found


def told_before(state: str, figures_of: Iterable[Indicator]) -> Mapping[tuple[object, ...], set[object]]:
    """What documents told of a State: subject -> the values."""
    wanted = {i.measure for i in figures_of if i.measure}
    rows = FigureRow.objects.filter(
        state=state, measure__in=wanted, status=Status.PUBLISHED, origin=Origin.REPORTED,
        round__in=exempt_rounds(),
    )  # fmt: skip
    out: dict[tuple[object, ...], set[object]] = {}
    for r in rows.order_by("id"):
        f = figures.figure_from(r)
        out.setdefault(f.subject(), set()).add(f.value)
    return out
