"""The door to rounds."""

from __future__ import annotations

from mirps.evidence.rounds.actions import check, correct, load
from mirps.evidence.rounds.models import Round

__all__ = ["Round", "check", "correct", "load"]
