"""What of a State's counts a page may show: what is published; to who reviews a State's figures, what is out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from mirps.evidence.figures.api import FigureRow, Origin, Status, stem
from mirps.evidence.releases.models import Release
from mirps.evidence.releases.queries import indicators_of, rows_of
from mirps.evidence.releases.rules import OUT
from mirps.evidence.releases.stating import statements

#: Of each State the latest so many are looked at: an older count is not shown in place of those that wait.
_LATEST = 5
_Published = frozenset[tuple[str, Any, str]]


def shown(indicator: str, *, on: date, may_see: Callable[[str], bool]) -> Mapping[str, Release]:
    """State -> its latest count of the indicator as known on a day. `may_see`: of which State the reader sees what
    is approved or provisional and not published yet."""
    heads = Release.objects.filter(stage__in=OUT, known_on__lte=on).order_by("-last", "-counted_at", "-id")
    latest: dict[str, list[Any]] = {}
    for pk, state, codes in heads.values_list("pk", "state", "indicators"):
        if indicator in codes and len(latest.setdefault(state, [])) < _LATEST:
            latest[state].append(pk)
    held = Release.objects.defer("sealed").in_bulk([pk for found in latest.values() for pk in found])
    told = _published(held.values())
    out = {}
    for state, found in latest.items():
        seen = (held[pk] for pk in found if may_see(state) or is_published(held[pk], indicator, told))
        if first := next(seen, None):
            out[state] = first
    return out


def _published(releases: Iterable[Release]) -> _Published:
    held = list(releases)
    rows = FigureRow.objects.filter(
        origin=Origin.COMPUTED, status=Status.PUBLISHED, state__in={r.state for r in held},
        measure__in={i.measure for r in held for i in indicators_of(r) if i.measure},
    )  # fmt: skip
    found = rows.order_by("id").values_list("id", "value", "absence")
    return frozenset((stem(id_), value, absence) for id_, value, absence in found)


def is_published(release: Release, indicator: str, told: _Published) -> bool:
    """Whether all that the figure ledger says of the indicator is published: then its cells that the ledger has no
    words for, which were protected together with those, are too. Of one that states no figures, all the others' must
    be."""
    members = indicators_of(release)
    own = [i for i in members if i.code == indicator and i.measure]
    said = statements(release, rows_of(release), own or members)
    return bool(said) and all((f.id, f.value, f.absence) in told for f in said)
