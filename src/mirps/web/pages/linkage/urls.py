"""The addresses of counts with other States, under /es/ and /en/."""

from __future__ import annotations

from django.urls import URLPattern, path

from mirps.web.pages.linkage import agreements, result

patterns: list[URLPattern] = [
    path("linkage/", agreements.listed, name="linkages"),
    path("linkage/new/", agreements.new, name="linkage-new"),
    path("linkage/<uuid:id>/", agreements.one, name="linkage"),
    path("linkage/<uuid:id>/<slug:code>/", result.result, name="linkage-result"),
]
