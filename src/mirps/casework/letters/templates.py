"""The text of a letter: plain words with {{ fields }}, read, proved and filled. Pure.

Jinja2's parser reads it and gives lines; nothing of it is ever compiled or run. A template may hold names from a
list and `{% if name %} … {% else %} … {% endif %}`, and nothing else: no call, no attribute, no filter, no loop.
What is filled in stands for itself: no name or reason becomes markup, a heading or another field.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from jinja2 import Environment, TemplateSyntaxError, nodes

from mirps.base.marked.faults import Fault, Faults

#: Characters of a template: some four pages.
LARGEST = 12_000
Value = str | tuple[str, ...]
#: Marks around a field's place while a text is laid out; no template and no value may hold them.
_OPEN, _SHUT = "\ue000", "\ue001"
_PLACE = re.compile(f"{_OPEN}(\\w+){_SHUT}")
_ALONE = re.compile(f"{_OPEN}(\\w+){_SHUT}\\Z")
_UNSEEN = re.compile("[\x00-\x09\x0b-\x1f\x7f\u2028\u2029\ue000-\uf8ff\ufffe\uffff]")
_PARSER = Environment(autoescape=False)  # noqa: S701 - parses only; nothing is rendered, and paper is no HTML


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a letter: `heading` and `text` have one line or more, `list` has items."""

    kind: str  # heading, text, list
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Template:
    """A text that was proved."""

    body: nodes.Template
    names: frozenset[str]


def read(text: str, file: str, fields: Collection[str], needs: Sequence[str] = ()) -> Template:
    """A template, proved. Raises Faults with everything that is wrong, by line; `needs`: fields it must hold."""
    text = text.replace("\r\n", "\n").replace("\t", " ")
    if len(text) > LARGEST:
        raise Faults([Fault(file, 0, "", "letter_long", (("most", str(LARGEST)),))])
    if found := _UNSEEN.search(text):
        raise Faults([Fault(file, text.count("\n", 0, found.start()) + 1, "", "letter_character")])
    try:
        body = _PARSER.parse(text)
        faults, names = _proved(body, file, fields)
    except TemplateSyntaxError as e:
        raise Faults([Fault(file, e.lineno, "", "letter_syntax", (("said", e.message or ""),))]) from None
    except RecursionError:
        raise Faults([Fault(file, 0, "", "letter_deep")]) from None
    faults += [Fault(file, 0, "", "letter_needs", (("name", n),)) for n in needs if n not in names]
    if not text.strip():
        faults.append(Fault(file, 1, "", "letter_empty"))
    if faults:
        raise Faults(faults)
    return Template(body, frozenset(names))


def _proved(body: nodes.Template, file: str, fields: Collection[str]) -> tuple[list[Fault], set[str]]:
    faults: list[Fault] = []
    names: set[str] = set()

    def name(node: nodes.Node) -> None:
        if not isinstance(node, nodes.Name):
            faults.append(Fault(file, node.lineno, "", "letter_code"))
        elif node.name in fields:
            names.add(node.name)
        else:
            near = get_close_matches(node.name[:60], list(fields), 1)
            key = "letter_field_near" if near else "letter_field"
            said = (("found", node.name), ("near", near[0] if near else ""))
            faults.append(Fault(file, node.lineno, "", key, said))

    def walk(found: Sequence[nodes.Node]) -> None:
        for node in found:
            if isinstance(node, nodes.Output):
                for part in node.nodes:
                    if not isinstance(part, nodes.TemplateData):
                        name(part)
            elif isinstance(node, nodes.If):
                name(node.test.node if isinstance(node.test, nodes.Not) else node.test)
                for branch in (node.body, node.elif_, node.else_):
                    walk(branch)
            else:
                faults.append(Fault(file, node.lineno, "", "letter_code"))

    walk(body.body)
    return faults, names


def fill(template: Template, values: Mapping[str, Value]) -> list[Block]:
    """The letter's blocks. A block of which nothing is left is left out."""
    text = "".join(_laid(template.body.body, values))
    out = []
    for chunk in re.split(r"\n\s*\n", text):
        lines = [line.strip() for line in chunk.splitlines() if line.strip()]
        if lines:
            out.append(_block(lines, values))
    return [b for b in out if b.lines]


def _laid(found: Sequence[nodes.Node], values: Mapping[str, Value]) -> Iterator[str]:
    """The text with the places of its fields marked."""
    for node in found:
        if isinstance(node, nodes.If):
            yield from _laid(_branch(node, values), values)
        elif isinstance(node, nodes.Output):
            for part in node.nodes:
                if isinstance(part, nodes.TemplateData):
                    yield part.data
                elif isinstance(part, nodes.Name) and values.get(part.name):
                    yield f"{_OPEN}{part.name}{_SHUT}"


def _branch(node: nodes.If, values: Mapping[str, Value]) -> Sequence[nodes.Node]:
    for one in (node, *node.elif_):
        test = one.test
        wanted = not isinstance(test, nodes.Not)
        named = test.node if isinstance(test, nodes.Not) else test
        if isinstance(named, nodes.Name) and bool(values.get(named.name)) is wanted:
            return one.body
    return node.else_


def _block(lines: Sequence[str], values: Mapping[str, Value]) -> Block:
    if all(line.startswith("- ") for line in lines):
        return Block("list", tuple(i for line in lines for i in _items(line[2:].strip(), values)))
    if len(lines) == 1 and lines[0].startswith("# "):
        return Block("heading", tuple(_filled(lines[0][2:], values)))
    if len(lines) == 1 and (alone := _ALONE.match(lines[0])) and isinstance(values[alone[1]], tuple):
        return Block("list", tuple(_items(lines[0], values)))
    return Block("text", tuple(one for line in lines for one in _filled(line, values)))


def _items(line: str, values: Mapping[str, Value]) -> Sequence[str]:
    alone = _ALONE.match(line)
    value = values[alone[1]] if alone else ""
    return [clean(v) for v in value] if isinstance(value, tuple) else _filled(line, values)


def _filled(line: str, values: Mapping[str, Value]) -> list[str]:
    """The line with its fields; more than one where a value has lines of its own."""

    def value(found: re.Match[str]) -> str:
        given = values[found[1]]
        return clean(", ".join(given) if isinstance(given, tuple) else given)

    return [one.strip() for one in _PLACE.sub(value, line).splitlines() if one.strip()]


def clean(text: str) -> str:
    """A value without what no reader sees."""
    return _UNSEEN.sub(" ", text.replace("\r\n", "\n").replace("\t", " "))
