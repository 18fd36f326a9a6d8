"""Who is held together by pairs: connected groups, the same whatever the order of the pairs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

Key = TypeVar("Key", str, int)


def groups(pairs: Iterable[tuple[Key, Key]]) -> list[tuple[Key, ...]]:
    """Groups of two or more, each sorted, in the order of their first. A pair is enough to join two groups:
    each is for a person to look at, who may find two people in it."""
    leader: dict[Key, Key] = {}

    def first(key: Key) -> Key:
        leader.setdefault(key, key)
        while leader[key] != key:
            leader[key] = leader[leader[key]]
            key = leader[key]
        return key

    for one, other in pairs:
        a, b = sorted((first(one), first(other)))
        leader[b] = a
    found: dict[Key, list[Key]] = {}
    for key in leader:
        found.setdefault(first(key), []).append(key)
    return sorted(tuple(sorted(members)) for members in found.values() if len(members) > 1)
