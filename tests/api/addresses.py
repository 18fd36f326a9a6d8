"""The API alone, at the address where the product serves it."""

from __future__ import annotations

from django.urls import path

from mirps.web.api import api

urlpatterns = [path("api/v1/", api.urls)]
