"""The addresses of casework, under /es/ and /en/: procedures (public), the worklist and cases."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path, register_converter

from mirps.web.pages.casework import (
    act,
    case,
    editor,
    moves,
    opening,
    posts,
    procedures,
    supervising,
    worklist,
)
from mirps.web.pages.people.urls import PersonNumber


class CaseNumber(PersonNumber):
    """MEX-C-7K3Q9-2VXHD-C."""

    regex = "[A-Z]{3}-C-[0-9A-Z]{5}-[0-9A-Z]{5}-[0-9A-Z]"


register_converter(CaseNumber, "case")

patterns: list[URLPattern | URLResolver] = [
    path("procedures/", procedures.catalogue, name="procedures"),
    path("procedures/<slug:name>/", procedures.procedure, name="procedure"),
    path("procedures/<slug:name>/<str:version>/", procedures.procedure, name="procedure-version"),
    path("procedure-drafts/", editor.drafts, name="procedure-drafts"),
    path("procedure-drafts/<uuid:id>/", editor.draft, name="procedure-draft"),
    path("procedure-drafts/<uuid:id>/preview/", editor.preview, name="procedure-preview"),
    path("procedure-drafts/move/<slug:name>/<str:version>/", editor.moving, name="procedure-moving"),
    path("cases/", worklist.worklist, name="cases"),
    path("cases/supervise/", supervising.supervise, name="cases-supervise"),
    path("cases/supervise/several/", supervising.several, name="cases-several"),
    path("cases/supervise/roles/", posts.posts, name="cases-posts"),
    path("cases/moves/", moves.moves, name="cases-moves"),
    path("cases/<case:number>/", case.case, name="case"),
    path("cases/<case:number>/hand/", case.hand, name="case-hand"),
    path("cases/<case:number>/deadline/<slug:code>/", case.deadline, name="case-deadline"),
    path("cases/<case:number>/do/<slug:code>/", act.act, name="case-act"),
    path("cases/<case:number>/correct/<uuid:event>/", act.correct, name="case-correct"),
    path("people/<person:number>/cases/", opening.of_person, name="person-cases"),
    path("people/<person:number>/cases/<slug:name>/<slug:code>/", opening.begin, name="case-begin"),
]
