"""The door to governance: read once a process."""

from __future__ import annotations

from functools import cache

from mirps.base.codelists.api import data_folder
from mirps.planning.governance.rules import Chair, Governance, Presidency, Project, Team, read

__all__ = ["Chair", "Governance", "Presidency", "Project", "Team", "governance"]


@cache
def governance() -> Governance | None:
    """The governance facts of this installation's data folder; None where it holds none."""
    return read(data_folder() / "governance")
