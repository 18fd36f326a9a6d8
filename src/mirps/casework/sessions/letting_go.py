"""A case goes from the agendas on which it stood: its paper, how each member voted and why. The sessions stay."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from mirps.casework.cases import api as cases
from mirps.casework.sessions.models import Item, SessionEvent


def let_go(of: Collection[UUID], persons: Collection[UUID]) -> None:
    items = list(Item.objects.filter(case__in=of).order_by("pk").values_list("pk", flat=True))
    cases.remove(SessionEvent.objects.filter(item__in=items))
    cases.remove(Item.objects.filter(pk__in=items))
