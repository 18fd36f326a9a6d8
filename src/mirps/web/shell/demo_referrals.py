"""The demo's referrals on top of its people and cases, between two institutions and between two States: accepted,
refused, waiting, overdue and closed (data/demo/referrals.yaml). The same in every demo."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from mirps.web.shell.demo_people import id_of, sent

Json = dict[str, Any]


def refer_people(now: datetime) -> str:
    """Refer them once; how many there are, and how many wait for the receiver."""
    import yaml
    from django.db import transaction

    from mirps.base.codelists.api import data_folder
    from mirps.casework.referrals.api import Referral, Side
    from mirps.people.custody import api as custody

    with custody.keeping():
        if Referral.objects.exists():
            return "kept as they are"
    given = yaml.safe_load((data_folder() / "demo" / "referrals.yaml").read_text(encoding="utf-8"))
    with transaction.atomic():  # all of them or none: a demo that was stopped begins anew
        for n, told in enumerate(given["referrals"]):
            _Referral(n, told, given["desks"], now).walk()
    with custody.keeping():
        waiting = Referral.objects.filter(turn=Side.RECEIVER).count()
        return f"{Referral.objects.count()} referrals, {waiting} with the receiver"


class _Referral:
    """One of them: its person agrees and is referred, and then both sides act."""

    def __init__(self, n: int, told: Json, desks: Json, now: datetime) -> None:
        from mirps.people.custody.api import Seat
        from mirps.web.shell.demo_cases import uuid7

        self.told, self.at = told, now - timedelta(days=told["ago"], hours=1 + n)
        self.sender, self.receiver = (
            Seat(**desks[told[side]], purpose="referral") for side in ("from", "to")
        )
        self.key, self.id = f"referral/{n}", uuid7(self.at, f"referral/{n}")
        self.person: UUID = id_of(told["who"], "person", 0)

    def walk(self) -> None:
        from mirps.casework.referrals import api as referrals
        from mirps.casework.referrals.api import Act
        from mirps.people.custody import api as custody
        from mirps.people.registry import api as registry

        self._agrees(self.at - timedelta(minutes=20))
        with custody.seated(self.sender):
            held = registry.file(self.person, knows=())
            if held is None:
                raise LookupError(f"{self.key}: {self.told['who']} is not registered there")
            service = referrals.catalogue()[self.told["service"]]
            referrals.send(
                id=self.id, held=held, service=service.code, to=self.receiver.institution, words=self.told["words"],
                items=referrals.least(service, held.standing), abroad=None, seat=self.sender, at=self.at,
            )  # fmt: skip
        at = self.at
        for said in self.told["acts"]:
            code, days, *reason = str(said).split()
            act, at = Act(code), at + timedelta(days=int(days))
            seat = self.sender if act in (Act.CLOSE, Act.WITHDRAW) else self.receiver
            referrals.act(referral=self.id, act=act, reason=" ".join(reason), seat=seat, at=at)

    def _agrees(self, at: datetime) -> None:
        """The person says that they agree, at the desk."""
        from mirps.base.codelists import api as codelists
        from mirps.people.consent import api as consent
        from mirps.people.intake import api as intake

        to = codelists.institutions()[self.receiver.institution]
        purpose = consent.needed(self.sender.state, to.extra["kind"], self.receiver.state)
        fact = {
            "id": str(id_of(self.key, "consent")), "kind": "consent", "person": str(self.person),
            "data": {"purpose": purpose, "given": "given", "how": "spoken"},
        }  # fmt: skip
        where = (self.sender.state, self.sender.institution, self.sender.office)
        said = sent(id_of(self.key), where, at, facts=[fact])
        seat = self.sender.for_purpose("registration")
        intake.take(said, seat=seat, door=intake.Arrival.Door.PAGE, at=at)
