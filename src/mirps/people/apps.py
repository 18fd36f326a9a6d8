from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class PeopleBand(AppConfig):
    name = "mirps.people"
    label = "people"

    def ready(self) -> None:
        from mirps.people.custody import sealing as custody
        from mirps.people.custody.rows import after_migrate
        from mirps.people.identity import rebuilding as identity
        from mirps.people.intake import openrosa_actions as openrosa
        from mirps.people.registry import sealing as registry
        from mirps.people.verification import actions as verification

        custody.hold()
        openrosa.hold()
        identity.hold()
        registry.hold()
        verification.hold()
        post_migrate.connect(after_migrate, sender=self)
