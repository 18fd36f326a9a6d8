from __future__ import annotations

from django.apps import AppConfig


class PeopleBand(AppConfig):
    name = "mirps.people"
    label = "people"

    def ready(self) -> None:
        from mirps.people.custody import sealing as custody
        from mirps.people.registry import sealing as registry

        custody.hold()
        registry.hold()
