"""A small open round in an installation of its own, and a filled workbook of it.

python seed.py OUT.xlsx
"""

from __future__ import annotations

import sys
from pathlib import Path

import django

django.setup()

from tests.rounds import conftest as small  # noqa: E402
from tests.workbooks.conftest import fill, made  # noqa: E402

small.round_2025.__wrapped__(None)  # type: ignore[attr-defined]
answers = {"hnd-inm-001": 1200, "hnd-inm-001/sex=F": 700, "hnd-inm-001/sex=M": 500, "hnd-inm-002": 3}
Path(sys.argv[1]).write_bytes(fill(made(), answers))
