"""The door to versions of procedures that are written here: copy, write, prove, sign, publish.

`hold()` puts what is published beside the files of data/procedures (casework/apps.py).
"""

from __future__ import annotations

from mirps.casework.editions.actions import begin, copy, drop, publish, sign, source, write
from mirps.casework.editions.models import Edition, Moving
from mirps.casework.editions.queries import begun, ended, proof, published, refresh, today
from mirps.casework.editions.rules import EditionFault, Part, Proof, changed, parts, with_stage
from mirps.casework.procedures import api as procedures

__all__ = [
    "Edition", "EditionFault", "Moving", "Part", "Proof", "begin", "changed", "copy", "drop", "hold", "parts", "proof",
    "publish", "published", "refresh", "sign", "source", "today", "with_stage", "write",
]  # fmt: skip


def hold() -> None:
    """Let `procedures.procedures()` give what is published here too."""
    from django.core.signals import request_finished, request_started

    procedures.also(published)
    request_started.connect(begun, dispatch_uid="casework.editions")
    request_finished.connect(ended, dispatch_uid="casework.editions")
