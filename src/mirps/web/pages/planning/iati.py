"""IATI: both files for whoever wants them, what is in them, and what is not with its reason and remedy."""

from __future__ import annotations

import hashlib

from django.http import Http404, HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe

from mirps.base.texts.api import say
from mirps.planning.records import api as records
from mirps.sharing.exports import iati_files as files
from mirps.sharing.exports import iati_reading as iati
from mirps.web.pages.planning import showing
from mirps.web.pages.planning.door import Desk, reading

#: Of each reason so many are named.
MOST = 200
MEDIA = "application/xml; charset=utf-8"


@require_safe
@reading
def about(desk: Desk) -> HttpResponse:
    """What the files hold and what they do not, each by why."""
    made = iati.made(desk.now)
    by_why = {why: (len(of), of[:MOST]) for why, of in files.reasons(made.refused).items()}
    named = records.titled([r.key for _, of in by_why.values() for r in of], desk.lang)
    kinds: dict[str, int] = {}
    for a in made.told:
        kind = a.key.partition("/")[0]
        kinds[kind] = kinds.get(kind, 0) + 1
    refused = [
        {
            "why": say(f"iati.why.{why.value}", desk.lang), "remedy": say(f"iati.remedy.{why.value}", desk.lang),
            "count": count,
            "of": [(named.get(r.key, r.key), showing.address_of(r.key, desk.lang), r.found) for r in of],
        }
        for why, (count, of) in by_why.items()
    ]  # fmt: skip
    settings = iati.settings()
    return desk.page(
        "planning/iati.html", made=made, kinds=[(say(f"kind.{k}.many", desk.lang), n) for k, n in kinds.items()],
        refused=refused, reporting=settings.reporting, agreed=settings.agreed,
        size=len(made.activities or b"") // 1024 + 1,
        trail=[(say("contributions.title", desk.lang), desk.url("contributions")), ("IATI", "")],
    )  # fmt: skip


@require_safe
@reading
def file(desk: Desk, name: str) -> HttpResponse:
    """One of the files. 404 where nothing can be told: a file of nothing would be a wrong one."""
    made = iati.made(desk.now)
    written = {"activities": made.activities, "organisations": made.organisations}.get(name)
    if written is None:
        raise Http404
    answer = HttpResponse(written, content_type=MEDIA)
    answer["Content-Disposition"] = f'inline; filename="mirps-iati-{name}.xml"'
    answer["ETag"] = f'"{hashlib.sha256(written).hexdigest()[:32]}"'
    answer["Access-Control-Allow-Origin"] = "*"
    return answer


patterns: list[URLPattern] = [
    path("planning/iati/", about, name="iati"),
    path("planning/iati/<str:name>.xml", file, name="iati-file"),
]
