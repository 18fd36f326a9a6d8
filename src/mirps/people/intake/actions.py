"""The one door by which anything said of people comes in: page, desk in the browser, OpenRosa alike.

All of a submission is kept with its index, its audit and its receipt in one transaction, or nothing. Sent
again, it changes nothing and gets the same receipt. Its new people are compared with everybody registered
before in a step of its own (`compare`), so that a slow comparison never loses a registration.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError
from uuid_utils.compat import uuid7

from mirps.base.access import api as access
from mirps.base.crypto import api as crypto
from mirps.base.crypto import tokens
from mirps.base.prepared.api import Prepared, insert
from mirps.people.adjudication import api as adjudication
from mirps.people.consent import api as consent
from mirps.people.custody import api as custody
from mirps.people.identity import api as identity
from mirps.people.intake.models import Arrival, Task
from mirps.people.registry import api as registry

#: A desk's clock is told to be wrong when it is off by more.
CLOCK = timedelta(minutes=10)
_TRIES = 3
_ARRIVED = Prepared(lambda id: Arrival.objects.filter(id=id))


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the desk may rely on: with this in hand it can let go of what it sent."""

    submission: UUID
    at: datetime
    people: tuple[tuple[UUID, str], ...]  # id and registration number
    groups: tuple[tuple[UUID, str], ...]
    tasks: int
    again: bool = False


def seat_for(
    user: access.User, given: object, *, at: datetime, grants: Sequence[access.Grant] | None = None
) -> custody.Seat:
    """Where somebody sits to send this, with the roles they hold (looked up where they are not given).

    Raises access.NotAllowed where they may not.
    """
    said = given if isinstance(given, Mapping) else {}
    state, institution, office = (str(said.get(k) or "") for k in ("state", "institution", "office"))
    act = "person.register" if said.get("people") or said.get("groups") else "person.amend"
    held = access.grants_of(user, on=at.date()) if grants is None else grants
    if not user.is_active or not access.may(held, act, state=state, body=institution, on=at.date()):
        raise access.NotAllowed(act, state)
    seat = custody.seat_of(user.username, held, institution, on=at.date(), office=office)
    if seat is None:
        raise access.NotAllowed(act, state)
    return seat.for_purpose("registration")


def take(given: object, *, seat: custody.Seat, door: str, at: datetime) -> Receipt:
    """Take a submission. Raises registry.Refused with every fault; then nothing of it was kept."""
    book = registry.book()
    found = registry.read(given, book, country=registry.is_country, at=at)
    _belongs(found, seat)
    _by_their_door(found, book, door)
    mark = json.dumps(given, sort_keys=True)
    for tried in range(_TRIES):
        try:
            with custody.seated(seat):
                return _taken(found, mark, book, seat=seat, door=door, at=at)
        except IntegrityError:  # the same was sent twice at once, or somebody took one of its ids
            if tried == _TRIES - 1:
                raise registry.Refused([registry.Fault("id", "taken")]) from None
    raise AssertionError


def _taken(
    found: registry.Submission, mark: str, book: registry.Book, *, seat: custody.Seat, door: str, at: datetime
) -> Receipt:
    before = next(iter(_ARRIVED(id=found.id)), None)
    if before is not None:
        if bytes(before.token) not in tokens.candidates(crypto.ring(), "people.arrival", mark):
            raise registry.Refused([registry.Fault("id", "taken")])
        return receipt(before, again=True)
    _files_are_here(found, book)
    registry.keep(found, book=book, by=seat.user, at=at, known=_in_view(found, seat, at))
    told = {
        "id": found.id, "token": tokens.token(crypto.ring(), "people.arrival", mark), "door": door,
        "state": found.state, "institution": found.institution, "office": found.office, "device": found.device,
        "by": seat.user, "made_at": found.made_at, "at": at, "compared_at": None if found.people else at,
    }  # fmt: skip
    insert(Arrival, [told])
    arrival = Arrival(**told)
    tasks = _settle(found, arrival, book)
    _hold_to_consent(found, by=seat.user, at=at)
    _index(found)
    return _receipt(found, arrival, tasks)


def compare(submission: UUID, *, seat: custody.Seat, at: datetime) -> int:
    """Compare a submission's new people with everybody registered before, once; how many pairs to adjudicate.

    Nothing is held from others while it compares: SQLite lets one write at a time, and the desks would wait.
    """
    waits = Arrival.objects.filter(id=submission, compared_at=None)
    with custody.asking(seat):
        if not waits.exists():
            return 0
        found = adjudication.suspected((id_ for id_, _ in registry.kept_by(submission).people), at=at)
    with custody.seated(seat):
        first = waits.update(compared_at=at)  # of two that compared it at once
        return len(adjudication.keep_suspected(found)) if first else 0


def compare_waiting(*, at: datetime, most: int = 100) -> int:
    """Compare what waits, the oldest first, each at its own office's seat; how many submissions were."""
    waiting = list(Arrival.objects.filter(compared_at=None).order_by("at", "id")[:most])
    for arrival in waiting:
        seat = custody.Seat(arrival.by, arrival.state, arrival.institution, purpose="registration")
        compare(arrival.id, seat=seat, at=at)
    return len(waiting)


def receipt(arrival: Arrival, *, again: bool = False) -> Receipt:
    """The receipt of what was taken, made from what is kept."""
    kept = registry.kept_by(arrival.id)
    tasks = arrival.tasks.filter(closed_at=None).count()
    return Receipt(arrival.id, arrival.at, kept.people, kept.groups, tasks, again)


def _receipt(found: registry.Submission, arrival: Arrival, tasks: int) -> Receipt:
    """The same, of what is being kept."""
    people = sorted({f.person for f in found.facts if f.person})
    groups = sorted({f.group for f in found.facts if f.group})
    return Receipt(
        arrival.id, arrival.at, tuple((p, registry.number(found.state, p)) for p in people),
        tuple((g, registry.number(found.state, g, mark="G")) for g in groups), tasks,
    )  # fmt: skip


def _belongs(found: registry.Submission, seat: custody.Seat) -> None:
    wrong = [
        registry.Fault(name, "not-yours")
        for name, sits, said in (
            ("state", seat.state, found.state), ("institution", seat.institution, found.institution),
            ("office", seat.office or found.office, found.office),
        )
        if sits != said
    ]  # fmt: skip
    if wrong:
        raise registry.Refused(wrong)


def _by_their_door(found: registry.Submission, book: registry.Book, door: str) -> None:
    """What a part of the product says by itself is typed by nobody; taking it back is anybody's who may amend."""
    wrong = [
        registry.Fault(f"facts[{n}].kind", "own-door", {"kind": f.kind})
        for n, f in enumerate(found.facts)
        if (book.kinds[f.kind].by or door) != door and not f.withdrawn
    ]
    if wrong:
        raise registry.Refused(wrong)


def _files_are_here(found: registry.Submission, book: registry.Book) -> None:
    named = {
        (n, name): str(f.data[name])
        for n, f in enumerate(found.facts)
        for name, field in book.kinds[f.kind].fields.items()
        if field.type is registry.Type.FILE and name in f.data
    }
    here = registry.claim_files(named.values()) if named else set()
    missing = [k for k, digest in named.items() if digest not in here]
    if missing:
        raise registry.Refused(registry.Fault(f"facts[{n}].data.{name}", "file") for n, name in missing)


def _in_view(found: registry.Submission, seat: custody.Seat, at: datetime) -> set[UUID]:
    """Of whom it names, those in view: nobody says anything of a file that they may not see."""
    people, groups = registry.named(found)
    there: set[UUID] = set()
    if people:  # locked, so that of two corrections at once the later sees that both stand
        held = registry.Person.objects.select_for_update(of=("self",)).order_by("id")
        there |= set(held.filter(custody.seen(seat, at=at), id__in=people).values_list("id", flat=True))
    if groups:
        seen = registry.Group.objects.filter(custody.seen(seat, at=at), id__in=groups)
        there |= set(seen.values_list("id", flat=True))
    return there


def _settle(found: registry.Submission, arrival: Arrival, book: registry.Book) -> int:
    """Open a task for each contradiction that this brings about, close those that it settles; how many it opened."""
    opened = 0
    new = {p.id for p in found.people}
    touched = {f.person for f in found.facts if f.person} - new
    if touched:
        single = [k.name for k in book.kinds.values() if k.single]
        standing = registry.standing_of(touched, *{f.kind for f in found.facts}, *single)
        contested = {
            (person, c.kind)
            for person, facts in standing.items()
            for c in registry.contradictions(facts, book)
        }
        held = Task.objects.filter(person__in=touched, kind=Task.Kind.CONTRADICTION, closed_at=None)
        stood = {(task.person_id, task.of): task.id for task in held}
        settled = [id_ for about, id_ in stood.items() if about not in contested]
        Task.objects.filter(id__in=settled).update(closed_at=arrival.at, closed_by=arrival.by)
        opened += _open(arrival, Task.Kind.CONTRADICTION, contested - set(stood))
    if found.made_at - arrival.at > CLOCK:
        opened += _open(arrival, Task.Kind.CLOCK, [(p.id, "") for p in found.people[:1]])
    return opened


def _hold_to_consent(found: registry.Submission, *, by: str, at: datetime) -> None:
    """Whoever no longer agrees is no longer shared with anybody, from this moment."""
    new = {p.id for p in found.people}
    asked = {f.person for f in found.facts if f.person and f.kind == "consent"} - new
    if asked:
        consent.revoked(asked, by=by, at=at)


def _open(arrival: Arrival, kind: str, about: Iterable[tuple[UUID | None, str]]) -> int:
    held: dict[str, Any] = {
        "state": arrival.state,
        "institution": arrival.institution,
        "office": arrival.office,
    }
    return len(
        Task.objects.bulk_create(
            Task(
                id=uuid7(),
                kind=kind,
                person_id=person,
                of=of,
                opened_at=arrival.at,
                opened_by=arrival,
                **held,
            )
            for person, of in sorted(about, key=str)
        )
    )


def _index(found: registry.Submission) -> None:
    """Let people be found by what was said; what is withdrawn finds nobody."""
    added: dict[UUID, list[registry.Said]] = {}
    for f in found.facts:
        if f.person and not f.withdrawn:
            added.setdefault(f.person, []).append(f)
    rows = {
        person: terms
        for person, facts in added.items()
        if (terms := registry.terms_of(facts)).names or terms.exact
    }
    new = {p.id for p in found.people}
    if here := {person: terms for person, terms in rows.items() if person in new}:
        identity.keep_soon(here)
    if known := {person: terms for person, terms in rows.items() if person not in new}:
        identity.keep(known)
    for gone in registry.facts_kept(f.replaces for f in found.facts if f.withdrawn):
        if gone.person:
            identity.take_back(gone.person, registry.terms_of([gone]))
