"""What the page of writing asks while one types: unbound numbers, figures to insert. Small answers."""

from __future__ import annotations

from dataclasses import asdict

from django.http import HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST, require_safe

from mirps.base.texts.api import LANGUAGES, number, say
from mirps.evidence.narratives import api as narratives
from mirps.web.pages.page import private
from mirps.web.pages.rounds.door import Desk, at_the_door
from mirps.web.pages.rounds.write_words import Writing

#: Numbers told in one answer; a text with more has other worries.
MOST_SPOTS = 100


@require_POST
@at_the_door
def look(desk: Desk, state: str, section: str) -> HttpResponse:
    """The numbers of a text that no figure stands behind, where they are (counted as JavaScript does), with
    figures of that value; its words, its preview, and what could tell who somebody is."""
    w = Writing(desk, state)
    s = w.section(section)
    raw = desk.request.POST
    text = raw.get("text", "").replace("\r\n", "\n")
    lang = raw.get("lang", "")
    if len(text) > narratives.MOST or lang not in LANGUAGES:
        said = say("narratives.fault.long", desk.lang, most=narratives.MOST, found=len(text))
        return private(JsonResponse({"said": said}, status=422))
    spots = narratives.unbound(text, lang)
    units = _units(text)
    count = narratives.words(text)
    signs = narratives.signs(text) if s.story else []
    return private(
        JsonResponse(
            {
                "spots": [
                    {
                        "words": x.words, "start": units[x.start], "end": units[x.end],
                        "where": say("narratives.spot", desk.lang, line=x.line, column=x.column),
                        "offers": [asdict(o) for o in w.offers(x.words, lang)],
                    }
                    for x in spots[:MOST_SPOTS]
                ],
                "summary": say("narratives.spots.none" if not spots else "narratives.spots.some", desk.lang,
                               n=number(len(spots), desk.locale)),
                "words": _words(w, count, s.words),
                "signs": [_sign(x, desk.lang) for x in signs],
                "preview": render_to_string(
                    "rounds/write-preview.html", {"preview": w.preview(text, lang)}, request=desk.request
                ),
            }
        )
    )  # fmt: skip


def _words(w: Writing, count: int, most: int) -> str:
    key = "narratives.words-of" if most else "narratives.words"
    return say(key, w.lang, n=number(count, w.desk.locale), most=number(most, w.desk.locale))


def _sign(x: narratives.Sign, lang: str) -> str:
    return say(f"narratives.sign.{x.kind}", lang, found=x.found, line=x.line)


def _units(text: str) -> list[int]:
    """Where each character begins in UTF-16, as JavaScript counts."""
    out, at = [], 0
    for char in text:
        out.append(at)
        at += 2 if ord(char) > 0xFFFF else 1
    return [*out, at]


@require_safe
@at_the_door
def figures(desk: Desk, state: str, section: str) -> HttpResponse:
    """Figures to insert: `?q=` by measure, place, people, year or value; `lang` of the text."""
    w = Writing(desk, state)
    w.section(section)
    lang = desk.request.GET.get("lang", "")
    found = w.choices(desk.request.GET.get("q", ""), lang if lang in LANGUAGES else desk.lang)
    said = say("narratives.found.none" if not found else "narratives.found.some", desk.lang, n=len(found))
    return private(JsonResponse({"figures": [asdict(x) for x in found], "said": said}))


patterns: list[URLPattern] = [
    path("rounds/<slug:code>/write/<slug:state>/<slug:section>/look/", look, name="write-look"),
    path("rounds/<slug:code>/write/<slug:state>/<slug:section>/figures/", figures, name="write-figures"),
]
