"""Booking an appointment for a case, or giving it another time: what is looked for, offered with why, and chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_http_methods

from mirps.base.texts.api import say
from mirps.casework.appointments import api as appointments
from mirps.casework.appointments.api import AppointmentFault, Board, Choice, Judged, Mode, Offer, Slot, Want
from mirps.casework.cases import api as cases
from mirps.casework.procedures.wording import in_lang
from mirps.people.custody import api as custody
from mirps.people.registry import api as registry
from mirps.web.pages.casework.appointments_common import Desk, Typed, codes, with_right
from mirps.web.pages.people import register_boxes as boxes
from mirps.web.pages.people.door import place_name


@dataclass(frozen=True, slots=True)
class Shown:
    """A slot as it is chosen: its value, when it is (by the office's clock), and who and where."""

    value: str
    starts: datetime
    ends: datetime
    officer: str
    room: str
    interpreter: str


@require_http_methods(["GET", "HEAD", "POST"])
@with_right("appointment.book")
def book(desk: Desk, number: str) -> HttpResponse:
    given = Typed(desk)
    standing = _standing(desk, number)
    if given.get("do") == "book":
        choice = _choice(given)
        if choice and _tried(given, lambda want: appointments.book(
            id=given.id, case=standing.pk, want=want, choice=choice, note=given.get("note"), seat=desk.seat,
            office=_office(desk, standing), at=desk.now)):  # fmt: skip
            return desk.go("appointment", "?done=booked", id=given.id)
    return _page(desk, given, standing, None)


@require_http_methods(["GET", "HEAD", "POST"])
@with_right("appointment.book")
def move(desk: Desk, id: UUID) -> HttpResponse:
    """Another time for an appointment that stands."""
    given = Typed(desk)
    with custody.seated(desk.seat):
        row = appointments.Appointment.objects.filter(
            pk=id, state=desk.seat.state, institution=desk.seat.institution, standing="booked"
        ).select_related("case").first()  # fmt: skip
    if row is None:
        raise Http404
    standing = _standing(desk, row.case.number)
    if given.get("do") == "book":
        choice = _choice(given)
        if choice and _tried(given, lambda want: appointments.move(
            event=given.id, appointment=id, want=want, choice=choice, reason=given.get("reason"), seat=desk.seat,
            at=desk.now)):  # fmt: skip
            return desk.go("appointment", "?done=moved", id=id)
    return _page(desk, given, standing, row)


def _standing(desk: Desk, number: str) -> cases.Standing:
    with custody.seated(desk.seat):
        found = appointments.standing_of(desk.seat, number=number)
    if found is None:
        raise Http404
    return found


def _office(desk: Desk, standing: cases.Standing, row: appointments.Appointment | None = None) -> str:
    """Where it is held: where it stands already, or at the office that has the case, if one may sit there; else at
    one's own."""
    if row is not None:
        return row.office
    theirs = (standing.state, standing.institution) == (desk.seat.state, desk.seat.institution)
    return standing.office if theirs and desk.seat.office in ("", standing.office) else desk.office


def _want(given: Typed) -> Want:
    """What is looked for, as it was typed. Raises AppointmentFault."""
    mode, country = given.get("mode"), given.get("not_of")
    code = boxes.country(country) if country else ""
    if country and not code:
        given.fault("not_of", "people.form.fault.country")
    return Want(
        kind=given.get("kind"), mode=Mode(mode) if mode in list(Mode) else Mode.PERSON,
        for_child=bool(given.get("for_child")), language=given.get("language"), dialect=given.get("dialect"),
        gender=given.get("gender"), not_of=frozenset([code] if code else []), officer=given.get("officer"),
        interpreter=given.uuid("interpreter"), first=given.day("first"),
    )  # fmt: skip


def _choice(given: Typed) -> Choice | None:
    """`<moment>|<officer>|<room>|<interpreter>`, as it was offered; a fault for none and for what is none."""
    parts = given.get("slot").split("|")
    try:
        starts, officer, room, interpreter = parts
        return Choice(
            datetime.fromisoformat(starts), officer, int(room) if room else None,
            UUID(interpreter) if interpreter else None, wish_told=bool(given.get("wish_told")),
        )  # fmt: skip
    except ValueError:
        given.fault("slot", "appointments.fault.slot")
        return None


def _tried(given: Typed, act: Any) -> bool:
    try:
        act(_want(given))
    except AppointmentFault as e:
        given.refused(e, {"reason": "reason", "wish": "wish_told"}.get(e.key.rpartition(".")[2], ""))
    return not given.faults


def _page(
    desk: Desk, given: Typed, standing: cases.Standing, row: appointments.Appointment | None
) -> HttpResponse:
    offer, board, office = None, None, _office(desk, standing, row)
    if given.get("do"):
        try:
            with custody.seated(desk.seat):
                board = Board(standing, _want(given), seat=desk.seat, office=office, at=desk.now)
                free = appointments.held_by(row) if row else {}
                offer = board.offer(free=free)
        except AppointmentFault as e:
            given.refused(e, "kind")
    start = (
        {"kind": row.kind, "mode": row.mode, "language": row.language}
        if row
        else _spoken(desk, standing, given)
    )
    return desk.page(
        "casework/appointments-book.html", given.status, given=given, number=standing.case.number, row=row,
        kinds=[(k.code, in_lang(k.name, desk.lang), k.minutes) for k in appointments.kinds().values()],
        place=place_name(desk.seat.institution, office, desk.lang),
        days=appointments.settings().days, modes=list(Mode), languages=codes(desk, "languages"),
        sexes=codes(desk, "sexes")[:3], countries=boxes.country_names(desk.lang), start=start, offer=offer,
        shown=_slots(desk, given, board, offer), earlier=_earlier(desk, offer), match=_match(desk, offer),
    )  # fmt: skip


def _spoken(desk: Desk, standing: cases.Standing, given: Typed) -> dict[str, str]:
    """What the form begins with: the language that the person said they speak, where it is not the office's."""
    if given.get("do"):
        return {"mode": "person"}
    ours = "en" if desk.seat.state == "BLZ" else "es"
    with custody.seated(desk.seat):
        facts = registry.standing_of(appointments.persons(standing)[:1], "language")
    said = next((f.data for found in facts.values() for f in found if f.data.get("language") != ours), {})
    return {
        "mode": "person",
        "language": str(said.get("language", "")),
        "dialect": str(said.get("dialect", "")),
    }


def _slots(desk: Desk, given: Typed, board: Board | None, offer: Offer | None) -> list[Shown]:
    if board is None or offer is None:
        return []
    names = {
        f"interpreter:{j.candidate.id}": j.candidate.name for j in (offer.match.fit if offer.match else ())
    }
    return [_shown(s, given, board, names) for s in offer.proposed.slots]


def _shown(s: Slot, given: Typed, board: Board, names: Mapping[str, str]) -> Shown:
    bare = [w[0].partition(":")[2] if w else "" for w in (s.officers, s.rooms, s.interpreters)]
    return Shown(
        "|".join([s.starts.isoformat(), *bare]), s.starts.astimezone(given.clock), s.ends.astimezone(given.clock),
        board.called.get(bare[0], bare[0]), board.room_names.get(s.rooms[0], "") if s.rooms else "",
        names.get(s.interpreters[0], "") if s.interpreters else "",
    )  # fmt: skip


def _earlier(desk: Desk, offer: Offer | None) -> list[tuple[str, list[Any]]]:
    """Why not on the days before the first slot: each reason with its days."""
    out: dict[str, list[Any]] = {}
    for e in offer.proposed.earlier if offer else ():
        values = {"n": appointments.settings().notice_hours, **e.values}
        if e.why == "off":
            es, _, en = str(values["what"]).partition("\n")
            values["what"] = (es if desk.lang == "es" else en) or say("appointments.weekend", desk.lang)
        out.setdefault(say(f"appointments.not-then.{e.why}", desk.lang, **values), []).append(e.day)
    return list(out.items())


def _match(desk: Desk, offer: Offer | None) -> dict[str, Any] | None:
    """Who fits and why, and who does not and why not."""
    if offer is None or offer.match is None:
        return None
    return {
        "fit": [_judged(desk, j) for j in offer.match.fit],
        "unfit": [_judged(desk, j) for j in offer.match.unfit],
        "wish_unmet": offer.match.wish_unmet,
    }


def _judged(desk: Desk, j: Judged) -> dict[str, Any]:
    told = [say(f"appointments.match.{w.key}", desk.lang, **dict(w.values)) for w in (*j.because, *j.against)]
    before = say(f"appointments.match.{j.before.key}", desk.lang) if j.before else ""
    return {"id": str(j.candidate.id), "name": j.candidate.name, "why": told, "before": before}
