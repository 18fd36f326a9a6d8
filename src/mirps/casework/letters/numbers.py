"""The numbers that a letter bears. Pure."""

from __future__ import annotations

from hashlib import sha256
from uuid import UUID

from mirps.people.registry import api as registry


def serial(state: str, letter: UUID) -> str:
    """`MEX-L-7K3Q9-2VXHD-C`: as people's numbers, of the letter's own id."""
    return _marked("L", state, letter)


def window_code(state: str, person: UUID) -> str:
    """`MEX-V-…`: by which a person enters their own window. Made of the person's id, so that it stands on paper
    before the secret is given, and of nothing that a registration number tells: only the id gives both."""
    return _marked("V", state, UUID(bytes=sha256(b"mirps-window" + person.bytes).digest()[:16]))


def tidy(mark: str, typed: str) -> str:
    """Such a number as it was typed, in capitals with its strokes; empty where it is none."""
    plain = "".join(c for c in typed.upper() if c.isalnum())
    if plain[3:4] != mark or len(plain) != 15:
        return ""
    head, _, rest = registry.tidy(plain[:3] + plain[4:]).partition("-")
    return f"{head}-{mark}-{rest}" if rest else ""


def _marked(mark: str, state: str, id_: UUID) -> str:
    head, _, rest = registry.number(state, id_).partition("-")
    return f"{head}-{mark}-{rest}"
