"""The addresses of rounds, under /es/ and /en/. Order matters: `rounds/new/` before `rounds/<code>/`."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

from mirps.web.pages.rounds import lists, preparing

patterns: list[URLPattern | URLResolver] = [
    *preparing.patterns,
    *lists.patterns,
]
