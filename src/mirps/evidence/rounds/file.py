"""What a round is, as its file says it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml


@dataclass(frozen=True, slots=True)
class RoundFile:
    code: str
    title_es: str
    title_en: str
    starts: date
    ends: date
    proposal_by: str


def read_round_file(folder: Path) -> RoundFile:
    """Read round.yaml. Raises ValueError naming the key that lacks or is wrong."""
    if not (folder / "round.yaml").is_file():
        raise ValueError(
            f"{folder.name}: no such round; a round is a folder of data/rounds with a round.yaml"
        )
    given = yaml.safe_load((folder / "round.yaml").read_text(encoding="utf-8"))
    try:
        return RoundFile(
            code=str(given["code"]),
            title_es=given["title"]["es"],
            title_en=given["title"]["en"],
            starts=given["starts"],
            ends=given["ends"],
            proposal_by=given["answers_by"],
        )
    except (KeyError, TypeError) as e:
        raise ValueError(f"{folder.name}/round.yaml: {e} is missing; see data/rounds/2024/round.yaml") from e


def digest(folder: Path) -> str:
    """SHA-256 over the package's files: the same package loaded twice changes nothing."""
    h = hashlib.sha256()
    for path in sorted(folder.glob("*")):
        if path.is_file():
            h.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return h.hexdigest()
