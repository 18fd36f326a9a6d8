"""An office's own text for a document: proposed, seen on an invented case, approved by a second person.

Whatever is wrong with a text, the one in force stays in force.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID

from django.db import transaction
from uuid_utils.compat import uuid7

from mirps.base.access.rules import same_person
from mirps.base.audit import api as audit
from mirps.casework.letters import defaults, drawing, filling, numbers
from mirps.casework.letters.actions import LetterFault
from mirps.casework.letters.defaults import Text
from mirps.casework.letters.filling import Told, Whose
from mirps.casework.letters.models import LetterTemplate
from mirps.casework.procedures.api import Event, Procedure
from mirps.people.custody import api as custody
from mirps.people.custody.api import Seat

#: An invented person, in an invented case: nobody real is needed to see how a letter looks.
_ID = UUID("01900000-0000-7000-8000-000000000001")
_CHILD = UUID("01900000-0000-7000-8000-000000000002")
_AT = datetime(2026, 1, 15, 18, tzinfo=UTC)
_LONG = "Este motivo es inventado y sirve para ver cómo queda un texto de varias líneas. " * 3


def propose(
    p: Procedure, document: str, *, es: str, en: str, office: str, seat: Seat, at: datetime
) -> LetterTemplate:
    """A text that waits for a second person. Raises Faults with everything that is wrong with it."""
    text = Text("", es, en)
    check(p, document, text)
    with custody.seated(seat):
        row = LetterTemplate.objects.create(
            id=uuid7(), procedure=p.name, document=document, es=es, en=en, at=at, by=seat.user, state=seat.state,
            institution=seat.institution, office=office,
        )  # fmt: skip
        _noted("proposed", row, seat, at)
        return row


def check(p: Procedure, document: str, text: Text) -> None:
    """Prove a text and print it on the invented case. Raises Faults."""
    defaults.proved(text, p, p.documents[document].paper)
    for lang in defaults.LANGUAGES:
        sample(p, document, text, lang)


def sample(p: Procedure, document: str, text: Text, lang: str) -> bytes:
    """A letter of this text on the invented case, without a signature. Raises Faults, for a card too that does
    not fit on its face."""
    told, paper = _invented(p, document), p.documents[document].paper
    proved = defaults.proved(text, p, paper)
    face = filling.face(
        told, proved[lang], lang, paper=defaults.paper_of(p.state), control="XXXXXXXX", kid="–"
    )
    return drawing.pdf(face, paper.value, "sample." * 40, at=_AT, sample=True, file=lang, photo=drawing.GONE)


def approve(id_: UUID, *, p: Procedure, seat: Seat, at: datetime) -> LetterTemplate:
    """In force from now on, in the place of the one before. Raises LetterFault: never by who proposed it."""
    with custody.seated(seat), transaction.atomic():
        row = _waiting(id_, seat)
        if same_person(seat.user, [row.by]):
            raise LetterFault("letters.fault.second")
        check(p, row.document, Text(str(row.id), row.es, row.en))
        before = LetterTemplate.objects.filter(
            institution=row.institution, office=row.office, procedure=row.procedure, document=row.document,
            approved_at__isnull=False, ended_at=None,
        )  # fmt: skip
        before.update(ended_at=at, ended_by=seat.user)
        row.approved_at, row.second = at, seat.user
        row.save(update_fields=["approved_at", "second"])
        _noted("approved", row, seat, at)
        return row


def end(id_: UUID, *, seat: Seat, at: datetime) -> LetterTemplate:
    """Refuse a text that waits, or take back the one in force: the text before it holds again."""
    with custody.seated(seat):
        row = _found(id_, seat)
        if row.ended_at is not None:
            raise LetterFault("letters.fault.ended")
        row.ended_at, row.ended_by = at, seat.user
        row.save(update_fields=["ended_at", "ended_by"])
        _noted("ended", row, seat, at)
        return row


def _found(id_: UUID, seat: Seat) -> LetterTemplate:
    found = LetterTemplate.objects.select_for_update().filter(pk=id_, institution=seat.institution).first()
    if found is None or seat.office not in ("", found.office):
        raise LetterFault("letters.fault.none")
    return found


def _waiting(id_: UUID, seat: Seat) -> LetterTemplate:
    row = _found(id_, seat)
    if row.approved_at or row.ended_at:
        raise LetterFault("letters.fault.ended")
    return row


def _noted(act: str, row: LetterTemplate, seat: Seat, at: datetime) -> None:
    audit.record(
        by=seat.user, at=at, act=f"letter.text-{act}", subject=f"letter-text/{row.id}",
        detail={"procedure": row.procedure, "document": row.document, "office": row.office},
    )  # fmt: skip


def _invented(p: Procedure, document: str) -> Told:
    act = next((c for c, a in p.acts.items() if document in (*a.issues, a.notice)), next(iter(p.acts)))
    event = Event(str(_ID), act, _AT, _AT, "", "", "", p.rule, reason=_LONG)
    person = Whose(
        _ID, numbers.serial(p.state, _ID), "María Inventada Ejemplo", "1990-05-17", ("HND",), "XXX-V-…"
    )
    child = Whose(_CHILD, numbers.serial(p.state, _CHILD), "Luis Inventado Ejemplo", "2015-02-03")
    last = date(2026, 12, 31) if p.documents[document].valid else None
    return Told(
        procedure=p, code=document, event=event, stage=p.acts[act].to or next(iter(p.stages)), facts={},
        case=numbers.serial(p.state, _ID), office="", person=person, family=(child,),
        serial=numbers.serial(p.state, _ID), issued=_AT.date(), until=last, clock=UTC, address="https://…",
    )  # fmt: skip
