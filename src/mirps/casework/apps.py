from __future__ import annotations

from django.apps import AppConfig


class CaseworkBand(AppConfig):
    name = "mirps.casework"
    label = "casework"
