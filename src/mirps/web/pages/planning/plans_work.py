"""Working on a plan: parts added, moved and written as an outline, a plan copied, all of it submitted or
published at once, progress stated. Without JavaScript and by keyboard alone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods, require_POST

from mirps.base.codelists import api as codelists
from mirps.base.texts import api as texts
from mirps.base.texts.api import say
from mirps.planning.plans import api as plans
from mirps.planning.plans.api import LEVELS, NEXT, By, CannotMove, Way, Whole
from mirps.planning.records import api as records
from mirps.planning.records.api import Act, Fault, Record, Refused
from mirps.web.pages.planning import showing
from mirps.web.pages.planning.door import Desk, working
from mirps.web.pages.planning.plans import node_context, trail

PLACES = ("in", "after")
FIELDS = ("title.es", "title.en", "due", "institutions")


def _mine(desk: Desk, code: str, right: str = "write") -> Record:
    held = desk.record("plan", code)
    desk.require(f"plan.{right}", state=held.state, body=held.body)
    return held


def _who(desk: Desk, held: Record, right: str = "write") -> By:
    return By(desk.username, desk.role_for(f"plan.{right}", state=held.state, body=held.body), desk.now)


def _whole(held: Record) -> Whole:
    found = plans.whole(held.key, drafts=True)
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@working
def edit(desk: Desk, code: str) -> HttpResponse:
    """The tree of a plan to work on: a part is chosen, then moved, or others are put under or after it."""
    held = _mine(desk, code)
    if desk.request.method != "POST":
        return _edit_page(desk, held, desk.request.GET.get("at", ""))
    post = desk.request.POST
    at, do = post.get("at", "")[:61], post.get("do", "")
    try:
        if do in list(Way):
            if not at:
                return _edit_page(desk, held, "", [("", say("plans.work.choose", desk.lang))])
            key = f"node/{at}"
            if key not in _whole(held).tree.nodes:
                raise Http404
            plans.move(plan=held, key=key, way=Way(do), who=_who(desk, held))
            return desk.go("plan-edit", f"?at={at}#{at}", code=code)
        made = _add(desk, held, at)
    except CannotMove as e:
        return _edit_page(desk, held, at, [("", say(e.key, desk.lang))])
    except Refused as e:
        return _edit_page(desk, held, at, _told(desk, "node", e.faults))
    return desk.go("plan-edit", f"?at={made.code}#{made.code}", code=code)


def _add(desk: Desk, held: Record, at: str) -> Record:
    """Put what was typed under the chosen part, after it, or under the plan."""
    post, tree = desk.request.POST, _whole(held).tree
    chosen = tree.nodes.get(f"node/{at}") if at else None
    if at and chosen is None:
        raise Http404
    level_above = chosen.level if chosen else ""
    if chosen and post.get("place") == "after":
        parent, after, usual = chosen.parent, chosen.key, chosen.level
    else:
        parent, after, usual = (chosen.key if chosen else held.key), None, NEXT[level_above]
    cells = {f: post.get(f, "") for f in FIELDS} | {"level": post.get("level", "") or usual}
    kind = records.kinds()["node"]
    data, faults = records.read(kind, cells, records.known())
    faults = [f for f in faults if f.key != "record.fault.required"]
    if not data.get("title"):
        faults.append(Fault(f"title.{desk.lang}", "record.fault.required"))
    if faults:
        raise Refused(faults)
    return plans.add(plan=held, parent=parent, after=after, data=data, who=_who(desk, held))


def _told(desk: Desk, kind: str, faults: list[Fault]) -> list[tuple[str, str]]:
    k = records.kinds()[kind]
    out = []
    for f in faults:
        sentence = f.key if f.key.startswith("plans.") else ""
        words = say(sentence, desk.lang) if sentence else showing.fault_words(k, f, desk.lang)
        name = showing.cell_name(k, f.cell, desk.lang) if f.cell.partition(".")[0] in k.by else ""
        out.append((f.cell, f"{name}: {words}" if name else words))
    return out


def _edit_page(
    desk: Desk, held: Record, at: str, faults: list[tuple[str, str]] | None = None
) -> HttpResponse:
    whole = _whole(held)
    chosen = whole.tree.nodes.get(f"node/{at}") if at else None
    return desk.page(
        "planning/plan-edit.html", 422 if faults else 200, r=held, whole=whole, at=at if chosen else "",
        faults=faults or [], levels=LEVELS, typed=desk.request.POST,
        rows=[(b, b.node.key.partition("/")[2]) for b in whole.tree.walk()],
        waiting=plans.waiting_of(held.key),
        may_publish=desk.may_on(held, "publish"), trail=_trail(desk, held, "plans.work.edit"),
        institutions=[(c, codelists.institutions().name(c, desk.lang)) for c in codelists.institutions()],
    )  # fmt: skip


def _trail(desk: Desk, held: Record, last: str) -> list[tuple[str, str]]:
    return trail(
        desk, (showing.title(desk, held), desk.url("plan", code=held.code)), (say(last, desk.lang), "")
    )


@require_http_methods(["GET", "HEAD", "POST"])
@working
def outline(desk: Desk, code: str) -> HttpResponse:
    """Many parts written at once, one a line."""
    held = _mine(desk, code)
    whole, post = _whole(held), desk.request.POST
    at = (post.get("at") or desk.request.GET.get("at", ""))[:61]
    chosen = whole.tree.nodes.get(f"node/{at}") if at else None
    faults: list[tuple[int, str]] = []
    if desk.request.method == "POST":
        found = plans.parsed(
            post.get("text", "")[:60_000], chosen.level if chosen else "", institutions=codelists.institutions(),
            words=_levels(), depth=whole.tree.depth(chosen.key) if chosen else 0,
        )  # fmt: skip
        faults = [(w.line, say(w.key, desk.lang, found=w.found)) for w in found.wrong]
        if not found.lines and not faults:
            faults = [(0, say("plans.outline.empty", desk.lang))]
        if not faults:
            try:
                made = plans.add_outline(
                    plan=held,
                    parent=chosen.key if chosen else held.key,
                    lines=found.lines,
                    who=_who(desk, held),
                )
                return desk.go("plan-edit", f"?added={len(made)}#{made[0].code}", code=code)
            except Refused as e:
                faults = [(0, words) for _, words in _told(desk, "node", e.faults)]
    return desk.page(
        "planning/plan-outline.html", 422 if faults else 200, r=held, at=at if chosen else "", faults=faults,
        typed=post.get("text", ""), levels=LEVELS, trail=_trail(desk, held, "plans.outline.title"),
        rows=[(b, b.node.key.partition("/")[2]) for b in whole.tree.walk()],
    )  # fmt: skip


def _levels() -> dict[str, str]:
    """Names of levels in both languages, small letters -> the level."""
    return {
        say(f"kind.node.choice.level.{level}", lang).casefold(): level
        for level in LEVELS
        for lang in texts.LANGUAGES
    }


@require_http_methods(["GET", "HEAD", "POST"])
@working
def copy(desk: Desk, code: str) -> HttpResponse:
    """Copy a plan to a new one, dates moved by whole years."""
    held = _mine(desk, code)
    post = desk.request.POST
    years = post.get("years", "1")
    typed = {
        "code": post.get("code", _next_code(code)), "years": years,
        "es": post.get("es", _moved(held.data.get("title", {}).get("es", ""))),
        "en": post.get("en", _moved(held.data.get("title", {}).get("en", ""))),
    }  # fmt: skip
    faults: list[tuple[str, str]] = []
    if desk.request.method == "POST":
        if not years.isdecimal() or not 0 <= int(years) <= 20:
            faults.append(("years", say("plans.copy.years-wrong", desk.lang)))
        title = {lang: typed[lang].strip()[:300] for lang in texts.LANGUAGES if typed[lang].strip()}
        if not title:
            faults.append(("es", say("plans.copy.untitled", desk.lang)))
        if not faults:
            try:
                new, made = plans.copy(
                    plan=held, code=typed["code"].strip(), years=int(years), who=_who(desk, held), title=title
                )
                left = "&".join(f"{k}={n}" for k, n in made.left.items())
                return desk.go("plan-edit", f"?copied={len(made.nodes)}&{left}", code=new.code)
            except Refused as e:
                faults = _told(desk, "plan", e.faults)
    return desk.page(
        "planning/plan-copy.html", 422 if faults else 200, r=held, typed=typed, faults=faults,
        title=showing.title(desk, held), trail=_trail(desk, held, "plans.copy.title"),
    )  # fmt: skip


def _next_code(code: str) -> str:
    """wp-jl-2024 -> wp-jl-2025; without a year, a mark of its own."""
    return _moved(code) if _moved(code) != code else f"{code}-2"


def _moved(text: str) -> str:
    """A text with each year in it one later."""
    import re

    return re.sub(r"(?<!\d)(20\d\d)(?!\d)", lambda m: str(int(m[1]) + 1), text)


@require_POST
@working
def step(desk: Desk, code: str) -> HttpResponse:
    """Submit or publish the plan with every part that waits for it."""
    try:
        act = Act(desk.request.POST.get("act", ""))
    except ValueError:
        raise Http404 from None
    if act not in (Act.SUBMIT, Act.PUBLISH):
        raise Http404
    held = _mine(desk, code, records.RIGHT[act])
    found = plans.step_all(plan=held, act=act, who=_who(desk, held, records.RIGHT[act]))
    if not found.left:
        return HttpResponseRedirect(showing.address_of(held.key, desk.lang))
    left = [
        (records.title(r.kind, r.data, desk.lang) or r.code, showing.address_of(r.key, desk.lang),
         showing.fault_words(records.kinds()[r.kind], f, desk.lang))
        for r, f in found.left
    ]  # fmt: skip
    return desk.page(
        "planning/plan-stepped.html", r=held, act=act.value, done=found.done, left=left[:200], all_left=len(left),
        title=showing.title(desk, held), trail=_trail(desk, held, f"plans.work.{act.value}-all"),
    )  # fmt: skip


@require_POST
@working
def state(desk: Desk, code: str) -> HttpResponse:
    """State how far a part of a plan has come."""
    held = desk.record("node", code)
    desk.require("plan.write", state=held.state, body=held.body)
    kind, post = records.kinds()["progress"], desk.request.POST
    cells = {c: post.get(c, "")[:500] for c in records.columns(kind) if c in post}
    if not cells.get("said.es") and not cells.get("said.en") and cells.get("stage") in kind["stage"].options:
        # Nothing was said in words: the stage is, in both languages.
        cells |= {
            f"said.{x}": say(f"kind.progress.choice.stage.{cells['stage']}", x) for x in texts.LANGUAGES
        }
    data, faults = records.read(kind, cells, records.known(lambda t: texts.read_number(t, desk.locale)))
    faults += _unlikely(data, desk.now.date())
    if not faults:
        if mine := _institutions(desk, held):
            data["institutions"] = mine
        try:
            plans.state_progress(under=held, data=data, who=_who(desk, held))
            return HttpResponseRedirect(f"{showing.address_of(held.key, desk.lang)}#h-said")
        except Refused as e:
            faults = e.faults
    context = node_context(desk, held)
    if context is None:
        raise Http404
    return desk.page(
        "planning/plan-node.html", 422,
        **{**context, "faults": _told(desk, "progress", faults), "typed": cells,
           "wrong": {f.cell: f for f in faults}},
    )  # fmt: skip


def _unlikely(data: Mapping[str, Any], today: date) -> list[Fault]:
    """What is well formed and cannot be: a day to come, more than all of it."""
    out = []
    if data.get("day", "") > today.isoformat():
        out.append(Fault("day", "plans.state.day-to-come"))
    if data.get("percent") and not 0 <= float(data["percent"]) <= 100:
        out.append(Fault("percent", "plans.state.percent-wrong"))
    return out


def _institutions(desk: Desk, held: Record) -> list[str]:
    """The institution for which this person acts, where they hold a role of one."""
    mine = [g.body for g in desk.grants if g.body in codelists.institutions() and g.state == held.state]
    return list(dict.fromkeys(mine))[:1]


patterns: list[URLPattern] = [
    path("planning/plan/<str:code>/edit/", edit, name="plan-edit"),
    path("planning/plan/<str:code>/outline/", outline, name="plan-outline"),
    path("planning/plan/<str:code>/copy/", copy, name="plan-copy"),
    path("planning/plan/<str:code>/all/", step, name="plan-step"),
    path("planning/plan-part/<str:code>/state/", state, name="plan-state"),
]
