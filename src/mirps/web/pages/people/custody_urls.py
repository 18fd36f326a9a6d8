"""Addresses of custody. Before those of people: `people/custody/` is nobody's number."""

from __future__ import annotations

from django.urls import URLPattern

from mirps.web.pages.people import glass, readings, requests, retention

patterns: list[URLPattern] = [*readings.patterns, *glass.patterns, *requests.patterns, *retention.patterns]
