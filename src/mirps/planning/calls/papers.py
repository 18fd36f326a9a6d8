"""Files attached to proposals: kept by their content, beside those of rounds and under the same rules."""

from __future__ import annotations

from datetime import datetime
from typing import IO

from django.db import transaction

from mirps.base.access.api import User
from mirps.base.audit.api import record
from mirps.base.files.api import FileFault, digest_of, kind_of, place, put, safe_name
from mirps.planning.calls.actions import locked, require_writable
from mirps.planning.calls.models import ProposalPaper

#: The most papers of one proposal.
MOST_PAPERS = 30


def attach(
    *, proposal: str, document: str, file: IO[bytes], name: str, user: User, at: datetime
) -> ProposalPaper:
    """Keep a file for one of the documents asked. Raises FileFault for what is not taken, CallFault after
    closing. The same content again for the same document is not kept twice."""
    found = kind_of(file)
    digest = digest_of(file)
    put(file, digest)
    with transaction.atomic():
        room, held = locked(proposal, user, at)
        require_writable(room, held)
        if document not in {d.code for d in room.terms.documents}:
            raise FileFault("calls.paper.document")
        standing = held.papers.filter(withdrawn_at=None)
        if again := standing.filter(document=document, digest=digest).first():
            return again
        if standing.count() >= MOST_PAPERS:
            raise FileFault("entries.file.many", most=MOST_PAPERS)
        made = ProposalPaper.objects.create(
            proposal=held, document=document, name=safe_name(name, found.kind), media=found.kind.value,
            size=found.size, digest=digest, by=user.username, at=at,
        )  # fmt: skip
        record(
            by=user.username, at=at, act="proposal.paper", subject=f"proposal {held.pk}",
            detail={"paper": made.pk, "document": document, "digest": digest},
        )  # fmt: skip
    return made


@transaction.atomic
def take_off(*, paper: int, user: User, at: datetime) -> ProposalPaper:
    """Take a paper off a proposal that can still be written. The file itself is kept."""
    of = str(ProposalPaper.objects.get(pk=paper).proposal_id)
    room, held = locked(of, user, at)
    require_writable(room, held)
    found = ProposalPaper.objects.select_for_update().get(pk=paper, withdrawn_at=None)
    found.withdrawn_by, found.withdrawn_at = user.username, at
    found.save(update_fields=["withdrawn_by", "withdrawn_at"])
    record(
        by=user.username, at=at, act="proposal.paper-off", subject=f"proposal {held.pk}",
        detail={"paper": found.pk, "document": found.document},
    )  # fmt: skip
    return found


def open_paper(held: ProposalPaper) -> IO[bytes]:
    """FileNotFoundError when the disk has lost it."""
    return place(held.digest).open("rb")
