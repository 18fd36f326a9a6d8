"""Consents to tell a person's story: recorded, and taken back. No real name is ever kept here."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction

from mirps.base.audit.api import record
from mirps.base.codelists import api as codelists
from mirps.evidence.figures import api as figures
from mirps.evidence.narratives.actions import NotTaken
from mirps.evidence.narratives.models import Consent, Section
from mirps.evidence.narratives.rules import USES
from mirps.evidence.rounds.api import Status

#: A changed name is one word or two, so that no name with surnames is typed by habit.
_CALLED = re.compile(r"[^\W\d_]+(?:[ '-][^\W\d_]+)?")
#: A file number holds a digit and is no name.
_REFERENCE = re.compile(r"(?=.*\d)[\w./ -]+")


@transaction.atomic
def record_consent(
    *, section: int, called: str, held_by: str, reference: str, given: date, until: date | None,
    uses: Collection[str], names_changed: bool, by: str, at: datetime,
) -> Consent:  # fmt: skip
    """Record that a person agreed. Raises NotTaken with the first fault."""
    of = Section.objects.select_for_update().get(pk=section)
    called, reference = " ".join(called.split()), " ".join(reference.split())
    if not of.story:
        raise NotTaken("narratives.consent.fault.no-story")
    if not _CALLED.fullmatch(called) or len(called) > 80:
        raise NotTaken("narratives.consent.fault.called")
    if held_by not in codelists.institutions():
        raise NotTaken("narratives.consent.fault.held-by")
    if not _REFERENCE.fullmatch(reference) or len(reference) > 80:
        raise NotTaken("narratives.consent.fault.reference")
    if given > at.date():
        raise NotTaken("narratives.consent.fault.given")
    if until is not None and until < given:
        raise NotTaken("narratives.consent.fault.until")
    if not uses or set(uses) - set(USES):
        raise NotTaken("narratives.consent.fault.uses")
    if not names_changed:
        raise NotTaken("narratives.consent.fault.names")
    made = Consent.objects.create(
        section=of, called=called, held_by=held_by, reference=reference, given=given, until=until,
        uses=",".join(u for u in USES if u in uses), names_changed=True, by=by, at=at,
    )  # fmt: skip
    record(
        by=by, at=at, act="consent.recorded", subject=f"round {of.round_id} {of.state or 'MIRPS'}",
        detail={"section": of.code, "consent": made.pk},
    )  # fmt: skip
    return made


@transaction.atomic
def revoke_consent(*, consent: int, by: str, at: datetime) -> Consent:
    """The person no longer agrees. From now on the story cannot go on; one that is published must be taken
    down, which whoever calls this tells the people who can. Revoking twice changes nothing."""
    held = Consent.objects.select_for_update(of=("self",)).select_related("section").get(pk=consent)
    if held.revoked_at is None:
        held.revoked_at, held.revoked_by = at, by
        held.save(update_fields=["revoked_at", "revoked_by"])
        of = held.section
        if of.status == Status.PUBLISHED:
            figures.touch(figures=(), findings=())  # pages that told the story are made anew
        record(
            by=by, at=at, act="consent.revoked", subject=f"round {of.round_id} {of.state or 'MIRPS'}",
            detail={"section": of.code, "consent": held.pk, "status": of.status},
        )  # fmt: skip
    return held
