"""What goes to another node of a referral, and what comes from there. Letters may be lost, overtaken, doubled: each
says what its writer did and has not been acknowledged, and what it has of the other; so in the end both have all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings

from mirps.base.audit import api as audit
from mirps.base.codelists import api as codelists
from mirps.casework.referrals import keeping, letters, queries, rules, services
from mirps.casework.referrals.letters import About, Letter
from mirps.casework.referrals.models import Referral
from mirps.casework.referrals.queries import ReferralFile
from mirps.casework.referrals.rules import Act, ReferralFault, Side
from mirps.casework.referrals.services import Item
from mirps.people.custody import api as custody
from mirps.people.custody.api import Seat
from mirps.people.registry import api as registry

#: What was not acknowledged is told again after so long.
AGAIN = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A letter for another node's institution: `sender` is ours."""

    referral: UUID
    state: str
    institution: str
    sender: str
    content: dict[str, Any]


def outgoing(*, at: datetime) -> Iterator[Outgoing]:
    """What is to be told now. Whoever sends it calls `went` in the same transaction."""
    with custody.seated(keeping.NOWHERE):
        rows = [r for r in queries.untold(before=at - AGAIN) if queries.elsewhere(r)]
    for row in rows:
        side = queries.our_side(row)
        seat = keeping.node_seat(row, side)
        with custody.seated(seat):
            found = queries.file(row.pk, seat=seat)
            letter = _letter(found, seat, at) if found else None
        if letter is not None:
            state, institution, _ = row.of(side.other)
            yield Outgoing(row.pk, state, institution, seat.institution, letters.told(letter))


def _letter(file: ReferralFile, seat: Seat, at: datetime) -> Letter | None:
    rows = {e.pk: e for e in file.row.events.all()}
    untold = [
        e for e in rules.lacking(file.events, file.side)
        if (told := rows[e.id].told_at) is None or told <= at - AGAIN
    ]  # fmt: skip
    if not untold and not file.row.owes:
        return None
    have = frozenset(e.id for e in file.events if e.side is not file.side)
    letter = Letter(about_of(file.row), file.side, untold, have)
    if not any(e.act is Act.SEND for e in untold) or not file.row.parts.exists():
        return letter
    said, parts = queries.said(file.row, seat), dict[str, list[Item]]()
    for sensitivity, item in said.items:
        parts.setdefault(sensitivity, []).append(item)
    return replace(letter, parts=parts, words=said.words, reply=said.reply)


def about_of(row: Referral) -> About:
    return About(
        row.pk, row.from_state, row.from_institution, row.from_office, row.to_state, row.to_institution, row.service,
        row.sent_at, row.answer_by, row.outcome, row.follows,
    )  # fmt: skip


def went(out: Outgoing, *, at: datetime) -> None:
    """It is on its way."""
    with custody.seated(keeping.NOWHERE):
        row = Referral.objects.get(pk=out.referral)
    seat = keeping.node_seat(row, queries.our_side(row))
    with custody.seated(seat):
        row = queries.seen(seat).select_for_update(of=("self",)).get(pk=row.pk)
        row.events.filter(pk__in=[UUID(e["id"]) for e in out.content["events"]]).update(told_at=at)
        row.owes = False
        keeping.project(row, seat)


def came(content: object, *, sender: str, institution: str, at: datetime, own: bool = False) -> UUID:
    """Take what another node told of a referral, for `institution` of ours; twice is once. `sender`: the node that
    proved to have written it. `own`: what we had written ourselves, had back after a restore; then `institution` is
    the one that wrote it. Raises ReferralFault."""
    letter = letters.read(content)
    side = letter.side if own else letter.side.other
    _prove(letter, sender, institution, side)
    row = keeping.begun(letter.about)
    seat = keeping.node_seat(row, side)
    with custody.seated(seat):
        held = queries.seen(seat).select_for_update(of=("self",)).filter(pk=row.pk).first()
        if held is None:
            row.save(force_insert=True)
        elif about_of(held) != letter.about:
            raise ReferralFault("referrals.fault.letter", where="referral")
        _taken(held or row, letter, seat, at=at, own=own)
    return row.pk


def _prove(letter: Letter, sender: str, institution: str, side: Side) -> None:
    """That the letter is its sender's to write and this institution's to take."""
    a = letter.about
    ours, theirs = (a.from_state, a.from_institution), (a.to_state, a.to_institution)
    if side is Side.RECEIVER:
        ours, theirs = theirs, ours
    writer = ours[0] if side is letter.side else theirs[0]
    known = codelists.institutions()
    fits = all(i in known and known[i].extra["state"] == s for s, i in (ours, theirs))
    if (
        not fits
        or ours[1] != institution
        or ours[0] != settings.NODE
        or theirs[0] == settings.NODE
        or writer != sender
    ):
        raise ReferralFault("referrals.fault.letter", where="referral.from, to")
    if a.service not in queries.catalogue():
        raise ReferralFault("referrals.fault.service")


def _taken(row: Referral, letter: Letter, seat: Seat, *, at: datetime, own: bool) -> None:
    file = queries.file_of(row, seat)
    new = keeping.merged(file.events, letter.events)
    for e in new:
        keeping.insert(row, e, at=at, known=not own)
    row.events.filter(pk__in=letter.have, side=file.side.value, known_at=None).update(known_at=at)
    withdrawn = any(e.act is Act.WITHDRAW for e in (*file.events, *letter.events))
    if letter.parts is not None and not withdrawn and any(e.act is Act.SEND for e in new):
        queries.keep_parts(row, _narrowed(letter, row), letter.words, letter.reply)
    row.owes = row.owes or (bool(letter.events) and not own)
    file = keeping.project(row, seat)
    audit.record(
        by=seat.user, at=at, act="referral.came", subject=f"referral/{row.pk}",
        detail={"acts": [e.act.value for e in new]},
    )  # fmt: skip
    if own:
        return
    if file.side is Side.RECEIVER and not any(e.act is Act.ARRIVE for e in file.events):
        keeping.done(file, Act.ARRIVE, seat=seat, at=at)
    keeping.tell_side(row, file.side, [e.act for e in new], by=seat.user, at=at)


def _narrowed(letter: Letter, row: Referral) -> list[tuple[str, Item]]:
    """What came, less what the service does not carry here; under the stricter of both nodes' sensitivities."""
    service, book = queries.catalogue()[row.service], registry.book()
    out = []
    for given, items in (letter.parts or {}).items():
        for item in items:
            if narrow := services.narrowed(service, item):
                ours = services.sensitivity(narrow, book)
                out.append((ours or (given if given in book.lists["sensitivities"] else ""), narrow))
    return out[: services.MOST_ITEMS]
