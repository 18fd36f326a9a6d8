"""The door to instruments."""

from __future__ import annotations

from mirps.planning.instruments.queries import areas, instrument, instruments
from mirps.planning.instruments.rules import (
    FAMILIES,
    Actor,
    Follow,
    Instrument,
    Paragraph,
    actor_of,
    addressed,
    by_family,
    of_actor,
)

__all__ = [
    "FAMILIES", "Actor", "Follow", "Instrument", "Paragraph", "actor_of", "addressed", "areas", "by_family",
    "instrument", "instruments", "of_actor",
]  # fmt: skip
