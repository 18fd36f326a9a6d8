"""The key file of this node (settings.KEYS) beside its database: read, proved, made, rotated, retired.

The file is read when it is first needed and again when it has changed, so that a rotation reaches every
process without a restart. A ring is used only where it has every key whose fingerprint the database keeps.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection

from mirps.base.crypto import keyring
from mirps.base.crypto.holders import holders
from mirps.base.crypto.keyring import KeyRing
from mirps.base.crypto.models import KeyMark
from mirps.base.crypto.rules import CryptoFault
from mirps.base.crypto.sealed import Sealer


@dataclass(frozen=True, slots=True)
class _Opened:
    stamp: tuple[object, ...]
    ring: KeyRing
    sealer: Sealer


_opened: _Opened | None = None


def ring() -> KeyRing:
    """The keys of this node.

    Raises CryptoFault 'keys-missing', 'keys-open-to-others', 'keys-broken', 'keys-wrong'.
    """
    return _open().ring


def sealer() -> Sealer:
    """Seals under the current key, opens under all. Raises as `ring` does."""
    return _open().sealer


def path() -> Path:
    found: Path = settings.KEYS
    return found


def begin() -> bool:
    """What a start owes the keys: a new installation gets a file, any other is refused without its own.

    Whether a file was made. Before the tables exist there is nothing to prove, and nothing is done.
    Raises as `ring` does.
    """
    if KeyMark._meta.db_table not in connection.introspection.table_names():
        return False
    made = False
    if not (path().exists() or KeyMark.objects.exists() or any(holder.any() for holder in holders())):
        try:
            made = bool(make())
        except CryptoFault as fault:
            if fault.code != "keys-exist":  # another process was quicker: its file is ours
                raise
    _mark(ring())
    return made


def make() -> KeyRing:
    """The first keys, in a file of their own. Raises CryptoFault 'keys-exist', 'keys-wrong'.

    Where the database is sealed under keys already, a new file could open nothing: it is not made.
    """
    marked = KeyMark.objects.order_by("version").first()
    if marked:
        raise CryptoFault("keys-wrong", path=path(), version=marked.version)
    path().parent.mkdir(parents=True, exist_ok=True)
    made = keyring.make(path())
    _mark(made)
    return made


def rotate() -> KeyRing:
    """One more key, which seals from now on; the others open until they are retired."""
    turned = ring().rotated()
    keyring.save(path(), turned)
    _mark(turned)
    return turned


def left(version: int) -> dict[str, int]:
    """How much is still sealed under this version, by where it is; nothing for places that have none."""
    counted = {holder.name: holder.left(version) for holder in holders()}
    return {name: count for name, count in counted.items() if count}


def prove_unused(*versions: int) -> None:
    """Raises CryptoFault 'key-needed' where anything is still sealed under one of these versions."""
    for version in versions:
        if still := left(version):
            raise CryptoFault(
                "key-needed", version=version, count=sum(still.values()), where=", ".join(still)
            )


def retire(version: int) -> KeyRing:
    """Take an old key out of the file, for good. Raises CryptoFault 'key-in-use', 'key-unknown', 'key-needed'."""
    rest = ring().without(version)
    prove_unused(version)
    KeyMark.objects.filter(version=version).delete()
    keyring.save(path(), rest)
    return rest


def _open() -> _Opened:
    global _opened
    stamp = _stamp()
    if _opened is None or _opened.stamp != stamp:
        found = keyring.read(path())
        _prove(found)
        _opened = _Opened(stamp, found, Sealer(found))
    return _opened


def _stamp() -> tuple[object, ...]:
    try:
        at = os.stat(path())
    except FileNotFoundError:
        raise CryptoFault("keys-missing", path=path()) from None
    return path(), at.st_mtime_ns, at.st_ino, at.st_size, at.st_mode


def _prove(found: KeyRing) -> None:
    for version, fingerprint in KeyMark.objects.order_by("version").values_list("version", "fingerprint"):
        if version not in found.versions or found.fingerprint(version) != fingerprint:
            raise CryptoFault("keys-wrong", path=path(), version=version)


def _mark(found: KeyRing) -> None:
    KeyMark.objects.bulk_create(
        [KeyMark(version=v, fingerprint=found.fingerprint(v)) for v in found.versions], ignore_conflicts=True
    )
