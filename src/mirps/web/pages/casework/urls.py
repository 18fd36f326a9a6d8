"""The addresses of casework, under /es/ and /en/: procedures (public), the worklist and cases."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from mirps.web.pages.casework import procedures

patterns: list[URLPattern | URLResolver] = [
    path("procedures/", procedures.catalogue, name="procedures"),
    path("procedures/<slug:name>/", procedures.procedure, name="procedure"),
    path("procedures/<slug:name>/<str:version>/", procedures.procedure, name="procedure-version"),
]
