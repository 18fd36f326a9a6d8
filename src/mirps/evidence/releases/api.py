"""The door to releases. Counting and protecting stand apart (`proposing`): they load a compiler."""

from __future__ import annotations

from mirps.evidence.releases.actions import agree, approve, decline, end_agreement, let_go, publish
from mirps.evidence.releases.models import Release, ReleaseStep, StandingApproval
from mirps.evidence.releases.queries import (
    Computed,
    blocked,
    computed,
    indicators_of,
    latest_out,
    of_state,
    rows_of,
    signatures,
    standing,
    waiting,
)
from mirps.evidence.releases.rules import CannotRelease, Row, Stage, persons
from mirps.evidence.releases.sealing import opened
from mirps.evidence.releases.showing import shown
from mirps.evidence.releases.stating import statements

__all__ = [
    "CannotRelease", "Computed", "Release", "ReleaseStep", "Row", "Stage", "StandingApproval", "agree", "approve",
    "blocked", "computed", "decline", "end_agreement", "indicators_of", "latest_out", "let_go", "of_state",
    "opened", "persons", "publish", "rows_of", "shown", "signatures", "standing", "statements", "waiting",
]  # fmt: skip
