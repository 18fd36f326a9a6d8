"""A node that one of this folder's scripts has filled, and its people at their screens."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page
from tests.browser.people import DESK, screen, scripts_hold
from tests.product import own_tables, seed, serving

FOLDER = Path(__file__).parent
#: The address of a node, and the session key of each of its people.
Served = tuple[str, dict[str, str]]


@contextmanager
def seeded(home: Path, script: str, more: Mapping[str, str] | None = None) -> Iterator[tuple[str, Any]]:
    """The address at which the node is served, and what the script told. `more`: of its environment."""
    env = own_tables(home) | {"PYTHONPATH": str(FOLDER.parents[1]), **(more or {})}
    told = json.loads(seed(env, FOLDER / script))
    with serving(env) as address:
        yield address, told


def page_of(
    served: Served, browser: Browser, who: str, size: dict[str, int] = DESK, *, scripts: bool = True, **options: Any
) -> Page:  # fmt: skip
    """A page in a browser of its own, in which they have signed in."""
    address, sessions = served
    context = browser.new_context(base_url=address, java_script_enabled=scripts, **screen(size), **options)
    context.add_cookies([{"name": "sessionid", "value": sessions[who], "url": address}])
    return scripts_hold(context.new_page())
