"""How much may be uploaded at once, held while it comes in: what is too large is never stored."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler

from mirps.base.files.api import MOST_BYTES

#: A little more than the largest file: the page, not this, says that a file is too large by a hair.
CAP = MOST_BYTES + 64 * 1024


class Capped(FileUploadHandler):
    """Stands before the handlers that store. Passes on every chunk until CAP; then the file is cut there,
    which is beyond what any page takes, and the disk holds no more of it."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.taken = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        self.taken += len(raw_data)
        return raw_data if self.taken <= CAP + self.chunk_size else None

    def file_complete(self, file_size: int) -> None:
        return None
