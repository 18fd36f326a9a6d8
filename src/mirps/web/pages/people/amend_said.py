"""What a page says of people who stand: the facts of one act, and how they are sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid5

from uuid_utils.compat import uuid7

from mirps.base.texts.api import say
from mirps.people.custody import api as custody
from mirps.people.intake import api as intake
from mirps.people.registry import api as registry
from mirps.people.registry import wording
from mirps.people.registry.api import Member
from mirps.web.pages.people.door import Desk
from mirps.web.pages.people.register_family import DEVICE


@dataclass
class Act:
    """One act on the page. Its id and moment were made when the page was first shown, so that the same act
    sent twice is one."""

    id: str
    made: str
    typed: dict[str, str] = field(default_factory=dict)
    facts: list[dict[str, Any]] = field(default_factory=list)
    groups: list[dict[str, Any]] = field(default_factory=list)
    at: list[str] = field(default_factory=list)  # the box of each fact
    faults: dict[str, str] = field(default_factory=dict)

    def get(self, name: str, otherwise: str = "") -> str:
        return self.typed.get(name, otherwise)

    def many(self, name: str) -> list[str]:
        """What was ticked among several."""
        return [k.partition(":")[2] for k, v in self.typed.items() if k.startswith(f"{name}:") and v]

    def say(self, kind: str, box: str, data: Mapping[str, Any], **ends: object) -> None:
        """Say a fact, about which `box` of the page asked. `ends`: person, group, other, replaces, withdrawn."""
        given = {k: v if v is True else str(v) for k, v in ends.items() if v}
        self.facts.append(
            {"id": self.new_id(f"{len(self.facts)}"), "kind": kind, "data": dict(data), **given}
        )
        self.at.append(box)

    def new_id(self, what: str) -> str:
        try:
            return str(uuid5(UUID(self.id), what))
        except ValueError:
            return ""  # told by whoever reads the submission

    def fault(self, box: str, key: str, desk: Desk, **values: object) -> None:
        self.faults.setdefault(box, say(key, desk.lang, **values))

    # membership

    def enters(self, person: object, group: object, role: str, began: str, since: str, box: str) -> None:
        data = {"role": role, "began": began} | ({"since": since} if since else {})
        self.say("membership", box, data, person=person, group=group)

    def leaves(self, member: Member, why: str, until: str, box: str) -> None:
        data = {**member.fact.data, "ended": why} | ({"until": until} if until else {})
        self._renew(member, data, box)

    def heads(self, member: Member, box: str) -> None:
        self._renew(member, {**member.fact.data, "role": "head"}, box)

    def _renew(self, member: Member, data: Mapping[str, Any], box: str) -> None:
        self.say(
            "membership", box, data, person=member.person.id, group=member.group.id, replaces=member.fact.id
        )


def act_of(desk: Desk, typed: dict[str, str]) -> Act:
    """The act of a page: as it was posted, or a new one."""
    if desk.request.method == "POST":
        return Act(typed.get("id", ""), typed.get("made", ""), typed)
    return new_act(desk, typed)


def new_act(desk: Desk, typed: dict[str, str]) -> Act:
    return Act(str(uuid7()), desk.now.isoformat(), typed)


def take(desk: Desk, act: Act) -> intake.Receipt | None:
    """Send it; None where it is refused, and then `act.faults` says what is wrong at which box."""
    seat = desk.seat.for_purpose(desk.purpose or "registration")
    book = registry.book()
    given = {
        "id": act.id, "state": seat.state, "institution": seat.institution, "office": desk.office,
        "made_at": act.made, "device": DEVICE, "form": book.form.version, "groups": act.groups, "people": [],
        "facts": act.facts,
    }  # fmt: skip
    try:
        return intake.take(given, seat=seat, door=intake.Arrival.Door.PAGE, at=desk.now)
    except registry.Refused as refused:
        for fault in refused.faults:
            act.faults.setdefault(_box(act, fault.path), wording.fault_text(fault, book, desk.lang))
        return None


def was_taken(desk: Desk, act: Act) -> bool:
    """Whether this very act came in before: a second press of the button finds the group already changed."""
    with custody.seated(desk.seat):
        return bool(act.new_id("")) and intake.Arrival.objects.filter(id=act.id, by=desk.username).exists()


def _box(act: Act, path: str) -> str:
    """ "facts[0].data.date" -> the box of that field."""
    if not path.startswith("facts["):
        return ""
    nth, _, rest = path.removeprefix("facts[").partition("]")
    box, name = act.at[int(nth)] if nth.isdigit() else "", rest.removeprefix(".data.")
    return f"{box}.{name}" if box == "f" and rest.startswith(".data.") else box
