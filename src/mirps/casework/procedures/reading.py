"""A procedure's file as a Procedure, or every fault with its line. Pure: it takes bytes.

Three passes: the tree (base/marked), the parts one by one, then what the parts say of each other. `proving` comes
after, on a procedure whose every name is known.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from mirps.base.calendars.api import Certainty, Term, Unit
from mirps.base.marked.reading import Reading
from mirps.base.marked.tree import Node, tree
from mirps.base.texts.api import Text
from mirps.casework.procedures import model as m
from mirps.casework.procedures.citing import CITED
from mirps.casework.procedures.guards import RESERVED
from mirps.casework.procedures.reading_acts import acts, deadlines
from mirps.casework.procedures.reading_table import table
from mirps.casework.procedures.words import words_of

_TOP = (
    "procedure", "version", "state", "authority", "title", "subject", "in_force", "systems", "follows", "law",
    "roles", "fields", "modalities", "stages", "acts", "deadlines", "documents", "measures", "triage",
)  # fmt: skip
_YES_NO = frozenset({"yes", "no", "true", "false"})
_NEEDS = ("procedure", "version", "state", "authority", "title", "subject", "law", "roles", "stages", "acts")


@dataclass(frozen=True, slots=True)
class Known:
    """Codes that a file may name; an empty collection is not asked."""

    states: Collection[str] = ()
    institutions: Collection[str] = ()
    measures: Collection[str] = ()
    systems: Collection[str] = ()
    sensitivities: Collection[str] = ()


def read(raw: bytes, file: str, known: Known | None = None) -> m.Procedure:
    """Raises Faults with everything that is wrong, but not yet proved (see proving.prove)."""
    top, r = tree(raw, file), Reading(file)
    given = r.parts(top, _TOP, _NEEDS)
    known = known or Known()
    fields = _fields(r, given, known.sensitivities)
    most = {"law": 400, "roles": 100, "stages": 100, "acts": 200, "deadlines": 100, "documents": 200}
    names = {k: r.entries(given.get(k), n) for k, n in most.items()}
    words = words_of(r, fields, names["acts"], names["deadlines"])
    span = r.parts(given["in_force"], ("from", "until"), ("from",)) if "in_force" in given else {}
    p = m.Procedure(
        name=r.name(given.get("procedure")),
        version=_version(r, given.get("version")),
        state=r.code(given.get("state"), known.states),
        authority=r.code(given.get("authority"), known.institutions),
        title=r.words(given.get("title"), top),
        subject=r.choice(given.get("subject"), m.Subject, m.Subject.PERSON),
        starts=r.day(span.get("from")), until=r.day(span.get("until")),
        law={c: _law(r, n) for c, n in names["law"].items()},
        roles={c: _role(r, n, known) for c, n in names["roles"].items()},
        fields=fields,
        stages={c: _stage(r, n, names["roles"]) for c, n in names["stages"].items()},
        acts=acts(r, names, fields, words),
        deadlines=deadlines(r, names, fields),
        documents={c: _document(r, n, names["law"]) for c, n in names["documents"].items()},
        feeds=tuple(_feed(r, n, names["acts"], known) for n in r.items(given.get("measures"))),
        systems=tuple(r.code(n, known.systems) for n in r.items(given.get("systems"))),
        triage=table(r, given["triage"], fields, words) if "triage" in given else None,
        follows=_follows(r, given.get("follows"), names["stages"]),
    )  # fmt: skip
    r.end()
    return p


def _version(r: Reading, node: Node | None) -> str:
    found = r.text(node)
    if node is not None and found and not (len(found) <= 20 and found.replace(".", "").isalnum()):
        r.fault(node, "version", found=found)
    return found


def _fields(r: Reading, given: Mapping[str, Node], among: Collection[str]) -> dict[str, m.Field]:
    out = {c: _field(r, c, n, among) for c, n in r.entries(given.get("fields")).items()}
    if "modalities" in given:
        node = given["modalities"]
        options = {c: r.words(n, n) for c, n in r.entries(node).items()}
        name = Text("Modalidad", "Modality")
        out["modality"] = m.Field(name, m.Type.CHOICE, options)
    return out


def _field(r: Reading, code: str, node: Node, among: Collection[str]) -> m.Field:
    given = r.parts(node, ("name", "type", "options", "sensitive"), ("name", "type"))
    if code in RESERVED or code == CITED:
        r.fault(node, "reserved", found=code)
    type_ = r.choice(given.get("type"), m.Type, m.Type.TEXT)
    options = {c: r.words(n, n) for c, n in r.entries(given.get("options")).items()}
    if (type_ in (m.Type.CHOICE, m.Type.CHOICES)) != bool(options):
        r.fault(node, "options")
    return m.Field(
        r.words(given.get("name"), node), type_, options, *_sensitive(r, given.get("sensitive"), among)
    )


def _sensitive(r: Reading, node: Node | None, among: Collection[str]) -> tuple[bool, str]:
    """`yes`, `no`, or for whom who is cleared: a code of the sensitivities."""
    if node is None or not node.text or node.text in _YES_NO:
        return r.yes(node), ""
    return True, node.text if not among or r.known(node, node.text, among) else ""


def _law(r: Reading, node: Node) -> m.Law:
    given = r.parts(node, ("text", "from", "until", "certainty", "source"), ("text", "certainty"))
    sure = r.choice(given.get("certainty"), Certainty, Certainty.PROPOSAL)
    if sure is not Certainty.PROPOSAL and "source" not in given:
        r.fault(node, "lacks", name="source")
    starts, until = r.day(given.get("from")), r.day(given.get("until"))
    if starts and until and until < starts:
        r.fault(given["until"], "ends_before")
    return m.Law(r.words(given.get("text"), node), starts, until, sure, r.text(given.get("source")))


def _role(r: Reading, node: Node, known: Known) -> m.Role:
    given = r.parts(node, ("name", "actor", "institution"), ("name", "actor"))
    return m.Role(
        r.words(given.get("name"), node),
        r.choice(given.get("actor"), m.Actor, m.Actor.TEAM),
        r.code(given.get("institution"), known.institutions),
    )


def _stage(r: Reading, node: Node, roles: Collection[str]) -> m.Stage:
    given = r.parts(node, ("name", "turn", "ends", "plain", "child"), ("name",))
    turn = r.texts(given.get("turn"))
    for role in turn:
        r.known(given["turn"], role, roles)
    plain, child = (r.words(given[said], node) if said in given else None for said in ("plain", "child"))
    ending = r.choice(given.get("ends"), m.Ending, m.Ending.OPEN)
    return m.Stage(r.words(given.get("name"), node), turn, ending, plain, child, node.line)


def _document(r: Reading, node: Node, law: Collection[str]) -> m.Document:
    given = r.parts(node, ("name", "paper", "valid", "law"), ("name", "paper"))
    valid = None
    if "valid" in given:
        term = r.parts(given["valid"], ("n", "unit"), ("n", "unit"))
        valid = Term(r.number(term.get("n"), 1, 3660), r.choice(term.get("unit"), Unit, Unit.CALENDAR))
    basis = r.text(given.get("law"))
    if basis:
        r.known(given["law"], basis, law)
    return m.Document(
        r.words(given.get("name"), node),
        r.choice(given.get("paper"), m.Paper, m.Paper.LETTER), valid, basis,
    )  # fmt: skip


def _feed(r: Reading, node: Node, named: Collection[str], known: Known) -> m.Feed:
    given = r.parts(node, ("measure", "act", "counts"), ("measure", "act"))
    act = r.text(given.get("act"))
    if act:
        r.known(given["act"], act, named)
    return m.Feed(
        r.code(given.get("measure"), known.measures), act,
        r.choice(given.get("counts"), m.Counted, m.Counted.CASES),
    )  # fmt: skip


def _follows(r: Reading, node: Node | None, stages: Collection[str]) -> dict[str, dict[str, str]]:
    """Versions have dots and stand as they are: `"2024.1": {old_stage: new_stage}`."""
    if node is None:
        return {}
    if node.keys is None:
        r.fault(node, "mapping")
        return {}
    out = {}
    for version, moves in node.keys.items():
        to = {old: r.text(new) for old, new in r.entries(moves).items()}
        for old, new in to.items():
            r.known(moves.keys[old] if moves.keys else moves, new, stages)
        out[version] = to
    return out
