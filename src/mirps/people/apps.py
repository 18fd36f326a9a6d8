from __future__ import annotations

from django.apps import AppConfig


class PeopleBand(AppConfig):
    name = "mirps.people"
    label = "people"

    def ready(self) -> None:
        from mirps.people.registry.sealing import hold

        hold()
