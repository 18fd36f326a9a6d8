"""Reading agreements: all of this node's, one, and how far it is."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from mirps.sharing.linkage import rules
from mirps.sharing.linkage.models import Agreement
from mirps.sharing.linkage.rules import Stage


def agreements() -> QuerySet[Agreement]:
    """The latest first, with seals, signatures and counts at hand."""
    return Agreement.objects.prefetch_related("seals", "signatures", "counts").order_by("-made_at", "id")


def agreement(id: UUID) -> Agreement | None:
    return agreements().filter(pk=id).first()


def terms_of(held: Agreement) -> rules.Terms:
    return rules.read(held.terms)


def stage_of(held: Agreement, *, on: date) -> Stage:
    sealed = [s.node for s in held.seals.all()]
    return rules.stage(terms_of(held), sealed, ended=held.ended_at is not None, on=on)
