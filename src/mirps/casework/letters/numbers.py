"""The numbers that a letter bears. Pure."""

from __future__ import annotations

from hashlib import sha256
from uuid import UUID

from mirps.people.registry import api as registry

_WINDOW = "V"


def serial(state: str, letter: UUID) -> str:
    """`MEX-L-7K3Q9-2VXHD-C`: as people's numbers, of the letter's own id."""
    return registry.number(state, letter, mark="L")


def window_code(state: str, person: UUID) -> str:
    """`MEX-V-…`: by which a person enters their own window. Made of the person's id, so that it stands on paper
    before the secret is given, and of nothing that a registration number tells: only the id gives both."""
    return registry.number(
        state, UUID(bytes=sha256(b"mirps-window" + person.bytes).digest()[:16]), mark=_WINDOW
    )


def tidy_window_code(typed: str) -> str:
    """Such a code as it was typed, in capitals with its strokes; empty where it is none."""
    return registry.tidy(typed, mark=_WINDOW)
