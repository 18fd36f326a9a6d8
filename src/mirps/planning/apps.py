from __future__ import annotations

from django.apps import AppConfig


class PlanningBand(AppConfig):
    name = "mirps.planning"
    label = "planning"

    def ready(self) -> None:
        from mirps.planning.library.checking import register

        register()
