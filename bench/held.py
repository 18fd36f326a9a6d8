"""A database held in memory while a bench runs, as on a node that has the memory for it (docs/custody.md).

Some machines take back within seconds what lies unused of a file in memory, though most of it is free: a tenth of
one that was read whole comes from the disk again after ten seconds, and a page then costs fifty times as much. So
the files are locked (mlock) by a process beside, until the bench ends.
"""

from __future__ import annotations

import mmap
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_LOCKED = 0x2000  # MAP_LOCKED of Linux, which Python does not name


@contextmanager
def database() -> Iterator[None]:
    """The files of Django's database, as long as they are now. Raises RuntimeError where they cannot be locked."""
    # Not in this process: to close SQLite's file here would let go of the locks of its connection.
    beside = subprocess.Popen(
        [sys.executable, "-m", "bench.held", *map(str, _files())], stdout=subprocess.PIPE, text=True
    )
    try:
        if not beside.stdout or beside.stdout.readline() != "held\n":
            raise RuntimeError("the database could not be locked in memory (ulimit -l)")
        yield
    finally:
        beside.kill()
        beside.wait()


def _files() -> list[Path]:
    from django.db import connection

    if connection.vendor == "sqlite":
        return [Path(str(connection.settings_dict["NAME"]))]
    with connection.cursor() as cursor:
        cursor.execute("SHOW data_directory")
        return sorted(p for p in Path(cursor.fetchone()[0], "base").rglob("*") if p.is_file())


def hold(files: list[str]) -> None:
    """Until this process is ended."""
    kept = []
    for name in files:
        with open(name, "rb") as file:
            if os.fstat(file.fileno()).st_size:
                locked = mmap.MAP_SHARED | mmap.MAP_POPULATE | _LOCKED
                kept.append(mmap.mmap(file.fileno(), 0, flags=locked, prot=mmap.PROT_READ))
    print("held", flush=True)
    while True:
        signal.pause()


if __name__ == "__main__":
    hold(sys.argv[1:])
