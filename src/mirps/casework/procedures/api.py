"""The door to procedures: every file is read and proved once a process; a faulty one is left out and told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from mirps.base.codelists.api import data_folder, institutions, member_states, rows
from mirps.base.marked.faults import Fault, Faults
from mirps.casework.procedures.asking import (
    Because,
    Held,
    Reason,
    anywhere,
    can_do,
    held_back,
    refused,
    why_not,
)
from mirps.casework.procedures.calling import Call, calls, turn
from mirps.casework.procedures.events import Event
from mirps.casework.procedures.folding import State, Why, fold
from mirps.casework.procedures.model import Procedure
from mirps.casework.procedures.moving import Preview, preview
from mirps.casework.procedures.proving import prove
from mirps.casework.procedures.reading import Known, read
from mirps.casework.procedures.standing import (
    Forecast,
    Phase,
    Standing,
    day_by_day,
    facts,
    forecast,
    stand_all,
)

__all__ = [
    "Because", "Call", "Event", "Fault", "Faults", "Forecast", "Held", "Phase", "Preview", "Procedure", "Reason",
    "Standing", "State", "Why", "also", "anywhere", "calls", "can_do", "day_by_day", "facts", "faulty", "fold",
    "forecast", "held_back", "known", "load", "preview", "procedures", "refused", "stand_all", "turn", "why_not",
]  # fmt: skip


@cache
def known() -> Known:
    """The codes of this installation that a file may name."""
    data = data_folder()
    return Known(
        states=frozenset(member_states()),
        institutions=frozenset(institutions()),
        measures=frozenset(r["code"] for _, r in rows(data / "measures" / "measures.csv")),
        systems=frozenset(r["id"] for _, r in rows(data / "systems.csv")),
        sensitivities=frozenset(
            r["code"] for _, r in rows(data / "registration" / "lists" / "sensitivities.csv")
        ),
    )


def load(path: Path) -> Procedure:
    """One file, read and proved. Raises Faults with everything that is wrong; what is in force stays."""
    return prove(read(path.read_bytes(), path.name, known()), path.name)


def procedures() -> Mapping[str, Mapping[str, Procedure]]:
    """Every sound procedure of data/procedures, and of wherever else versions are kept (`also`): name -> version ->
    procedure. Where both have a version, the file's stands."""
    found: Mapping[str, Mapping[str, Procedure]] = _all()[0]
    for source in _SOURCES:
        if more := source():
            found = _joined(found, more)
    return found


Source = Callable[[], Mapping[str, Mapping[str, Procedure]]]
_SOURCES: list[Source] = []
_JOINED: dict[str, tuple[object, object, Mapping[str, Mapping[str, Procedure]]]] = {}


def also(source: Source) -> None:
    """Give the versions of another place too. It gives the same object as long as nothing has changed."""
    if source not in _SOURCES:
        _SOURCES.append(source)


def _joined(
    files: Mapping[str, Mapping[str, Procedure]], more: Mapping[str, Mapping[str, Procedure]]
) -> Mapping[str, Mapping[str, Procedure]]:
    kept = _JOINED.get("last")
    if kept is None or kept[0] is not files or kept[1] is not more:
        made = {name: {**more.get(name, {}), **files.get(name, {})} for name in {**files, **more}}
        kept = _JOINED["last"] = (files, more, made)
    return kept[2]


def faulty() -> list[Fault]:
    """What is wrong with the files that were not taken. The versions beside them stay in force."""
    return _all()[1]


@cache
def _all() -> tuple[dict[str, dict[str, Procedure]], list[Fault]]:
    out: dict[str, dict[str, Procedure]] = {}
    wrong: list[Fault] = []
    for path in sorted((data_folder() / "procedures").glob("*.yaml")):
        try:
            p = load(path)
        except Faults as e:
            wrong += e.faults
            continue
        held = out.setdefault(p.name, {})
        if p.version in held:  # neither can be trusted to be the published one: the first by name stays
            wrong.append(Fault(path.name, 0, "version", "version_twice", (("found", p.rule),)))
        held.setdefault(p.version, p)
    return out, wrong
