"""What happened, read from the ledgers themselves from the seat of the institution that is told: whoever writes them
knows nothing of who listens, and what was rolled back never happened."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import cache

import yaml
from django.db.models import Exists, OuterRef, Q, QuerySet

from mirps.base.codelists import api as codelists
from mirps.casework.cases import api as cases
from mirps.casework.cases.api import CaseEvent, Party, Standing
from mirps.casework.letters.api import Letter, LetterEvent
from mirps.casework.procedures.api import Procedure
from mirps.casework.referrals import api as referrals
from mirps.casework.referrals.api import Act, ReferralEvent
from mirps.people.custody import api as custody
from mirps.people.custody.api import Seat
from mirps.sharing.webhooks import rules
from mirps.sharing.webhooks.rules import Happening, Terms

#: The purpose of the seat from which the ledgers are read: no file is opened.
PURPOSE = "procedure"
_TOLD: Mapping[str, str] = {
    Act.SEND: "referral.sent", **dict.fromkeys((Act.WITHDRAW, Act.CLOSE), "referral.ended"),
    **dict.fromkeys((Act.ACCEPT, Act.REFUSE, Act.RETURN, Act.REPORT), "referral.answered"),
}  # fmt: skip
_ENDED = (LetterEvent.Kind.ANNULLED, LetterEvent.Kind.REPLACED)


@cache
def kinds() -> Mapping[str, Terms]:
    path = codelists.data_folder() / "interop" / "events.yaml"
    return rules.read(yaml.safe_load(path.read_text(encoding="utf-8")))


def since(state: str, institution: str, moment: datetime, *, user: str) -> list[Happening]:
    """What was recorded from that moment on, of what the institution may know happened, in order."""
    seat = Seat(user, state, institution, purpose=PURPOSE)
    with custody.seated(seat):
        found = [h for source in _SOURCES for h in source(seat, moment)]
    return sorted(found, key=lambda h: (h.at, h.source))


def _acts(seat: Seat) -> QuerySet[CaseEvent]:
    """Acts in the institution's own cases, in those that it decides, and its own acts in any."""
    held = Standing.objects.filter(
        pk=OuterRef("case"), institution=seat.institution, state=seat.state
    ).order_by()
    decides = Party.objects.filter(case=OuterRef("case"), institution=seat.institution, whole=True).order_by()
    own = Q(institution=seat.institution, state=seat.state)
    return CaseEvent.objects.filter(own | Q(Exists(held)) | Q(Exists(decides)))


def _of_cases(seat: Seat, moment: datetime) -> Iterator[Happening]:
    for e in _acts(seat).filter(recorded_at__gte=moment).select_related("case").order_by("recorded_at", "id"):
        name, _, version = e.rule.partition("@")
        for kind in _kinds_of(cases.version(name, version), e.act) if not e.target else ():
            yield Happening(kind, str(e.id), e.recorded_at, {"event": str(e.id), "case": e.case.number})


@cache
def _kinds_of(p: Procedure, act: str) -> tuple[str, ...]:
    """What an act of a procedure is told as; nothing for one that is told to nobody."""
    if act not in p.acts:
        return ()
    known, found = kinds(), p.acts[act]
    counted = {f.measure for f in p.feeds if f.act == act}
    said = {
        "case.opened": found.opens,
        "case.decided": bool(counted & known["case.decided"].measures) if "case.decided" in known else False,
        "case.closed": bool(found.to) and not p.stages[found.to].open,
    }
    return tuple(kind for kind, holds in said.items() if holds and kind in known)


def _of_letters(seat: Seat, moment: datetime) -> Iterator[Happening]:
    told = Letter.objects.filter(event__in=_acts(seat).order_by().values("id"))
    for row in told.filter(recorded_at__gte=moment).select_related("case").order_by("slot"):
        about = {"letter": row.serial, "document": row.document, "case": row.case.number}
        yield Happening("letter.issued", str(row.id), row.recorded_at, about)
    became = LetterEvent.objects.filter(letter__in=told.order_by().values("slot"), kind__in=_ENDED)
    for e in became.filter(recorded_at__gte=moment).select_related("letter").order_by("recorded_at", "id"):
        yield Happening(
            "letter.ended", str(e.id), e.recorded_at, {"event": str(e.id), "letter": e.letter.serial}
        )


def _of_referrals(seat: Seat, moment: datetime) -> Iterator[Happening]:
    """Either side is told what the other did, both what the node did by itself; neither is told of one that only who
    is cleared may know."""
    rows = ReferralEvent.objects.filter(
        referral__in=referrals.seen(seat).order_by().values("id"), act__in=_TOLD
    )
    for e in rows.filter(recorded_at__gte=moment).select_related("referral").order_by("recorded_at", "id"):
        if e.by == referrals.NODE or (e.state, e.institution) != (seat.state, seat.institution):
            about = {"event": str(e.id), "referral": e.referral.number}
            yield Happening(_TOLD[e.act], str(e.id), e.recorded_at, about)


_SOURCES: list[Callable[[Seat, datetime], Iterator[Happening]]] = [_of_cases, _of_letters, _of_referrals]
