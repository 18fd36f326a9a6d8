"""Procedures as anybody may read them: law and procedure are public knowledge, and need no account."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from mirps.base.access import api as access
from mirps.base.codelists import api as codelists
from mirps.casework.procedures import api as procedures
from mirps.casework.procedures import wording
from mirps.casework.procedures.api import Procedure
from mirps.casework.procedures.model import Act
from mirps.web.jinja import language_of
from mirps.web.pages.casework.drawn import Kept, drawings
from mirps.web.pages.page import page, private
from mirps.web.roles import held


def in_force(versions: Mapping[str, Procedure], on: date) -> Procedure:
    """The version under which a case is opened on a day: the one that began last; before any has, the first."""
    begun = [p for p in versions.values() if p.starts is None or p.starts <= on]
    live = [p for p in begun if p.until is None or on <= p.until]
    first = min(versions.values(), key=_began)
    return max(live or begun, key=_began, default=first)


def _began(p: Procedure) -> tuple[date, str]:
    return p.starts or date.min, p.version


@require_safe
def catalogue(request: HttpRequest, lang: str) -> HttpResponse:
    """Every procedure, by State; `?state=MEX` for one State's."""
    chosen = request.GET.get("state", "")
    today = date.today()  # noqa: DTZ011 - what is in force today, by the region's clock
    listed = [in_force(v, today) for v in procedures.procedures().values()]
    by_state = {
        s: [p for p in listed if p.state == s]
        for s in codelists.member_states()
        if chosen in ("", s) and any(p.state == s for p in listed)
    }
    drafts = any("procedure.read" in access.ALLOWED.get(g.role, ()) for g in held(request))
    return _fresh(
        request, "casework/procedures.html", drafts=drafts, by_state=by_state, chosen=chosen,
        states=[s for s in codelists.member_states() if any(p.state == s for p in listed)],
        all_versions=procedures.procedures(), faulty=procedures.faulty(), authority=_authority(lang),
    )  # fmt: skip


@require_safe
def procedure(request: HttpRequest, lang: str, name: str, version: str = "") -> HttpResponse:
    """One procedure: its drawing, stages, acts, deadlines, documents, triage and law."""
    versions = procedures.procedures().get(name)
    if versions is None or (version and version not in versions):
        raise Http404
    p = versions[version] if version else in_force(versions, date.today())  # noqa: DTZ011
    return _fresh(request, "casework/procedure.html", **told(p, versions, language_of(request)))


def _fresh(request: HttpRequest, template: str, **context: Any) -> HttpResponse:
    """Not kept with the pages of the ledger, whose version says nothing of procedures: one that is published is
    read at once."""
    return private(page(request, template, **context))


def told(p: Procedure, versions: Mapping[str, Procedure], lang: str) -> dict[str, Any]:
    """What the page of a procedure shows."""
    wide, slim = drawings(Kept(p), lang)
    always = {c for c, s in p.stages.items() if s.open}
    return {
        "p": p, "wide": wide, "slim": slim, "versions": versions, "authority": _authority(lang),
        "in_force": in_force(versions, date.today()) if versions else p,  # noqa: DTZ011
        "always": [c for c, a in p.acts.items() if always <= set(a.sources)],
        "term": lambda t: wording.term(t, lang), "targets": lambda c, a: targets(p, c, a),
        "names": lambda codes, of: ", ".join(wording.in_lang(of[c].name, lang) for c in codes if c in of),
    }  # fmt: skip


def targets(p: Procedure, code: str, act: Act) -> list[str]:
    """Where an act may lead, from anywhere; none where the stage stays."""
    return list(dict.fromkeys(t for s in act.sources or ("",) for t in p.targets(code, s) if t and t != s))


def _authority(lang: str) -> Any:
    held = codelists.institutions()
    return lambda code: held.name(code, lang) if code in held else code
