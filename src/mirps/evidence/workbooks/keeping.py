"""Files between being looked at and being taken in: by their content, outside what is served."""

from __future__ import annotations

import os
import re
import tempfile
import time
from pathlib import Path, PurePath

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


def keep(content: bytes, digest: str, name: str) -> None:
    """Keep a file under its digest, with the name it came by. It is there whole or not at all, whenever
    the process is killed."""
    path = _path(digest)
    _sweep(path.parent)
    _put(path.with_suffix(".name"), (PurePath(name.replace("\\", "/")).name[-150:] or "–").encode())
    _put(path, content)


def kept(digest: str) -> tuple[bytes, str] | None:
    """The file of this digest and its name, or None when it is no longer (or never was) here."""
    try:
        path = _path(digest)
        return path.read_bytes(), path.with_suffix(".name").read_text(encoding="utf-8")
    except (ValueError, FileNotFoundError):
        return None


def drop(digest: str) -> None:
    """Forget a file that was not taken in, or has been."""
    path = _path(digest)
    path.unlink(missing_ok=True)
    path.with_suffix(".name").unlink(missing_ok=True)


def _put(path: Path, content: bytes) -> None:
    fd, half = tempfile.mkstemp(dir=path.parent, suffix=".part")
    with os.fdopen(fd, "wb") as f:
        f.write(content)
        f.flush()
        os.fsync(f.fileno())
    Path(half).replace(path)


def _sweep(folder: Path) -> None:
    """Remove what nobody took in for long, and what a killed process left half-written."""
    old = time.time() - KEPT
    for path in folder.iterdir():
        try:
            if path.stat().st_mtime < old:
                path.unlink(missing_ok=True)
        except FileNotFoundError:
            continue
