"""Acts on a plan as a whole: adding parts, moving them, copying it, bringing all that waits into force.

Who may is for the door to ask. Each act is one transaction; every record that it writes has its change and
its audit entry.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from mirps.base.audit.api import record as audited
from mirps.evidence.figures import api as figures
from mirps.planning.plans import queries
from mirps.planning.plans.copying import Copied, Given, copied
from mirps.planning.plans.outline import Line
from mirps.planning.plans.rules import Node, Tree, Way, moved, next_code
from mirps.planning.records import api as records
from mirps.planning.records.api import Act, Fault, Record, Refused, Status


@dataclass(frozen=True, slots=True)
class By:
    """Who acts, in which role, and when."""

    by: str
    role: str
    at: datetime


@transaction.atomic
def add(*, plan: Record, parent: str, after: str | None, data: Mapping[str, Any], who: By) -> Record:
    """Put a new part under `parent` (the plan or a part of it), after one of its children (None: at the end;
    "": first). Raises Refused, CannotMove."""
    tree = _tree(plan.key)
    if parent != plan.key and parent not in tree.nodes:
        raise Refused([Fault("parent", "plans.move.unknown")])
    code = next_code(plan.code, (k.partition("/")[2] for k in _keys(plan.key)), str(data.get("level", "")))
    made = _made(plan, code, parent, data, records.last_place(parent), who)
    beside = [k for k in tree.children.get(parent, ()) if k != made.key]
    at = len(beside) if after is None else (beside.index(after) + 1 if after in beside else 0)
    if at < len(beside):
        beside.insert(at, made.key)
        records.arrange(parent=parent, keys=beside, by=who.by, role=who.role, at=who.at)
    return made


@transaction.atomic
def add_outline(*, plan: Record, parent: str, lines: Sequence[Line], who: By) -> list[Record]:
    """Put many parts under `parent`, each line under the one it is indented under. Raises Refused."""
    taken = {k.partition("/")[2] for k in _keys(plan.key)}
    made: dict[int, Record] = {}
    for place, line in enumerate(lines, start=records.last_place(parent)):
        code = next_code(plan.code, taken, line.level)
        taken.add(code)
        data: dict[str, Any] = {
            "level": line.level,
            "title": {k: v for k, v in (("es", line.es), ("en", line.en)) if v},
        }
        if line.due:
            data["due"] = line.due
        if line.institutions:
            data["institutions"] = list(line.institutions)
        above = made[line.above].key if line.above else parent
        made[line.line] = _made(plan, code, above, data, place, who)
    return list(made.values())


def _made(plan: Record, code: str, parent: str, data: Mapping[str, Any], place: int, who: By) -> Record:
    return records.save(
        kind="node", code=code, data=data, base=0, by=who.by, role=who.role, at=who.at, parent=parent, place=place,
        state=plan.state, body=plan.body,
    )  # fmt: skip


@transaction.atomic
def move(*, plan: Record, key: str, way: Way, who: By) -> Record:
    """Move a part one step. What it stood under before stays known through the audit. Raises CannotMove."""
    tree = _tree(plan.key)
    to = moved(tree, key, way)
    held = Record.objects.select_for_update().get(pk=key)
    before = held.parent
    if to.parent != before:
        held.parent, held.changed_at = to.parent, who.at
        held.save(update_fields=["parent", "changed_at"])
        audited(
            by=who.by, at=who.at, act=queries.MOVED, subject=key,
            detail={"from": before, "to": to.parent, "role": who.role},
        )  # fmt: skip
        figures.touch(public=True, figures=())
    records.arrange(parent=to.parent, keys=to.order, by=who.by, role=who.role, at=who.at)
    Record.objects.filter(pk=plan.key).update(changed_at=who.at)
    held.refresh_from_db()
    return held


@transaction.atomic
def copy(
    *, plan: Record, code: str, years: int, who: By, title: Mapping[str, str] | None = None
) -> tuple[Record, Copied]:
    """Copy a plan with its parts, as they stand, to a new plan of the same owner. What is not taken along is
    counted in what is returned. Raises Refused."""
    held = queries.parts(plan.key, drafts=True)
    every = records.tree(plan.key)
    tree = Tree.of(plan.key, (queries.node_of(h) for h in held.values() if h.record.kind == "node"))
    given = [_given(held, b.node) for b in tree.walk()]
    _measured, paid = queries.named_by(public=False)
    made = copied(
        plan.code, plan.data, given, code, years, progress=sum(h.record.kind == "progress" for h in held.values()),
        costs=len(paid & set(tree.nodes)), withdrawn=sum(r.status == Status.WITHDRAWN for r in every),
    )  # fmt: skip
    if title:
        made.plan["title"] = dict(title)
    new = records.save(
        kind="plan", code=code, data=made.plan, base=0, by=who.by, role=who.role, at=who.at, state=plan.state,
        body=plan.body, place=plan.place,
    )  # fmt: skip
    for n in made.nodes:
        _made(new, n.code, f"node/{n.parent}" if n.parent else new.key, n.data, n.place, who)
    return new, made


def _given(held: Mapping[str, queries.Held], node: Node) -> Given:
    parent = node.parent.partition("/")[2] if node.parent.startswith("node/") else ""
    return Given(node.key.partition("/")[2], parent, node.place, held[node.key].data)


@dataclass(frozen=True)
class Stepped:
    """How many records an act was done on, and those that it was not, each with the first reason."""

    done: int
    left: tuple[tuple[Record, Fault], ...]


#: What an act is done on when it is done on a whole plan.
WAITING = {
    Act.SUBMIT: frozenset({Status.DRAFT, Status.RETURNED}),
    Act.PUBLISH: frozenset({Status.SUBMITTED}),
}


def waiting(plan: str, act: Act) -> list[Record]:
    """The plan and its parts on which `act` can be done, what stands above first."""
    return [r for r in _above_first(records.tree(plan)) if Status(r.status) in WAITING[act]]


def waiting_of(plan: str) -> dict[str, int]:
    """On how many records each act can be done: one query."""
    held = list(Record.objects.filter(root=plan).order_by().values_list("status", flat=True))
    return {act.value: sum(Status(s) in statuses for s in held) for act, statuses in WAITING.items()}


@transaction.atomic
def step_all(*, plan: Record, act: Act, who: By) -> Stepped:
    """Submit or publish the plan and every part that waits for it. What cannot be (a text lacks its other
    language, or the person wrote it) is left and told."""
    done, left = 0, []
    for r in waiting(plan.key, act):
        try:
            with transaction.atomic():
                records.step(key=r.key, act=act, by=who.by, role=who.role, at=who.at, base=r.number)
            done += 1
        except Refused as e:
            left.append((r, e.faults[0]))
    return Stepped(done, tuple(left))


def _above_first(found: Sequence[Record]) -> list[Record]:
    under: dict[str, list[Record]] = {}
    keys = {r.key for r in found}
    for r in found:
        under.setdefault(r.parent if r.parent in keys else "", []).append(r)
    out: list[Record] = []
    stack = list(reversed(under.get("", [])))
    while stack:
        r = stack.pop()
        out.append(r)
        stack += reversed(under.get(r.key, []))
    return out


def _tree(root: str) -> Tree:
    held = queries.parts(root, drafts=True)
    return Tree.of(root, (queries.node_of(h) for h in held.values() if h.record.kind == "node"))


def _keys(root: str) -> list[str]:
    return list(Record.objects.filter(root=root, kind="node").order_by().values_list("key", flat=True))


@transaction.atomic
def state_progress(*, under: Record, data: Mapping[str, Any], who: By) -> Record:
    """State how far a part of a plan, or a plan, has come. Raises Refused."""
    stem = f"{under.code}.p"
    taken = set(
        Record.objects.filter(key__startswith=f"progress/{stem}").order_by().values_list("key", flat=True)
    )
    n = 1
    while f"progress/{stem}{n}" in taken:
        n += 1
    return records.save(
        kind="progress", code=f"{stem}{n}", data=data, base=0, by=who.by, role=who.role, at=who.at, parent=under.key,
        state=under.state, body=under.body,
    )  # fmt: skip
