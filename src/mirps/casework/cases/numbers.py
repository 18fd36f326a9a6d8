"""Case numbers: as people's, of the case's own id, with a C after the State: `MEX-C-7K3Q9-2VXHD-C`."""

from __future__ import annotations

from uuid import UUID

from mirps.people.registry import api as registry

_MARK = "C"


def number(state: str, case: UUID) -> str:
    return registry.number(state, case, mark=_MARK)


def tidy(typed: str) -> str:
    """A case's number as it was typed, in capitals with its strokes; empty where it is none."""
    return registry.tidy(typed, mark=_MARK)
