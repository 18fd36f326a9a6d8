from __future__ import annotations

from django.apps import AppConfig


class PlanningBand(AppConfig):
    name = "mirps.planning"
    label = "planning"
