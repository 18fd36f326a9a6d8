"""Reading findings and how they were answered, now or on any day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime

from django.db.models import Q, QuerySet

from mirps.evidence.findings.models import Answer, Finding
from mirps.evidence.findings.rules import OPEN, standing


def current() -> QuerySet[Finding]:
    """Findings that the last run still found, with their answers."""
    return Finding.objects.filter(gone_at=None).prefetch_related("answers").order_by("state", "kind", "code")


def standing_of(finding: Finding) -> str:
    """open, explained, acknowledged or corrected. Uses the prefetched answers."""
    return standing(a.kind for a in finding.answers.all())


def about(figures: Collection[str]) -> dict[str, list[Finding]]:
    """Current findings by the figure they are about."""
    wanted = set(figures)
    out: dict[str, list[Finding]] = defaultdict(list)
    for finding in current():
        for id_ in finding.figures:
            if id_ in wanted:
                out[id_].append(finding)
    return dict(out)


def unanswered(figure_ids: Iterable[str], known_on: datetime | None = None) -> dict[str, list[str]]:
    """Figure id -> codes of the contradictions about it that nobody has answered.

    `known_on` reads findings and answers as they stood then. Warnings do not count.
    """
    wanted = set(figure_ids)
    findings = Finding.objects.filter(severity="contradiction").order_by("code")
    answers = Answer.objects.order_by("at", "id")
    if known_on is None:
        findings = findings.filter(gone_at=None)
    else:
        findings = findings.filter(Q(gone_at=None) | Q(gone_at__gt=known_on), found_at__lte=known_on)
        answers = answers.filter(at__lte=known_on)
    kinds: dict[int, list[str]] = defaultdict(list)
    for a in answers:
        kinds[a.finding_id].append(a.kind)
    out: dict[str, list[str]] = defaultdict(list)
    for f in findings:
        if standing(kinds.get(f.pk, ())) == OPEN:
            for id_ in wanted.intersection(f.figures):
                out[id_].append(f.code)
    return dict(out)
