"""Editing a theory of change: boxes and arrows by forms that need no JavaScript and no mouse."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.http import Http404, HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods

from mirps.base.texts.api import say
from mirps.planning.records import api as records
from mirps.planning.records.api import Act, Fault, Met, Record, Refused, Status
from mirps.planning.results import api as results
from mirps.planning.results.api import Box, Level, Theory
from mirps.web.pages.planning import showing
from mirps.web.pages.planning.door import Desk, working
from mirps.web.pages.planning.record import trail
from mirps.web.pages.planning.results import anchor, loose, parts


@require_http_methods(["GET", "HEAD", "POST"])
@working
def draw(desk: Desk, code: str) -> HttpResponse:
    """The drawing with a form for each thing that can be done to it."""
    held = desk.record("framework", code)
    if not any(desk.may_on(held, right) for right in ("write", "review", "publish")):
        desk.require("results.write", state=held.state, body=held.body)
    if desk.request.method != "POST":
        return _page(desk, held)
    chosen = _DOING.get(desk.request.POST.get("do", ""))
    if chosen is None:
        raise Http404
    right, do = chosen
    desk.require(f"results.{right}", state=held.state, body=held.body)
    try:
        with transaction.atomic():
            mark = do(desk, held, {
                "by": desk.username, "at": desk.now,
                "role": desk.role_for(f"results.{right}", state=held.state, body=held.body),
            })  # fmt: skip
    except Refused as e:
        return _page(desk, held, faults=[_words(desk, f) for f in e.faults], status=422)
    except Met:
        return _page(desk, held, faults=[("", say("record.met.act", desk.lang))], status=409)
    return desk.go("framework-draw", f"?done={desk.request.POST['do']}{mark}", code=code)


def _words(desk: Desk, fault: Fault) -> tuple[str, str]:
    """A fault with the box that it is about, where the fault names one."""
    kind = records.kinds()["framework-node"]
    if "/" not in fault.cell:
        return "", showing.fault_words(kind, fault, desk.lang)
    about = showing.titles(desk, [fault.cell]).get(fault.cell, fault.cell)
    values = dict(fault.values)
    cell = str(values.pop("cell", ""))
    k = records.kinds()[fault.cell.partition("/")[0]]
    where = f" ({showing.cell_name(k, cell, desk.lang)})" if cell else ""
    return about + where, showing.fault_words(kind, Fault(cell, fault.key, values), desk.lang)


def _page(desk: Desk, held: Record, *, faults: Any = (), status: int = 200) -> HttpResponse:
    theory = results.theory(held, desk.shown, desk.lang)
    assert theory is not None
    boxes = results.ordered(theory.boxes.values())
    waiting = [r for r in (held, *theory.records.values()) if r.status in (Status.DRAFT, Status.RETURNED)]
    sent = [r for r in (held, *theory.records.values()) if r.status == Status.SUBMITTED]
    done = desk.request.GET.get("done", "")
    return desk.page(
        "planning/framework-draw.html", status, r=held, faults=faults, loose=loose(desk, theory),
        title=say("results.draw.title", desk.lang, name=showing.title(desk, held)), anchor=anchor,
        targets=_targets(theory, boxes), upper=[b for b in boxes if b.level is not Level.ASSUMPTION],
        kinds=[(level.value, say(f"kind.framework-node.choice.level.{level.value}", desk.lang)) for level in Level],
        typed=desk.request.POST if faults else {}, done=done if done in _DOING else "", waiting=waiting, sent=sent,
        may={right: desk.may_on(held, right) for right in ("write", "publish", "review")},
        trail=[*trail(desk, held)[:-1], (showing.title(desk, held), showing.address_of(held.key, desk.lang)),
               (say("results.draw.crumb", desk.lang), "")],
        **parts(desk, theory),
    )  # fmt: skip


def _targets(theory: Theory, boxes: list[Box]) -> dict[str, list[Box]]:
    """To which boxes an arrow could be drawn from each."""
    held = dict(theory.boxes)
    return {b.key: [t for t in boxes if not results.arrow_fault(held, b.key, t.key)] for b in boxes}


def _add(desk: Desk, held: Record, acting: dict[str, Any]) -> str:
    post = desk.request.POST
    try:
        level = Level(post.get("level", ""))
    except ValueError:
        raise Refused([Fault("level", "record.fault.required")]) from None
    title = {"es": post.get("title.es", ""), "en": post.get("title.en", "")}
    made = results.add(
        framework=held.key, level=level, title=title, leads_to=post.get("leads_to", ""), **acting
    )
    return f"#{anchor(made.key)}"


def _own(desk: Desk, held: Record, name: str = "box") -> str:
    """The key of a box of this framework that was posted; 404 for any other."""
    key = desk.request.POST.get(name, "")
    if not Record.objects.filter(pk=key, parent=held.key).exists():
        raise Http404
    return key


def _connect(desk: Desk, held: Record, acting: dict[str, Any]) -> str:
    key = _own(desk, held)
    results.connect(origin=key, target=desk.request.POST.get("target", ""), **acting)
    return f"#{anchor(key)}"


def _disconnect(desk: Desk, held: Record, acting: dict[str, Any]) -> str:
    key = _own(desk, held)
    results.disconnect(origin=key, target=desk.request.POST.get("target", ""), **acting)
    return f"#{anchor(key)}"


def _move(desk: Desk, held: Record, acting: dict[str, Any]) -> str:
    key = _own(desk, held)
    results.move(key=key, steps=-1 if desk.request.POST.get("way") == "up" else 1, **acting)
    return f"#{anchor(key)}"


def _remove(desk: Desk, held: Record, acting: dict[str, Any]) -> str:
    results.remove(key=_own(desk, held), reason=desk.request.POST.get("reason", "")[:2000], **acting)
    return "#boxes"


def _all(act: Act) -> Callable[[Desk, Record, dict[str, Any]], str]:
    def done(desk: Desk, held: Record, acting: dict[str, Any]) -> str:
        reason = desk.request.POST.get("reason", "")[:2000]
        results.step_all(framework=held.key, act=act, reason=reason, **acting)
        return "#steps"

    return done


#: What can be done: the right that it needs, and how it is done; each answers where the page goes on.
_DOING: dict[str, tuple[str, Callable[[Desk, Record, dict[str, Any]], str]]] = {
    "add": ("write", _add),
    "connect": ("write", _connect),
    "disconnect": ("write", _disconnect),
    "move": ("write", _move),
    "remove": ("publish", _remove),
    "submit": ("write", _all(Act.SUBMIT)),
    "publish": ("publish", _all(Act.PUBLISH)),
    "return": ("review", _all(Act.RETURN)),
}
patterns: list[URLPattern] = [
    path("planning/framework/<str:code>/draw/", draw, name="framework-draw"),
]
