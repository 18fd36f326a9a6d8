from __future__ import annotations

from django.apps import AppConfig


class CaseworkBand(AppConfig):
    name = "mirps.casework"
    label = "casework"

    def ready(self) -> None:
        from mirps.casework.appointments import letting_go as of_appointments
        from mirps.casework.appointments import rows as appointment_rows
        from mirps.casework.appointments import sealing as appointments
        from mirps.casework.cases import letting_go
        from mirps.casework.cases import rows as case_rows
        from mirps.casework.cases import sealing as cases
        from mirps.casework.editions import api as editions
        from mirps.casework.letters import letting_go as of_letters
        from mirps.casework.letters import rows as letter_rows
        from mirps.casework.letters import sealing as letters
        from mirps.casework.origin import rows as origin_rows
        from mirps.casework.referrals import letting_go as of_referrals
        from mirps.casework.referrals import rows as referral_rows
        from mirps.casework.referrals import sealing as referrals
        from mirps.casework.referrals import watching as referral_watching
        from mirps.casework.sessions import letting_go as of_sessions
        from mirps.casework.sessions import rows as session_rows
        from mirps.casework.sessions import sealing as sessions
        from mirps.casework.window import letting_go as of_window
        from mirps.casework.window import rows as window_rows
        from mirps.casework.window import sealing as window
        from mirps.people.consent import api as consent

        editions.hold()
        for sealing in (cases, appointments, sessions, letters, window, referrals):
            sealing.hold()
        for rows in (
            case_rows, appointment_rows, session_rows, letter_rows, window_rows, origin_rows, referral_rows
        ):  # fmt: skip
            rows.guard()
        letting_go.guard()
        for part in (of_letters, of_window, of_appointments, of_sessions, of_referrals):
            letting_go.goes_with(part.__name__, part.let_go)
        consent.join("referrals", referral_watching.consent_said)
