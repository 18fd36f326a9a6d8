"""Every address of the product: the pages in both languages, the API, the exports."""

from __future__ import annotations

from mirps.web.urls import urlpatterns

__all__ = ["urlpatterns"]
