"""Case numbers: as people's, of the case's own id, with a C after the State: `MEX-C-7K3Q9-2VXHD-C`."""

from __future__ import annotations

from uuid import UUID

from mirps.people.registry import api as registry


def number(state: str, case: UUID) -> str:
    head, _, rest = registry.number(state, case).partition("-")
    return f"{head}-C-{rest}"


def tidy(typed: str) -> str:
    """A case's number as it was typed, in capitals with its strokes; empty where it is none."""
    plain = "".join(c for c in typed.upper() if c.isalnum())
    if plain[3:4] != "C" or len(plain) != 15:
        return ""
    head, _, rest = registry.tidy(plain[:3] + plain[4:]).partition("-")
    return f"{head}-C-{rest}" if rest else ""
