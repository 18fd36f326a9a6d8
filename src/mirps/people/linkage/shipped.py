"""The scheme of this installation (data/registration/linkage.yaml). Needs no database."""

from __future__ import annotations

from functools import cache

import yaml

from mirps.base.codelists.api import data_folder
from mirps.people.linkage import scheme as schemes
from mirps.people.linkage.scheme import Scheme


@cache
def scheme() -> Scheme:
    """Raises ValueError, naming what is wrong."""
    path = data_folder() / "registration" / "linkage.yaml"
    return schemes.read(yaml.safe_load(path.read_text(encoding="utf-8")))
