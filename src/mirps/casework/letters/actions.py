"""What is done with letters: issued with the act that gives them, annulled, issued anew."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from uuid_utils.compat import uuid7

from mirps.base.audit import api as audit
from mirps.base.paper.api import picture
from mirps.base.prepared.api import Prepared, inserted, update
from mirps.base.refusal import Refusal
from mirps.casework.cases import api as cases
from mirps.casework.cases.api import CaseFile, Standing, Subject
from mirps.casework.letters import defaults, drawing, filling, numbers, queries, sealing, signing, tokens
from mirps.casework.letters.filling import Told, Whose
from mirps.casework.letters.models import Letter, LetterEvent, VoidSlot
from mirps.casework.letters.queries import Issued
from mirps.casework.letters.sealing import Content
from mirps.casework.procedures.api import State
from mirps.casework.procedures.citing import citations
from mirps.casework.procedures.model import Paper
from mirps.people.custody import api as custody
from mirps.people.custody.api import Seat
from mirps.people.registry import api as registry

#: Who of a case is given a card of their own: whoever it is about.
_OWN = (Subject.Role.PRINCIPAL, Subject.Role.DEPENDANT)


_COLUMNS = [f.attname for f in Letter._meta.concrete_fields if f.name != "slot"]
_OF_ACT = Prepared(lambda event: Letter.objects.filter(event=event, replaces=None))
_CASE = Prepared(lambda case: Standing.objects.select_related("case").filter(pk=case).order_by())


class LetterFault(Refusal):
    """What cannot be done, as a text of data/texts/casework-letters.yaml."""


def issue(
    case: UUID,
    documents: Sequence[str],
    event: UUID,
    *,
    seat: Seat,
    at: datetime,
    folded: State | None = None,
    file: CaseFile | None = None,
    new: bool = False,
) -> list[Letter]:
    """Issue what an act gives: a card for each person whom the case is about, other papers for the principal.

    Call it in the transaction of the act. The same act again issues nothing again. A certificate or card takes
    the place of the one of its kind that the person had. `folded`: the case with the act (Recorded); `file`: the
    whole of it, where it was read; `new`: the act was recorded in this transaction, at this seat, and ends with
    whatever is raised here.
    """
    with nullcontext() if new else custody.seated(seat):
        stood = {} if new else {(row.document, row.person_id): row for row in _OF_ACT(event=event)}
        if file is None:
            (row,) = _CASE(case=case)
            file = cases.opened(row, seat=seat, at=at, folded=folded)
        asked = _Asked(file, documents, at)
        people = _people(file, documents, at)
        out = []
        for code in documents:
            for person in _given_to(file, code, people):
                found = stood.get((code, person.id))
                out.append(found or _issued(file, code, event, person, people, asked, seat=seat, at=at))
        return out


def reissue(serial: str, *, reason: str, seat: Seat, at: datetime) -> Letter:
    """The same paper again, with today's name and text and the same end: lost, spoilt, or with a mistake in it.
    The one before no longer holds. Raises LetterFault."""
    with custody.seated(seat):
        old = _standing(serial, seat)
        _because(reason)
        row = Standing.objects.select_related("case").get(pk=old.row.case_id)
        file = cases.opened(row, seat=seat, at=at)
        asked = _Asked(file, [old.row.document], at)
        people = _people(file, [old.row.document], at)
        person = next((p for p in people if p.id == old.row.person_id), None)
        if person is None:
            raise LetterFault("letters.fault.nobody")
        code, event = old.row.document, old.row.event_id
        made = _issued(file, code, event, person, people, asked, seat=seat, at=at, replaces=old.row)
        _became(old.row, LetterEvent.Kind.REPLACED, {"note": reason, "by": made.serial}, seat=seat, at=at)
        return made


def annul(serial: str, *, reason: str, seat: Seat, at: datetime) -> LetterEvent:
    """It no longer holds, from now on and for everybody who asks on line. Raises LetterFault."""
    with custody.seated(seat):
        old = _standing(serial, seat)
        _because(reason)
        return _became(old.row, LetterEvent.Kind.ANNULLED, {"note": reason}, seat=seat, at=at)


def paper(serial: str, lang: str, *, seat: Seat, at: datetime) -> bytes:
    """The PDF in a language, drawn from what was issued when it is first asked for: an act need not wait for it.
    Raises LetterFault."""
    with custody.seated(seat):
        row = Letter.objects.select_for_update().filter(serial=serial).first()
        if row is None:
            raise LetterFault("letters.fault.none")
        content = sealing.content_of(row)
        if kept := content.files.get(lang):
            return registry.file_content(kept)
        made, content = _drawn(row, content, lang, at=at)
        row.sealed = sealing.sealed(content, row)
        row.save(update_fields=["sealed"])
        return made


# --- how


class _Asked:
    """The texts of these documents and the key that signs them: on their way at once, with whatever is read next,
    where nobody waits (custody.seated)."""

    def __init__(self, file: CaseFile, documents: Sequence[str], at: datetime) -> None:
        p, where = file.procedure, (file.case.institution, file.row.office)
        self._texts = {code: queries.text_asked(p, code, *where) for code in documents}
        self._signer = signing.signer_asked(p.authority, at=at)
        self._read: dict[str, defaults.Text] = {}

    def text(self, code: str) -> defaults.Text:
        if code not in self._read:
            self._read[code] = self._texts[code]()
        return self._read[code]

    @cached_property
    def signer(self) -> Ed25519PrivateKey:
        return self._signer()


def _issued(
    file: CaseFile, code: str, event: UUID, person: Whose, people: Sequence[Whose], asked: _Asked, *, seat: Seat,
    at: datetime, replaces: Letter | None = None,
) -> Letter:  # fmt: skip
    p, document = file.procedure, file.procedure.documents[code]
    issuer = p.authority
    before = replaces or _before(file, code, person, document.paper)
    letter = Letter(
        id=uuid7(), case=file.case, event_id=event, person_id=person.id, document=code, paper=document.paper.value,
        language=defaults.language_of(p.state), state=p.state, institution=issuer, office=file.row.office,
        recorded_at=at, by=seat.user, issued=file.on, replaces=replaces,
        until=replaces.until if replaces else filling.until(document, file.on, file.calendar),
    )  # fmt: skip
    letter.serial = numbers.serial(p.state, letter.id)
    letter.sealed = b""
    text = asked.text(code)
    letter.template = text.version
    columns = {name: getattr(letter, name) for name in _COLUMNS}
    # Its place in the list is given by the database, and is signed.
    letter.slot = inserted(Letter, columns, "slot")
    letter._state.adding = False
    letter.sealed = sealing.sealed(_content(file, letter, text, person, people, asked.signer), letter)
    update(Letter, letter.slot, {"sealed": letter.sealed})
    if before and not replaces:
        _became(before, LetterEvent.Kind.REPLACED, {"note": "", "by": letter.serial}, seat=seat, at=at)
    audit.record(
        by=seat.user, at=at, act="letter.issued", subject=f"letter/{letter.serial}", detail={"document": code}
    )
    return letter


def _content(
    file: CaseFile,
    letter: Letter,
    text: defaults.Text,
    person: Whose,
    people: Sequence[Whose],
    key: Ed25519PrivateKey,
) -> Content:
    p = file.procedure
    step = next(s for s in file.state.steps if s.event.id == str(letter.event_id))
    told = Told(
        procedure=p, code=letter.document, event=step.event, stage=step.after, facts=file.state.facts,
        case=file.case.number, office=file.row.office, person=person,
        family=tuple(o for o in people if o.id != person.id), serial=letter.serial, issued=letter.issued,
        until=letter.until, clock=cases.clock(p), address=settings.ADDRESS,
        cited=tuple(dict.fromkeys(c for s in file.state.steps for c in citations(s.event.values))),
    )  # fmt: skip
    control = tokens.new_control()
    claims = tokens.Claims(
        issuer=letter.institution, serial=letter.serial, document=f"{p.name}.{letter.document}", issued=letter.issued,
        subject=tokens.subject(person.name, person.born, control), slot=letter.slot, until=letter.until,
    )  # fmt: skip
    proved = defaults.proved(text, p, told.document.paper)
    kid, sheet = tokens.key_id(key.public_key()), defaults.paper_of(p.state)
    faces = {
        lang: filling.face(told, proved[lang], lang, paper=sheet, control=control, kid=kid)
        for lang in defaults.LANGUAGES
    }
    photo = person.photo if told.document.paper == drawing.CARD else ""
    return Content(tokens.signed(claims.told(), key), control, faces, photo=photo)


def _drawn(row: Letter, content: Content, lang: str, *, at: datetime) -> tuple[bytes, Content]:
    """The PDF, kept sealed, and the content that names it."""
    photo = _photo(content.photo) if content.photo else None
    made = drawing.pdf(content.faces[lang], row.paper, content.token, at=row.recorded_at, photo=photo)
    digest = registry.put_file(made, by=row.by, at=at)
    return made, replace(content, files={**content.files, lang: digest})


def _photo(digest: str) -> bytes:
    """The photo that stood when the card was issued, ready to be drawn; GONE where it was let go or is no picture."""
    width, height = drawing.PHOTO
    try:
        return picture(registry.file_content(digest), width=width, height=height)
    except (KeyError, ValueError):
        return drawing.GONE


def _people(file: CaseFile, documents: Sequence[str], at: datetime) -> list[Whose]:
    """Whom the case is about, the principal first, with what these papers say of them: only a card bears a photo."""
    about = [s for s in file.subjects if s.role in _OWN]
    cards = any(file.procedure.documents[code].paper is Paper.CARD for code in documents)
    asked = (*filling.SAID, *(filling.ON_CARDS if cards else ()))
    standing = registry.standing_of([s.person_id for s in about], *asked)
    local = at.astimezone(cases.clock(file.procedure))
    about.sort(key=lambda s: s.role != Subject.Role.PRINCIPAL)
    return [
        filling.whose(s.person_id, s.person.number, s.person.state, standing.get(s.person_id, ()), at=local)
        for s in about
    ]


def _given_to(file: CaseFile, code: str, people: Sequence[Whose]) -> Sequence[Whose]:
    return people if file.procedure.documents[code].paper is Paper.CARD else people[:1]


def _before(file: CaseFile, code: str, person: Whose, paper: Paper) -> Letter | None:
    """The paper of that kind that the person has had until now."""
    if paper not in (Paper.CERTIFICATE, Paper.CARD):
        return None
    held = Letter.objects.filter(case=file.case, document=code, person=person.id)
    return held.exclude(became__kind__in=queries.VOID).order_by("-slot").first()


def _standing(serial: str, seat: Seat) -> Issued:
    """A letter that holds, of a case or of an act of one's own institution."""
    Letter.objects.select_for_update().filter(serial=serial).first()
    found = queries.one(serial)
    if found is None or seat.institution not in (found.row.case.institution, found.row.event.institution):
        raise LetterFault("letters.fault.none")
    if found.void:
        raise LetterFault("letters.fault.void", serial=serial)
    return found


def _because(reason: str) -> None:
    if not reason.strip():
        raise LetterFault("letters.fault.reason")


def _became(
    row: Letter, kind: str, told: dict[str, str], *, seat: Seat, at: datetime, means: str = "",
    happened: datetime | None = None,
) -> LetterEvent:  # fmt: skip
    made = LetterEvent(
        id=uuid7(),
        letter=row,
        kind=kind,
        means=means,
        happened_at=happened or at,
        recorded_at=at,
        by=seat.user,
    )
    made.sealed = sealing.sealed_event(told, made)
    made.save(force_insert=True)
    if kind in queries.VOID:
        VoidSlot.objects.create(slot=row.slot, issuer=row.institution)
    audit.record(by=seat.user, at=at, act=f"letter.{kind}", subject=f"letter/{row.serial}")
    return made
