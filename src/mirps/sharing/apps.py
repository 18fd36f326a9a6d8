from __future__ import annotations

from django.apps import AppConfig


class SharingBand(AppConfig):
    name = "mirps.sharing"
    label = "sharing"
