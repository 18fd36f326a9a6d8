"""The API for the systems of national institutions (docs/interoperability.md)."""

from __future__ import annotations

from mirps.web.api.institutions import figures, lists, lookups, reference, taking
from mirps.web.api.institutions.door import InstitutionsAPI, explain_errors

__all__ = ["api"]

api = InstitutionsAPI(version="1.0.0", urls_namespace="api-institutions", openapi_url=None, docs_url=None)
for _module in (reference, lookups, taking, figures, lists):
    api.add_router("", _module.router)
explain_errors(api)
