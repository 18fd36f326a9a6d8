"""Files that bear out what was entered."""

from __future__ import annotations

from datetime import datetime
from typing import IO

from django.db import transaction

from mirps.base.audit.api import record
from mirps.base.files import api as store
from mirps.base.files.api import FileFault, kind_of, safe_name
from mirps.evidence.entries.models import Attachment
from mirps.evidence.rounds.api import Asked, Round

#: The most files that stand for one institution in one round.
MOST_FILES = 100


def attach(
    *, file: IO[bytes], name: str, round: Round, state: str, institution: str, by: str, at: datetime,
    asked: Asked | None = None,
) -> Attachment:  # fmt: skip
    """Keep a file for an institution (and one thing asked of it). Raises FileFault for what is not taken:
    `entries.file.*` says why. The same content already there for the same thing is not kept twice."""
    found = kind_of(file)
    digest = store.digest_of(file)
    held = Attachment.objects.filter(round=round, institution=institution, withdrawn_at=None)
    if again := held.filter(digest=digest, asked=asked).first():
        raise FileFault("entries.file.twice", name=again.name, at=again.at)
    if held.count() >= MOST_FILES:
        raise FileFault("entries.file.many", most=MOST_FILES)
    store.put(file, digest)
    with transaction.atomic():
        made = Attachment.objects.create(
            round=round, state=state, institution=institution, asked=asked,
            name=safe_name(name, found.kind), kind=found.kind.value, size=found.size, digest=digest,
            by=by, at=at,
        )  # fmt: skip
        record(
            by=by, at=at, act="entry.attached", subject=f"round {round.code} {institution}",
            detail={"file": made.pk, "digest": digest, "asked": asked.code if asked else ""},
        )  # fmt: skip
    return made


@transaction.atomic
def withdraw_file(*, file: int, by: str, at: datetime) -> Attachment:
    """Take a file off the list. It stays on the disk: what was handed over can be told later."""
    held = Attachment.objects.select_for_update().get(pk=file, withdrawn_at=None)
    held.withdrawn_at, held.withdrawn_by = at, by
    held.save(update_fields=["withdrawn_at", "withdrawn_by"])
    record(
        by=by, at=at, act="entry.file-withdrawn", subject=f"round {held.round_id} {held.institution}",
        detail={"file": held.pk, "digest": held.digest},
    )  # fmt: skip
    return held


def files_of(round: str, *, institution: str) -> list[Attachment]:
    """The files that stand for an institution, in the order they came."""
    held = Attachment.objects.filter(round_id=round, institution=institution, withdrawn_at=None)
    return list(held.select_related("asked").order_by("id"))


def open_file(held: Attachment) -> IO[bytes]:
    """The content of a file, to be read. FileNotFoundError when the disk has lost it."""
    return store.place(held.digest).open("rb")
