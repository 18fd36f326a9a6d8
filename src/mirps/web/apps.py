from __future__ import annotations

from django.apps import AppConfig


class WebBand(AppConfig):
    name = "mirps.web"
    label = "web"
