"""Plans: all of them, one as a tree with how each part stands, one part, and what is late or lacks something."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from heapq import merge
from itertools import chain, islice, repeat
from typing import Any, cast

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe

from mirps.base.codelists import api as codelists
from mirps.base.texts.api import say
from mirps.evidence.figures import api as figures
from mirps.planning.plans.api import Branch, Gauge, Judged, Node
from mirps.planning.records import api as records
from mirps.planning.records.api import Record
from mirps.web.pages.planning import lists, showing
from mirps.web.pages.planning.door import Desk, reading
from mirps.web.pages.planning.plans_board import Evaluated, every, on_day, one, shelf_of, today_of
from mirps.web.pages.planning.plans_words import MOST_AT_ONCE, MOST_AT_TOP, Row, Words
from mirps.web.pages.planning.record import whole

SORTS = ("regional", "workplan", "strategy", "national")
LACKS = ("indicator", "owner", "money")
PAGE = 40


def trail(desk: Desk, *more: tuple[str, str]) -> list[tuple[str, str]]:
    return [(say("kind.plan.many", desk.lang), desk.url("plans") if more else ""), *more]


@require_safe
@reading
def index(desk: Desk) -> HttpResponse:
    """Every plan by its sort, with how it stands."""
    words, state = Words(desk), desk.request.GET.get("state", "")[:5]
    found = every(desk)
    groups = []
    for sort in SORTS:
        mine = [
            e for e in found if e.whole.plan.sort == sort and state in ("", e.whole.plan.state or "region")
        ]
        if mine:
            groups.append((sort, [_card(words, e) for e in mine]))
    states = sorted(
        {e.whole.plan.state for e in found if e.whole.plan.state}, key=list(codelists.states()).index
    )
    return desk.page(
        "planning/plans.html", groups=groups, states=states, chosen=state, trail=trail(desk),
        may_write=bool(desk.owners(records.kinds()["plan"])), late=sum(len(e.lists["late"]) for e in found),
    )  # fmt: skip


def _card(words: Words, e: Evaluated) -> dict[str, Any]:
    p = e.whole.plan
    total = e.judged[p.key].sum
    return {
        "href": words.desk.url("plan", code=p.code), "title": p.called(words.lang),
        "state": p.state, "status": p.status,
        "strip": words.strip(total) if total else None, "parts": len(e.whole.tree.nodes), "late": len(e.lists["late"]),
        "years": _years(p.starts, p.due),
    }  # fmt: skip


def _years(starts: date | None, due: date | None) -> str:
    years = [str(d.year) for d in (starts, due) if d]
    return "–".join(dict.fromkeys(years))


@require_safe
@reading
def plan(desk: Desk, code: str) -> HttpResponse:
    """A plan as a tree. `?on=` a day as it was known then, `?part=` the branch to open, `?show=` a list of
    the parts that are late, have a colour or lack something."""
    held = desk.record("plan", code)
    ask = desk.request.GET
    on = desk.day("on")
    e = on_day(desk, held, on) if on else one(desk, held)
    if e is None:
        return _plain(desk, held, on)
    words, show = Words(desk), ask.get("show", "")
    past = on if on and on <= today_of(desk) else None
    shown = _chosen(e, show)
    part = ask.get("part", "")
    rows, openable = _rows(words, e, part) if shown is None else ([], frozenset())
    total, context = e.judged[held.key].sum, whole(desk, held, past)
    return desk.page(
        "planning/plan.html", **{**context, "trail": trail(desk, (e.whole.plan.called(desk.lang), ""))},
        e=e, p=e.whole.plan, rows=rows, openable=openable, part=part, show=show,
        listed=None if shown is None else [_flat(words, e, n) for n in shown[:400]],
        strip=words.strip(total) if total else None, counts=_counts(e), stated=_stated(words, e.judged[held.key]),
        day=on, to_come=bool(on and not past), reviews=reviews(context), may_add=desk.may_on(held, "write") and not on,
    )  # fmt: skip


def _plain(desk: Desk, held: Record, on: date | None) -> HttpResponse:
    """A plan or part that stands in no tree (withdrawn, or under what was), as any record is shown."""
    if on:
        raise Http404
    return desk.page("planning/record.html", **whole(desk, held))


def reviews(context: dict[str, Any]) -> list[Any]:
    """The evaluations and recommendations among what stands under a record."""
    return [
        (name, shown)
        for name, shown in context["under"]
        if shown[0][0].kind in ("evaluation", "recommendation")
    ]


def _chosen(e: Evaluated, show: str) -> list[Node] | None:
    """The parts of a list, or None for the tree."""
    if show in e.lists:
        return list(e.lists[show])
    if show in ("red", "amber", "green", "grey"):
        return [
            b.node for b in e.whole.tree.walk()
            if (light := e.judged[b.node.key].light) is not None and light.colour == show
        ]  # fmt: skip
    return None


def _counts(e: Evaluated) -> list[tuple[str, int]]:
    return [(what, len(e.lists[what])) for what in ("late", *LACKS)]


def _flat(words: Words, e: Evaluated, n: Node) -> Row:
    """A part by itself, with the number it has in the tree."""
    return words.row(e, Branch(n, 0, n.number, ()))


def _rows(words: Words, e: Evaluated, part: str) -> tuple[list[Row], frozenset[str]]:
    """The tree, and the codes of branches that are named without what they hold. A large plan shows its top
    (two levels where they are few) and the branch that was asked for."""
    tops, tree = e.whole.tree.branches, e.whole.tree
    if len(tree.nodes) <= MOST_AT_ONCE or part == "all":
        return [words.row(e, b) for b in tops], frozenset()
    key = f"node/{part}"
    open_ = {key, *tree.beneath(key), *(n.key for n in tree.above(key))} if key in tree.nodes else set()
    if sum(1 + len(b.under) for b in tops) <= MOST_AT_TOP:
        open_ |= {b.node.key for b in tops}
    rows = [words.row(e, b, lambda x: x.node.key in open_) for b in tops]
    shut = (b for b in tree.walk() if b.under and b.node.key not in open_)
    return rows, frozenset(b.node.key.partition("/")[2] for b in shut)


def _stated(words: Words, j: Judged) -> dict[str, str] | None:
    if j.stated is None:
        return None
    return {
        "stage": say(f"kind.progress.choice.stage.{j.stated.stage.value}", words.lang), "day": words.day(j.stated.day),
        "href": words.desk.url("record", kind="progress", code=j.stated.key.partition("/")[2]),
        "where": j.stated.document,
    }  # fmt: skip


@require_safe
@reading
def node(desk: Desk, code: str) -> HttpResponse:
    """One part of a plan: how it stands and how that is known, what was said of it, what it lacks."""
    held = desk.record("node", code)
    on = desk.day("on")
    context = node_context(desk, held, on)
    return _plain(desk, held, on) if context is None else desk.page("planning/plan-node.html", **context)


def node_context(desk: Desk, held: Record, on: date | None = None) -> dict[str, Any] | None:
    """What a part's page shows; the form that states progress shows the same. None for one in no tree."""
    root = Record.objects.get(pk=held.root)
    e = on_day(desk, root, on) if on else one(desk, root)
    if e is None or held.key not in e.judged:
        return None
    words, tree = Words(desk), e.whole.tree
    branch = next(b for b in tree.walk() if b.node.key == held.key)
    crumbs = [
        (e.whole.plan.called(desk.lang), showing.address_of(root.key, desk.lang)),
        *(
            (n.called(desk.lang), showing.address_of(n.key, desk.lang))
            for n in reversed(tree.above(held.key))
        ),
    ]
    context = whole(desk, held, on if on and on <= today_of(desk) else None)
    return {
        **context, "reviews": reviews(context), "day": on, "to_come": bool(on and on > today_of(desk)),
        "trail": trail(desk, *crumbs, (context["title"], "")), "row": words.row(e, branch), "plan": root,
        "crumbs_above": crumbs, "shown": shown(desk, e.judged[held.key]), "said": _said(desk, e, held.key),
        "stages": records.kinds()["progress"]["stage"].options, "may_state": desk.may_on(held, "write") and not on,
        "today": today_of(desk),
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shown:
    """What the ledger shows of a part, each value with its figures."""

    baseline: str
    baseline_lines: tuple[Any, ...]
    now: str
    now_lines: tuple[Any, ...]
    target: str
    per_cent: str
    unclear: str
    series: str


def shown(desk: Desk, j: Judged) -> Shown | None:
    if j.gauge is None:
        return None
    words, shelf = Words(desk), shelf_of(desk)

    def lines(ids: tuple[str, ...]) -> tuple[Any, ...]:
        return tuple(shelf.line(shelf.public[i], desk.lang, desk.locale) for i in ids if i in shelf.public)

    series = _series(desk, j.gauge)
    empty = Shown("", (), "", (), "", "", "", series)
    if j.shown is None:
        why = j.unclear
        said = say(f"plans.unclear.{why.why}", desk.lang, between="; ".join(why.between)) if why else ""
        return replace(empty, unclear=said)
    s = j.shown
    from mirps.base.texts.api import number

    return replace(
        empty, now=number(s.now.value, desk.locale), now_lines=lines(s.now.figures),
        baseline=number(s.baseline.value, desk.locale) if s.baseline else "",
        baseline_lines=lines(s.baseline.figures) if s.baseline else (),
        target=number(s.target, desk.locale) if s.target is not None else "",
        per_cent=words.per_cent(s.share) if s.share is not None else "",
    )  # fmt: skip


def _series(desk: Desk, gauge: Gauge) -> str:
    """What a part is measured by, in words."""
    if gauge.indicator:
        return showing.titles(desk, [gauge.indicator]).get(gauge.indicator, "")
    measure, state, *rest = gauge.series.split(" ")
    known = figures.measures().get(measure)
    return " · ".join(
        [known.name(desk.lang) if known else measure, figures.state_name(state, desk.lang), *rest]
    )


def _said(desk: Desk, e: Evaluated, key: str) -> list[dict[str, Any]]:
    """What was stated of a part, the latest first."""
    words = Words(desk)
    every_said = sorted(e.whole.said.get(key, ()), key=lambda s: (s.day, s.key), reverse=True)
    held = {r.key: r for r in Record.objects.filter(pk__in=[s.key for s in every_said]).order_by()}
    out = []
    for s in every_said:
        r = held[s.key]
        data = desk.shown(r) or {}
        entry = shelf_of(desk).public.get(s.figure) if s.figure else None
        out.append({
            "r": r, "day": words.day(s.day), "stage": say(f"kind.progress.choice.stage.{s.stage.value}", desk.lang),
            "words": showing.texts_of(data.get("said", {}), desk.lang),
            "percent": words.per_cent(s.percent) if s.percent is not None else "",
            "line": shelf_of(desk).line(entry, desk.lang, desk.locale) if entry else None,
            "by": ", ".join(words.institution(c) for c in s.by), "sources": showing.sources(desk, data),
            "evidence": data.get("evidence", ""), "note": showing.texts_of(data.get("note", {}), desk.lang),
        })  # fmt: skip
    return out


@require_safe
@reading
def late(desk: Desk) -> HttpResponse:
    """What is late, and what has no indicator, owner or money, by State and institution."""
    ask = desk.request.GET
    what = ask.get("what", "late")
    what = what if what in ("late", *LACKS) else "late"
    state, who = ask.get("state", "")[:6], ask.get("who", "")[:40]
    words, found = Words(desk), every(desk)
    mine = [e for e in found if state in ("", e.whole.plan.state or "region")]
    people = sorted(
        {c for e in mine for c in e.answering[what]}, key=lambda c: records.folded(_called(words, c))
    )
    rows = _Merged(
        [(e, e.answering[what].get(who, []) if who else e.lists[what]) for e in mine], what == "late"
    )
    page = Paginator(cast(Any, rows), PAGE).get_page(ask.get("page"))
    return desk.page(
        "planning/plans-late.html", what=what, state=state, who=who, page=page,
        rows=[(_flat(words, e, n), e.whole.plan, desk.url("plan", code=e.whole.plan.code)) for e, n in page],
        counts=[(k, sum(len(e.lists[k]) for e in mine)) for k in ("late", *LACKS)],
        states=[s for s in codelists.states() if any(e.whole.plan.state == s for e in found)],
        people=[(c, _called(words, c)) for c in people], trail=trail(desk, (say("plans.late.title", desk.lang), "")),
    )  # fmt: skip


class _Merged:
    """The parts of several plans as one list of which a page is taken: by plan, or by when they were due."""

    def __init__(self, found: list[tuple[Evaluated, list[Node]]], by_due: bool) -> None:
        self.found, self.by_due = found, by_due

    def __len__(self) -> int:
        return sum(len(nodes) for _, nodes in self.found)

    def __getitem__(self, part: slice) -> list[tuple[Evaluated, Node]]:
        each = [zip(repeat(e), nodes, strict=False) for e, nodes in self.found if nodes]
        rows = merge(*each, key=lambda x: (x[0].due[x[1].key], x[1].key)) if self.by_due else chain(*each)
        return list(islice(rows, part.start, part.stop))


def _called(words: Words, code: str) -> str:
    if code in records.kinds()["node"]["bodies"].options:
        return say(f"kind.node.choice.bodies.{code}", words.lang)
    return codelists.institutions().name(code, words.lang) if code in codelists.institutions() else code


patterns: list[URLPattern] = [
    path("planning/plans/", index, name="plans"),
    path("planning/plans/late/", late, name="plans-late"),
    path("planning/plan/<str:code>/", plan, name="plan"),
    path("planning/plan-part/<str:code>/", node, name="plan-node"),
]
showing.PAGES["plan"] = "plan"
showing.PAGES["node"] = "plan-node"
lists.LEADS["plans"] = "plans"
