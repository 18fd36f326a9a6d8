"""Files that bear out what was entered: kept by their content, outside what the web server shows.

A file is written beside its place, put on the disk, and only then named by its SHA-256; its row comes
after. Killed at any moment, there is a whole file or none, and never a row without its file.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from datetime import datetime
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import transaction

from mirps.base.audit.api import record
from mirps.evidence.entries.filetypes import FileFault, kind_of, safe_name
from mirps.evidence.entries.models import Attachment
from mirps.evidence.rounds.api import Asked, Round

#: The most files that stand for one institution in one round.
MOST_FILES = 100
_CHUNK = 1024 * 1024


def attach(
    *, file: IO[bytes], name: str, round: Round, state: str, institution: str, by: str, at: datetime,
    asked: Asked | None = None,
) -> Attachment:  # fmt: skip
    """Keep a file for an institution (and one thing asked of it). Raises FileFault for what is not taken:
    `entries.file.*` says why. The same content already there for the same thing is not kept twice."""
    found = kind_of(file)
    digest = _digest(file)
    held = Attachment.objects.filter(round=round, institution=institution, withdrawn_at=None)
    if again := held.filter(digest=digest, asked=asked).first():
        raise FileFault("entries.file.twice", name=again.name, at=again.at)
    if held.count() >= MOST_FILES:
        raise FileFault("entries.file.many", most=MOST_FILES)
    _put(file, digest)
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
    return place(held.digest).open("rb")


def place(digest: str) -> Path:
    """Where a content lies. The name is the digest alone: nothing that anyone typed becomes a path."""
    if len(digest) != 64 or not all(c in "0123456789abcdef" for c in digest):
        raise ValueError(f"{digest[:70]!r} is no SHA-256")
    return Path(settings.MEDIA_ROOT) / digest[:2] / digest


def _digest(file: IO[bytes]) -> str:
    file.seek(0)
    h = hashlib.sha256()
    while chunk := file.read(_CHUNK):
        h.update(chunk)
    return h.hexdigest()


def _put(file: IO[bytes], digest: str) -> None:
    target = place(digest)
    if target.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, half = tempfile.mkstemp(prefix=".half-", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as out:
            file.seek(0)
            while chunk := file.read(_CHUNK):
                out.write(chunk)
            out.flush()
            os.fsync(out.fileno())
        os.chmod(half, 0o400)
        os.replace(half, target)
    except BaseException:
        Path(half).unlink(missing_ok=True)
        raise
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
