"""The nodes, for who administers this one: how the lines are, what waits, what was refused and why, keys, lists."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST, require_safe

from mirps.base.refusal import Refusal
from mirps.base.texts.api import say
from mirps.sharing.exchange import api as exchange
from mirps.sharing.exchange.api import Package, TurnedAway, overview
from mirps.sharing.portal.wording import state as state_name
from mirps.web import desk as desks
from mirps.web.desk import Desk
from mirps.web.pages.page import explained

ACT = "node.manage"
A_PAGE = 50
#: Of what was refused or turned away, so much on the first page.
LATEST = 20
#: What may stand after ?done=.
DONE = ("paused", "resumed", "rotated", "adopted")

View = Callable[..., HttpResponse]


def administers(view: View) -> View:
    """A view of who administers this node: `view(desk, **parts)`. Where one process plays every node, the region's."""

    def inside(desk: Desk, **parts: Any) -> HttpResponse:
        desk.require(ACT, state="" if settings.NODE in ("", exchange.REGION) else settings.NODE)
        return view(desk, **parts)

    @wraps(view)
    def checked(request: HttpRequest, lang: str, **parts: Any) -> HttpResponse:
        return desks.admitted(Desk(request), inside, **parts)

    return checked


def called(code: str, lang: str) -> str:
    """A node in words: its State, or the region."""
    return say("nodes.region", lang) if code == exchange.REGION else state_name(code, lang)


@dataclass(frozen=True, slots=True)
class Row:
    """A package as a list shows it."""

    package: Package
    peer: str
    stream: str
    about: str
    why: str


def row(package: Package, lang: str) -> Row:
    lane = package.lane
    return Row(
        package, called(lane.peer_id, lang), say(f"nodes.stream.{lane.stream}", lang), about(package.about, lang),
        overview.why(package, lang) if package.reason else "",
    )  # fmt: skip


def about(told: dict[str, Any], lang: str) -> str:
    """What a package brought or brings: its round, how much, and what of it did not fit."""
    parts = []
    if code := told.get("round"):
        parts.append(say("nodes.about.round", lang, round=code))
    if n := told.get("count"):
        parts.append(say("nodes.about.count", lang, n=n))
    if n := told.get("placed"):
        parts.append(say("nodes.about.placed", lang, n=n))
    for key in ("aside", "unplaced"):
        if found := told.get(key):
            parts.append(say(f"nodes.about.{key}", lang, n=len(found), which=", ".join(map(str, found[:5]))))
    if n := told.get("passed"):
        parts.append(say("nodes.about.passed", lang, n=n))
    return " · ".join(parts)


@dataclass(frozen=True, slots=True)
class Away:
    entry: TurnedAway
    sender: str
    why: str


@require_safe
@administers
def nodes(desk: Desk) -> HttpResponse:
    if not exchange.stands():
        return desk.page("nodes/none.html", node=settings.NODE)
    return _shown(desk)


def _shown(desk: Desk, fault: str = "") -> HttpResponse:
    lang = desk.lang
    refused = [row(p, lang) for p in overview.refused()[:LATEST]]
    away = [
        Away(a, called(a.sender, lang) if a.sender else "?", say(a.reason, lang, **a.values))
        for a in overview.turned_away()[:LATEST]
    ]
    own = overview.own_keys(at=desk.now)
    return desk.page(
        "nodes/list.html", 422 if fault else 200, fault=fault, node=settings.NODE, address=settings.ADDRESS,
        called=lambda code: called(code, lang), key=own[0], peers=overview.standing(at=desk.now), refused=refused,
        away=away, offered=sorted(exchange.lists.offered()), done=_done(desk), LATEST=LATEST,
    )  # fmt: skip


@require_safe
@administers
def node(desk: Desk, code: str) -> HttpResponse:
    found = overview.standing(at=desk.now, code=code)
    if not found or not settings.NODE:
        raise Http404
    sheet = Paginator(overview.packages(code), A_PAGE).get_page(desk.request.GET.get("page"))
    return desk.page(
        "nodes/one.html", one=found[0], name=called(code, desk.lang), sheet=sheet, done=_done(desk),
        rows=[row(p, desk.lang) for p in sheet.object_list],
        streams=lambda stream: say(f"nodes.stream.{stream}", desk.lang),
    )  # fmt: skip


def _done(desk: Desk) -> str:
    found = desk.request.GET.get("done", "")
    return found if found in DONE else ""


@require_POST
@administers
def pause(desk: Desk, code: str) -> HttpResponse:
    """Exchange nothing with a node, or again: `paused` says which."""
    paused = desk.request.POST.get("paused") == "1"
    try:
        exchange.pause(code=code, paused=paused, by=desk.username, at=desk.now)
    except Refusal:
        raise Http404 from None
    return desk.go("node", f"?done={'paused' if paused else 'resumed'}", code=code)


@require_POST
@administers
def rotate(desk: Desk) -> HttpResponse:
    """New keys for this node, told to every peer; only where it was ticked that this is meant."""
    if not exchange.stands():
        raise Http404
    if desk.request.POST.get("meant") != "1":
        return explained(_shown(desk, say("nodes.rotate.tick", desk.lang)))
    exchange.rotate(by=desk.username, at=desk.now)
    return desk.go("nodes", "?done=rotated")


@require_POST
@administers
def adopt(desk: Desk) -> HttpResponse:
    """Put lists that came from the region in the place of ours."""
    if not exchange.stands():
        raise Http404
    names = desk.request.POST.getlist("list")[:50]
    if not exchange.lists.adopt(names=names, by=desk.username, at=desk.now):
        return explained(_shown(desk, say("nodes.lists.none-chosen", desk.lang)))
    return desk.go("nodes", "?done=adopted")


patterns: list[URLPattern] = [
    path("nodes/", nodes, name="nodes"),
    path("nodes/keys/", rotate, name="nodes-rotate"),
    path("nodes/lists/", adopt, name="nodes-adopt"),
    path("nodes/<slug:code>/", node, name="node"),
    path("nodes/<slug:code>/pause/", pause, name="node-pause"),
]
