"""The source documents, and the bodies that reported."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from mirps.base.codelists import api as codelists
from mirps.base.texts.api import day
from mirps.web.pages.page import Reader, page
from mirps.web.pages.states import institutions, round_of


def _day(text: str, locale: str) -> str:
    return day(date.fromisoformat(text), locale) if text else ""


@require_safe
def documents(request: HttpRequest, lang: str) -> HttpResponse:
    r = Reader(request)
    listed = [
        {
            "code": code,
            "title": row[f"title_{r.lang}"],
            "publisher": row[f"publisher_{r.lang}"],
            "known": _day(row["known_from"], r.locale),
            "count": len(r.shelf.by_document.get(code, ())),
        }
        for code, row in codelists.documents().items()
    ]
    areas = ["", *(c for c, s in codelists.states().items() if s.extra["kind"] != "state")]
    areas += [
        i.extra.get("state", "")
        for i in codelists.institutions().values()
        if i.extra.get("state") not in codelists.states()
    ]
    return page(
        request,
        "sources.html",
        here="sources",
        documents=listed,
        institutions=r.shelf.once(
            ("bodies", "", r.lang),
            lambda: institutions(r, areas, r.shelf.current.values()),
            r.shelf.current,
        ),
    )


@require_safe
def document(request: HttpRequest, lang: str, code: str) -> HttpResponse:
    row = codelists.documents().get(code)
    if row is None:
        raise Http404
    r = Reader(request)
    rounds, chosen, entries = round_of(r, r.shelf.by_document.get(code), f"document {code}")
    parts: dict[str, list[Any]] = {}
    for e in entries:
        parts.setdefault(e.figure.state, []).append(e)
    order = list(codelists.states())
    return page(
        request,
        "source.html",
        here="sources",
        code=code,
        title=row[f"title_{r.lang}"],
        other_title=row["title_en" if r.lang == "es" else "title_es"],
        publisher=row[f"publisher_{r.lang}"],
        language=row["language"],
        dated=_day(row["date"], r.locale),
        known=_day(row["known_from"], r.locale),
        basis=row[f"known_from_basis_{r.lang}"],
        cutoff=_day(row["cutoff"], r.locale),
        sha256=row["sha256"],
        parts=[
            (codelists.states().name(s, r.lang), r.lines(held))
            for s, held in sorted(parts.items(), key=lambda p: order.index(p[0]))
        ],
        rounds=rounds,
        chosen=chosen,
        doubts=r.shelf.doubts_about,
    )
