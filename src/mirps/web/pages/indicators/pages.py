"""The list of indicators; and one of them: what it counts and how, its latest counts as known on a day, their quality,
and their cells as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe

from mirps.base.texts.api import in_lang
from mirps.evidence.figures import api as figures
from mirps.evidence.figures.api import TOTAL
from mirps.evidence.indicators import api as indicators
from mirps.evidence.indicators.api import Indicator
from mirps.evidence.indicators.quality import note
from mirps.evidence.releases import api as releases
from mirps.evidence.releases.api import Release
from mirps.web.desk import Desk
from mirps.web.pages.indicators import words
from mirps.web.pages.indicators.counts import Teller
from mirps.web.pages.page import page, private

#: Who may see what waits for publication: who reviews the State's answers.
REVIEWS = "entry.review"


@require_safe
def listing(request: HttpRequest, lang: str) -> HttpResponse:
    found = sorted(indicators.indicators().values(), key=lambda i: in_lang(i.name, lang))
    groups = [(g, [_listed(i, lang) for i in found if words.group(i) == g]) for g in words.GROUPS]
    return page(
        request, "indicators/list.html", here="measures", groups=[(g, held) for g, held in groups if held]
    )


def _listed(i: Indicator, lang: str) -> dict[str, Any]:
    return {
        "code": i.code, "name": in_lang(i.name, lang), "description": in_lang(i.description, lang),
        "population": words.population(i, lang), "proposal": i.proposal,
    }  # fmt: skip


class _Asked:
    """One indicator as somebody asks for it."""

    def __init__(self, request: HttpRequest, code: str) -> None:
        self.desk = Desk(request)
        found = indicators.indicators().get(code)
        if found is None:
            raise Http404
        self.i = found
        self.given = self.desk.day("known")
        self.known = min(self.given or self.desk.now.date(), self.desk.now.date())
        self.releases: Mapping[str, Release] = releases.shown(code, on=self.known, may_see=self._may)
        self.teller = Teller(found, self.desk.lang, self.desk.locale)
        wanted = request.GET.get("state") or settings.NODE
        self.state = wanted if wanted in self.releases else next(iter(sorted(self.releases)), "")

    def _may(self, state: str) -> bool:
        return self.desk.may(REVIEWS, state=state)

    def answer(self, response: HttpResponse) -> HttpResponse:
        """What is not the same for everybody is kept nowhere."""
        return private(response) if self.desk.user else response


@require_safe
def one(request: HttpRequest, lang: str, code: str) -> HttpResponse:
    asked = _Asked(request, code)
    i, told = asked.i, asked.teller
    counts = {s: told.count(r) for s, r in sorted(asked.releases.items())}
    release = asked.releases.get(asked.state)
    measure = figures.measures().get(i.measure)
    return asked.answer(page(
        request, "indicators/one.html", here="measures", code=code, name=in_lang(i.name, lang),
        description=in_lang(i.description, lang), proposal=i.proposal, unit=i.unit, kind=i.kind.value,
        population=words.population(i, lang), egriss=words.egriss(i), periods=words.periods(i, lang),
        dimensions=[words.dimension(d, lang) for d in i.dimensions], formula=words.formula(i, lang),
        protection=words.protection(i, lang), plan=i.plan, measure=measure, sums=words.sums(i, lang),
        counts=counts, chart=told.states(counts), state=asked.state, known=asked.known, given=asked.given,
        breakdowns=told.breakdowns(release) if release else [], rules=_rules(i, release, lang),
        query=f"?state={asked.state}" + (f"&known={asked.known.isoformat()}" if asked.given else ""),
    ))  # fmt: skip


def _rules(i: Indicator, release: Release | None, lang: str) -> list[tuple[str, str, bool]]:
    """Each quality rule in words, how it stands (met, failed, few, unasked), and whether it blocks."""
    told = release.report.get("quality", {}).get(i.code) if release else None
    notes = words.asked(i) if told is None else [note(n) for n in told]
    standing = {True: "met", False: "failed", None: "few"}
    return [(words.rule(n, lang), "unasked" if told is None else standing[n.met], n.blocks) for n in notes]


@require_safe
def cells(request: HttpRequest, lang: str, code: str) -> HttpResponse:
    """The cells of every State that the page shows, as CSV: codes for programs, and words beside them."""
    asked = _Asked(request, code)
    out = io.StringIO()
    write = csv.writer(out, lineterminator="\r\n")
    write.writerow(
        ["indicator", "state", "first", "last", "known_on", "cell", "value", "absence", "rounded", "words"]
    )
    for state, r in sorted(asked.releases.items()):
        first = "" if r.first is None else r.first.isoformat()
        for row in asked.teller.rows(r):
            value = "" if row.value is None else format(row.value, "f")
            label = "" if row.cell == TOTAL else asked.teller.label(row)
            write.writerow([code, state, first, r.last.isoformat(), r.known_on.isoformat(), row.cell, value,
                            row.absence, row.rounded or "", label])  # fmt: skip
    answer = HttpResponse(out.getvalue().encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{code}.csv"'
    return asked.answer(answer)


patterns: list[URLPattern] = [
    path("indicators/", listing, name="counted"),
    path("indicators/<slug:code>/", one, name="counted-one"),
    path("indicators/<slug:code>/cells.csv", cells, name="counted-cells"),
]
