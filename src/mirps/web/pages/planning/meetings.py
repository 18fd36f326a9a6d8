"""A meeting or event with its agenda, participants, minutes and agreements; the list of agreements; one of
them with what was done about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from babel.dates import format_date, format_time, get_timezone_location
from django.http import Http404, HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods, require_safe

from mirps.base.access.api import User
from mirps.base.notices.api import zone
from mirps.base.texts import api as texts
from mirps.base.texts.api import say
from mirps.planning.meetings import api as meetings
from mirps.planning.meetings.api import Agreement, Entry, Hat, Way
from mirps.planning.records import api as records
from mirps.planning.records.api import Record, Refused
from mirps.web.pages.planning import calendar as pages
from mirps.web.pages.planning import showing
from mirps.web.pages.planning.calendar import body_name
from mirps.web.pages.planning.door import Desk, reading
from mirps.web.pages.planning.record import owner, whole

showing.PAGES |= {"event": "event", "agreement": "agreement"}
#: Who took part, and not only was asked to.
TOOK_PART = ("attended", "remote")
#: What is typed to tell what was done about an agreement.
CELLS = ("said.es", "said.en", "day", "result", "due", "evidence")


@dataclass(frozen=True, slots=True)
class Row:
    """An agreement in the reader's words. `left` says how much time is left, or how late it is."""

    a: Agreement
    title: str
    lang: str
    href: str
    met: str
    met_href: str
    who: tuple[str, ...]
    due: str
    left: str
    late: bool


def row(desk: Desk, a: Agreement, today: date, met: Mapping[str, str]) -> Row:
    title, lang = showing.texts_of(a.title, desk.lang)
    return Row(
        a=a, title=title, lang=lang, href=showing.address_of(a.key, desk.lang), met=met.get(a.parent, ""),
        met_href=showing.address_of(a.parent, desk.lang), who=who(a, desk.lang),
        due=texts.partial_date(a.due_now, desk.locale) if a.due_now else "", left=left(desk, a, today),
        late=a.late(today),
    )  # fmt: skip


def who(a: Agreement, lang: str) -> tuple[str, ...]:
    """Who sees to an agreement, by name."""
    states = [records.name_of("states", s, lang) for s in a.states]
    return (*(body_name(b, lang) for b in a.bodies), *states, *(body_name(i, lang) for i in a.institutions))


def left(desk: Desk, a: Agreement, today: date) -> str:
    if a.closed:
        return say(
            "calendar.agreement.closed-on", desk.lang, when=texts.partial_date(a.closed_on, desk.locale)
        )
    days = a.days_left(today)
    if days is None:
        return ""
    if days == 0:
        return say("calendar.agreement.left-today", desk.lang)
    key = ("late" if days < 0 else "left") + ("-day" if abs(days) == 1 else "-days")
    return say(f"calendar.agreement.{key}", desk.lang, n=texts.number(abs(days), desk.locale))


# --- one meeting or event


@require_safe
@reading
def event(desk: Desk, code: str) -> HttpResponse:
    held = desk.record("event", code)
    if desk.request.GET.get("on"):
        return _as_known(desk, held)
    context = whole(desk, held)
    data = context["data"]
    entry = meetings.entry_of(held) if held.public is not None else None
    today = meetings.today("", desk.now)
    minutes = [r for r in records.under(held.key) if r.kind == "minutes" and desk.shown(r) is not None]
    found = meetings.agreements(desk.may_read, under={held.key, *(r.key for r in minutes)})
    return desk.page(
        "planning/event.html",
        **{**context, "trail": [(say("calendar.title", desk.lang), desk.url("calendar")), (context["title"], "")]},
        e=entry, times=times(desk, held, data), weekday=_weekday(entry, desk), others=others(desk, entry),
        spoken=meetings.spoken(entry.span, desk.locale) if entry else "", agenda=agenda(desk, data),
        people=people(desk, data), took_part=_took_part(data), audience=held.audience,
        whose=owner(desk, held.state, held.body), hosts=[body_name(h, desk.lang) for h in data.get("hosts", ())],
        minutes=[(r, showing.title(desk, r), showing.address_of(r.key, desk.lang)) for r in minutes],
        agreements=[row(desk, a, today, {}) for a in meetings.most_pressing(found, today)],
        may_write=desk.may_on(held, "write"),
    )  # fmt: skip


def _as_known(desk: Desk, held: Record) -> HttpResponse:
    """What was known on a day is shown by the page that all records share: what is computed here is of today."""
    on = urlencode({"on": desk.request.GET["on"][:10]})
    return desk.go("record", f"?{on}", kind=held.kind, code=held.code)


def times(desk: Desk, held: Record, data: Mapping[str, Any]) -> str:
    """`9:00 to 11:30, Tegucigalpa time`, or nothing."""
    clocks = {k: _clock(data[k], desk.locale) for k in ("from", "to") if data.get(k)}
    if "from" not in clocks:
        return ""
    where = get_timezone_location(zone(held.state), locale=desk.locale, return_city=True)
    key = "from-to" if "to" in clocks else "from"
    return f"{say(f'calendar.event.{key}', desk.lang, **clocks)}, {say('calendar.event.clock', desk.lang, zone=where)}"


def _clock(text: str, locale: str) -> str:
    from datetime import time

    return format_time(time.fromisoformat(text), "short", locale=locale)


def _weekday(entry: Entry | None, desk: Desk) -> str:
    """The day of the week, where it was on a weekend."""
    return format_date(entry.span.first, "EEEE", locale=desk.locale) if entry and entry.weekend else ""


def others(desk: Desk, entry: Entry | None) -> list[dict[str, str]]:
    """The other dates that sources report, with where they do."""
    return [
        {
            "when": meetings.spoken(r.span, desk.locale), "document": r.document, "locator": r.locator,
            "name": records.name_of("documents", r.document, desk.lang) if r.document else "", "fragment": r.fragment,
        }
        for r in (entry.reported if entry else ())
    ]  # fmt: skip


def agenda(desk: Desk, data: Mapping[str, Any]) -> list[dict[str, str]]:
    out = []
    for item in data.get("agenda", ()):
        words, lang = showing.texts_of(item, desk.lang)
        presents = body_name(item["institution"], desk.lang) if item.get("institution") else ""
        at = _clock(item["starts"], desk.locale) if item.get("starts") else ""
        out.append(
            {"words": words, "lang": lang, "at": at, "presents": presents, "paper": item.get("paper", "")}
        )
    return out


def people(desk: Desk, data: Mapping[str, Any]) -> list[dict[str, str]]:
    """Delegations: who, in what role, whether they attended. No names of people are kept."""
    out = []
    for p in data.get("participants", ()):
        role, lang = showing.texts_of(p, desk.lang)
        names = [records.name_of("countries", p["country"], desk.lang)] if p.get("country") else []
        names += (
            [records.name_of("institutions", p["institution"], desk.lang)] if p.get("institution") else []
        )
        presence = p.get("presence", "")
        out.append({"who": ", ".join(names), "role": role, "lang": lang, "presence": presence})
    return out


def _took_part(data: Mapping[str, Any]) -> int:
    return sum(p.get("presence") in TOOK_PART for p in data.get("participants", ()))


# --- agreements


@require_safe
@reading
def agreements(desk: Desk) -> HttpResponse:
    """Every agreement that this person may know of: what is late first; their own; by State and body."""
    ask = desk.request.GET
    today = meetings.today("", desk.now)
    every = pages.agreements(desk)
    mine = ask.get("way") == "mine" and desk.user is not None
    hats = meetings.hats(desk.grants, desk.now.date())
    way = Way(ask.get("way", "")) if ask.get("way", "") in list(Way) else Way.ALL
    state, body = ask.get("state", "")[:5], ask.get("body", "")[:60]
    shown = [a for a in every if way.takes(a, today) and (not mine or meetings.answers(a, hats))]
    shown = [a for a in shown if _of(a, state, body)]
    met = showing.titles(desk, {a.parent for a in shown})
    counts = {w.value: sum(w.takes(a, today) for a in every) for w in Way}
    counts["mine"] = sum(meetings.answers(a, hats) and not a.closed for a in every) if hats else 0
    return desk.page(
        "planning/agreements.html", rows=[row(desk, a, today, met) for a in meetings.most_pressing(shown, today)],
        ways=_ways(desk), way="mine" if mine else way.value, counts=counts, state=state, body=body,
        options=_options(desk, every), title=say("calendar.agreement.title", desk.lang),
        trail=[
            (say("calendar.title", desk.lang), desk.url("calendar")),
            (say("calendar.agreement.title", desk.lang), ""),
        ],
    )  # fmt: skip


def _ways(desk: Desk) -> list[str]:
    return ["", *(["mine"] if desk.user else []), "late", "open", "undated", "nobody", "closed"]


def _of(a: Agreement, state: str, body: str) -> bool:
    return (not state or state in a.states) and (not body or body in (*a.bodies, *a.institutions))


def _options(desk: Desk, every: list[Agreement]) -> dict[str, list[tuple[str, str]]]:
    states = sorted({s for a in every for s in a.states})
    bodies = {b for a in every for b in (*a.bodies, *a.institutions)}
    return {
        "state": [(s, records.name_of("states", s, desk.lang)) for s in states],
        "body": sorted(((b, body_name(b, desk.lang)) for b in bodies), key=lambda o: records.folded(o[1])),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@reading
def agreement(desk: Desk, code: str) -> HttpResponse:
    """One agreement: who, by when, what was done; and telling what was done."""
    held = desk.record("agreement", code)
    if held.public is None:
        raise Http404
    if desk.request.method != "POST":
        if desk.request.GET.get("on"):
            return _as_known(desk, held)
        return _agreement(desk, held, {}, {})
    typed = {
        k: desk.request.POST.get(k, "").strip()[:2000]
        for k in ("said.es", "said.en", "day", "result", "due", "evidence")
    }
    name = teller(desk, held, meetings.agreement(held, desk.may_read))
    if name is None:
        desk.require("calendar.write", state=held.state, body=held.body)
    assert name is not None
    try:
        meetings.tell(
            agreement=held.key, said={"es": typed["said.es"], "en": typed["said.en"]}, day=typed["day"],
            result=typed["result"], due=typed["due"], evidence=typed["evidence"], state=name.state, body=name.body,
            by=desk.username, role=name.role, at=desk.now,
        )  # fmt: skip
    except Refused as e:
        kind = records.kinds()["follow-up"]
        return _agreement(
            desk, held, typed, {f.cell: showing.fault_words(kind, f, desk.lang) for f in e.faults}
        )
    return desk.go("agreement", "?kept=1#told", code=code)


def teller(desk: Desk, held: Record, a: Agreement) -> Hat | None:
    """In whose name this person may tell what was done: as one of those who see to it, or for the body
    that met. None for nobody."""
    for g in desk.grants:
        hat = Hat(g.role, g.state, g.body)
        if meetings.answers(a, [hat]) and desk.may("calendar.write", state=g.state, body=g.body):
            return Hat(desk.role_for("calendar.write", state=g.state, body=g.body), g.state, g.body)
    if desk.may_on(held, "write"):
        return Hat(desk.role_for("calendar.write", state=held.state, body=held.body), held.state, held.body)
    return None


def _agreement(desk: Desk, held: Record, typed: Mapping[str, str], faults: Mapping[str, str]) -> HttpResponse:
    a = meetings.agreement(held, desk.may_read)
    today = meetings.today("", desk.now)
    context = whole(desk, held)
    met = showing.titles(desk, [held.parent])
    wrote = {r.key: r for r in records.under(held.key) if r.kind == "follow-up"}
    return desk.page(
        "planning/agreement.html", 422 if faults else 200,
        **{**context, "trail": [
            (say("calendar.title", desk.lang), desk.url("calendar")),
            (say("calendar.agreement.title", desk.lang), desk.url("agreements")), (context["title"], ""),
        ]},
        a=a, row=row(desk, a, today, met), text=showing.texts_of(a.text, desk.lang),
        may_tell=teller(desk, held, a) is not None,
        may_write=desk.may_on(held, "write"), steps=_told(desk, a, wrote), results=meetings.MAY_FOLLOW[a.progress],
        typed=typed or {"day": today.isoformat()}, refused=faults, kept=desk.request.GET.get("kept") == "1",
    )  # fmt: skip


def _told(desk: Desk, a: Agreement, wrote: Mapping[str, Record]) -> list[dict[str, Any]]:
    """The follow-ups, the last first, each with in whose name it was told; people's names for members only."""
    first = {key: records.history(key)[0] for key in wrote} if desk.grants else {}
    names = {u.username: u.called for u in User.objects.filter(username__in={c.by for c in first.values()})}
    out = []
    for f in reversed(a.follow_ups):
        r = wrote[f.key]
        words, lang = showing.texts_of(f.said, desk.lang)
        by = owner(desk, r.state, r.body) + (f" ({names.get(first[f.key].by, '')})" if f.key in first else "")
        out.append({
            "f": f, "words": words, "lang": lang, "by": by, "when": texts.partial_date(f.day, desk.locale),
            "due": texts.partial_date(f.due, desk.locale) if f.due else "",
            "href": desk.url("record", kind="follow-up", code=r.code),
        })  # fmt: skip
    return out


patterns: list[URLPattern] = [
    path("planning/event/<str:code>/", event, name="event"),
    path("planning/agreements/", agreements, name="agreements"),
    path("planning/agreement/<str:code>/", agreement, name="agreement"),
]
