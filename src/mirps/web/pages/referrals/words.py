"""What travels, in words: an item as the person's file would tell it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from mirps.casework.referrals.api import Item
from mirps.people.registry import api as registry
from mirps.people.registry import wording
from mirps.people.registry.api import Fact
from mirps.web.pages.people.door import Desk
from mirps.web.pages.people.person_words import Teller, Told

_NO_ID = UUID(int=0)


def told(desk: Desk, items: Iterable[tuple[str, Item]]) -> list[tuple[str, Told]]:
    """Each with the name of its kind. A kind or a code that only the other node knows stands as it came."""
    teller = Teller(registry.book(), desk.lang, desk.locale)
    return [
        (wording.kind_name(item["kind"], desk.lang), teller.told(_fact(sensitivity, item, desk.now)))
        for sensitivity, item in items
    ]


def _fact(sensitivity: str, item: Item, at: datetime) -> Fact:
    return Fact(_NO_ID, item["kind"], item["data"], at, at, sensitivity=sensitivity)
