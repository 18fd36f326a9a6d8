"""Which consent lets a file be shared with whom, and until when. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from mirps.base.refusal import Refusal
from mirps.people.registry.rules import Fact, consents

#: Kinds of institutions (institutions.csv) that are a State's own.
OF_THE_STATE = frozenset({"government", "municipal"})
#: Kinds with which files are shared at all.
KINDS = OF_THE_STATE | {"un", "civil-society"}


class ConsentFault(Refusal):
    """What is not shared, as a text of data/texts/people-consent.yaml."""


def needed(holder: str, kind: str, state: str) -> str:
    """The consent (lists/consent-purposes.csv) that sharing with an institution of this kind and State takes,
    for a file that an institution of the State `holder` keeps."""
    if kind not in OF_THE_STATE:
        return "share-partners"
    return "share-state" if state == holder else "share-abroad"


def refused(standing: Iterable[Fact], purpose: str, *, at: datetime, since: datetime) -> bool:
    """Whether the person has said since a moment that they do not agree to it."""
    said = [f for f in standing if f.kind == "consent" and f.data.get("purpose") == purpose]
    return bool(said) and said[-1].recorded_at > since and not consents(said, on=at).get(purpose)


def resting_on(standing: Iterable[Fact], purpose: str, *, at: datetime, until: date) -> Fact | None:
    """The answer in which the person agrees to it today and for as long as that day; None where they do not."""
    said = [f for f in standing if f.kind == "consent" and f.data.get("purpose") == purpose]
    if not said or not consents(said, on=at).get(purpose):
        return None
    last = str(said[-1].data.get("until", ""))
    return said[-1] if not last or until.isoformat()[: len(last)] <= last else None
