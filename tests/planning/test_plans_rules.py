"""A plan is a tree that can be ordered, moved, copied and written as an outline, and nothing gets lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mirps.planning.plans.copying import Given, copied, shifted
from mirps.planning.plans.outline import parsed
from mirps.planning.plans.rules import CannotMove, Node, Tree, Way, lacking, moved, next_code, placed

ROOT = "plan/p"


def _node(key: str, parent: str = ROOT, place: int = 0, level: str = "action", **kw: object) -> Node:
    return Node(key, parent, level, {"es": key, "en": key}, place, **kw)  # type: ignore[arg-type]


@pytest.fixture
def tree() -> Tree:
    return Tree.of(
        ROOT,
        [
            _node("o2", place=20, level="objective"),
            _node("o1", place=10, level="objective"),
            _node("a2", "o1", 2),
            _node("a1", "o1", 1),
            _node("t1", "a1", 1, "activity"),
        ],
    )


def test_a_plan_is_read_by_place_and_numbered_as_it_is_read(tree: Tree) -> None:
    assert [(b.number, b.node.key, b.depth) for b in tree.walk()] == [
        ("1", "o1", 0), ("1.1", "a1", 1), ("1.1.1", "t1", 2), ("1.2", "a2", 1), ("2", "o2", 0),
    ]  # fmt: skip


def test_numbers_of_the_document_are_kept_and_none_are_made_up_beside_them() -> None:
    tree = Tree.of(ROOT, [_node("a", number="2.1"), _node("b", place=1)])
    assert [b.number for b in tree.walk()] == ["2.1", ""]


def test_what_stands_under_something_withdrawn_is_named_not_lost_silently() -> None:
    tree = Tree.of(ROOT, [_node("a"), _node("b", "gone"), _node("c", "b")])
    assert [b.node.key for b in tree.walk()] == ["a"]
    assert set(tree.lost) == {"b", "c"}


def test_one_step_each_way(tree: Tree) -> None:
    assert moved(tree, "a2", Way.UP).order == ("a2", "a1")
    assert moved(tree, "o1", Way.DOWN).order == ("o2", "o1")
    assert (moved(tree, "a2", Way.IN).parent, moved(tree, "a2", Way.IN).order) == ("a1", ("t1", "a2"))
    assert (moved(tree, "a1", Way.OUT).parent, moved(tree, "a1", Way.OUT).order) == (ROOT, ("o1", "a1", "o2"))


@pytest.mark.parametrize(
    ("key", "way", "why"),
    [
        ("a1", Way.UP, "plans.move.first"),
        ("a2", Way.DOWN, "plans.move.last"),
        ("o1", Way.IN, "plans.move.nothing-before"),
        ("o1", Way.OUT, "plans.move.top"),
    ],
)
def test_a_step_that_leads_nowhere_says_why(tree: Tree, key: str, way: Way, why: str) -> None:
    with pytest.raises(CannotMove) as e:
        moved(tree, key, way)
    assert e.value.key == why


def test_nothing_is_put_under_itself(tree: Tree) -> None:
    for parent in ("o1", "a1", "t1"):
        with pytest.raises(CannotMove, match=r"plans\.move\.itself"):
            placed(tree, "o1", parent)


@given(st.lists(st.tuples(st.integers(0, 30), st.sampled_from(list(Way))), max_size=40))
def test_however_often_parts_are_moved_none_is_lost_or_doubled(steps: list[tuple[int, Way]]) -> None:
    nodes = {f"n{i}": _node(f"n{i}", ROOT if i < 4 else f"n{i % 4}", i) for i in range(12)}
    for pick, way in steps:
        tree = Tree.of(ROOT, nodes.values())
        key = f"n{pick % 12}"
        try:
            move = moved(tree, key, way)
        except CannotMove:
            continue
        from dataclasses import replace

        nodes[key] = replace(nodes[key], parent=move.parent)
        for place, k in enumerate(move.order):
            nodes[k] = replace(nodes[k], place=place)
    last = Tree.of(ROOT, nodes.values())
    assert sorted(b.node.key for b in last.walk()) == sorted(nodes)
    assert not last.lost


def test_a_code_that_is_taken_is_not_given_again() -> None:
    assert next_code("p", ["p.a1", "p.a2"], "action") == "p.a3"
    assert next_code("p", ["p.a2"], "action") not in {"p.a2"}
    assert next_code("p", [], "activity") == "p.t1"


def test_who_answers_for_a_thing_answers_for_what_stands_under_it() -> None:
    tree = Tree.of(ROOT, [_node("o", level="objective", institutions=("CRI.DGME",)), _node("a", "o")])
    found = lacking(tree, tree.nodes["a"], plan_owners=(), paid={"o"})
    assert (found.owner, found.money) == (False, False)
    assert lacking(tree, tree.nodes["o"], plan_owners=()).names == ("indicator",)
    assert lacking(Tree.of(ROOT, [_node("a")]), _node("a"), plan_owners=()).names == ("owner", "money")


@pytest.mark.parametrize(
    ("when", "years", "then"),
    [
        ("2024", 1, "2025"),
        ("2024-12", 2, "2026-12"),
        ("2024-02-29", 1, "2025-02-28"),
        ("2023-02-28", 1, "2024-02-28"),
    ],
)
def test_dates_move_by_whole_years(when: str, years: int, then: str) -> None:
    assert shifted(when, years) == then


def test_a_copy_has_its_own_codes_and_says_what_it_left() -> None:
    nodes = [
        Given("old.a1", "", 1, {"title": {"es": "A"}, "due": "2024-06", "source": [{"document": "AR24"}]}),
        Given(
            "other",
            "old.a1",
            2,
            {
                "title": {"es": "B"},
                "baseline": "3",
                "target": "9",
                "series": "x CRI",
                "carries-out": ["node/w"],
            },
        ),
    ]
    made = copied(
        "old", {"title": {"es": "P"}, "starts": "2024", "version": "2"}, nodes, "new", 1, progress=5
    )
    assert [(n.code, n.parent) for n in made.nodes] == [("new.a1", ""), ("new.other", "new.a1")]
    assert made.nodes[0].data == {"title": {"es": "A"}, "due": "2025-06", "previous": "node/old.a1"}
    assert made.nodes[1].data["target"] == "9"
    assert "baseline" not in made.nodes[1].data
    assert made.plan == {"title": {"es": "P"}, "starts": "2025", "stage": "draft", "previous": "plan/old"}
    assert made.left == {"progress": 5, "source": 1, "baseline": 1, "version": 1, "carries-out": 1}


OUTLINE = """\
Mejores datos | Better data
  [acción] Encuesta | Survey | 2025-06 | HND.INE
    Prueba piloto
  Mapas | Maps
Otro objetivo | Another
"""


def test_an_outline_becomes_parts_under_each_other() -> None:
    found = parsed(OUTLINE, "", institutions={"HND.INE"}, words={"acción": "action"})
    assert not found.wrong
    assert [(x.line, x.above, x.level, x.es, x.en) for x in found.lines] == [
        (1, 0, "objective", "Mejores datos", "Better data"),
        (2, 1, "action", "Encuesta", "Survey"),
        (3, 2, "activity", "Prueba piloto", ""),
        (4, 1, "action", "Mapas", "Maps"),
        (5, 0, "objective", "Otro objetivo", "Another"),
    ]
    assert found.lines[1].due == "2025-06"
    assert found.lines[1].institutions == ("HND.INE",)


@pytest.mark.parametrize(
    ("text", "key", "line"),
    [
        ("a\n[meta] b", "plans.outline.level", 2),
        ("a | b | 2025-13", "plans.outline.due", 1),
        ("a\n\nb | c | 2025 | NOBODY", "plans.outline.institution", 3),
        ("| | 2025", "plans.outline.untitled", 1),
        ("a|b|2025||x", "plans.outline.parts", 1),
        ("\n".join(" " * i + "x" for i in range(12)), "plans.outline.deep", 10),
    ],
)
def test_a_wrong_line_is_named(text: str, key: str, line: int) -> None:
    wrong = parsed(text, "", institutions=()).wrong
    assert (wrong[0].key, wrong[0].line) == (key, line)


@given(st.text(alphabet="ab |[]-\t\n;2025", max_size=200))
def test_any_text_is_read_or_refused_and_every_line_hangs_on_an_earlier_one(text: str) -> None:
    found = parsed(text, "objective", institutions=())
    assert all(x.above < x.line for x in found.lines)
