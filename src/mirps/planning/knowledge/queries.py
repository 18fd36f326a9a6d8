"""Courses with who is in them, and what sources say on a question, from records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from mirps.planning.knowledge.models import Certificate, Enrolment
from mirps.planning.knowledge.rules import Course, Statement
from mirps.planning.records import api as records
from mirps.planning.records.api import Act, Change, Flow


def course(data: Mapping[str, Any]) -> Course:
    """The terms of a course from its record's data."""
    return Course(
        opens=records.day(data.get("opens")),
        closes=records.day(data.get("closes")),
        seats=int(Decimal(data["seats"])) if data.get("seats") else None,
        days=tuple(date.fromisoformat(d["day"]) for d in data.get("days", ())),
        certificate=bool(data.get("certificate")),
        attendance=Decimal(data.get("attendance") or 100),
    )


def enrolled(key: str) -> int:
    return Enrolment.objects.filter(course=key, left_at=None).count()


def enrolments(key: str) -> list[Enrolment]:
    """Who is in a course, by name, each with their certificate where they have one."""
    found = Enrolment.objects.filter(course=key, left_at=None).select_related("certificate")
    return list(found.order_by("name", "id"))


def mine(person: str) -> list[Enrolment]:
    """The courses that somebody is in, the last one first."""
    found = Enrolment.objects.filter(person=person, left_at=None).select_related("certificate")
    return list(found.order_by("-enrolled_at", "-id"))


def of(key: str, person: str) -> Enrolment | None:
    found = Enrolment.objects.filter(course=key, person=person, left_at=None).select_related("certificate")
    return found.first()


def certificate(code: str) -> Certificate | None:
    """The certificate of a code, however its letters and hyphens are written."""
    signs = "".join(c for c in code.upper() if c.isalnum())[:16]
    written = "-".join(signs[i : i + 4] for i in range(0, len(signs), 4))
    return Certificate.objects.filter(pk=written).select_related("enrolment").first()


def statements(
    under: Iterable[tuple[str, Mapping[str, Any]]], sources: Mapping[str, Mapping[str, Any]]
) -> list[Statement]:
    """What sources say on a question, from the statements and sources that the reader may see. A source that
    they may not see counts as not assessed."""
    return [
        Statement(
            key, str(d.get("answers", "unclear")),
            str(sources.get(str(d.get("origin")), {}).get("reliability", "unassessed")), str(d.get("as-of", "")),
        )
        for key, d in under
    ]  # fmt: skip


def versions(key: str) -> list[Change]:
    """Every state of a record that came into force, oldest first."""
    kind = records.kinds()[key.partition("/")[0]]
    act = Act.SAVE if kind.flow is Flow.DIRECT else Act.PUBLISH
    return [c for c in records.history(key) if c.act == act]
