"""Subscribing to the calendar: addresses for everybody, and one's own by a secret address."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from mirps.base.notices.api import zone
from mirps.base.texts.api import say
from mirps.planning.calls import api as calls
from mirps.planning.meetings import api as meetings
from mirps.planning.meetings.api import Chosen, Entry, Feed
from mirps.planning.records import api as records
from mirps.web.desk import to_sign_in
from mirps.web.jinja import address
from mirps.web.pages.page import private
from mirps.web.pages.planning import calendar as pages
from mirps.web.pages.planning import showing
from mirps.web.pages.planning.door import Desk, reading

TYPE = "text/calendar; charset=utf-8"
#: How long a program may keep a public calendar, in seconds.
FRESH = 3600


@dataclass(frozen=True, slots=True)
class Subscription:
    """An address to subscribe to: as programs copy it (https) and as phones open it (webcal)."""

    name: str
    https: str
    id: str

    @property
    def webcal(self) -> str:
        return "webcal://" + self.https.partition("://")[2]


@require_http_methods(["GET", "HEAD", "POST"])
@reading
def subscribe(desk: Desk) -> HttpResponse:
    """The addresses; making and ending one's own."""
    made = ""
    if desk.request.method == "POST":
        if desk.user is None:
            return to_sign_in(desk.request, desk.lang)
        if "revoke" in desk.request.POST:
            meetings.revoke_feed(user=desk.user, by=desk.username, at=desk.now)
            return desk.go("calendar-subscribe", "?revoked=1#private")
        made = meetings.make_feed(user=desk.user, by=desk.username, at=desk.now)
    events = meetings.events()
    answer = desk.page(
        "planning/calendar-subscribe.html", whole=_public(desk), states=_of_states(desk, events),
        bodies=_of_bodies(desk, events, teams=True),
        institutions=_of_bodies(desk, events, teams=False), made=_private(desk, made) if made else None,
        mine=meetings.feed_of(desk.user) if desk.user else None, revoked=desk.request.GET.get("revoked") == "1",
        title=say("calendar.feed.title", desk.lang),
        trail=[
            (say("calendar.title", desk.lang), desk.url("calendar")),
            (say("calendar.view.subscribe", desk.lang), ""),
        ],
    )  # fmt: skip
    if made:
        answer["Cache-Control"] = "private, no-store"
        answer["Referrer-Policy"] = "no-referrer"
    return answer


def _at(desk: Desk, name: str, **parts: str) -> str:
    return desk.request.build_absolute_uri(desk.url(name, **parts))


def _public(desk: Desk) -> Subscription:
    return Subscription(say("calendar.feed.public", desk.lang), _at(desk, "calendar-feed"), "all")


def _private(desk: Desk, token: str) -> Subscription:
    where = _at(desk, "calendar-feed-private", token=token)
    return Subscription(say("calendar.feed.private", desk.lang), where, "own")


def _of_states(desk: Desk, events: list[Entry]) -> list[Subscription]:
    states = {s for e in events for s in e.states}
    return _by_name(
        Subscription(
            records.name_of("states", s, desk.lang), _at(desk, "calendar-feed-state", state=s), s.lower()
        )
        for s in states
    )


def _of_bodies(desk: Desk, events: list[Entry], *, teams: bool) -> list[Subscription]:
    """The bodies of the region, or the institutions, that have something in the calendar."""
    bodies = {b for e in events for b in e.bodies if pages.is_body(b) is teams}
    return _by_name(
        Subscription(
            pages.body_name(b, desk.lang),
            _at(desk, "calendar-feed-body", body=b),
            b.lower().replace(".", "-"),
        )
        for b in bodies
    )


def _by_name(found: Iterable[Subscription]) -> list[Subscription]:
    return sorted(found, key=lambda s: (records.folded(s.name), s.id))


# --- the calendars themselves


def _content(request: HttpRequest, lang: str, entries: list[Entry], name: str) -> bytes:
    def link(e: Entry) -> str:
        parts = e.key.split("/")
        where = (
            address("round", lang=lang, code=parts[1])
            if parts[0] == "round"
            else showing.address_of(e.key, lang)
        )
        return request.build_absolute_uri(where)

    return meetings.build(
        entries,
        Feed(
            lang=lang, name=name, about=say("calendar.feed.about", lang), say=lambda key, **v: say(key, lang, **v),
            link=link, zone=lambda e: zone(e.states[0] if len(e.states) == 1 else ""),
        ),
    )  # fmt: skip


def _answer(request: HttpRequest, content: bytes, file: str) -> HttpResponse:
    """A public calendar: a program that has it already is told so."""
    etag = f'W/"{hashlib.blake2b(content, digest_size=12).hexdigest()}"'
    held = [t.strip() for t in request.headers.get("If-None-Match", "").split(",")]
    answer: HttpResponse
    if etag in held or etag.removeprefix("W/") in held:
        answer = HttpResponseNotModified()
    else:
        answer = HttpResponse(content, content_type=TYPE)
        answer["Content-Disposition"] = f'inline; filename="{file}.ics"'
    answer["ETag"] = etag
    answer["Cache-Control"] = f"public, max-age={FRESH}"
    return answer


def _everything() -> list[Entry]:
    """What everybody may know of: events, calls that close, and the dates of agreements that are public."""
    due = meetings.due_entries(meetings.agreements(), meetings.today("", timezone.now()))
    return meetings.events() + calls.closings() + due


@require_safe
def feed(request: HttpRequest, lang: str) -> HttpResponse:
    return _answer(request, _content(request, lang, _everything(), say("calendar.feed.name", lang)), "mirps")


@require_safe
def feed_of_state(request: HttpRequest, lang: str, state: str) -> HttpResponse:
    if state not in records.listed("states"):
        raise Http404
    return _chosen(request, lang, Chosen(state=state), records.name_of("states", state, lang), state)


@require_safe
def feed_of_body(request: HttpRequest, lang: str, body: str) -> HttpResponse:
    found = _everything()
    if body not in {b for e in found for b in e.bodies} and body not in records.listed("institutions"):
        raise Http404
    return _chosen(request, lang, Chosen(body=body), pages.body_name(body, lang), body)


def _chosen(request: HttpRequest, lang: str, chosen: Chosen, name: str, file: str) -> HttpResponse:
    held = [e for e in _everything() if chosen.takes(e)]
    content = _content(request, lang, held, say("calendar.feed.name-of", lang, name=name))
    return _answer(request, content, f"mirps-{file.lower()}")


@require_safe
def feed_private(request: HttpRequest, lang: str, token: str) -> HttpResponse:
    """What the person who made the address may read, as they may today. Nothing on the way keeps it."""
    user = meetings.feed_reader(token, at=timezone.now())
    if user is None:
        raise Http404
    request.user = user
    desk = Desk(request)
    hats = meetings.hats(desk.grants, desk.now.date())
    due = [a for a in pages.agreements(desk) if meetings.answers(a, hats)]
    found = meetings.events(desk.may_read) + calls.closings(desk.may_read)
    found += meetings.due_entries(due, meetings.today("", desk.now))
    if desk.grants:
        found += meetings.round_dates(pages.states_of(desk))
    content = _content(request, lang, found, say("calendar.feed.name-private", lang))
    answer = private(HttpResponse(content, content_type=TYPE))
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Robots-Tag"] = "noindex"
    return answer


@require_safe
@reading
def one(desk: Desk, code: str) -> HttpResponse:
    """A single event, to keep in one's calendar."""
    held = desk.record("event", code)
    if held.public is None:
        raise Http404
    entry = meetings.entry_of(held)
    content = _content(desk.request, desk.lang, [entry], say("calendar.feed.name", desk.lang))
    answer = HttpResponse(content, content_type=TYPE)
    answer["Content-Disposition"] = f'attachment; filename="{held.code}.ics"'
    return answer if entry.public and desk.user is None else private(answer)


patterns: list[URLPattern] = [
    path("planning/calendar/subscribe/", subscribe, name="calendar-subscribe"),
    path("planning/calendar/mirps.ics", feed, name="calendar-feed"),
    path("planning/calendar/state/<str:state>.ics", feed_of_state, name="calendar-feed-state"),
    path("planning/calendar/body/<str:body>.ics", feed_of_body, name="calendar-feed-body"),
    path("planning/calendar/private/<str:token>.ics", feed_private, name="calendar-feed-private"),
    path("planning/calendar/event/<str:code>.ics", one, name="event-ics"),
]
