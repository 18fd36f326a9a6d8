"""A window goes with its person, and what came in through any about a case goes with the case."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q

from mirps.casework.cases import api as cases
from mirps.casework.window.models import WindowAccess, WindowAnswer, WindowItem, WindowVisit


def let_go(of: Collection[UUID], persons: Collection[UUID]) -> None:
    items = WindowItem.objects.filter(Q(case__in=of) | Q(access__in=persons))
    ids = list(items.order_by("pk").values_list("pk", flat=True))
    cases.remove(WindowAnswer.objects.filter(item__in=ids))
    cases.remove(WindowItem.objects.filter(pk__in=ids))
    cases.remove(WindowVisit.objects.filter(access__in=persons))
    cases.remove(WindowAccess.objects.filter(person__in=persons))
