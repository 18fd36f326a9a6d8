"""data/bodies: bodies that decide in session, one file each."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from mirps.base.calendars.api import Certainty
from mirps.base.codelists.api import data_folder
from mirps.base.marked.reading import Reading
from mirps.base.marked.tree import Node, tree
from mirps.casework.sessions.rules import Abstention, Body, Enough, Majority, SeatOf, Sure, Tie

_PARTS = (
    "body", "version", "state", "institution", "name", "procedures", "seats", "seats_from", "quorum", "majority",
    "abstention", "tie",
)  # fmt: skip


def read(raw: bytes, file: str) -> Body:
    """Raises Faults with everything that is wrong, by line."""
    top, r = tree(raw, file), Reading(file)
    given = r.parts(top, _PARTS, _PARTS)
    seats = {code: _seat(r, node) for code, node in r.entries(given.get("seats")).items()}
    if sum(s.chair and s.votes for s in seats.values()) != 1:
        r.fault(given.get("seats") or top, "one_chair")
    rules: dict[str, Node | None] = {}
    sure = {"seats": _sure(r, given.get("seats_from"), ())}
    for name in ("quorum", "majority", "abstention", "tie"):
        sure[name] = _sure(r, given.get(name), ("rule",))
        node = given.get(name)
        rules[name] = (node.keys or {}).get("rule") if node else None
    made = Body(
        code=r.text(given.get("body")), version=r.text(given.get("version")), state=r.text(given.get("state")),
        institution=r.text(given.get("institution")), name=r.words(given.get("name"), top),
        procedures={p: r.text(n) for p, n in r.entries(given.get("procedures")).items()}, seats=seats,
        quorum=r.choice(rules["quorum"], Enough, Enough.ALL),
        majority=r.choice(rules["majority"], Majority, Majority.UNANIMITY),
        abstention=r.choice(rules["abstention"], Abstention, Abstention.NOT_FOR),
        tie=r.choice(rules["tie"], Tie, Tie.LOST), sure=sure,
    )  # fmt: skip
    r.end()
    return made


def _seat(r: Reading, node: Node) -> SeatOf:
    given = r.parts(node, ("name", "votes", "chair"), ("name",))
    return SeatOf(
        r.words(given.get("name"), node), r.yes(given.get("votes"), default=True), r.yes(given.get("chair"))
    )


def _sure(r: Reading, node: Node | None, more: tuple[str, ...]) -> Sure:
    given = r.parts(node, (*more, "certainty", "source"), (*more, "certainty", "source")) if node else {}
    return Sure(r.choice(given.get("certainty"), Certainty, Certainty.PROPOSAL), r.text(given.get("source")))


@cache
def every() -> Mapping[str, Body]:
    """Every version of every body: `slv_coder@2026.1` -> body. Raises Faults; ValueError for a version twice."""
    out: dict[str, Body] = {}
    for path in sorted((data_folder() / "bodies").glob("*.yaml")):
        found = load(path)
        if found.rule in out:
            raise ValueError(f"{path.name}: {found.rule} is in another file too")
        out[found.rule] = found
    return out


@cache
def bodies() -> Mapping[str, Body]:
    """Each body as it stands now, by its code. A session keeps the version under which it was called."""
    return {b.code: b for b in sorted(every().values(), key=lambda b: b.version)}


def load(path: Path) -> Body:
    return read(path.read_bytes(), path.name)
