"""Row security of letters: one is seen by whoever sees the act that gave it (casework/cases/rows.py)."""

from __future__ import annotations

from mirps.casework.cases.rows import RETENTION
from mirps.people.custody import api as custody
from mirps.people.custody.api import OURS, Guards, Rows, stands

_EVENT = stands("casework_caseevent", "casework_letter.event_id")
_LETTER = stands("casework_letter", "letter_id", by="slot")


def guard() -> None:
    custody.guard(
        Guards(
            table="casework_letter",
            policies={
                "casework_letter": Rows(using=_EVENT, check=_EVENT, delete=RETENTION),
                "casework_letterevent": Rows(using=_LETTER, check=_LETTER, delete=RETENTION),
                "casework_lettertemplate": Rows(using=OURS, check=OURS),
            },
            open={
                "casework_signingkey": "public keys",
                "casework_voidslot": "places in a list that is for everybody; nobody stands there",
            },
            kept={"casework_letterevent": 'id, letter_id, kind, means, happened_at, recorded_at, "by"'},
            updates={"casework_letter": "sealed", "casework_letterevent": "sealed", "casework_voidslot": ""},
        )
    )
