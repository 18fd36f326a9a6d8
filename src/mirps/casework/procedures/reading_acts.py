"""The acts and deadlines of a procedure's file. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from mirps.base.calendars.api import Term, Unit
from mirps.base.marked.reading import Reading
from mirps.base.marked.tree import Node
from mirps.casework.procedures import model as m
from mirps.casework.procedures.guards import Guard, Words
from mirps.casework.procedures.words import guard

_ACT = (
    "name", "by", "opens", "from", "to", "form", "guards", "adverse", "reason", "notice", "remedies", "issues",
    "law", "guardian", "cites",
)  # fmt: skip
_DEADLINE = (
    "name", "n", "unit", "lands", "law", "starts", "starts_on", "latest", "met_by", "stops", "extends", "warns",
    "repeats", "grace", "effect", "to", "proposes",
)  # fmt: skip
#: Instead of a list of stages: all that are open.
OPEN, BACK = "open", "back"
Names = Mapping[str, Mapping[str, Node]]


def named(r: Reading, node: Node | None, among: Collection[str]) -> tuple[str, ...]:
    """Names of things that the file defines, each known."""
    out = []
    for one in r.items(node):
        found = r.text(one)
        if r.known(one, found, among):
            out.append(found)
    return tuple(out)


def acts(r: Reading, names: Names, fields: Mapping[str, m.Field], words: Words) -> dict[str, m.Act]:
    return {c: _act(r, n, names, fields, words) for c, n in names["acts"].items()}


def _act(r: Reading, node: Node, names: Names, fields: Mapping[str, m.Field], words: Words) -> m.Act:
    given = r.parts(node, _ACT, ("name", "by"))
    form = r.parts(given["form"], ("required", "optional", "required_if")) if "form" in given else {}
    opens = r.yes(given.get("opens"))
    sources = _sources(r, given.get("from"), names["stages"])
    if opens == bool(sources):
        r.fault(node, "opens")
    to = r.text(given.get("to"))
    if to and to != BACK:
        r.known(given["to"], to, names["stages"])
    if opens and (not to or to == BACK):
        r.fault(node, "opens_where")
    notice = named(r, given.get("notice"), names["documents"])
    guardian = r.choice(given["guardian"], m.Guardian, m.Guardian.ENDS) if "guardian" in given else None
    asked = (*named(r, form.get("required"), fields), *named(r, form.get("optional"), fields))
    if guardian is m.Guardian.NAMES and m.GUARDIAN not in asked:
        r.fault(node, "lacks", name=m.GUARDIAN)
    return m.Act(
        name=r.words(given.get("name"), node), by=named(r, given.get("by"), names["roles"]), sources=sources,
        to="" if to == BACK else to, back=to == BACK,
        required=named(r, form.get("required"), fields), optional=named(r, form.get("optional"), fields),
        required_if=_required_if(r, form.get("required_if"), fields, words),
        guards=_guards(r, given.get("guards"), words),
        adverse=r.yes(given.get("adverse")), reason=r.yes(given.get("reason")),
        notice=notice[0] if notice else "", remedies=named(r, given.get("remedies"), names["acts"]),
        issues=named(r, given.get("issues"), names["documents"]),
        law=named(r, given.get("law"), names["law"]), guardian=guardian,
        cites=r.choice(given["cites"], m.Cites, m.Cites.ORIGIN) if "cites" in given else None, line=node.line,
    )  # fmt: skip


def _guards(r: Reading, node: Node | None, words: Words) -> tuple[Guard, ...]:
    out = []
    for one in r.items(node):
        parts = r.parts(one, ("when", "otherwise"), ("when", "otherwise"))
        otherwise = r.words(parts.get("otherwise"), one)
        made = guard(r, words, parts["when"], otherwise) if "when" in parts else None
        out += [made] if made else []
    return tuple(out)


def _required_if(
    r: Reading, node: Node | None, fields: Mapping[str, m.Field], words: Words
) -> dict[str, Guard]:
    """Field -> the condition under which a form needs it."""
    out: dict[str, Guard] = {}
    for code, one in r.entries(node).items():
        made = guard(r, words, one, fields[code].name) if r.known(one, code, fields) else None
        out |= {code: made} if made else {}
    return out


def _sources(r: Reading, node: Node | None, stages: Mapping[str, Node]) -> tuple[str, ...]:
    if node is not None and node.text == OPEN:
        return tuple(c for c, n in stages.items() if not (n.keys and "ends" in n.keys))
    return named(r, node, stages)


def deadlines(r: Reading, names: Names, fields: Mapping[str, m.Field]) -> dict[str, m.Deadline]:
    return {c: _deadline(r, n, names, fields) for c, n in names["deadlines"].items()}


def _deadline(r: Reading, node: Node, names: Names, fields: Mapping[str, m.Field]) -> m.Deadline:
    given = r.parts(node, _DEADLINE, ("name", "n", "unit", "law", "effect"))
    acts_, law = names["acts"], named(r, given.get("law"), names["law"])
    starts, on = named(r, given.get("starts"), acts_), named(r, given.get("starts_on"), fields)
    if bool(starts) == bool(on):
        r.fault(node, "starts")
    if on and fields[on[0]].type is not m.Type.DATE:
        r.fault(given["starts_on"], "starts_on_date", found=on[0])
    effect = r.choice(given.get("effect"), m.Effect, m.Effect.NOTIFY)
    to, proposes = named(r, given.get("to"), names["roles"]), named(r, given.get("proposes"), acts_)
    if (effect is m.Effect.PROPOSE) != bool(proposes):
        r.fault(node, "proposes")
    if not to:
        r.fault(node, "lacks", name="to")
    unit = r.choice(given.get("unit"), Unit, Unit.CALENDAR)
    repeats = r.yes(given.get("repeats"))
    if repeats and unit in (Unit.MONTHS, Unit.YEARS):
        r.fault(node, "repeats_unit")
    return m.Deadline(
        name=r.words(given.get("name"), node),
        term=Term(r.number(given.get("n"), 1, 3660), unit, r.yes(given.get("lands"))),
        law=law[0] if law else "", starts=starts, starts_on=on[0] if on else "",
        latest=r.yes(given.get("latest")) or repeats, met_by=named(r, given.get("met_by"), acts_),
        stops=tuple(_stop(r, n, acts_) for n in r.items(given.get("stops"))),
        extensions=tuple(_extension(r, n, acts_) for n in r.items(given.get("extends"))),
        warns=r.number(given.get("warns"), 0, 365), repeats=repeats, grace=r.number(given.get("grace"), 0, 365),
        effect=effect, to=to[0] if to else "", proposes=proposes[0] if proposes else "", line=node.line,
    )  # fmt: skip


def _stop(r: Reading, node: Node, among: Collection[str]) -> m.Stop:
    given = r.parts(node, ("from", "until", "anew"), ("from", "until"))
    starts, until = named(r, given.get("from"), among), named(r, given.get("until"), among)
    return m.Stop(starts, until, r.yes(given.get("anew")))


def _extension(r: Reading, node: Node, among: Collection[str]) -> m.Extension:
    given = r.parts(node, ("by", "n", "most"), ("by", "n"))
    by = named(r, given.get("by"), among)
    most = r.number(given.get("most"), 1, 100) if "most" in given else 1
    return m.Extension(by[0] if by else "", r.number(given.get("n"), 1, 3660), most)
