"""Contents kept by their SHA-256, outside what the web server shows.

A file is written beside its place, put on the disk, and only then named by its digest; its row comes
after. Killed at any moment, there is a whole file or none, and never a row without its file.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path
from typing import IO

from django.conf import settings

_CHUNK = 1024 * 1024


def digest_of(file: IO[bytes]) -> str:
    """The SHA-256 of a file, from its beginning."""
    file.seek(0)
    h = hashlib.sha256()
    while chunk := file.read(_CHUNK):
        h.update(chunk)
    return h.hexdigest()


def place(digest: str) -> Path:
    """Where a content lies. The name is the digest alone: nothing that anyone typed becomes a path."""
    if len(digest) != 64 or not all(c in "0123456789abcdef" for c in digest):
        raise ValueError(f"{digest[:70]!r} is no SHA-256")
    return Path(settings.MEDIA_ROOT) / digest[:2] / digest


def put(file: IO[bytes], digest: str) -> None:
    """Keep a file under its digest; one that is there already stays."""
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
