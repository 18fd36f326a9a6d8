"""A plan copied for another year: new codes, dates shifted, and what is left behind said. Pure."""

from __future__ import annotations

from calendar import monthrange
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

#: Dates that move with the years.
DATES = ("starts", "ends", "due")
#: Said of the old plan, not of the new one.
SAID = ("source", "note", "proposal")
#: Read anew from the figures once the new plan begins.
READ = ("baseline",)
#: The wider plan of that year, which the new one does not carry out.
OF_THAT_YEAR = ("carries-out",)


@dataclass(frozen=True, slots=True)
class Given:
    """A node of the old plan as it stands, in the order of the tree."""

    code: str
    parent: str  # the code of the node above it; "" directly under the plan
    place: int
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Made:
    code: str
    parent: str  # likewise, of the new plan
    place: int
    data: dict[str, Any]


@dataclass(frozen=True)
class Copied:
    """The new plan and its nodes; `left` counts what was not taken along, by what it is."""

    plan: dict[str, Any]
    nodes: tuple[Made, ...]
    left: Mapping[str, int] = field(default_factory=dict)


def copied(
    old: str, plan: Mapping[str, Any], nodes: Sequence[Given], new: str, years: int, *,
    progress: int = 0, costs: int = 0, withdrawn: int = 0,
) -> Copied:  # fmt: skip
    """`old` and `new` are codes of plans. `progress`, `costs` and `withdrawn` count what hangs on the old
    one and is not copied."""
    left: Counter[str] = Counter(
        {k: n for k, n in (("progress", progress), ("costs", costs), ("withdrawn", withdrawn)) if n}
    )
    codes = _codes([n.code for n in nodes], old, new)
    made = tuple(
        Made(codes[n.code], codes.get(n.parent, ""), n.place, _taken(n.data, years, f"node/{n.code}", left))
        for n in nodes
    )
    whole = _taken(plan, years, f"plan/{old}", left)
    whole["stage"] = "draft"
    if whole.pop("version", None):
        left["version"] += 1
    return Copied(whole, made, dict(left))


def _codes(held: Iterable[str], old: str, new: str) -> dict[str, str]:
    """Each code with the new plan's in the place of the old one's."""
    out: dict[str, str] = {}
    taken: set[str] = set()
    for code in held:
        rest = code.removeprefix(f"{old}.") if code.startswith(f"{old}.") else code
        found, n = f"{new}.{rest}", 2
        while found in taken:
            found, n = f"{new}.{rest}-{n}", n + 1
        taken.add(found)
        out[code] = found
    return out


def _taken(data: Mapping[str, Any], years: int, key: str, left: Counter[str]) -> dict[str, Any]:
    out = {}
    for name, held in data.items():
        if name in (*SAID, *READ, *OF_THAT_YEAR):
            left[name] += 1
        else:
            out[name] = shifted(held, years) if name in DATES else held
    out["previous"] = key
    return out


def shifted(when: str, years: int) -> str:
    """A year, month or day so many years later; 29 February becomes the 28th where there is none."""
    year = int(when[:4]) + years
    if len(when) < 10:
        return f"{year:04d}{when[4:]}"
    month, day = int(when[5:7]), int(when[8:])
    return f"{year:04d}-{month:02d}-{min(day, monthrange(year, month)[1]):02d}"
