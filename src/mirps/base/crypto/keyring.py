"""The keys of a node: a file outside the database, made once, readable by its owner alone.

The file (MIRPS_KEYS) is JSON: format, the current version, and the master keys by version (32 random
bytes, base64). No master key seals anything itself: from it come, by HKDF-SHA256 (RFC 5869), one key for
each field and one for each purpose of looking up, so that what is learnt of one opens no other.
During a rotation both versions stay in the file: the newest seals, either opens.
"""

from __future__ import annotations

import json
import os
import secrets
import stat
from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from mirps.base.crypto.rules import CryptoFault, packed

FORMAT = 1
KEY_BYTES = 32
#: The version is one byte of every sealed value.
LAST_VERSION = 255


@dataclass(frozen=True, slots=True)
class KeyRing:
    """Master keys by version (1 to 255) and which of them seals. Never shown: repr has versions only."""

    current: int
    masters: dict[int, bytes] = field(repr=False)
    _derived: dict[tuple[int, str, str], bytes] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.current not in self.masters:
            raise ValueError(f"no key of the current version {self.current}")
        for version, key in self.masters.items():
            if not 1 <= version <= LAST_VERSION or len(key) != KEY_BYTES:
                raise ValueError(f"key version {version} has a wrong number or length")

    @property
    def versions(self) -> tuple[int, ...]:
        """The current one first, then the others, newest first: the order in which to look things up."""
        others = sorted(set(self.masters) - {self.current}, reverse=True)
        return (self.current, *others)

    def key(self, kind: str, name: str, version: int | None = None) -> bytes:
        """The key for one use: kind ('field', 'token', 'index') and name ('person.name').

        Raises CryptoFault 'key-unknown'.
        """
        version = self.current if version is None else version
        use = (version, kind, name)
        if use not in self._derived:
            if version not in self.masters:
                raise CryptoFault("key-unknown", version=version)
            info = packed("mirps", kind, name)
            hkdf = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=info)
            self._derived[use] = hkdf.derive(self.masters[version])
        return self._derived[use]

    def fingerprint(self, version: int | None = None) -> str:
        """Eight bytes that say which key this is and nothing about it: to tell a wrong file at start."""
        return self.key("fingerprint", "", version)[:8].hex()

    def rotated(self) -> KeyRing:
        """A ring with one more key, which is now the current one."""
        version = max(self.masters) + 1
        return KeyRing(version, self.masters | {version: secrets.token_bytes(KEY_BYTES)})

    def without(self, version: int) -> KeyRing:
        """The ring after everything was sealed anew. Raises CryptoFault 'key-in-use', 'key-unknown'."""
        if version == self.current:
            raise CryptoFault("key-in-use", version=version)
        if version not in self.masters:
            raise CryptoFault("key-unknown", version=version)
        return KeyRing(self.current, {v: k for v, k in self.masters.items() if v != version})


def new() -> KeyRing:
    return KeyRing(1, {1: secrets.token_bytes(KEY_BYTES)})


def read(path: Path) -> KeyRing:
    """The ring of this file. Raises CryptoFault 'keys-missing', 'keys-open-to-others', 'keys-broken'."""
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            text = file.read()
    except FileNotFoundError:
        raise CryptoFault("keys-missing", path=path) from None
    if stat.S_IMODE(mode) & 0o077:
        raise CryptoFault("keys-open-to-others", path=path)
    try:
        found = json.loads(text)
        if found["format"] != FORMAT:
            raise ValueError(f"format {found['format']!r}")
        masters = {int(v): b64decode(k, validate=True) for v, k in found["keys"].items()}
        return KeyRing(int(found["current"]), masters)
    except (ValueError, KeyError, TypeError, AttributeError) as fault:
        # The cause is left out of the trace: a decoder's message may quote what it read.
        raise CryptoFault("keys-broken", path=path, why=type(fault).__name__) from None


def make(path: Path) -> KeyRing:
    """A new ring in a new file, complete or not there at all. Raises CryptoFault 'keys-exist'."""
    ring = new()
    part = _written(path, ring)
    try:
        os.link(part, path)  # fails where another process has made the file meanwhile
    except FileExistsError:
        raise CryptoFault("keys-exist", path=path) from None
    finally:
        part.unlink()
    return ring


def save(path: Path, ring: KeyRing) -> None:
    """Put this ring in the place of the one in the file, all at once (rotation, retirement)."""
    _written(path, ring).replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _written(path: Path, ring: KeyRing) -> Path:
    keys = {str(v): b64encode(k).decode() for v, k in sorted(ring.masters.items())}
    part = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    fd = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(fd, "w") as file:
        json.dump({"format": FORMAT, "current": ring.current, "keys": keys}, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    return part
