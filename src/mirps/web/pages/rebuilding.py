"""Published reports that were built before an erratum: the build of that day, and the one as corrected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.urls import reverse

from mirps.evidence.errata import api as errata_api
from mirps.sharing.reports import api as reports
from mirps.sharing.reports.api import ReportBuild
from mirps.web.pages import errata, foreseeing
from mirps.web.pages.page import Reader


@dataclass(frozen=True, slots=True)
class Build:
    href: str
    format: str
    at: object  # the day of the ledger that it was built from


@dataclass(frozen=True, slots=True)
class Since:
    """An erratum of a figure that a published report cites."""

    erratum: errata.Told
    then: Build
    now: Build | None


def since(r: Reader, plan: reports.Plan, state: str = "") -> list[Since]:
    """Errata later than a published build of the report in the reader's language, the latest first."""
    every = [e for e in errata.every(r) if e.round == plan.round]
    if not every:
        return []
    published = reports.published().filter(report=plan.code, language=r.lang)
    builds = [b for b in published if str(b.params.get("state") or "") == state]
    threads = errata_api.of([e.old for e in every], every)
    out = []
    for e in reversed(every):
        then = _last([b for b in builds if b.known_on < e.at])
        if then is None:
            continue
        thread = {i for x in threads[e.old] for i in (x.old, x.new)}
        cited = foreseeing.cited_then(plan.code, state, r.lang, then.known_on)
        if thread & (cited | foreseeing.cited(r, plan.code, state)):
            now = _last([b for b in builds if b.known_on >= e.at])
            out.append(Since(errata.told(r, e), _build(r, then), _build(r, now) if now else None))
    return out


def _last(builds: Sequence[ReportBuild]) -> ReportBuild | None:
    """The latest; of those of one day the PDF, which is what people keep."""
    return max(builds, key=lambda b: (b.known_on.date(), b.format == "pdf", b.known_on), default=None)


def _build(r: Reader, b: ReportBuild) -> Build:
    href = reverse("report-file", kwargs={"lang": r.lang, "build": b.pk, "name": Path(b.file).name})
    return Build(href, b.format.upper(), b.known_on)
