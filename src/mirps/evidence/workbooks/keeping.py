"""Files between being looked at and being taken in: by their content, outside what is served."""

from __future__ import annotations

import os
import re
import tempfile
import time
from pathlib import Path

from django.conf import settings

#: Seconds after which a file that nobody took in is removed.
KEPT = 7 * 24 * 3600


def _folder() -> Path:
    path = Path(settings.MEDIA_ROOT) / "workbooks"
    path.mkdir(parents=True, exist_ok=True)
    return path


def _path(digest: str) -> Path:
    if not re.fullmatch(r"[0-9a-f]{64}", digest):
        raise ValueError(digest)
    return _folder() / f"{digest}.xlsx"


def keep(content: bytes, digest: str) -> None:
    """Keep a file under its digest. It is there whole or not at all, whenever the process is killed."""
    path = _path(digest)
    _sweep(path.parent)
    if path.exists():
        return
    fd, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    with os.fdopen(fd, "wb") as f:
        f.write(content)
        f.flush()
        os.fsync(f.fileno())
    Path(name).replace(path)


def kept(digest: str) -> bytes | None:
    """The file of this digest, or None when it is no longer (or never was) here."""
    try:
        return _path(digest).read_bytes()
    except (ValueError, FileNotFoundError):
        return None


def drop(digest: str) -> None:
    """Forget a file that was not taken in, or has been."""
    _path(digest).unlink(missing_ok=True)


def _sweep(folder: Path) -> None:
    old = time.time() - KEPT
    for path in folder.iterdir():
        try:
            if path.suffix in {".xlsx", ".part"} and path.stat().st_mtime < old:
                path.unlink(missing_ok=True)
        except FileNotFoundError:
            continue
