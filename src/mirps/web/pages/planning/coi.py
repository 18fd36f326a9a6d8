"""Country-of-origin information: questions with what sources answer side by side, sources, national dossiers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe

from mirps.base.texts import api as texts
from mirps.base.texts.api import say
from mirps.planning.knowledge import api as knowledge
from mirps.planning.records import api as records
from mirps.planning.records.api import Record
from mirps.web.pages.planning import showing
from mirps.web.pages.planning.door import Desk, reading
from mirps.web.pages.planning.lists import readable
from mirps.web.pages.planning.record import whole

showing.PAGES |= {"coi-product": "coi-product", "dossier": "dossier"}


@require_safe
@reading
def origins(desk: Desk) -> HttpResponse:
    """What this person may read of countries of origin: questions by country, dossiers, sources."""
    kinds = records.kinds()
    held = {name: _shown(desk, name) for name in ("coi-product", "dossier", "coi-source")}
    country, topic = desk.request.GET.get("country", ""), desk.request.GET.get("topic", "")
    questions: dict[str, list[dict[str, Any]]] = {}
    for r, d in held["coi-product"]:
        if country in ("", d.get("country")) and topic in ("", d.get("topic")):
            questions.setdefault(d.get("country", ""), []).append(_question(desk, r, d))
    return desk.page(
        "planning/origins.html", country=country, topic=topic,
        questions=sorted((_country(desk, c), found) for c, found in questions.items()),
        countries=sorted({(d.get("country", ""), _country(desk, d.get("country", ""))) for _, d in held["coi-product"]},
                         key=lambda pair: pair[1]),
        topics=[(o, showing.choice(kinds["coi-product"], "topic", o, desk.lang))
                for o in kinds["coi-product"]["topic"].options],
        dossiers=[_dossier(desk, r, d) for r, d in held["dossier"]],
        sources=[_source(desk, r, d) for r, d in held["coi-source"]],
        may_write=[k for k in ("coi-product", "coi-source", "dossier") if desk.owners(kinds[k])],
        trail=[(say("coi.title", desk.lang), "")],
    )  # fmt: skip


def _shown(desk: Desk, kind: str) -> list[tuple[Record, dict[str, Any]]]:
    """The records of a kind that this person may read, with what they read of each."""
    found = readable(desk, records.kinds()[kind])
    return [
        (r, d) for r in found if (d := desk.shown(r)) is not None and r.status != records.Status.WITHDRAWN
    ]


def _country(desk: Desk, code: str) -> str:
    return records.name_of("countries", code, desk.lang) if code else ""


def _question(desk: Desk, r: Record, data: Mapping[str, Any]) -> dict[str, Any]:
    k = records.kinds()["coi-product"]
    return {
        "r": r, "title": records.title(r.kind, dict(data), desk.lang), "href": showing.address_of(r.key, desk.lang),
        "topic": showing.choice(k, "topic", data["topic"], desk.lang) if data.get("topic") else "",
        "weighed": knowledge.weighed(_statements(desk, r)[0]).value,
        "when": texts.partial_date(data["researched"], desk.locale) if data.get("researched") else "",
        "readers": say(f"kind.coi-product.choice.audience.{r.audience}", desk.lang),
    }  # fmt: skip


def _dossier(desk: Desk, r: Record, data: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "r": r, "title": records.title(r.kind, dict(data), desk.lang), "href": showing.address_of(r.key, desk.lang),
        "country": _country(desk, data.get("country", "")), "edition": data.get("edition", ""),
        "when": texts.partial_date(data["as-of"], desk.locale) if data.get("as-of") else "",
    }  # fmt: skip


def _source(desk: Desk, r: Record, data: Mapping[str, Any]) -> dict[str, Any]:
    k = records.kinds()["coi-source"]
    return {
        "r": r, "title": records.title(r.kind, dict(data), desk.lang), "publisher": data.get("publisher", ""),
        "href": showing.address_of(r.key, desk.lang), "code": data.get("reliability", "unassessed"),
        "sort": showing.choice(k, "sort", data["sort"], desk.lang) if data.get("sort") else "",
        "reliability": showing.choice(k, "reliability", data.get("reliability", "unassessed"), desk.lang),
        "when": texts.partial_date(data["published"], desk.locale) if data.get("published") else "",
        "assessed": texts.partial_date(data["assessed"], desk.locale) if data.get("assessed") else "",
    }  # fmt: skip


def _statements(
    desk: Desk, product: Record
) -> tuple[list[knowledge.Statement], dict[str, tuple[Record, dict[str, Any]]], dict[str, dict[str, Any]]]:
    """What sources say on a question: those statements, and of their sources what this person may read."""
    under = {
        r.key: (r, d) for r in records.under(product.key)
        if r.kind == "coi-statement" and r.status != records.Status.WITHDRAWN and (d := desk.shown(r)) is not None
    }  # fmt: skip
    named = {str(d.get("origin", "")) for _, d in under.values()}
    sources = {
        r.key: d
        for r in Record.objects.filter(pk__in=named).order_by("key")
        if (d := desk.shown(r)) is not None
    }
    return knowledge.statements(((k, d) for k, (_, d) in under.items()), sources), under, sources


@require_safe
@reading
def product(desk: Desk, code: str) -> HttpResponse:
    """One question: its sources side by side by what they answer, the more reliable and newer first."""
    held = desk.record("coi-product", code)
    about = whole(desk, held)
    said, under, sources = _statements(desk, held)
    sides = [
        (answer, showing.choice(records.kinds()["coi-statement"], "answers", answer, desk.lang),
         [_side(desk, *under[s.key], sources) for s in found])
        for answer, found in knowledge.side_by_side(said).items()
    ]  # fmt: skip
    return desk.page("planning/coi-product.html", **{
        **about, "told": showing.told(desk, records.kinds()["coi-product"], about["data"],
                                      fields=("question", "country", "topic", "researched", "valid", "audience")),
        "answer": showing.told(desk, records.kinds()["coi-product"], about["data"], fields=("answer",)),
        "sides": sides, "weighed": knowledge.weighed(said).value, "may_add": desk.may_on(held, "write"),
        "stale": bool(about["data"].get("valid")) and about["data"]["valid"] < desk.now.date().isoformat(),
    })  # fmt: skip


def _side(
    desk: Desk, r: Record, data: Mapping[str, Any], sources: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    """One statement with its source, as far as this person may read that."""
    words, lang = showing.texts_of(data["says"], desk.lang) if data.get("says") else ("", "")
    origin = str(data.get("origin", ""))
    source = Record.objects.filter(pk=origin).first() if origin in sources else None
    return {
        "r": r, "title": records.title(r.kind, dict(data), desk.lang), "href": showing.address_of(r.key, desk.lang),
        "words": words, "lang": lang, "passage": data.get("passage", ""),
        "when": texts.partial_date(data["as-of"], desk.locale) if data.get("as-of") else "",
        "source": _source(desk, source, sources[origin]) if source else None,
    }  # fmt: skip


@require_safe
@reading
def dossier(desk: Desk, code: str, number: int = 0) -> HttpResponse:
    """A dossier as it stands, or one of its editions; every edition that came into force is kept."""
    held = desk.record("dossier", code)
    k = records.kinds()["dossier"]
    kept = [c for c in knowledge.versions(held.key) if desk.may_read_then(held, c.data)]
    chosen = next((c for c in kept if c.number == number), None)
    if number and chosen is None:
        raise Http404
    about = whole(desk, held)
    data = chosen.data if chosen else about["data"]
    return desk.page("planning/dossier.html", **{
        **about, "data": data, "title": records.title("dossier", data, desk.lang),
        "told": showing.told(desk, k, data, fields=("country", "edition", "as-of", "summary", "products", "sources",
                                                    "audience", "note")),
        "editions": [(c, c.data.get("edition", ""), c is chosen) for c in reversed(kept)], "chosen": chosen,
        "latest": kept[-1].number if kept else 0,
    })  # fmt: skip


patterns: list[URLPattern] = [
    path("planning/origins/", origins, name="origins"),
    path("planning/origins/questions/<str:code>/", product, name="coi-product"),
    path("planning/origins/dossiers/<str:code>/", dossier, name="dossier"),
    path("planning/origins/dossiers/<str:code>/<int:number>/", dossier, name="dossier-edition"),
]
