"""Running the product from outside, as its users do."""

from __future__ import annotations

import os
import sys
from pathlib import Path

MIRPS = str(Path(sys.executable).with_name("mirps"))


def environment(home: Path, database: str = "") -> dict[str, str]:
    """The environment of an installation of its own in `home`; SQLite unless a database is named."""
    env = {
        k: v
        for k, v in os.environ.items()
        if k not in {"DJANGO_SETTINGS_MODULE", "MIRPS_SECRET_KEY", "MIRPS_DATABASE_URL", "MIRPS_DEMO"}
    }
    return env | {"MIRPS_HOME": str(home)} | ({"MIRPS_DATABASE_URL": database} if database else {})
