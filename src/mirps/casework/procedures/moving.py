"""What would happen to open cases under a new version, before anybody moves one. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from mirps.casework.procedures.folding import State, place_in
from mirps.casework.procedures.model import Procedure


@dataclass(frozen=True, slots=True)
class Preview:
    """`goes`: (stage now, stage then) -> cases. `stays`: stages without a place in the new version -> cases."""

    goes: Counter[tuple[str, str]]
    stays: Counter[str]


def preview(states: Iterable[State], new: Procedure) -> Preview:
    goes: Counter[tuple[str, str]] = Counter()
    stays: Counter[str] = Counter()
    for state in states:
        after = place_in(new, state.version, state.stage)
        left = place_in(new, state.version, state.left) if state.left else ""
        if after is None or left is None:
            stays[state.stage] += 1
        else:
            goes[state.stage, after] += 1
    return Preview(goes, stays)
