"""Writing a theory of change: a box, an arrow, an order, and all that is written on its way into force.

Each is an act on records (records.actions), which keeps, audits and refuses; what is checked here is that
the arrows hold together. Whether `by` may is for the door to ask.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import transaction

from mirps.planning.records import api as records
from mirps.planning.records.api import Act, Data, Fault, Record, Refused, Status
from mirps.planning.results.queries import box
from mirps.planning.results.rules import Box, Level, arrow_fault, swapped

NODE = "framework-node"


@transaction.atomic
def add(
    *, framework: str, level: Level, title: Mapping[str, str], leads_to: str, by: str, role: str, at: datetime
) -> Record:
    """A new box, last of its level, with an arrow to another or none. Raises Refused."""
    above = Record.objects.select_for_update().get(pk=framework)
    words = {lang: " ".join(text.split()) for lang, text in title.items() if text.strip()}
    if not words:
        raise Refused([Fault("title", "record.fault.required")])
    if any(len(text) > records.kinds()[NODE]["title"].most for text in words.values()):
        raise Refused([Fault("title", "results.fault.long", {"most": records.kinds()[NODE]["title"].most})])
    boxes = _boxes(framework)
    data: Data = {"title": words, "level": level.value}
    if leads_to:
        made = Box("", level, "", ())
        if why := arrow_fault({**boxes, "": made}, "", leads_to):
            raise Refused([Fault("leads_to", why)])
        data["leads_to"] = [leads_to]
    if above.data.get("proposal"):
        data["proposal"] = True
    return records.save(
        kind=NODE, code=_free(above.code, words), data=data, base=0, parent=framework, state=above.state,
        body=above.body, place=max((b.place for b in boxes.values()), default=0) + 1, by=by, role=role, at=at,
    )  # fmt: skip


@transaction.atomic
def connect(*, origin: str, target: str, by: str, role: str, at: datetime) -> Record:
    """Draw an arrow. Raises Refused with why it cannot be."""
    held = Record.objects.select_for_update().get(pk=origin)
    if why := arrow_fault(_boxes(held.parent), origin, target):
        raise Refused([Fault("leads_to", why)])
    return _led(held, [*held.data.get("leads_to", ()), target], by=by, role=role, at=at)


@transaction.atomic
def disconnect(*, origin: str, target: str, by: str, role: str, at: datetime) -> Record:
    """Take an arrow away; one that is not there stays away."""
    held = Record.objects.select_for_update().get(pk=origin)
    rest = [k for k in held.data.get("leads_to", ()) if k != target]
    return _led(held, rest, by=by, role=role, at=at)


@transaction.atomic
def move(*, key: str, steps: int, by: str, role: str, at: datetime) -> None:
    """Put a box so many places further among those of its level; its order holds at once."""
    held = Record.objects.get(pk=key)
    order = swapped(_boxes(held.parent).values(), key, steps)
    records.arrange(parent=held.parent, keys=order, by=by, role=role, at=at)


@transaction.atomic
def remove(*, key: str, reason: str, by: str, role: str, at: datetime) -> None:
    """Take a box out of the theory, with the arrows that lead to it. What it was stays in its history.
    Raises Refused without a reason."""
    held = Record.objects.select_for_update().get(pk=key)
    for r in Record.objects.filter(parent=held.parent, kind=NODE).exclude(pk=key).order_by("key"):
        if key in r.data.get("leads_to", ()) and r.status not in (Status.WITHDRAWN, Status.SUBMITTED):
            disconnect(origin=r.key, target=key, by=by, role=role, at=at)
    records.step(key=key, act=Act.WITHDRAW, by=by, role=role, at=at, base=held.number, reason=reason)


@transaction.atomic
def step_all(*, framework: str, act: Act, by: str, role: str, at: datetime, reason: str = "") -> list[Record]:
    """Submit or publish all of a framework that can be: itself and its boxes. What `by` wrote alone is left
    to another. Returns what was done; raises Refused naming the first that is not ready."""
    done = []
    wanted = {
        Act.SUBMIT: (Status.DRAFT, Status.RETURNED), Act.PUBLISH: (Status.SUBMITTED,), Act.RETURN: (Status.SUBMITTED,),
    }[act]  # fmt: skip
    for r in Record.objects.select_for_update().filter(root=framework).order_by("parent", "place", "key"):
        if r.status not in wanted:
            continue
        try:
            done.append(
                records.step(key=r.key, act=act, by=by, role=role, at=at, base=r.number, reason=reason)
            )
        except Refused as e:
            if any(f.key == "record.fault.own" for f in e.faults):
                continue
            raise Refused([Fault(r.key, f.key, {**f.values, "cell": f.cell}) for f in e.faults]) from e
    return done


def _led(held: Record, leads_to: Collection[str], *, by: str, role: str, at: datetime) -> Record:
    data = {k: v for k, v in held.data.items() if k != "leads_to"}
    if leads_to:
        data["leads_to"] = list(dict.fromkeys(leads_to))
    return records.save(
        kind=held.kind, code=held.code, data=data, base=held.number, by=by, role=role, at=at,
        confirmed=records.stale(records.kinds()[held.kind], held.data),
    )  # fmt: skip


def _boxes(framework: str) -> dict[str, Box]:
    """The boxes as those who write see them: drafts too, withdrawn ones not."""
    found = Record.objects.filter(parent=framework, kind=NODE).exclude(status=Status.WITHDRAWN)
    return {r.key: box(r, r.data, "es") for r in found.order_by("place", "key")}


def _free(framework: str, title: Mapping[str, str]) -> str:
    stem = records.code_from(title.get("es") or title.get("en", ""), before=f"{framework[:16]}.", most=48)
    return records.free_code(NODE, stem)
