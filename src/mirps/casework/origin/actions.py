"""What is done with sources: added, changed, withdrawn with a reason; and cited by an act."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from io import BytesIO
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from uuid_utils.compat import uuid7

from mirps.base.audit import api as audit
from mirps.base.codelists import api as codelists
from mirps.base.files import api as files
from mirps.base.notices.api import zone
from mirps.casework.cases.api import Saying
from mirps.casework.cases.models import CaseEvent
from mirps.casework.origin import queries, rules, topics
from mirps.casework.origin.models import OriginSource
from mirps.casework.origin.rules import OriginFault, Said, SourceFaults
from mirps.casework.procedures import citing
from mirps.casework.procedures.citing import CITED, Citation
from mirps.people.custody import api as custody
from mirps.people.custody.api import Seat
from mirps.people.registry import api as registry

_SAID = ("title", "publisher", "country", "published", "address", "language", "topics", "file")


@dataclass(frozen=True, slots=True)
class Choice:
    """What an officer cites: a source in the version that they saw, where in it, and for what."""

    source: UUID
    version: int
    passage: str = ""
    use: str = ""


def add(said: Said, *, file: bytes = b"", id: UUID | None = None, seat: Seat, at: datetime) -> OriginSource:
    """Keep a source. The same id again is the same source. Raises SourceFaults, OriginFault."""
    with custody.seated(seat):
        if id and (stands := OriginSource.objects.filter(pk=id, institution=seat.institution).first()):
            return stands
        digest = _proved(said, file, seat, at)
        made = id or uuid7()
        return _keep(_row(said, digest, seat, at, id=made, source=made, version=1), "origin.added")


def change(
    source: UUID, said: Said, *, seen: int, file: bytes = b"", keep_file: bool = True, seat: Seat, at: datetime
) -> OriginSource:  # fmt: skip
    """Say of a source what holds from now on. `seen`: the version that the form was made of; `keep_file`: the copy
    stays where no other is given. What cites an earlier version keeps it. Raises SourceFaults, OriginFault."""
    with custody.seated(seat):
        last = _last(source, seen, seat)
        digest = _proved(said, file, seat, at) or (last.file if keep_file else "")
        return _keep(
            _row(said, digest, seat, at, id=uuid7(), source=source, version=last.version + 1),
            "origin.changed",
        )


def withdraw(source: UUID, *, seen: int, reason: str, seat: Seat, at: datetime) -> OriginSource:
    """It is no longer offered. What cites it keeps doing so, and the reason stands beside. Raises OriginFault."""
    if not reason.strip() or len(reason) > rules.REASON:
        raise OriginFault("origin.fault.reason")
    with custody.seated(seat):
        last = _last(source, seen, seat)
        row = OriginSource(
            id=uuid7(), source=source, version=last.version + 1, withdrawn=True, reason=reason.strip(),
            **{name: getattr(last, name) for name in _SAID}, **seat.kept(at),
        )  # fmt: skip
        return _keep(row, "origin.withdrawn")


def cited(saying: Saying, choices: Iterable[Choice], *, seat: Seat) -> Saying:
    """An act with what it cites, as each source stood in the version that was seen. Call it in the transaction of
    the act. Raises OriginFault for a source that is not the institution's, or was withdrawn, and for a passage that
    is none; an act that is sent again is not asked what was withdrawn since."""
    chosen = {c.source: c for c in choices}
    if not chosen:
        return saying
    if len(chosen) > citing.MOST:
        raise OriginFault("origin.fault.many", most=citing.MOST)
    rows = {
        (r.source, r.version): r
        for r in OriginSource.objects.filter(
            Q(source__in=chosen), state=seat.state, institution=seat.institution
        )
    }
    gone = {source for (source, _), row in rows.items() if row.withdrawn}
    if gone and CaseEvent.objects.filter(pk=saying.id).exists():
        gone = set()
    found = [_citation(c, rows.get((c.source, c.version)), c.source in gone) for c in chosen.values()]
    return replace(saying, values={**saying.values, CITED: [c.told() for c in found]})


def _citation(choice: Choice, row: OriginSource | None, gone: bool) -> Citation:
    if row is None:
        raise OriginFault("origin.fault.none")
    if gone:
        raise OriginFault("origin.fault.withdrawn", title=row.title)
    passage, use = choice.passage.strip(), choice.use.strip()
    if len(passage) > citing.PASSAGE or len(use) > citing.USE:
        raise OriginFault("origin.fault.passage", title=row.title, passage=citing.PASSAGE, use=citing.USE)
    return Citation(
        str(row.source), row.version, row.title, row.publisher, row.country, row.published.isoformat(),
        row.address, passage, use,
    )  # fmt: skip


def _last(source: UUID, seen: int, seat: Seat) -> OriginSource:
    last = next(iter(queries.versions(source, seat=seat)), None)
    if last is None:
        raise OriginFault("origin.fault.none")
    if last.withdrawn:
        raise OriginFault("origin.fault.withdrawn", title=last.title)
    if last.version != seen:
        raise OriginFault("origin.fault.changed")
    return last


def _proved(said: Said, file: bytes, seat: Seat, at: datetime) -> str:
    """The SHA-256 of the file that was kept, empty without one."""
    found = rules.faults(
        said, on=at.astimezone(zone(seat.state)).date(), countries=codelists.countries(),
        languages=registry.book().lists["languages"], topics=topics.topics(),
    )  # fmt: skip
    if file and not _is_pdf(file):
        found["file"] = "origin.fault.file"
    if found:
        raise SourceFaults(found)
    if not file:
        return ""
    digest = files.digest_of(BytesIO(file))
    files.put(BytesIO(file), digest)
    return digest


def _is_pdf(file: bytes) -> bool:
    try:
        return len(file) <= rules.MOST_BYTES and files.kind_of(BytesIO(file)).kind is files.Kind.PDF
    except files.FileFault:
        return False


def _row(
    said: Said, digest: str, seat: Seat, at: datetime, *, id: UUID, source: UUID, version: int
) -> OriginSource:
    assert said.published is not None, "_proved has asked"
    return OriginSource(
        id=id, source=source, version=version, title=said.title.strip(), publisher=said.publisher.strip(),
        country=said.country, published=said.published, address=said.address, language=said.language,
        topics="".join(f",{t}" for t in dict.fromkeys(said.topics)) + ("," if said.topics else ""), file=digest,
        **seat.kept(at),
    )  # fmt: skip


def _keep(row: OriginSource, act: str) -> OriginSource:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:  # somebody changed it at the same moment
        raise OriginFault("origin.fault.changed") from None
    audit.record(
        by=row.by, at=row.at, act=act, subject=f"origin/{row.source}", detail={"version": row.version}
    )
    return row
