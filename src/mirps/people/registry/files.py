"""Photos and papers of people: kept sealed on the disk, found by the SHA-256 that their facts name."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from functools import partial
from io import BytesIO
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from mirps.base.crypto import api as crypto
from mirps.base.crypto.api import KeyRing, Place, Sealer
from mirps.base.crypto.tokens import candidates, token
from mirps.base.files import api as files
from mirps.people.registry.models import SealedFile

PURPOSE = "people.files"
KINDS = frozenset({files.Kind.JPEG, files.Kind.PNG, files.Kind.PDF})
_LEAST = 4096


class For(StrEnum):
    """Why a file is kept: something names it; it was sent ahead of what will; a form that waits holds it."""

    NAMED = "named"
    TO_COME = "to-come"
    FORM = "form"


def put(content: bytes, *, by: str, at: datetime, held_for: For = For.NAMED) -> str:
    """Keep a file; its SHA-256. What is kept already stays. Raises FileFault for what is no photo or PDF."""
    if files.kind_of(BytesIO(content)).kind not in KINDS:
        raise files.FileFault("entries.file.kind")
    digest = hashlib.sha256(content).hexdigest()
    rows = _of([digest])
    if not rows.exists():
        told = {"named": held_for is For.NAMED, "loose_at": at if held_for is For.TO_COME else None}
        _keep(crypto.ring(), crypto.sealer(), digest, content, {"by": by, "at": at, **told})
    elif held_for is For.NAMED:
        rows.update(named=True)
    elif held_for is For.FORM:
        rows.update(loose_at=None)
    else:
        wait([digest], at=at)
    return digest


def get(digest: str) -> bytes:
    """Raises KeyError for a file that is not here, CryptoFault for one that was altered."""
    row = _rows(candidates(crypto.ring(), PURPOSE, digest)).first()
    if row is None:
        raise KeyError(digest)
    return _opened(crypto.sealer(), row)


def held(digests: Iterable[str]) -> set[str]:
    """Which of these files are here."""
    tokens = {t: d for d in digests for t in candidates(crypto.ring(), PURPOSE, d)}
    return {tokens[bytes(t)] for t in _rows(tokens).values_list("token", flat=True)}


def claim(digests: Iterable[str]) -> set[str]:
    """Which of these files are here; with the transaction that this is part of, something names them."""
    named = set(digests)
    _of(named).filter(named=False).update(named=True)
    return held(named)


def wait(digests: Iterable[str], *, at: datetime) -> set[str]:
    """Which of these files are here; those that nothing names yet wait for it anew."""
    sent = set(digests)
    _of(sent).filter(named=False, loose_at__isnull=False).update(loose_at=at)
    return held(sent)


def release(digests: Iterable[str], *, at: datetime) -> None:
    """No form holds these files any more: what nothing names goes after a time."""
    _of(digests).filter(named=False, loose_at=None).update(loose_at=at)


def loose(*, before: datetime) -> QuerySet[SealedFile]:
    """Files that were sent and that nothing has named since: of a form that nobody finished."""
    return SealedFile.objects.filter(named=False, loose_at__lte=before)


def let_go_of_loose(*, before: datetime) -> int:
    """Remove them; how many went. One that something names at this moment stays."""
    done = 0
    for token_ in list(loose(before=before).values_list("token", flat=True)):
        with transaction.atomic():
            row = loose(before=before).select_for_update().filter(token=token_).first()
            if row is not None:
                _remove(row)
                done += 1
    return done


def remove(digests: Iterable[str]) -> None:
    """Let go of these files, from the disk too once the transaction is kept."""
    for row in _of(digests):
        _remove(row)


def _remove(row: SealedFile) -> None:
    row.delete()
    transaction.on_commit(partial(files.place(row.digest).unlink, missing_ok=True))


def _of(digests: Iterable[str]) -> QuerySet[SealedFile]:
    return _rows([t for d in digests for t in candidates(crypto.ring(), PURPOSE, d)])


def room(size: int) -> int:
    """The step in which a file's length is told: a sixteenth to an eighth of it at most (padmé, Nikitin and
    others, PETS 2019, in whole pages)."""
    return max(_LEAST, 1 << max(0, size.bit_length() - 4))


class Files:
    """Files, for the rotation of keys."""

    name = "people_sealedfile"

    def any(self) -> bool:
        return SealedFile.objects.exists()

    def left(self, version: int) -> int:
        return SealedFile.objects.filter(version=version).count()

    def renewed(self, ring: KeyRing) -> Iterator[int]:
        """One file at a time: the new one stands before the old row goes."""
        sealer = Sealer(ring)
        for row in list(SealedFile.objects.exclude(version=ring.current)):
            content = _opened(sealer, row)
            with transaction.atomic():
                digest = hashlib.sha256(content).hexdigest()
                kept = {n: getattr(row, n) for n in ("by", "at", "named", "loose_at")}
                _keep(ring, sealer, digest, content, kept)
                row.delete()
            files.place(row.digest).unlink(missing_ok=True)
            yield 1


def _keep(ring: KeyRing, sealer: Sealer, digest: str, content: bytes, told: Mapping[str, Any]) -> None:
    mark = token(ring, PURPOSE, digest)
    sealed = BytesIO(sealer.seal_bytes(content, _place(mark), block=room(len(content))))
    lies_at = files.digest_of(sealed)
    files.put(sealed, lies_at)
    SealedFile.objects.get_or_create(
        token=mark, defaults={"version": ring.current, "digest": lies_at, **told}
    )


def _opened(sealer: Sealer, row: SealedFile) -> bytes:
    return sealer.open_bytes(files.place(row.digest).read_bytes(), _place(bytes(row.token)))


def _rows(tokens: Iterable[bytes]) -> QuerySet[SealedFile]:
    return SealedFile.objects.filter(token__in=list(tokens))


def _place(mark: bytes) -> Place:
    return Place("people_sealedfile", "content", mark.hex())
