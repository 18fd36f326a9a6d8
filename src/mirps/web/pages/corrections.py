"""Stating a figure anew: the form, what the checks would say, and recording it. No JavaScript needed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods

from mirps.base.access import api as access
from mirps.base.access.api import ALLOWED, User, allowed
from mirps.base.codelists import api as codelists
from mirps.base.notices import api as notices
from mirps.base.texts.api import catalogue, day, number, say
from mirps.evidence.errata import api as errata
from mirps.evidence.errata.api import EVIDENCE, Refused, Superseded
from mirps.evidence.figures.api import Entry, Fault, Figure, PackageFaults, Qualifier, stated_in
from mirps.sharing.portal import wording
from mirps.sharing.portal.passages import passage
from mirps.web import roles
from mirps.web.jinja import address
from mirps.web.pages import foreseeing
from mirps.web.pages.page import Reader, explained, page, private

ACT = "figure.correct"
#: What the form asks, in its order, and the most letters that are read of each.
FIELDS = {
    "value": 60, "absence": 2, "qualifier": 10, "document": 20, "locator": 400, "fragment": 300,
    "note_es": 4000, "note_en": 4000, "reason_es": 4000, "reason_en": 4000,
}  # fmt: skip
#: Texts of several lines; the others are read as one line.
LONG = ("note_es", "note_en", "reason_es", "reason_en")
#: Faults of a package's cell, told for a form.
CELL_FAULTS = {"fault.fragment_long": "fragment", "fault.code_unknown": "choice"}

_SPACES = re.compile(r"[\t\u00a0\u202f\u2009]")

Faults = list[tuple[str, str]]  # (field, sentence)


@dataclass
class Desk:
    """Who corrects which figure, answering which finding."""

    r: Reader
    entry: Entry
    user: User
    finding: str

    @property
    def figure(self) -> Figure:
        return self.entry.figure

    def here(self, id_: str = "") -> str:
        return address("correct", lang=self.r.lang, id=id_ or self.figure.id)


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, lang: str, id: str) -> HttpResponse:
    r = Reader(request)
    entry = r.shelf.public.get(id)
    if entry is None:
        raise Http404
    user = roles.signed_in(request)
    if user is None or not allowed(user, ACT, state=entry.figure.state, on=r.now.date()):
        return _not_allowed(r, entry, user)
    asked = request.POST.get("finding") or request.GET.get("finding", "")
    doubt = r.shelf.doubts.get(asked)
    desk = Desk(r, entry, user, asked if doubt and id in doubt.figures else "")
    if request.method != "POST":
        return _form(_current(desk), _as_stated(entry.figure), [])
    given = {name: _clean(request.POST.get(name, ""), name, most) for name, most in FIELDS.items()}
    if entry.superseded_by:
        return _overtaken(desk, given)
    changes, faults = _read(desk, given)
    if faults or request.POST.get("step") == "change":
        return _form(desk, given, faults)
    if request.POST.get("step") == "confirm":
        return _recorded(desk, given, changes)
    return _preview(desk, given, changes)


def why_not(r: Reader, state: str, user: User | None) -> str:
    """Why this person may not correct: an answer that names who may."""
    where = wording.state(state, r.lang) if state else say("portal.finding.region", r.lang)
    allowing = sorted({role_name(role, r.lang) for role, acts in ALLOWED.items() if ACT in acts})
    key = "correct.why-role" if user else "correct.why-sign-in"
    return say(key, r.lang, state=where, roles=", ".join(allowing))


def _not_allowed(r: Reader, entry: Entry, user: User | None) -> HttpResponse:
    status = 200 if r.request.method in ("GET", "HEAD") else 403
    line = r.shelf.line(entry, r.lang, r.locale)
    why = why_not(r, entry.figure.state, user)
    answer = page(r.request, "correct.html", status, mode="why", line=line, why=why)
    return explained(private(answer))


def _clean(text: str, name: str, most: int) -> str:
    """What was typed, without control characters; one line unless the field has several."""
    lines = "".join(c for c in _SPACES.sub(" ", text[:most]) if c.isprintable() or c == "\n").strip()
    return lines if name in LONG else " ".join(lines.split())


def _as_stated(f: Figure) -> dict[str, str]:
    """The form as it opens: what most likely stays. The value is typed, never left by mistake; a note
    speaks of the sentence that is left behind, so it is written anew or not at all."""
    stays = {"qualifier": f.qualifier.value, "absence": f.absence}
    return {name: stays.get(name, "") for name in FIELDS}


def _current(desk: Desk) -> Desk:
    """The desk at the statement that stands now, when the one asked for was superseded."""
    newest = desk.r.shelf.public.get(errata.latest(desk.figure.id)) if desk.entry.superseded_by else None
    return Desk(desk.r, newest, desk.user, "") if newest else desk


def _read(desk: Desk, given: Mapping[str, str]) -> tuple[dict[str, str], Faults]:
    """The cells that the form changes, and everything wrong with it."""
    r, faults = desk.r, []
    changes = {name: given[name] for name in (*EVIDENCE, "note_es", "note_en", "absence")}
    changes["qualifier"] = given["qualifier"] if not given["absence"] else Qualifier.EXACT.value
    changes["value"] = ""
    try:
        if given["absence"] and given["value"]:
            raise Refused("correct.fault.both", "absence")
        if not given["absence"]:
            if not given["value"]:
                raise Refused("correct.fault.empty", "value")
            changes["value"] = f"{errata.read_typed(given['value'], partial(number, locale=r.locale)):f}"
        _in_document(desk, errata.proposed(old=desk.figure.id, changes=changes))
    except Superseded:
        pass  # told when it is recorded, or by the page of the statement that stands
    except Refused as e:
        faults.append((e.field, told(e, r.lang, r.locale)))
    except PackageFaults as e:
        faults += [(f.column, _cell_fault(f, r.lang)) for f in e.faults]
    short = {f"reason_{lang}" for lang in errata.reason_faults(given["reason_es"], given["reason_en"])}
    faults += [(name, say(f"correct.fault.{name}", r.lang)) for name in sorted(short, reverse=True)]
    return changes, faults


def _in_document(desk: Desk, made: Figure) -> None:
    """Raises Refused when the words are not in the document, where this installation can read it."""
    row = codelists.documents().get(made.document)
    folder = Path(settings.SOURCES)
    here = row is not None and row["file"] and (folder / row["file"]).is_file()
    if here and made.fragment and passage(made, folder) is None:
        title = wording.document(made.document, desk.r.lang)
        raise Refused("correct.fault.not-in-document", "fragment", document=title)


def told(e: Refused, lang: str, locale: str) -> str:
    """Why a correction is refused, its numbers as the reader writes them."""
    values = {k: number(v, locale) if isinstance(v, Decimal) else v for k, v in e.values.items()}
    if "unit" in values:
        values["unit"] = codelists.units().name(str(values["unit"]), lang)
    return say(e.key, lang, **values)


def _cell_fault(f: Fault, lang: str) -> str:
    if f.key in CELL_FAULTS:
        return say(f"correct.fault.{CELL_FAULTS[f.key]}", lang, found=f.found)
    values = {"file": f.file, "line": f.line, "column": f.column, "found": f.found, "expected": f.expected}
    return say(f.key if f.key in catalogue() else "correct.fault.choice", lang, **values)


def _form(
    desk: Desk, given: Mapping[str, str], faults: Faults, status: int = 0, overtaken: str = ""
) -> HttpResponse:
    r, f = desk.r, desk.figure
    replaced = ""
    if not overtaken and desk.here() != r.request.path:
        newer = r.shelf.line(desk.entry, r.lang, r.locale).value
        replaced = say("correct.replaced", r.lang, newer=newer)
    answer = page(
        r.request,
        "correct.html",
        status or (422 if faults else 200),
        mode="form",
        action=desk.here(),
        line=r.shelf.line(desk.entry, r.lang, r.locale),
        figure=f,
        document_title=stated_in(f, r.lang, desk.entry.round),
        note=f.note_es if r.lang == "es" else f.note_en,
        given=given,
        faults=faults,
        fault_of=dict(reversed(faults)),
        finding=desk.finding,
        documents=[(c, wording.document(c, r.lang)) for c in codelists.documents()],
        qualifiers=[q.value for q in Qualifier],
        example=number(Decimal("1234.5"), r.locale),
        overtaken=overtaken,
        replaced=replaced,
    )
    return explained(private(answer))


def _preview(desk: Desk, given: Mapping[str, str], changes: Mapping[str, str]) -> HttpResponse:
    r, old = desk.r, desk.figure
    try:
        made = errata.proposed(old=old.id, changes=changes)
    except Superseded:
        return _overtaken(desk, given)
    line = wording.line(made, r.shelf.measure(made.measure), r.lang, r.locale, desk.entry.round)
    answer = page(
        r.request,
        "correct.html",
        mode="preview",
        action=desk.here(),
        line=r.shelf.line(desk.entry, r.lang, r.locale),
        then=line,
        made=made,
        document_title=stated_in(made, r.lang, desk.entry.round),
        given=given,
        finding=desk.finding,
        seen=foreseeing.checks(r, old, made),
        reports=foreseeing.reports(r, old),
    )
    return private(answer)


def _recorded(desk: Desk, given: Mapping[str, str], changes: Mapping[str, str]) -> HttpResponse:
    r = desk.r
    role = roles.role_for(desk.user, ACT, state=desk.figure.state, on=r.now.date())
    try:
        with transaction.atomic():
            done = errata.correct(
                old=desk.figure.id, changes=changes, role=role, reason_es=given["reason_es"],
                reason_en=given["reason_en"], by=desk.user.username, at=r.now, finding=desk.finding,
            )  # fmt: skip
            if done.erratum is not None:
                _tell(desk, done.erratum)
    except Superseded:
        return _overtaken(desk, given)
    return _shown(r, done.erratum)


def _tell(desk: Desk, erratum: errata.Erratum) -> None:
    """Tell those who answer for the State's figures, and the region."""
    on, state = desk.r.now.date(), erratum.state
    to = access.able(access.holdings(on=on), "watch.read", state=state, on=on)
    notices.tell(
        to=to, kind="erratum", params={"number": erratum.code}, by=desk.user.username, at=desk.r.now,
        about=notices.About(round=erratum.round, state=state, figure=erratum.new),
    )  # fmt: skip


def _shown(r: Reader, erratum: errata.Erratum | None) -> HttpResponse:
    assert erratum is not None  # a page's figure is public, so what replaces it is an erratum
    where = address("erratum", lang=r.lang, round=erratum.round, code=erratum.code)
    return private(HttpResponseRedirect(f"{where}?kept=1"))


def _overtaken(desk: Desk, given: Mapping[str, str]) -> HttpResponse:
    """Somebody was faster: what stands now, and what this person wrote, side by side.

    The same correction sent twice (a slow line, an impatient finger) leads to its erratum.
    """
    r = Reader(desk.r.request)  # the shelf as it stands after the other's correction
    erratum = errata.Erratum.objects.filter(old=desk.figure.id).first()
    mine = erratum is not None and erratum.by == desk.user.username
    if (
        erratum
        and mine
        and (erratum.reason_es, erratum.reason_en) == (given["reason_es"], given["reason_en"])
    ):
        return _shown(r, erratum)
    newest = r.shelf.public.get(errata.latest(desk.figure.id), desk.entry)
    values: dict[str, Any] = {
        "value": r.shelf.line(desk.entry, r.lang, r.locale).value,
        "newer": r.shelf.line(newest, r.lang, r.locale).value,
        "day": day(erratum.at, r.locale) if erratum else "–",
        "role": role_name(erratum.role if erratum else "", r.lang),
    }
    words = say("correct.overtaken-words", r.lang, **values)
    return _form(Desk(r, newest, desk.user, ""), given, [], 409, words)


def role_name(role: str, lang: str) -> str:
    """The role in which somebody acted; one that has no name of its own is told as none."""
    key = f"portal.role-held.{role}"
    return say(key if key in catalogue() else "portal.role-held.none", lang)
