"""A YAML file as a tree whose every node knows its line. Pure.

PyYAML's events come from a parser without recursion, and the tree is made from them with a stack of our own,
so that a hostile file costs no more than its size. What files of rules do not need is refused, because it
hides what a reader sees: anchors and aliases (they multiply), tags (they make objects), several documents,
keys that stand twice. Scalars stay text: `no` is the word no until somebody asks for a yes or a no.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

from mirps.base.marked.faults import Fault, Faults

LARGEST = 512 * 1024  # bytes: ten times the longest procedure that we know
DEEPEST = 16
MOST_NODES = 40_000
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(slots=True)
class Node:
    """A mapping (`keys`), a list (`items`) or a scalar (`text`), with its line and its path in the file."""

    line: int
    path: str
    keys: dict[str, Node] | None = None
    items: list[Node] | None = None
    text: str | None = None
    #: Keys with their own lines, for faults about the key itself.
    key_lines: dict[str, int] = field(default_factory=dict)


def tree(raw: bytes, file: str) -> Node:
    """The file's tree. Raises Faults for what is no such YAML; at most one fault, where reading ended."""
    if len(raw) > LARGEST:
        raise Faults([Fault(file, 0, "", "large", (("most", f"{LARGEST // 1024} KB"),))])
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as e:
        line = raw.count(b"\n", 0, e.start) + 1
        raise Faults([Fault(file, line, "", "encoding")]) from None
    try:
        return _grown(yaml.parse(text, Loader=_LOADER), file)
    except yaml.MarkedYAMLError as e:
        mark = e.problem_mark or e.context_mark
        said = (("said", str(e.problem or e.context or "")),)
        raise Faults([Fault(file, mark.line + 1 if mark else 0, "", "yaml", said)]) from None
    except yaml.reader.ReaderError as e:
        line = text.count("\n", 0, e.position) + 1
        raise Faults([Fault(file, line, "", "character")]) from None


class _Growing:
    """The open nodes from the root down, and the key that waits for its value."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.open: list[Node] = []
        self.key: list[tuple[str, int] | None] = []
        self.root: Node | None = None
        self.nodes = 0

    def refuse(self, key: str, event: yaml.Event, **values: object) -> Faults:
        path = self.open[-1].path if self.open else ""
        return Faults(
            [Fault(self.file, _line(event), path, key, tuple((k, str(v)) for k, v in values.items()))]
        )

    def place(self, node: Node, event: yaml.Event) -> None:
        """Hang a node on its parent."""
        self.nodes += 1
        if self.nodes > MOST_NODES:
            raise self.refuse("nodes", event, most=MOST_NODES)
        if not self.open:
            if self.root is not None:
                raise self.refuse("documents", event)
            self.root = node
            return
        parent = self.open[-1]
        if parent.items is not None:
            node.path = f"{parent.path}[{len(parent.items) + 1}]"
            parent.items.append(node)
        elif parent.keys is not None:
            held = self.key[-1]
            assert held is not None  # a key without a name was refused before
            node.path = f"{parent.path}.{held[0]}" if parent.path else held[0]
            parent.keys[held[0]] = node
            parent.key_lines[held[0]] = held[1]
            self.key[-1] = None

    def awaits_key(self) -> bool:
        return bool(self.open) and self.open[-1].keys is not None and self.key[-1] is None

    def begin(self, node: Node, event: yaml.Event) -> None:
        if self.awaits_key():
            raise self.refuse("key", event)
        if len(self.open) >= DEEPEST:
            raise self.refuse("deep", event, most=DEEPEST)
        self.place(node, event)
        self.open.append(node)
        self.key.append(None)

    def scalar(self, event: yaml.ScalarEvent) -> None:
        line = _line(event)
        if not self.awaits_key():
            self.place(Node(line, "", text=event.value), event)
            return
        parent = self.open[-1].keys
        assert parent is not None
        if event.value in parent:
            raise self.refuse("twice", event, found=event.value)
        self.key[-1] = (event.value, line)


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 0


def _grown(events: Iterator[yaml.Event], file: str) -> Node:
    g = _Growing(file)
    for event in events:
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise g.refuse("alias", event)
        if tag := getattr(event, "tag", None):
            raise g.refuse("tag", event, found=tag)
        if isinstance(event, yaml.ScalarEvent):
            g.scalar(event)
        elif isinstance(event, yaml.MappingStartEvent):
            g.begin(Node(_line(event), "", keys={}), event)
        elif isinstance(event, yaml.SequenceStartEvent):
            g.begin(Node(_line(event), "", items=[]), event)
        elif isinstance(event, yaml.CollectionEndEvent):
            g.open.pop()
            g.key.pop()
    if g.root is None:
        raise Faults([Fault(file, 1, "", "empty")])
    return g.root
