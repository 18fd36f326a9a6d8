"""Roles and what each may do. Denied unless a line here allows it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

_ANSWER = frozenset({"finding.acknowledge", "finding.explain", "figure.correct"})
_ENTER = frozenset({"figure.record", "entry.write", "entry.submit"})
_WRITE = frozenset({"narrative.write", "narrative.translate"})
_RUN = frozenset(
    {"round.setup", "round.open", "round.close", "round.publish", "embargo.set", "erratum.issue"}
)

#: role -> the acts it allows. A role held for a State acts on that State alone, one held for an
#: institution (its code, as body) on that institution alone; one held for neither, on the region.
ALLOWED: dict[str, frozenset[str]] = {
    "administrator": frozenset({"people.manage", "watch.read"}),
    "presidency": _ANSWER | _RUN | _WRITE | {"report.publish", "entry.approve-region", "watch.read"},
    "secretariat": _ANSWER | _RUN | _WRITE
    | {"figure.record", "report.build", "report.publish", "round.load", "entry.review-region", "watch.read"},
    "regional-reviewer": frozenset({"finding.explain", "entry.review-region", "watch.read"}),
    "focal-point": _ANSWER | _ENTER | _WRITE | {"embargo.set", "entry.review", "entry.unlock", "watch.read"},
    "state-approver": _ANSWER | {"embargo.set", "entry.review", "entry.approve-state", "entry.unlock", "watch.read"},
    "institution-reviewer": _ENTER | {"entry.review", "finding.explain"},
    "data-entry": _ENTER | {"narrative.translate"},
    "donor": frozenset(),
    "civil-society": frozenset(),
    "reader": frozenset(),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Grant:
    """One role as held: for `state` (empty: the region) and `body` (an institution's code; empty: all
    of the State), from `starts` to `ends` inclusive."""

    role: str
    state: str
    starts: date
    ends: date | None
    body: str = ""


def may(grants: Iterable[Grant], act: str, *, state: str, on: date, body: str = "") -> bool:
    """Whether any role held on that day allows `act` for `state` (a code, or an area) and `body`."""
    return any(
        act in ALLOWED.get(g.role, frozenset())
        and g.starts <= on
        and (g.ends is None or on <= g.ends)
        and g.state in ("", state)
        and g.body in ("", body)
        for g in grants
    )
