"""The door to retention: what is let go, listed first, then done by two."""

from __future__ import annotations

from mirps.people.retention.above import Above, join
from mirps.people.retention.actions import ACT, HELD, ask, carry_out, dry_run, loose_files
from mirps.people.retention.models import Sweep
from mirps.people.retention.queries import MOST, all_rules, forget, rules_for
from mirps.people.retention.rules import RetentionFault, Rule

__all__ = [
    "ACT", "HELD", "MOST", "Above", "RetentionFault", "Rule", "Sweep", "all_rules", "ask", "carry_out", "dry_run",
    "forget", "join", "loose_files", "rules_for",
]  # fmt: skip
