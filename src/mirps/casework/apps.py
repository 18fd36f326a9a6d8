from __future__ import annotations

from django.apps import AppConfig


class CaseworkBand(AppConfig):
    name = "mirps.casework"
    label = "casework"

    def ready(self) -> None:
        from mirps.casework.cases import rows as case_rows
        from mirps.casework.cases import sealing as cases
        from mirps.casework.letters import rows as letter_rows
        from mirps.casework.letters import sealing as letters

        for sealing in (cases, letters):
            sealing.hold()
        for rows in (case_rows, letter_rows):
            rows.guard()
