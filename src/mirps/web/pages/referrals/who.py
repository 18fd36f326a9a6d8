"""Who a referred person is here: searched for first, then known again or registered. A person decides."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from mirps.casework.referrals import api as referrals
from mirps.casework.referrals.api import Item, ReferralFault, ReferralFile
from mirps.people.custody import api as custody
from mirps.people.intake import api as intake
from mirps.people.registry import api as registry
from mirps.web.pages.casework.appointments_common import Typed
from mirps.web.pages.people.door import Desk
from mirps.web.pages.people.register import has_searched
from mirps.web.pages.people.register_family import DEVICE
from mirps.web.pages.people.search import Found, look
from mirps.web.pages.referrals.door import seat_of

#: At which level somebody is registered whom another institution sent, with what came; the rest is asked later.
LEVEL = "group"


def search(desk: Desk, file: ReferralFile) -> Found:
    """Files of ours whose name is like the one that came."""
    data = {item["kind"]: item["data"] for item in reversed(_said(desk, file))}  # of each kind the first
    name, birth = data.get("name", {}), data.get("birth", {})
    named = " ".join(filter(None, (name.get("given"), name.get("surnames"))))
    return look(desk, named, str(birth.get("date", ""))[:4]) if named else Found()


def _said(desk: Desk, file: ReferralFile) -> list[Item]:
    """What it says of the person, to who has opened it."""
    with custody.seated(seat_of(desk)):
        return [item for _, item in referrals.said(file.row, seat_of(desk)).items] if file.readable else []


def link(desk: Desk, file: ReferralFile, number: str) -> None:
    """It is whoever bears this number. Raises ReferralFault."""
    with custody.seated(seat_of(desk)):
        held = registry.Person.objects.filter(
            custody.seen(seat_of(desk), at=desk.now), number=registry.tidy(number)
        ).first()
    if held is None:
        raise ReferralFault("referrals.fault.person")
    referrals.recognise(referral=file.row.pk, person=held.pk, seat=seat_of(desk), at=desk.now)


def register(desk: Desk, file: ReferralFile, given: Typed) -> None:
    """Register them with what came, by the door by which anybody is. The person is here and agrees: what another
    institution was told gives this one no leave to keep it. Raises registry.Refused, ReferralFault."""
    if not given.get("agrees"):
        raise ReferralFault("referrals.fault.agrees")
    desk.demand("register")
    if not has_searched(desk, given.get("searched")):
        raise ReferralFault("referrals.fault.search")
    if not file.readable:
        raise ReferralFault("referrals.fault.not-now")
    seat, items = seat_of(desk).for_purpose("registration"), _said(desk, file)
    person, group = str(given.id), str(uuid4())
    made = {"made_at": desk.now.isoformat(), "device": DEVICE, "form": registry.book().form.version}
    where = {"state": seat.state, "institution": seat.institution, "office": desk.office}
    facts = [_fact(item["kind"], item["data"], person) for item in items]
    facts.append(_fact("consent", {"purpose": "registration", "given": "given", "how": "spoken"}, person))
    facts.append(_fact("membership", {"role": "head", "began": "registered"}, person) | {"group": group})
    said = {
        "id": str(uuid4()), **where, **made, "groups": [{"id": group, "kind": "single", "level": LEVEL}],
        "people": [{"id": person, "level": LEVEL}],
        "facts": [*facts, {"id": str(uuid4()), "kind": "size", "group": group, "data": {"people": 1}}],
    }  # fmt: skip
    receipt = intake.take(said, seat=seat, door=intake.Arrival.Door.PAGE, at=desk.now)
    referrals.recognise(referral=file.row.pk, person=given.id, seat=seat_of(desk), at=desk.now)
    intake.compare(receipt.submission, seat=seat, at=desk.now)


def _fact(kind: str, data: Mapping[str, Any], person: str) -> dict[str, Any]:
    more = {"use": "current"} if kind == "name" and "use" not in data else {}
    return {"id": str(uuid4()), "kind": kind, "person": person, "data": {**data, **more}}
