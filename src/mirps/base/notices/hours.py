"""The hours of this installation and the clock of each State, from data/notices/hours.yaml."""

from __future__ import annotations

from datetime import time
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from mirps.base.codelists.api import data_folder
from mirps.base.notices.rules import Hours

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@cache
def _file() -> dict[str, Any]:
    text = (data_folder() / "notices" / "hours.yaml").read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.safe_load(text)
    return found


@cache
def hours() -> Hours:
    given = _file()
    return Hours(
        quiet_from=time.fromisoformat(given["quiet"]["from"]),
        quiet_to=time.fromisoformat(given["quiet"]["to"]),
        digest_at=time.fromisoformat(given["digest"]["at"]),
        weekly_on=DAYS.index(given["digest"]["weekly"]),
        most_an_hour=int(given["most-an-hour"]),
    )


@cache
def zone(state: str) -> ZoneInfo:
    """The clock of a State; the region's for no State, or one that has none here."""
    zones = _file()["zones"]
    return ZoneInfo(zones.get(state) or zones["region"])
