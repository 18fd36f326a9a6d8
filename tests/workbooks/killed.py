"""A process that takes a workbook in and is killed at a chosen moment: for tests/workbooks/test_killed.py.

    python killed.py ROUND INSTITUTION FILE STEP

Steps are counted over every statement sent to the database and every file put on the disk.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

import django

django.setup()

from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from mirps.evidence.workbooks import api as workbooks  # noqa: E402

left = int(sys.argv[4])


def step() -> None:
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)


def counted(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    step()
    done = execute(sql, params, many, context)
    step()
    return done


real = os.fsync


def fsync(fd: int) -> None:
    step()
    real(fd)
    step()


os.fsync = fsync
content = Path(sys.argv[3]).read_bytes()
with connection.execute_wrapper(counted):
    workbooks.keep(content, workbooks.digest_of(content), "libro.xlsx")
    kept = workbooks.kept(workbooks.digest_of(content))
    assert kept is not None
    done = workbooks.take_in(
        round=sys.argv[1], institution=sys.argv[2], content=kept[0], name=kept[1], by="clerk",
        at=timezone.now(),
    )  # fmt: skip
    step()  # taken in, and the answer not sent yet
    workbooks.drop(workbooks.digest_of(content))
print(int(sys.argv[4]) - left, dict(done.counts))
