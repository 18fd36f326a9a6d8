"""The addresses of planning, under /es/ and /en/: one line an area."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

from mirps.web.pages.planning import (
    calendar,
    calendar_feeds,
    coi,
    contributions,
    donors,
    governance,
    governance_hand,
    iati,
    instruments,
    knowledge,
    learning,
    lists,
    meetings,
    meetings_form,
    plans,
    plans_work,
    projects,
    quantification,
    record,
    results,
    results_edit,
    results_indicator,
    thread,
    workbook,
)

patterns: list[URLPattern | URLResolver] = [
    *lists.patterns,
    *record.patterns,
    *workbook.patterns,
    *instruments.patterns,
    *projects.patterns,
    *results.patterns,
    *results_edit.patterns,
    *results_indicator.patterns,
    *quantification.patterns,
    *contributions.patterns,
    *donors.patterns,
    *iati.patterns,
    *calendar.patterns,
    *calendar_feeds.patterns,
    *meetings.patterns,
    *meetings_form.patterns,
    *knowledge.patterns,
    *learning.patterns,
    *coi.patterns,
    *governance.patterns,
    *governance_hand.patterns,
    *plans.patterns,
    *plans_work.patterns,
    *thread.patterns,
]
