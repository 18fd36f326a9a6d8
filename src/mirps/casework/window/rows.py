"""Row security of what comes in through windows. Windows themselves are read before anybody sits."""

from __future__ import annotations

from mirps.casework.cases.rows import RETENTION
from mirps.people.custody import api as custody
from mirps.people.custody.api import OURS, Guards, Rows, stands

_ITEM = stands("casework_windowitem", "item_id")


def guard() -> None:
    custody.guard(
        Guards(
            table="casework_windowitem",
            policies={
                "casework_windowitem": Rows(using=OURS, check=OURS, delete=RETENTION),
                "casework_windowanswer": Rows(using=_ITEM, check=_ITEM, delete=RETENTION),
            },
            open={
                "casework_windowaccess": "codes and sealed secrets, read before anybody sits; nobody is named there",
                "casework_windowtry": "tokens made with a key, read before anybody sits",
                "casework_windowvisit": "digests of random words, read before anybody sits",
            },
            kept={},
            updates={"casework_windowitem": "sealed, settled_at", "casework_windowanswer": "sealed"},
        )
    )
