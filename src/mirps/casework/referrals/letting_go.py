"""What a referral says goes with the person whom it is about, on either side; that there was one stays while the other
side's file of them does."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q

from mirps.casework.cases import api as cases
from mirps.casework.referrals.models import Referral, ReferralEvent, ReferralPart


def let_go(of: Collection[UUID], persons: Collection[UUID]) -> None:
    about = Referral.objects.filter(Q(person__in=persons) | Q(registered__in=persons)).order_by("pk")
    ids = list(about.values_list("pk", flat=True))
    cases.remove(ReferralPart.objects.filter(referral__in=ids))
    for side in ("person", "registered"):
        Referral.objects.filter(pk__in=ids, **{f"{side}__in": persons}).update(**{side: None})
    gone = list(
        Referral.objects.filter(pk__in=ids, person=None, registered=None)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    cases.remove(ReferralEvent.objects.filter(referral__in=gone))
    cases.remove(Referral.objects.filter(pk__in=gone))
