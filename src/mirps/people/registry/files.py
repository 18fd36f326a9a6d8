"""Photos and papers of people: kept sealed on the disk, found by the SHA-256 that their facts name."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import partial
from io import BytesIO

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


def put(content: bytes, *, by: str, at: datetime) -> str:
    """Keep a file; its SHA-256. What is kept already stays. Raises FileFault for what is no photo or PDF."""
    if files.kind_of(BytesIO(content)).kind not in KINDS:
        raise files.FileFault("entries.file.kind")
    digest = hashlib.sha256(content).hexdigest()
    if not held([digest]):
        _keep(crypto.ring(), crypto.sealer(), digest, content, by=by, at=at)
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


def remove(digests: Iterable[str]) -> None:
    """Let go of these files, from the disk too once the transaction is kept."""
    for row in _rows([t for d in digests for t in candidates(crypto.ring(), PURPOSE, d)]):
        row.delete()
        transaction.on_commit(partial(files.place(row.digest).unlink, missing_ok=True))


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
                _keep(ring, sealer, digest, content, by=row.by, at=row.at)
                row.delete()
            files.place(row.digest).unlink(missing_ok=True)
            yield 1


def _keep(ring: KeyRing, sealer: Sealer, digest: str, content: bytes, *, by: str, at: datetime) -> None:
    mark = token(ring, PURPOSE, digest)
    sealed = BytesIO(sealer.seal_bytes(content, _place(mark), block=room(len(content))))
    name = files.digest_of(sealed)
    files.put(sealed, name)
    SealedFile.objects.get_or_create(
        token=mark, defaults={"version": ring.current, "digest": name, "by": by, "at": at}
    )


def _opened(sealer: Sealer, row: SealedFile) -> bytes:
    return sealer.open_bytes(files.place(row.digest).read_bytes(), _place(bytes(row.token)))


def _rows(tokens: Iterable[bytes]) -> QuerySet[SealedFile]:
    return SealedFile.objects.filter(token__in=list(tokens))


def _place(mark: bytes) -> Place:
    return Place("people_sealedfile", "content", mark.hex())
