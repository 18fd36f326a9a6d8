"""Row security of sources: an institution's own (docs/custody.md). A version is added and never changed."""

from __future__ import annotations

from mirps.people.custody import api as custody
from mirps.people.custody.api import OURS, Rows

_WHAT = "title, publisher, country, published, address, language, topics, file, withdrawn, reason"


def guard() -> None:
    custody.guard(
        custody.Guards(
            table="casework_originsource",
            policies={"casework_originsource": Rows(using=OURS, check=OURS)},
            open={},
            kept={
                "casework_originsource": f'id, source, version, {_WHAT}, at, "by", state, institution, office'
            },
            updates={"casework_originsource": ""},
        )
    )
