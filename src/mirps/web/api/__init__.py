"""The public API: `path("api/v1/", api.urls)`. What it offers is told by /api/v1/ itself and docs/api.md."""

from __future__ import annotations

from mirps.web.api import bodies, errata, exports, figures, findings, lists, reference
from mirps.web.api.service import PublicAPI, explain_errors

__all__ = ["api"]

api = PublicAPI(version="1.0.0", urls_namespace="api-v1", openapi_url=None, docs_url=None)
for _module in (reference, exports, figures, findings, errata, lists, bodies):
    api.add_router("", _module.router)
explain_errors(api)
