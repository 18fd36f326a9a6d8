"""Reading plans from records: one query for a plan with all its parts and what was said of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Max, Q

from mirps.base.audit.api import AuditEntry
from mirps.evidence.figures.api import Entry
from mirps.planning.plans.lights import Computed, Point, Stage, Stated
from mirps.planning.plans.readings import Ledger
from mirps.planning.plans.rules import Node, Tree
from mirps.planning.plans.threads import KINDS, Edge
from mirps.planning.plans.whole import EntryOf, Gauge, Plan, Whole
from mirps.planning.records import api as records
from mirps.planning.records.api import Audience, Link, Record, Status, first_day, last_day
from mirps.planning.results import api as results

MOVED = "plan.part-moved"
#: Domains whose records are money that is given or needed; a cost is one whatever its domain.
MONEY = frozenset({"funding", "project", "call"})


@dataclass(frozen=True, slots=True)
class Held:
    """A record of a plan as a reader may know of it: what it says, and the record itself."""

    record: Record
    data: Mapping[str, Any]
    parent: str


def whole(root: str, *, drafts: bool, at: datetime | None = None) -> Whole | None:
    """A plan with all its parts: as it stands (with `drafts`, as those who work on it see it), or as it was
    in force and known at a moment. None where there is none to be read. Parts that are withdrawn are left out."""
    held = parts(root, drafts=drafts, at=at)
    if root not in held:
        return None
    nodes: list[Node] = []
    said: dict[str, list[Stated]] = {}
    for h in held.values():
        if h.record.kind == "node":
            nodes.append(node_of(h))
        elif h.record.kind == "progress":
            said.setdefault(h.parent, []).append(_stated(h))
    p = held[root]
    plan = _plan(p)
    gauges = _gauges(nodes, drafts)
    return Whole(plan, Tree.of(root, nodes), {k: tuple(v) for k, v in said.items()}, gauges)


def parts(root: str, *, drafts: bool, at: datetime | None = None) -> dict[str, Held]:
    """The records of a plan by key."""
    found = list(
        Record.objects.filter(root=root).defer("words_es", "words_en", *(() if drafts else ("data",)))
        .order_by("parent", "place", "key")
    )  # fmt: skip
    if at is None:
        return {r.key: Held(r, data, r.parent) for r in found if (data := _shown(r, drafts)) is not None}
    known, earlier = records.as_known_under(root, at), _earlier_parents([r.key for r in found], at)
    out = {}
    for r in found:
        data = known.get(r.key)
        # What was withdrawn since is shown as it was to those who work on it alone.
        if data is not None and r.audience == Audience.PUBLIC and (drafts or r.public is not None):
            out[r.key] = Held(r, data, earlier.get(r.key, r.parent))
    return out


def _shown(r: Record, drafts: bool) -> Mapping[str, Any] | None:
    if drafts:
        return r.data if r.status != Status.WITHDRAWN else None
    return r.public if r.audience == Audience.PUBLIC else None


def _earlier_parents(keys: Collection[str], at: datetime) -> dict[str, str]:
    """What parts stood under at a moment, for those that were moved since."""
    moves = AuditEntry.objects.filter(act=MOVED, subject__in=keys, at__gt=at).order_by("-at", "-id")
    return {
        m.subject: str(m.detail.get("from", "")) for m in moves
    }  # the first since then comes last and stays


def node_of(h: Held) -> Node:
    d, r = h.data, h.record
    end = d.get("due") or d.get("ends")
    return Node(
        key=r.key, parent=h.parent, level=d.get("level", "activity"), title=d.get("title") or {}, place=r.place,
        number=d.get("number", ""), starts=first_day(d["starts"]) if d.get("starts") else None,
        due=last_day(end) if end else None, institutions=tuple(d.get("institutions", ())),
        bodies=tuple(d.get("bodies", ())), sectors=tuple(d.get("sectors", ())), states=tuple(d.get("states", ())),
        commitments=tuple(d.get("commitments", ())), indicators=tuple(d.get("indicators", ())),
        series=d.get("series", ""), baseline=_number(d.get("baseline")), target=_number(d.get("target")),
        status=r.status, base=r.number,
    )  # fmt: skip


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _stated(h: Held) -> Stated:
    d = h.data
    return Stated(
        date.fromisoformat(d["day"]) if d.get("day") else date.max, Stage(d.get("stage", Stage.UNDER_WAY)),
        _number(d.get("percent")), d.get("figure", ""), h.record.key,
        next((x["document"] for x in d.get("source", ()) if x.get("document")), ""), tuple(d.get("institutions", ())),
    )  # fmt: skip


def _plan(h: Held) -> Plan:
    d, r = h.data, h.record
    return Plan(
        key=r.key, title=d.get("title") or {}, sort=d.get("sort", ""), state=r.state, body=r.body,
        starts=first_day(d["starts"]) if d.get("starts") else None, due=last_day(d["ends"]) if d.get("ends") else None,
        institutions=tuple(d.get("institutions", ())), bodies=tuple(d.get("bodies", ())),
        commitments=tuple(d.get("commitments", ())), status=r.status, in_force=r.public is not None,
    )  # fmt: skip


def _gauges(nodes: Iterable[Node], drafts: bool) -> dict[str, tuple[Gauge, ...]]:
    """What each node is measured by: its own series, then those of the indicators it names."""
    named = {k for n in nodes for k in n.indicators}
    held: dict[str, Mapping[str, Any]] = {}
    if named:
        for r in Record.objects.filter(pk__in=named).order_by():
            if (data := _shown(r, drafts)) is not None:
                held[r.key] = data
    out = {}
    for n in nodes:
        mine = [Gauge(n.series, n.baseline, n.target)] if n.series else []
        mine += [
            Gauge(held[k].get("series", ""), indicator=k, data=held[k]) for k in n.indicators if k in held
        ]
        if mine:
            out[n.key] = tuple(mine)
    return out


def indicator(
    data: Mapping[str, Any], state: str, ledger: Ledger, entry: EntryOf, on: date
) -> Computed | None:
    """What an indicator shows of a State (empty: of the region) by a day, if a figure shows it."""

    def known(measure: str) -> list[Entry]:
        return [e for e in ledger(measure) if e.figure.when is None or e.figure.when <= on]

    where = state or "MIRPS"
    course = next((c for c in results.courses(dict(data), known, entry) if c.state == where), None)
    latest = course.latest if course else None
    if course is None or latest is None or not latest.computed:
        return None
    base, aim = course.baseline, course.aim(on)
    if base is not None and not results.comparable(base, latest):
        base = None
    return Computed(
        Point(latest.value, latest.ends, (latest.figure,)),
        Point(base.value, base.ends, (base.figure,) if base.figure else ()) if base else None,
        aim.value if aim else None, latest.unit,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stamp:
    """Which plan, and what tells whether anything of it changed."""

    root: str
    changed: tuple[datetime | None, int, int]


def stamps(roots: Collection[str] = ()) -> dict[str, Stamp]:
    """The plans there are (or those of `roots`), drafts and withdrawn ones too: one query."""
    found = Record.objects.filter(kind__in=("plan", "node", "progress"))
    if roots:
        found = found.filter(root__in=roots)
    rows = found.order_by().values_list("root").annotate(m=Max("changed_at"), n=Count("key"), p=Max("place"))
    return {root: Stamp(root, (m, n, p)) for root, m, n, p in rows}


def named_by(*, public: bool = True) -> tuple[set[str], set[str]]:
    """Nodes that an indicator names, and those that money (a cost, a contribution, a project, a call) names."""
    kinds = records.kinds()
    paying = {k.name for k in kinds.values() if k.domain in MONEY or k.name == "cost"}
    found = Link.objects.filter(target__startswith="node/", source__kind__in=[*paying, "indicator"])
    if public:
        found = found.filter(public=True)
    measured: set[str] = set()
    paid: set[str] = set()
    for target, kind in found.order_by().values_list("target", "source__kind"):
        (measured if kind == "indicator" else paid).add(target)
    return measured, paid


def edges(keys: Collection[str], *, drafts: bool) -> list[Edge]:
    """What names these records, what they name, and what they stand under or over."""
    wanted = list(keys)
    links = Link.objects.filter(Q(source__in=wanted) | Q(target__in=wanted), source__kind__in=KINDS)
    if not drafts:
        links = links.filter(public=True)
    out = [Edge(s, t, f) for s, t, f in links.order_by().values_list("source_id", "target", "field")]
    near = Record.objects.filter(Q(pk__in=wanted) | Q(parent__in=wanted), kind__in=KINDS).exclude(parent="")
    if not drafts:
        near = near.filter(public__isnull=False)
    return out + [Edge(k, p, "parent") for k, p in near.order_by().values_list("key", "parent")]
