"""Asking an engine, taking its answer, and what a person makes of it.

An answer changes nothing by itself. Accepted, it becomes a fact of the file, with who asked, when and why; set aside,
it stays in the record of checks with the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.db import transaction

from mirps.base.audit.api import record
from mirps.base.crypto import api as crypto
from mirps.base.crypto import tokens
from mirps.base.crypto.rules import Place
from mirps.people.custody import api as custody
from mirps.people.custody.api import Seat
from mirps.people.intake import api as intake
from mirps.people.registry import api as registry
from mirps.people.registry.api import Fact, Person
from mirps.people.verification import engines, rules
from mirps.people.verification.models import IdentityCheck
from mirps.people.verification.rules import Answer, CheckFault, Engine, Later, Question

KIND, DOOR = "identity-check", "check"
_LEAST_WHY = 10
_FORM = "identity-check"
Stand = IdentityCheck.Stand


def sent_for(engine: Engine, standing: list[Fact], *, fact: UUID | None, face: str = "") -> dict[str, str]:
    """What would leave the node: no more than the comparison needs. Raises CheckFault where it is not there."""
    if engine.about == "face":
        if not face:
            raise CheckFault("verification.fault.no-face")
        return {"face": face}
    document = next((f for f in standing if f.kind == "document" and f.id == fact), None)
    if document is None:
        raise CheckFault("verification.fault.no-document")
    name = registry.current_name([f for f in standing if f.kind == "name"])
    born = next((str(f.data["date"]) for f in standing if f.kind == "birth"), "")
    told = {k: str(document.data[k]) for k in ("type", "number", "country") if document.data.get(k)}
    told |= {k: str(name[k]) for k in ("given", "surnames") if name.get(k)} | ({"born": born} if born else {})
    return told


def agrees(engine: Engine, standing: list[Fact], *, at: datetime) -> bool:
    return registry.consents(standing, on=at).get(engine.consent, False)


def ask(
    *, person: Person, engine: Engine, standing: list[Fact], seat: Seat, office: str, why: str,
    clock: Callable[[], datetime], fact: UUID | None = None, face: str = "",
) -> IdentityCheck:  # fmt: skip
    """Ask, and keep what came of it. `standing`: the file as this seat reads it now.

    Raises CheckFault where nothing was sent: no consent, nothing to compare, not this institution's engine, no reason.
    Whatever goes wrong once it was sent stands on the check.
    """
    at, says = clock(), " ".join(why.split())
    if seat.institution not in engine.institutions:
        raise CheckFault("verification.fault.not-yours")
    if len(says) < _LEAST_WHY:
        raise CheckFault("verification.fault.why", least=_LEAST_WHY)
    if not agrees(engine, standing, at=at):
        raise CheckFault("verification.fault.consent")
    question = Question(
        uuid4(), engine.about, pairwise(engine, person.id), sent_for(engine, standing, fact=fact, face=face)
    )
    with custody.seated(seat):
        row = IdentityCheck.objects.create(
            id=question.id, person=person, state=seat.state, institution=seat.institution, office=office,
            engine=engine.id, about=engine.about, fact=fact, by=seat.user, at=at, sealed=_sealed(question.id, why=says),
        )  # fmt: skip
        record(
            by=seat.user, at=at, act="identity.asked", subject=f"person/{person.id}",
            detail={"engine": engine.id, "check": str(row.pk), "sent": sorted(question.sent)},
        )  # fmt: skip
    try:
        answer = engines.ADAPTERS[engine.adapter](engine).ask(question, at=clock)
    except Later:
        return row
    except CheckFault as fault:
        return _settle(row.pk, seat, None, fault.key, at=clock())
    return _settle(row.pk, seat, answer, "", at=clock())


def came(engine: Engine, headers: Mapping[str, str], text: bytes, *, at: datetime) -> IdentityCheck:
    """An answer that comes later, by the engine's own message. The same again is the same.

    Raises CheckFault: not signed by it, of another time, to no question of ours, or to one that was answered.
    """
    asked = rules.asked_of(text)
    answer = engines.proved(engine, asked, headers, text, at=at)
    with transaction.atomic():  # nobody sits here: of checks, those that wait are in view (custody/rows.py)
        row = IdentityCheck.objects.filter(pk=asked, engine=engine.id, answered_at=None).first()
    if row is None:
        raise CheckFault("verification.fault.no-question")
    return _settle(
        row.pk, Seat(row.by, row.state, row.institution, purpose="verification"), answer, "", at=at
    )


def _settle(check: UUID, seat: Seat, answer: Answer | None, fault: str, *, at: datetime) -> IdentityCheck:
    with custody.seated(seat):
        row = IdentityCheck.objects.select_for_update().get(pk=check)
        if row.answered_at is not None:
            raise CheckFault("verification.fault.no-question")
        if answer is None:
            row.stand, row.fault = Stand.FAILED, fault
        else:
            row.stand, row.result, row.band = Stand.ANSWERED, answer.result, answer.band
            row.sealed = _sealed(check, **(told(row) | {"reference": answer.reference}))
        row.answered_at = at
        row.save(update_fields=["stand", "result", "band", "sealed", "fault", "answered_at"])
        record(
            by=f"engine:{row.engine}", at=at, act=f"identity.{row.stand}", subject=f"person/{row.person_id}",
            detail={"check": str(check), "result": row.result, "fault": row.fault},
        )  # fmt: skip
    return row


def accept(*, check: UUID, seat: Seat, office: str, at: datetime) -> IdentityCheck:
    """Let an answer stand as a fact of the file. Raises CheckFault, registry.Refused (what the door does not take)."""
    with custody.seated(seat):
        row = _proposed(check, seat, at)
        data = {"engine": row.engine, "about": row.about, "result": row.result, "band": row.band,
                "reference": told(row)["reference"], "checked": row.at.date().isoformat()}  # fmt: skip
        intake.take(
            _submission(row, data, office, at), seat=seat.for_purpose("registration"), door=DOOR, at=at
        )
        return _decided(row, Stand.ACCEPTED, seat, at)


def set_aside(*, check: UUID, seat: Seat, said: str, at: datetime) -> IdentityCheck:
    """Let an answer come to nothing, and say why. Raises CheckFault."""
    says = " ".join(said.split())
    if len(says) < _LEAST_WHY:
        raise CheckFault("verification.fault.why", least=_LEAST_WHY)
    with custody.seated(seat):
        row = _proposed(check, seat, at)
        row.sealed = _sealed(check, **(told(row) | {"said": says}))
        row.save(update_fields=["sealed"])
        return _decided(row, Stand.SET_ASIDE, seat, at)


def _proposed(check: UUID, seat: Seat, at: datetime) -> IdentityCheck:
    """An answer that waits for a person, of a file in view, held until the transaction's end. Raises CheckFault."""
    seen = Person.objects.filter(custody.seen(seat, at=at)).order_by()
    rows = IdentityCheck.objects.select_for_update().filter(state=seat.state, institution=seat.institution)
    row = rows.filter(pk=check, person__in=seen).first()
    if row is None or row.stand != Stand.ANSWERED:
        raise CheckFault("verification.fault.not-waiting")
    return row


def _decided(row: IdentityCheck, stand: Stand, seat: Seat, at: datetime) -> IdentityCheck:
    row.stand, row.decided_by, row.decided_at = stand, seat.user, at
    row.save(update_fields=["stand", "decided_by", "decided_at"])
    record(
        by=seat.user,
        at=at,
        act=f"identity.{stand}",
        subject=f"person/{row.person_id}",
        detail={"check": str(row.pk)},
    )
    return row


def _submission(row: IdentityCheck, data: dict[str, Any], office: str, at: datetime) -> dict[str, Any]:
    """The fact, under ids that come from the check: accepted twice, it is said once."""
    return {
        "id": str(uuid5(row.pk, "submission")), "state": row.state, "institution": row.institution,
        "office": office,
        "made_at": at.isoformat(), "device": _FORM, "form": registry.book().form.version, "groups": [], "people": [],
        "facts": [{"id": str(uuid5(row.pk, "fact")), "kind": KIND, "person": str(row.person_id), "data": data}],
    }  # fmt: skip


def pairwise(engine: Engine, person: UUID) -> str:
    """By what one engine knows this person again, and no two engines may compare (keyed; RFC 2104)."""
    return tokens.token(crypto.ring(), f"people.engine.{engine.id}", str(person)).hex()


# --- what was written


def place_of(row: IdentityCheck) -> Place:
    return _place(row.pk)


def _place(check: object) -> Place:
    return Place("people_identitycheck", "sealed", str(check))


def _sealed(check: UUID, **said: str) -> bytes:
    return crypto.sealer().seal_json(said, _place(check))


def told(row: IdentityCheck) -> dict[str, str]:
    """Why it was asked, the engine's reference, why it was set aside. Raises CryptoFault."""
    found: dict[str, str] = crypto.sealer().open_json(row.sealed, place_of(row))
    return {"why": "", "reference": "", "said": ""} | found


def hold() -> None:
    """Have these values sealed anew when the node's keys rotate."""
    crypto.hold(crypto.SealedColumn(IdentityCheck, "sealed", place_of))
