"""The addresses of rounds, under /es/ and /en/. Order matters: `rounds/new/` before `rounds/<code>/`."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

from mirps.web.pages.rounds import (
    attachments,
    enter,
    foreseen,
    grid,
    lists,
    preparing,
    publish,
    review,
    review_cell,
    review_computed,
    review_finding,
    review_section,
    watch,
    workbook,
    write,
)

patterns: list[URLPattern | URLResolver] = [
    *preparing.patterns,
    *enter.patterns,
    *grid.patterns,
    *workbook.patterns,
    *attachments.patterns,
    *enter.last_patterns,
    *review_cell.patterns,
    *review_section.patterns,
    *review_finding.patterns,
    *review_computed.patterns,
    *review.patterns,
    *publish.patterns,
    *watch.patterns,
    *foreseen.patterns,
    *write.patterns,
    *lists.patterns,
]
