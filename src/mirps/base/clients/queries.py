"""Which clients there are, and on what terms."""

from __future__ import annotations

from functools import cache

import yaml
from django.db.models import QuerySet

from mirps.base.clients import rules
from mirps.base.clients.models import Client
from mirps.base.clients.rules import Terms
from mirps.base.codelists import api as codelists


@cache
def terms() -> Terms:
    path = codelists.data_folder() / "interop" / "scopes.yaml"
    return rules.read(yaml.safe_load(path.read_text(encoding="utf-8")))


def of_states(states: list[str]) -> QuerySet[Client]:
    """The clients of these States' institutions; of all where the region ("") is among them."""
    return Client.objects.all() if "" in states else Client.objects.filter(state__in=states)


def in_force(client: str) -> Client | None:
    return Client.objects.filter(pk=client, ended_at=None, approved_at__isnull=False).first()
