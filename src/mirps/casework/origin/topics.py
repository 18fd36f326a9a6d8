"""data/origin/topics.yaml: what sources are about."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import yaml

from mirps.base.codelists.api import data_folder
from mirps.base.texts.api import Text


@cache
def topics() -> Mapping[str, Text]:
    """Raises KeyError for a topic that lacks a language."""
    found = yaml.safe_load((data_folder() / "origin" / "topics.yaml").read_text(encoding="utf-8"))
    return {code: Text(words["es"], words["en"]) for code, words in found.items()}
