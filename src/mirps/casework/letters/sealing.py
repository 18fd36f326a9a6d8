"""What a letter says and whose it is, as it stands in its row: JSON, sealed to the letter, its case and its person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from mirps.base.crypto import api as crypto
from mirps.base.crypto.rules import Place
from mirps.casework.letters.drawing import Face
from mirps.casework.letters.models import Letter, LetterEvent
from mirps.casework.letters.templates import Block

_BLOCK = 1024


@dataclass(frozen=True, slots=True)
class Content:
    """A letter as it was issued, in both languages: what it says never changes with a template or a name.
    `files`: language -> SHA-256 of the PDF. `photo`: SHA-256 of the photo of whose card it is; empty: without."""

    token: str
    control: str
    faces: Mapping[str, Face]
    files: Mapping[str, str] = field(default_factory=dict)
    photo: str = ""


def place_of(row: Letter) -> Place:
    return Place("casework_letter", "sealed", f"{row.serial}/{row.case_id}/{row.person_id}")


def place_of_event(row: LetterEvent) -> Place:
    return Place("casework_letterevent", "sealed", f"{row.kind}/{row.id}/{row.letter_id}")


def sealed(content: Content, row: Letter) -> bytes:
    return crypto.sealer().seal_json(asdict(content), place_of(row), block=_BLOCK)


def content_of(row: Letter) -> Content:
    """Raises CryptoFault where it was altered, moved, or sealed with a key that is not here."""
    told = crypto.sealer().open_json(row.sealed, place_of(row))
    faces = {k: _face(v) for k, v in told["faces"].items()}
    return Content(told["token"], told["control"], faces, told["files"], told.get("photo", ""))


def _face(told: Mapping[str, Any]) -> Face:
    blocks = tuple(Block(b["kind"], tuple(b["lines"])) for b in told["blocks"])
    rows = tuple((label, value) for label, value in told["rows"])
    return Face(**{**told, "blocks": blocks, "rows": rows, "lines": tuple(told["lines"])})


def sealed_event(told: Mapping[str, str], row: LetterEvent) -> bytes:
    return crypto.sealer().seal_json(told, place_of_event(row))


def told_of(row: LetterEvent) -> dict[str, str]:
    """To whom, what was noted, the proof's SHA-256, the serial that took its place; empty where there is none."""
    told: dict[str, str] = crypto.sealer().open_json(row.sealed, place_of_event(row))
    return dict.fromkeys(("to", "note", "proof", "by"), "") | told


def hold() -> None:
    """Have all that is sealed here sealed anew when the node's keys rotate."""
    crypto.hold(crypto.SealedColumn(Letter, "sealed", place_of, block=_BLOCK))
    crypto.hold(crypto.SealedColumn(LetterEvent, "sealed", place_of_event))
