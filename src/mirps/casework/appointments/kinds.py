"""data/interpreting: kinds of appointments, and how slots are looked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from mirps.base.codelists.api import data_folder
from mirps.base.texts.api import Text
from mirps.casework.appointments.rules import CELL, Mode


@dataclass(frozen=True, slots=True)
class Kind:
    code: str
    name: Text
    minutes: int
    child: int
    room: bool
    interpreter: bool
    modes: tuple[Mode, ...]

    def cells(self, *, for_child: bool) -> int:
        return -(-(self.child if for_child else self.minutes) * 60 // CELL)


@dataclass(frozen=True, slots=True)
class Settings:
    days: int
    notice_hours: int
    proposed: int


def _file(name: str) -> Any:
    return yaml.safe_load((data_folder() / "interpreting" / name).read_text(encoding="utf-8"))


@cache
def kinds() -> Mapping[str, Kind]:
    """Raises ValueError, KeyError for a file that is faulty."""
    return {
        code: Kind(
            code, Text(k["name"]["es"], k["name"]["en"]), int(k["minutes"]), int(k["child"]), bool(k["room"]),
            bool(k["interpreter"]), tuple(Mode(m) for m in k["modes"]),
        )
        for code, k in _file("kinds.yaml").items()
    }  # fmt: skip


@cache
def settings() -> Settings:
    given = _file("settings.yaml")
    return Settings(int(given["days"]), int(given["notice-hours"]), int(given["proposed"]))
