"""The library: documents and minutes that the reader may read, by type, language, year and words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe

from mirps.base.texts.api import partial_date, say
from mirps.planning.library import api as library
from mirps.planning.records import api as records
from mirps.planning.records.api import Record
from mirps.web.jinja import address
from mirps.web.pages.planning import lists, showing
from mirps.web.pages.planning.door import Desk, reading

PAGE = 60


@dataclass(frozen=True, slots=True)
class Shown:
    """A document as the list shows it. `audience`: who may read it, where that is not everyone."""

    r: Record
    title: str
    href: str
    type: str
    date: str
    publisher: str
    languages: tuple[str, ...]
    summary: str
    audience: str
    source: str  # where its figures are, if the ledger holds any
    link: str


@require_safe
@reading
def shelves(desk: Desk) -> HttpResponse:
    ask = {k: desk.request.GET.get(k, "")[:100] for k in ("type", "language", "year", "q")}
    wanted = {k: ask[k] for k in ("type", "language", "year")} | {"words": records.folded(ask["q"])}
    found = library.shelved(desk.shown, **wanted)
    every = found if not any(ask.values()) else library.shelved(desk.shown)
    shown = Paginator(found, PAGE).get_page(desk.request.GET.get("page"))
    kind = records.kinds()["document"]
    types = dict.fromkeys(library.type_of(r, d) for r, d in every)
    languages = dict.fromkeys(x for _, d in every for x in d.get("languages", ()))
    return desk.page(
        "planning/library.html", ask=ask, shown=shown, rows=[_shown(desk, r, d) for r, d in shown],
        types=[(t, showing.choice(kind, "type", t, desk.lang)) for t in types],
        languages=[(x, showing.choice(kind, "languages", x, desk.lang)) for x in languages],
        years=sorted({str(d.get("date", ""))[:4] for _, d in every if d.get("date")}, reverse=True),
        may_write=bool(desk.owners(kind)), trail=[(say("kind.document.many", desk.lang), "")],
    )  # fmt: skip


def _shown(desk: Desk, r: Record, data: dict[str, Any]) -> Shown:
    kind, lang = records.kinds()["document"], desk.lang
    ledger = data.get("ledger", "")

    def text(field: str) -> str:
        return showing.texts_of(data.get(field, {}), lang)[0]

    return Shown(
        r=r, title=records.title(r.kind, data, lang) or r.code, href=showing.address_of(r.key, lang),
        type=showing.choice(kind, "type", library.type_of(r, data), lang),
        date=partial_date(data["date"], desk.locale) if data.get("date") else "", publisher=text("publisher"),
        languages=tuple(showing.choice(kind, "languages", x, lang) for x in data.get("languages", ())),
        summary=text("summary"), audience="" if r.audience == "public" else r.audience,
        source=address("source", lang=lang, code=ledger) if ledger else "", link=data.get("link", ""),
    )  # fmt: skip


patterns: list[URLPattern] = [
    path("planning/library/", shelves, name="library"),
]
lists.LEADS["library"] = "library"
