"""Where an unbound number stands in what was typed, and what of a text a report cannot print."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mirps.base.texts.literals import BOUND, literals
from mirps.base.texts.prose import Bind, Bullets, Heading, Paragraph, Text, parse
from mirps.evidence.narratives.api import MOST, signs
from mirps.evidence.narratives.changes import changes
from mirps.evidence.narratives.reading import apart, bound, clean, rows, stray_brackets, unbound, unfit, words

TYPED = [
    ("es", "Llegaron 226,029 personas.", [("226,029", 1, 10)]),
    ("en", "In 2024, [[r2025-hnd-inm-001]] people came; 12 left.", [("12", 1, 45)]),
    ("es", "## Avances\n\n- **35%** más\n- dos millones", [("35%", 3, 5), ("dos", 4, 3), ("millones", 4, 7)]),
    ("en", "Rows\n12 here\nand [12](https://x.example/2024/15) there", [("12", 2, 1), ("12", 3, 6)]),
    ("es", "Con \\*227\\* y &lt;228", [("227", 1, 7), ("228", 1, 19)]),
    ("en", "[name: 126 Te Orienta] is a name; Decree 44501 of 14 June 2024 too.", []),
    ("es", "1. primero\n2. segundo con 14", [("14", 2, 16)]),
]  # fmt: skip


@pytest.mark.parametrize(("lang", "text", "expected"), TYPED)
def test_a_number_is_told_where_it_was_typed(
    lang: str, text: str, expected: list[tuple[str, int, int]]
) -> None:
    assert [(s.words, s.line, s.column) for s in unbound(text, lang)] == expected
    assert all(text[s.start : s.end] == s.words for s in unbound(text, lang))


PIECES = st.lists(
    st.sampled_from(
        ["12", " ", "226,029", "\n", "\n\n", "- ", "## ", "**", "*", "[[a-1]]", "[[", "]]", "[name: 5]", "`", "\\",
         "&amp;", "dos", "two", "half", "<b>", "2024", " de ", "mayo", "3.", "%", "é", "[x](http://e.org/9)", "> ", "☂"]
    ),
    max_size=25,
).map("".join)  # fmt: skip


@given(PIECES, st.sampled_from(["es", "en"]))
@example("2**26**", "en")
@example("a\\*b 3 &lt; 4", "es")
def test_what_is_underlined_is_what_the_report_refuses(text: str, lang: str) -> None:
    def said(line: tuple[object, ...]) -> str:
        return "".join(
            BOUND if isinstance(p, Bind) else "" if isinstance(p, Text) and p.name else p.words  # type: ignore[attr-defined]
            for p in line
        )

    blocks = list(parse(text))
    if all(isinstance(b, Heading | Paragraph | Bullets) for b in blocks):
        lines = [x for b in blocks for x in (b.items if isinstance(b, Bullets) else [b.line])]
        refused = [word for line in lines for word in literals(said(line), lang)]
        assert [s.words for s in unbound(text, lang)] == refused
        assert [r.text for r in rows(text)] == [said(line) for line in lines]
    for s in unbound(text, lang):
        assert 0 <= s.start < s.end <= len(text)
        assert text.split("\n")[s.line - 1][s.column - 1 :] != ""


@given(st.text(max_size=300))
def test_any_text_can_be_kept_and_read(text: str) -> None:
    kept = clean(text)
    assert clean(kept) == kept
    assert "\x00" not in kept
    assert "\u202e" not in kept
    kept.encode()
    for lang in ("es", "en"):
        unbound(kept, lang)
    words(kept)
    unfit(kept)
    stray_brackets(kept)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("<script>alert(1)</script>", [("block", 1)]),
        ("> quoted", [("block", 1)]),
        ("```chart\nkind: bars\n```", [("block", 1)]),
        ("    code", [("block", 1)]),
        ("# Mine", [("title", 1)]),
        ("Words\n\n## HND", [("state", 3)]),
        ("[[a-1|odd]] here", [("form", 1)]),
        ("## Fine\n\n- one\n- two", []),
    ],
)
def test_what_a_report_cannot_print_is_named_with_its_line(text: str, what: list[tuple[str, int]]) -> None:
    assert [(u.what, u.line) for u in unfit(text)] == what


def test_brackets_that_name_no_figure_are_told() -> None:
    assert [(s.words, s.column) for s in stray_brackets("[[ok-1]] [[open and ]] [[]]")] == [
        ("[[", 10), ("]]", 21), ("[[", 24), ("]]", 26),
    ]  # fmt: skip


def test_a_figure_is_one_word_and_marks_are_none() -> None:
    assert words("## Uno dos\n\n- [[a-1]] **tres** – cuatro.") == 5
    assert [b.figure for b in bound("- [[a-1]] y [[b-2|bare]]")] == ["a-1", "b-2"]


def test_languages_part_where_a_block_or_a_figure_does() -> None:
    assert apart("Uno [[a-1]].\n\nDos.", "One [[a-1]].\n\nTwo.") is None
    found = apart("Uno [[a-1]].\n\nDos [[b-1]].", "One [[a-1]].\n\nTwo [[c-1]].")
    assert found is not None
    assert (found.block, found.es, found.en, found.figures) == (2, "b-1", "c-1", True)
    kinds = apart("Uno.\n\n- a\n- b", "One.\n\nTwo.")
    assert kinds is not None
    assert (kinds.block, kinds.es, kinds.en) == (2, "list-2", "paragraph")


@given(PIECES, PIECES)
def test_a_difference_holds_both_versions_whole(then: str, now: str) -> None:
    found = changes(then, now)
    assert "".join(p.text for p in found if p.kind != "gone") == now
    assert "".join(p.text for p in found if p.kind != "new") == then


def test_a_difference_shows_the_words_that_changed() -> None:
    found = changes("Llegaron muchas personas.\n\nDos.", "Llegaron pocas personas.\n\nDos.")
    assert [(p.kind, p.text) for p in found] == [
        ("same", "Llegaron "), ("gone", "muchas"), ("new", "pocas"), ("same", " personas.\n\nDos."),
    ]  # fmt: skip


HEAVY = [
    "1-",
    "1, ",
    "a@",
    "A" + "a" * 200,
    "Aa ",
    "1" * 50,
    "[[",
    "*a **b ",
    "- 1\n",
    "+1 ",
    "pasaporte ",
    "31 y 30 ",
    "> ",
]


@pytest.mark.parametrize("piece", HEAVY)
def test_no_text_that_may_be_kept_holds_a_server_up(piece: str) -> None:
    text = (piece * (MOST // len(piece)))[:MOST]
    began = time.process_time()
    for lang in ("es", "en"):
        unbound(text, lang)
    words(text)
    signs(text)
    assert time.process_time() - began < 8, "a few seconds at the very worst, and never minutes"
