"""Several people who act at the same moment, each on a connection of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from django.db import connection

Given = TypeVar("Given")
Done = TypeVar("Done")


def at_once(act: Callable[[Given], Done], given: Iterable[Given]) -> list[Done]:
    """What each got, in the order of what was given; all begin together."""
    held = list(given)
    start = Barrier(len(held))

    def one(what: Given) -> Done:
        try:
            start.wait(10)
            return act(what)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(held)) as pool:
        return list(pool.map(one, held))
