from __future__ import annotations

from django.apps import AppConfig


class BaseBand(AppConfig):
    name = "mirps.base"
    label = "base"
