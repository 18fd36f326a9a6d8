from __future__ import annotations

from django.apps import AppConfig


class EvidenceBand(AppConfig):
    name = "mirps.evidence"
    label = "evidence"

    def ready(self) -> None:
        from mirps.evidence.releases import sealing

        sealing.hold()
