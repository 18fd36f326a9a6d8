"""Certificates: on paper for whoever earned one, and the page by which anybody verifies one."""

from __future__ import annotations

import re
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe

from mirps.base.codelists import api as codelists
from mirps.base.paper.api import compile_pdf, qr_svg, quote
from mirps.base.texts import api as texts
from mirps.base.texts.api import say
from mirps.planning.knowledge import api as knowledge
from mirps.planning.knowledge.api import Certificate
from mirps.planning.records import api as records
from mirps.web.pages.page import private
from mirps.web.pages.planning import showing
from mirps.web.pages.planning.door import Desk, reading, working

_LAYOUT = """
#set document(title: {title}, author: "MIRPS")
#set page(paper: "a4", flipped: true, margin: 2.2cm)
#set text(font: "Noto Sans", size: 13pt, lang: {lang}, fill: rgb("#1b2430"))
#let deep = rgb("#0b3554")
#text(size: 12pt, weight: "bold", fill: deep, "MIRPS") #h(6pt) #text(size: 10pt, {framework})
#line(length: 100%, stroke: 2pt + rgb("#c98a1b"))
#v(1fr)
#heading(level: 1, text(size: 26pt, fill: deep, {heading}))
#v(10pt)
#{given}
#v(4pt)
#text(size: 22pt, weight: "bold", {name})
#v(4pt)
#{attended}
#v(4pt)
#text(size: 17pt, weight: "bold", {course})
#v(8pt)
#text(size: 11pt, {details})
#v(1fr)
#grid(columns: (1fr, auto), gutter: 1cm, align: bottom,
  [#text(size: 10pt, {issued}) \\ #text(size: 10pt, {verify}) \\ #text(size: 10pt, weight: "bold", {code})],
  image(bytes({qr}), format: "svg", width: 3.2cm, alt: {alt}))
"""


def told(c: Certificate, lang: str, locale: str) -> dict[str, str]:
    """What a certificate says, from the course as it was when it was given."""
    data = c.course
    days = sorted(d["day"] for d in data.get("days", ()))
    when = list(dict.fromkeys([days[0], days[-1]])) if days else []
    hours = data.get("hours", "")
    by = ", ".join(codelists.institutions().name(i, lang) for i in data.get("organisers", ()))
    return {
        "course": records.title("course", data, lang), "when": " – ".join(texts.partial_date(d, locale) for d in when),
        "hours": say("learning.certificate.hours", lang, hours=hours) if hours else "", "by": by,
        "where": showing.texts_of(data["where"], lang)[0] if data.get("where") else "",
        "issued": texts.day(c.issued_at, locale),
    }  # fmt: skip


def paper(c: Certificate, lang: str, locale: str, address: str) -> bytes:
    """The certificate as tagged PDF (PDF/UA-1) with a code that leads to the page that verifies it."""
    said = told(c, lang, locale)
    details = " · ".join(filter(None, (said["when"], said["where"], said["hours"], said["by"])))
    words = {
        "title": f"{say('learning.certificate.title', lang)}: {said['course']}", "lang": lang,
        "framework": say("learning.certificate.framework", lang), "heading": say("learning.certificate.title", lang),
        "given": say("learning.certificate.given", lang), "name": c.enrolment.name,
        "attended": say("learning.certificate.attended", lang), "course": said["course"], "details": details,
        "issued": say("learning.certificate.issued", lang, day=said["issued"]),
        "verify": say("learning.certificate.verify", lang, address=address), "code": c.code,
        "qr": qr_svg(address), "alt": say("learning.certificate.alt", lang, address=address),
    }  # fmt: skip
    # In one pass: what stands in a name or a title is never read as a place to be filled.
    source = re.sub(r"\{(\w+)\}", lambda m: quote(words[m[1]]), _LAYOUT)
    return compile_pdf(source, at=c.issued_at)


@require_safe
@working
def pdf(desk: Desk, code: str) -> HttpResponse:
    """The paper, for whoever earned it and for those who run the course."""
    found = knowledge.certificate(code)
    if found is None or desk.user is None or found.withdrawn_at is not None:
        raise Http404
    if found.enrolment.person != desk.user.username:
        kind, _, course = found.enrolment.course.partition("/")
        if not desk.may_on(desk.record(kind, course), "write"):
            raise Http404
    address = desk.request.build_absolute_uri(desk.url("certificate", code=found.code))
    answer = HttpResponse(paper(found, desk.lang, desk.locale, address), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="mirps-{found.code.lower()}.pdf"'
    return private(answer)


@require_safe
@reading
def verify(desk: Desk, code: str = "") -> HttpResponse:
    """Whether a certificate is genuine. Its holder's name stands here only if they agreed."""
    asked = code or desk.request.GET.get("code", "")[:60]
    found = knowledge.certificate(asked) if asked else None
    about: dict[str, Any] = told(found, desk.lang, desk.locale) if found else {}
    name = found.enrolment.name if found and found.enrolment.shown_since else ""
    return private(desk.page(
        "planning/certificate.html", 404 if asked and not found else 200, asked=asked, c=found, told=about, name=name,
        trail=[(say("learning.title", desk.lang), desk.url("courses")), (say("learning.verify.title", desk.lang), "")],
    ))  # fmt: skip


patterns: list[URLPattern] = [
    path("planning/certificates/", verify, name="certificates"),
    path("planning/certificates/<str:code>/", verify, name="certificate"),
    path("planning/certificates/<str:code>/paper/", pdf, name="certificate-paper"),
]
