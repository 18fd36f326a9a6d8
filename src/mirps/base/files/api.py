"""The door to files: what a file is, and its content kept by digest."""

from __future__ import annotations

from mirps.base.files.rules import MOST_BYTES, FileFault, Kind, kind_of, safe_name
from mirps.base.files.store import digest_of, place, put

__all__ = ["MOST_BYTES", "FileFault", "Kind", "digest_of", "kind_of", "place", "put", "safe_name"]
