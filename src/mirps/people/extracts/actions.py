"""Taking a list out: one person asks, another approves, then it is made once, and every file in it says so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from mirps.base.audit.api import record
from mirps.people.custody import api as custody
from mirps.people.custody.api import Request, Seat
from mirps.people.extracts import queries, rules
from mirps.people.extracts.models import Extract, subject
from mirps.people.extracts.rules import ExtractFault, Wanted
from mirps.people.registry.api import Person

ACT = "person.export"
#: The scope (data/interop/scopes.yaml) with which a system fetches lists.
FETCH = "extract.fetch"


@dataclass(frozen=True, slots=True)
class Taken:
    """A list as it leaves: who asked, who approved and why stand in `request`."""

    extract: Extract
    request: Request
    columns: tuple[str, ...]
    rows: list[list[str]]


def ask(
    *, seat: Seat, wanted: Wanted, why: str, at: datetime, receiver: str = "", sealing: str = ""
) -> Extract:
    """Ask that these people's data be taken out; who they are is settled now, and which system may fetch it, sealed to
    which key. Raises ExtractFault, custody.CustodyFault, access.NotAllowed."""
    columns, terms = rules.chosen(wanted, queries.terms()), queries.terms()
    with custody.seated(seat.for_purpose(wanted.purpose)) as sits:
        found = list(queries.people(sits, wanted).values_list("id", flat=True)[: terms.most + 1])
        if not found:
            raise ExtractFault("extracts.fault.nobody")
        if len(found) > terms.most:
            raise ExtractFault("extracts.fault.too-many", most=terms.most)
        id_ = uuid4()
        asked = custody.ask(seat=sits, act=ACT, subject=subject(id_), detail=why, at=at)
        return Extract.objects.create(
            id=id_, state=sits.state, institution=sits.institution, at=at, by=sits.user, purpose=wanted.purpose,
            office=wanted.office, since=wanted.since, until=wanted.until, columns=[c.key for c in columns],
            people=[str(i) for i in found], request=asked.pk, receiver=receiver, sealing=sealing,
        )  # fmt: skip


def take(*, seat: Seat, extract: UUID, sealed: bool, lang: str, at: datetime) -> Taken:
    """Make the list, once, for whoever asked for it. Whoever was let go since is not in it.

    `sealed`: whether it leaves under a passphrase, which is kept on record. Raises custody.CustodyFault,
    custody.TooMany.
    """
    custody.admit(seat=seat, act="export", at=at)
    with custody.seated(seat):
        purpose = queries.extracts(seat).get(pk=extract).purpose
    with custody.seated(seat.for_purpose(purpose)) as sits:
        row = queries.extracts(seat).select_for_update().get(pk=extract)
        if row.by != seat.user:
            raise custody.CustodyFault("custody.request.not-approved")
        return _made(row, sits, sealed=sealed, lang=lang, at=at)


def fetch(*, seat: Seat, extract: UUID, lang: str, at: datetime) -> Taken:
    """The same for the system that may fetch it: once, and each file in it says that this system took it.

    `seat`: its own; the people are read as they stand where the list was asked for. Raises Extract.DoesNotExist,
    custody.CustodyFault, custody.TooMany.
    """
    custody.admit(seat=seat, act="export", at=at)
    with custody.seated(seat):
        held = Extract.objects.get(pk=extract, receiver=seat.user)
    with custody.seated(Seat(seat.user, held.state, held.institution, purpose=held.purpose)) as sits:
        row = Extract.objects.select_for_update().get(pk=extract, receiver=seat.user)
        return _made(row, sits, sealed=True, lang=lang, at=at)


def _made(row: Extract, sits: Seat, *, sealed: bool, lang: str, at: datetime) -> Taken:
    used = custody.use(request=row.request, act=ACT, subject=row.subject, by=row.by, at=at)
    people = list(
        Person.objects.filter(custody.seen(sits, at=at), id__in=row.people, let_go_at=None).order_by("number")
    )
    columns = [queries.terms().columns[key] for key in row.columns]
    rows = queries.rows(people, columns, lang)
    custody.shown(seat=sits, act="export", subjects=[p.id for p in people], at=at)
    row.taken_at = at
    row.save(update_fields=["taken_at"])
    record(
        by=sits.user, at=at, act="extract.taken", subject=row.subject,
        detail={"people": len(rows), "columns": row.columns, "purpose": row.purpose, "sealed": sealed,
                "to": row.receiver},
    )  # fmt: skip
    return Taken(row, used, tuple(row.columns), rows)
