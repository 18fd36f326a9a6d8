"""What ODK Collect or KoboCollect sends (an OpenRosa submission), read as a Submission's JSON. Pure.

A device knows nothing of our ids: all of them are made from its instanceID and from the keys that the form
drew for each person and each repeat (`person_key`, …). So the same answers sent twice are the same people and
facts; and answers edited on the device (`deprecatedID`) become corrections of the facts said before, found
through the `Ledger` that the node kept of them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid5
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from mirps.base.refusal import Refusal
from mirps.people.intake.xlsform import EXACT, asked, levels_of, node
from mirps.people.registry.kinds import SURE, Block, Book, Field, Type

Json = dict[str, Any]
#: A family of sixty with everything answered is a tenth of this.
MOST_BYTES, MOST_ELEMENTS, MOST_DEEP = 2 * 1024 * 1024, 40_000, 12
#: Ids of what devices say: names (RFC 9562, version 5) in a space of our own.
SPACE = UUID("6f1d8a52-6f0e-5c8b-9a86-0c1a4e0f6f6d")
_WHY = "Corregido en el dispositivo / Corrected on the device"
_OF_DEVICE = ("start", "end", "deviceid", "registration_level", "group_kind", "meta")
_OF_PERSON = ("person_key", "person_first", "person_role")


class OpenRosaFault(Refusal):
    """A submission that is not read: a text of data/texts/people-openrosa.yaml (openrosa.fault.…)."""

    def __init__(self, name: str, **values: object) -> None:
        super().__init__(f"openrosa.fault.{name}", **values)
        self.name = name


@dataclass(frozen=True, slots=True)
class Instance:
    """A form as it was filled. `repr` tells no answer."""

    id: UUID
    replaces: UUID | None
    form: str
    version: str
    root: Element = field(repr=False)

    @property
    def made_at(self) -> str:
        """By the device's clock: when the form was finished."""
        return text(self.root, "end") or text(self.root, "start")


@dataclass(frozen=True, slots=True)
class Saying:
    """A fact as the form says it; `person` is the key of whom it is said, empty for the group."""

    kind: str
    person: str
    data: Mapping[str, Any] = field(repr=False)

    @property
    def mark(self) -> str:
        """Whether it was said before in the same words."""
        words = json.dumps([self.kind, self.person, self.data], sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(words.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a filled form says: of one group, of its people by their keys, each saying under a key of its own."""

    kind: str
    level: str
    people: tuple[str, ...]
    sayings: Mapping[str, Saying]


@dataclass(frozen=True, slots=True)
class Where:
    """Where a device belongs; a form never says it."""

    state: str
    institution: str
    office: str
    device: str


#: What the node keeps of answers that it took, to tell what an edit of them changes: {"root", "kind", "people":
#: [key …], "facts": {key: [fact id, kind, person's key, mark]}}. Marks are of words: kept sealed.
Ledger = dict[str, Any]


def read(xml: bytes, book: Book) -> Instance:
    """A filled form of ours, whole and of a version that is known. Raises OpenRosaFault."""
    if len(xml) > MOST_BYTES:
        raise OpenRosaFault("too-large", most=MOST_BYTES // 1024)
    try:
        xml.decode()  # every tool writes UTF-8, and the answers are kept as text
        root = fromstring(xml, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as e:
        raise OpenRosaFault("not-xml") from e
    _bounded(root)
    form, version = root.get("id") or "", root.get("version") or ""
    levels = levels_of(form, book)
    if not levels:
        raise OpenRosaFault("unknown-form", form=form[:60])
    if not 0 < len(version) <= 20 or _order(version) > _order(book.form.version) or not _order(version):
        raise OpenRosaFault("version", version=version[:20], ours=book.form.version)
    meta = next((child for child in root if local(child) == "meta"), None)
    id_ = _instance_id(text(meta, "instanceID"))
    if id_ is None:
        raise OpenRosaFault("no-instance")
    deprecated = text(meta, "deprecatedID")
    replaces = _instance_id(deprecated)
    if (deprecated and replaces is None) or replaces == id_:
        raise OpenRosaFault("no-instance")
    _known(root, levels, book)
    return Instance(id_, replaces, form, version, root)


def files_of(instance: Instance, book: Book) -> list[str]:
    """The names of the files that its answers speak of, each once."""
    out: dict[str, None] = {}
    for of, where in _owners(instance.root):
        for block, _, spot in _blocks(of, where, book):
            for f in block.fields:
                if f.type is Type.FILE and (name := text(spot, node(of, block, f.name))):
                    out[name] = None
    return list(out)


def sheet(instance: Instance, book: Book, files: Mapping[str, str]) -> Sheet:
    """What a filled form says. `files`: name -> SHA-256; of a file that is not there nothing is said."""
    sayings: dict[str, Saying] = {}
    people: list[str] = []
    for of, where in _owners(instance.root):
        person = ""
        if of == "person":
            person = _key(where, "person_key", len(people))
            if person in people:
                raise OpenRosaFault("twice")
            role = text(where, "person_role") if people else "head"
            people.append(person)
            sayings[f"{person}/membership/"] = Saying(
                "membership", person, {"role": role, "began": "registered"}
            )
        for block, n, spot in _blocks(of, where, book):
            data = _data(of, block, spot, files)
            if data:
                again = _key(spot, node(of, block, "key"), n) if block.repeat else ""
                key = f"{person or 'group'}/{block.key}/{again}"
                if key in sayings:
                    raise OpenRosaFault("twice")
                sayings[key] = Saying(block.kind.name, person, {**block.preset, **data})
    if not people:
        raise OpenRosaFault("nobody")
    root = instance.root
    return Sheet(text(root, "group_kind"), text(root, "registration_level"), tuple(people), sayings)


def submission(
    said: Sheet, instance: Instance, where: Where, before: Ledger | None = None
) -> tuple[Json, Ledger]:
    """What to take in, and the ledger to keep of it. With `before`, only what differs: facts of which none
    is left of an edit that changed nothing. Raises OpenRosaFault where an edit makes another group of it."""
    if before and before["kind"] != said.kind:
        raise OpenRosaFault("other-group")
    root = before["root"] if before else str(instance.replaces or instance.id)
    stood: Mapping[str, list[str]] = before["facts"] if before else {}
    known = before["people"] if before else []
    group = _made(root, "group")
    facts: list[Json] = []
    ledger: Ledger = {"root": root, "kind": said.kind, "people": [*known], "facts": {}}

    def ends(kind: str, person: str) -> Json:
        found = {"person": _made(root, f"person/{person}")} if person else {}
        return found | ({"group": group} if kind == "membership" or not person else {})

    for key, s in said.sayings.items():
        old = stood.get(key)
        if old and old[3] == s.mark:
            ledger["facts"][key] = old
            continue
        id_ = _made(str(instance.id), f"fact/{key}")
        ledger["facts"][key] = [id_, s.kind, s.person, s.mark]
        facts.append({"id": id_, "kind": s.kind, **ends(s.kind, s.person), "data": dict(s.data)}
                     | ({"replaces": old[0]} if old else {}))  # fmt: skip
    for key, (old_id, kind, person, _) in stood.items():
        if key not in said.sayings:
            facts.append({"id": _made(str(instance.id), f"gone/{key}"), "kind": kind, **ends(kind, person),
                          "replaces": old_id, "withdrawn": True, "data": {"why": _WHY}})  # fmt: skip
    new = [p for p in said.people if p not in known]
    ledger["people"] += new
    return {
        "id": _made(str(instance.id), "submission"), "state": where.state, "institution": where.institution,
        "office": where.office, "made_at": instance.made_at, "device": where.device, "form": instance.version,
        "groups": [] if before else [{"id": group, "kind": said.kind, "level": said.level}],
        "people": [{"id": _made(root, f"person/{p}"), "level": said.level} for p in new],
        "facts": facts,
    }, ledger  # fmt: skip


def local(element: Element) -> str:
    """An element's name without its namespace: tools differ in which they give."""
    return str(element.tag).rpartition("}")[2]


def text(where: Element | None, name: str) -> str:
    """The answer that stands in the child of this name, or nothing."""
    found = next((c for c in where if local(c) == name), None) if where is not None else None
    return (found.text or "").strip() if found is not None else ""


def _owners(root: Element) -> Iterator[tuple[str, Element]]:
    """Of whom the form speaks: the group, then each person in turn."""
    yield "group", root
    for child in root:
        if local(child) == "person":
            yield "person", child


def _blocks(of: str, where: Element, book: Book) -> Iterator[tuple[Block, int, Element]]:
    """Each block of an owner's sections, with how often it stood before."""
    for section in book.form.sections:
        spot = next((c for c in where if local(c) == f"section_{section.key}"), None)
        if section.of == of and spot is not None:
            for block in section.blocks:
                for n, found in enumerate(c for c in spot if local(c) == node(of, block)):
                    yield block, n, found


def _data(of: str, block: Block, spot: Element, files: Mapping[str, str]) -> Json:
    """The answers of a block; nothing where none was given."""
    out: Json = {}
    for f in block.fields:
        value = _value(spot, node(of, block, f.name), f, files)
        if value:
            out[f.name] = value
    if out and (sure := text(spot, node(of, block, SURE))):
        out[SURE] = sure
    return out


def _value(spot: Element, name: str, f: Field, files: Mapping[str, str]) -> object:
    if f.type is Type.WHEN:
        chosen = text(spot, f"{name}_exact")
        for exact, letters in zip(EXACT, (10, 7, 4), strict=True):
            if chosen in ("", exact) and (day := text(spot, f"{name}_{exact}")):
                return day[:letters]
        return ""
    given = text(spot, name)
    if f.type is Type.YES:
        return given == "yes"
    return files.get(given, "") if f.type is Type.FILE else given


def _key(where: Element, name: str, n: int) -> str:
    """The key that the form drew; where a tool drew none, its place."""
    given = text(where, name)
    return given if 0 < len(given) <= 60 and given.isascii() and "/" not in given else str(n)


def _made(root: str, name: str) -> str:
    return str(uuid5(SPACE, f"{root}/{name}"))


def _instance_id(given: str) -> UUID | None:
    try:
        return UUID(given.removeprefix("uuid:")) if given.startswith("uuid:") else None
    except ValueError:
        return None


def _order(version: str) -> tuple[int, ...]:
    """Versions in their order ("2026.10" after "2026.9"); nothing for what is no version."""
    parts = version.split(".")
    return tuple(int(p) for p in parts) if all(p.isascii() and p.isdigit() for p in parts) else ()


def _bounded(root: Element) -> None:
    """No tree that is too deep or too wide for any family."""
    waiting, count = [(root, 1)], 0
    while waiting:
        element, depth = waiting.pop()
        count += 1
        if depth > MOST_DEEP or count > MOST_ELEMENTS:
            raise OpenRosaFault("too-large", most=MOST_BYTES // 1024)
        waiting += [(child, depth + 1) for child in element]


def _known(root: Element, levels: list[str], book: Book) -> None:
    """Nothing is passed over: an answer to a question that the form does not ask is a fault."""
    for of, where in _owners(root):
        sections = {f"section_{s.key}": s for s in book.form.sections if s.of == of}
        own = {*_OF_DEVICE, "person"} if of == "group" else {*_OF_PERSON}
        for child in where:
            section = sections.get(local(child))
            if section is None:
                if local(child) not in own:
                    raise OpenRosaFault("unknown-question", question=local(child)[:60])
                continue
            blocks = {node(of, b): b for b in asked(section, levels, book)}
            for spot in child:
                block = blocks.get(local(spot))
                wrong = [spot] if block is None else [a for a in spot if local(a) not in _answers(of, block)]
                if wrong:
                    raise OpenRosaFault("unknown-question", question=local(wrong[0])[:60])


def _answers(of: str, block: Block) -> set[str]:
    """The elements that may stand in a block."""
    out = {node(of, block, "key"), node(of, block, SURE)}
    for f in block.fields:
        name = node(of, block, f.name)
        ends = ("exact", *EXACT) if f.type is Type.WHEN else ("scan",)
        out |= {name, *(f"{name}_{end}" for end in ends)}
    return out
