"""The rules of this installation. Apart from the door, which loads a compiler."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from mirps.base.codelists.api import data_folder
from mirps.evidence.disclosure.rules import Rules, read


@cache
def rules() -> Mapping[str, Rules]:
    """By sensitivity."""
    path = data_folder() / "disclosure" / "rules.yaml"
    return read(path.read_bytes(), path.name)
