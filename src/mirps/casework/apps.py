from __future__ import annotations

from django.apps import AppConfig


class CaseworkBand(AppConfig):
    name = "mirps.casework"
    label = "casework"

    def ready(self) -> None:
        from mirps.casework.cases import rows
        from mirps.casework.cases import sealing as cases

        cases.hold()
        rows.guard()
