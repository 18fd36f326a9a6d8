"""The addresses of planning, under /es/ and /en/: one line an area."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

from mirps.web.pages.planning import instruments, lists, projects, record, workbook

patterns: list[URLPattern | URLResolver] = [
    *lists.patterns,
    *record.patterns,
    *workbook.patterns,
    *instruments.patterns,
    *projects.patterns,
]
