"""What a person does in their window, and what officers answer."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from uuid_utils.compat import uuid7

from mirps.base.audit import api as audit
from mirps.base.codelists import api as codelists
from mirps.casework.cases import api as cases
from mirps.casework.cases.api import Saying
from mirps.casework.procedures.model import Actor
from mirps.casework.window import queries, rules, sealing, telling
from mirps.casework.window.models import WindowAccess, WindowAnswer, WindowItem
from mirps.casework.window.queries import Told
from mirps.casework.window.rules import WindowFault
from mirps.people.custody import api as custody
from mirps.people.custody.api import Seat
from mirps.people.intake import api as intake
from mirps.people.registry import api as registry

LONGEST = 2_000
#: How many things may wait for an answer: a window is no way of filling a database.
MOST_WAITING = 10
DEVICE = "window"


def write(
    access: WindowAccess, kind: str, text: str, *, case: UUID | None = None, at: datetime
) -> WindowItem:
    """Ask, or complain. Raises WindowFault."""
    if kind not in (WindowItem.Kind.QUESTION, WindowItem.Kind.COMPLAINT):
        raise WindowFault("window.fault.kind")
    said = text.strip()
    if not said:
        raise WindowFault("window.fault.empty")
    if len(said) > LONGEST:
        raise WindowFault("window.fault.long", most=LONGEST)
    return _came(access, kind, {"text": said}, case=case, at=at)


def channels() -> tuple[str, ...]:
    """By which a person is reached themselves: what registration asks, but for who passes something on."""
    return tuple(c for c, _ in registry.book().lists["contact-channels"].items() if c != "through")


def propose_contact(access: WindowAccess, *, channel: str, value: str, at: datetime) -> WindowItem:
    """Another telephone or mail. An officer confirms it; until then what is known goes on being used."""
    if channel not in channels():
        raise WindowFault("window.fault.channel")
    said = value.strip()
    digits = sum(c.isdigit() for c in said)
    fits = ("@" in said[1:-1] and " " not in said) if channel == "email" else 7 <= digits <= 15
    if not fits or len(said) > 120:
        raise WindowFault("window.fault.contact")
    return _came(access, WindowItem.Kind.CONTACT, {"channel": channel, "value": said}, case=None, at=at)


def confirm_data(access: WindowAccess, case: UUID, act: str, *, at: datetime) -> cases.Recorded:
    """The person confirms what they are asked to confirm: an act of the procedure, done once.

    Raises cases.NotPossible, WindowFault.
    """
    found = next((o for o in queries.own(access, at=at) if o.case == case and act in o.confirms), None)
    if found is None:
        raise WindowFault("window.fault.not-now")
    p = found.procedure
    role = next(r for r in p.acts[act].by if p.roles[r].actor is Actor.APPLICANT)
    saying = Saying(uuid7(), act, at, dict.fromkeys(p.acts[act].required, True), device=DEVICE)
    done = cases.record(case, saying, seat=queries.seat_of(access, found.number), role=role, at=at)
    _came(access, WindowItem.Kind.CONFIRM, {"act": act}, case=case, at=at, settled=True)
    return done


def withdraw_consent(access: WindowAccess, purpose: str, *, at: datetime) -> WindowItem:
    """A fact of the person's file, at once; what follows from it is for officers. Raises WindowFault."""
    seat = queries.seat_of(access)
    with custody.seated(seat):
        if purpose not in given(access, at=at):
            raise WindowFault("window.fault.consent")
        fact = {"purpose": purpose, "given": "withdrawn", "how": "signed"}
        _said(access, "consent", fact, seat=seat, at=at)
        return _came(access, WindowItem.Kind.CONSENT, {"purpose": purpose}, case=None, at=at)


def given(access: WindowAccess, *, at: datetime) -> list[str]:
    """To what the person agrees today, and may take back here."""
    with custody.seated(queries.seat_of(access)):
        facts = registry.standing_of([access.person_id], "consent").get(access.person_id, [])
        agreed = registry.consents(facts, on=at)
    return [purpose for purpose, yes in agreed.items() if yes]


def answer(
    id_: UUID, *, outcome: str, text: str, seat: Seat, at: datetime, supervises: bool = False
) -> WindowAnswer:
    """Answer a question or a complaint; confirm or decline a proposed contact. Raises WindowFault.

    The person reads it in their window, where nothing may tell who they are.
    """
    with custody.seated(seat):
        WindowItem.objects.select_for_update().filter(pk=id_).first()
        found = queries.item(id_, seat)
        if found is None or (found.row.kind == WindowItem.Kind.COMPLAINT and not supervises):
            raise WindowFault("window.fault.none")
        if found.row.settled_at is not None:
            raise WindowFault("window.fault.settled")
        if outcome not in outcomes(found.row.kind):
            raise WindowFault("window.fault.outcome")
        said = text.strip()
        if not said and outcome != "confirmed":
            raise WindowFault("window.fault.empty")
        if len(said) > LONGEST:
            raise WindowFault("window.fault.long", most=LONGEST)
        if named := _names(found, said):
            raise WindowFault("window.fault.names", names=", ".join(named))
        if outcome == "confirmed":
            _contact(found, seat=seat, at=at)
        made = WindowAnswer(id=uuid7(), item=found.row, outcome=outcome, at=at, by=seat.user)
        made.sealed = sealing.sealed_answer(said, made)
        made.save(force_insert=True)
        found.row.settled_at = at
        found.row.save(update_fields=["settled_at"])
        audit.record(by=seat.user, at=at, act=f"window.{outcome}", subject=f"window-item/{id_}")
        return made


def outcomes(kind: str) -> tuple[str, ...]:
    return ("confirmed", "declined") if kind == WindowItem.Kind.CONTACT else ("answered",)


def _names(found: Told, text: str) -> list[str]:
    """What of a text would tell who the person is: their names, their countries."""
    person = found.row.access.person_id
    facts = registry.standing_of([person], "name", "nationality").get(person, [])
    names = [str(f.data.get(k) or "") for f in facts if f.kind == "name" for k in ("given", "surnames")]
    countries = [str(f.data["country"]) for f in facts if f.kind == "nationality" and f.data.get("country")]
    named = [codelists.country_name(c, lang) for c in countries for lang in ("es", "en")]
    return list(dict.fromkeys(rules.names_in(text, [w for n in names for w in n.split()] + named)))


def _contact(found: Told, *, seat: Seat, at: datetime) -> None:
    """The proposed contact becomes a fact of the person's file, in place of the one of its kind."""
    access, said = found.row.access, found.said
    facts = registry.standing_of([access.person_id], "contact").get(access.person_id, [])
    before = [f for f in facts if f.data.get("channel") == said["channel"] and not f.data.get("whose")]
    fact = {"channel": said["channel"], "value": said["value"], "safety": "safe"}
    _said(access, "contact", fact, seat=seat, at=at, replaces=str(before[0].id) if len(before) == 1 else "")


def _said(
    access: WindowAccess, kind: str, data: dict[str, str], *, seat: Seat, at: datetime, replaces: str = ""
) -> None:
    fact = {"id": str(uuid7()), "kind": kind, "person": str(access.person_id), "data": data}
    sent = {
        "id": str(uuid7()), "state": seat.state, "institution": seat.institution,
        "office": seat.office or access.office, "made_at": at.isoformat(), "device": DEVICE,
        "form": registry.book().form.version, "groups": [], "people": [],
        "facts": [fact | ({"replaces": replaces} if replaces else {})],
    }  # fmt: skip
    try:
        intake.take(sent, seat=seat.for_purpose("registration"), door=intake.Arrival.Door.PAGE, at=at)
    except registry.Refused:
        raise WindowFault("window.fault.not-kept") from None


def _came(
    access: WindowAccess,
    kind: str,
    told: dict[str, str],
    *,
    case: UUID | None,
    at: datetime,
    settled: bool = False,
) -> WindowItem:
    with custody.seated(queries.seat_of(access)):
        if not settled and WindowItem.objects.filter(access=access, settled_at=None).count() >= MOST_WAITING:
            raise WindowFault("window.fault.many", most=MOST_WAITING)
        row = WindowItem(
            id=uuid7(), access=access, case_id=case, kind=kind, at=at, state=access.state,
            institution=access.institution, office=queries.office_of(case, access), settled_at=at if settled else None,
        )  # fmt: skip
        row.sealed = sealing.sealed_item(told, row)
        row.save(force_insert=True)
        audit.record(by=access.code, at=at, act=f"window.{kind}", subject=f"window-item/{row.id}")
        if kind != WindowItem.Kind.CONFIRM:
            telling.tell(row, seat=queries.seat_of(access), at=at)
        return row
