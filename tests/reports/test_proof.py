"""What stops a report: each fault with its file, its line and what to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.reports.making import FIGURES, MEASURE, Small, figure, nobody_doubts

from mirps.base.texts.api import say
from mirps.evidence.figures.api import Book, Entry, Status
from mirps.sharing.reports import building
from mirps.sharing.reports.building import Request, Unfit
from mirps.sharing.reports.directives import named
from mirps.sharing.reports.proof import parity_faults
from mirps.sharing.reports.reading import ReportFault, inline_text, parse
from mirps.sharing.reports.tree import Bind, Directive, Section

Made = Callable[..., Small]


def test_a_report_whose_numbers_are_bound_has_no_fault(small: Made) -> None:
    assert small("# T\n\nHome to [[f-1]] people.\n", "# T\n\nHogar de [[f-1]] personas.\n").faults() == []


def test_a_literal_number_is_told_with_its_file_and_line(small: Made) -> None:
    text = "# T\n\nHome to [[f-1]] people.\n\nThe next line\nhas 336 of them.\n"
    (en,) = [f for f in small(text, text.replace("336", "[[f-2]]")).faults() if f.rule == "literal"]
    assert (en.file, en.line, en.values["number"]) == ("small/en/body.md", 6, "336")
    assert "[[figure-id]]" in say(en.key, "en", **en.values)


def test_the_line_counts_the_front_matter(small: Made) -> None:
    report = small("# T\n\nText.\n", "# T\n\nTexto con 12 cosas.\n")
    (fault,) = [f for f in report.faults() if f.rule == "literal"]
    assert (report.folder / "es" / "body.md").read_text().splitlines()[
        fault.line - 1
    ] == "Texto con 12 cosas."


def test_a_number_in_a_heading_a_list_or_a_chart_title_is_literal_too(small: Made) -> None:
    text = "# T\n\n## The 3 pillars\n\n- four teams\n\n```chart\ntitle: In 9 months\nfigures: {f-1: All 7}\n```\n"
    assert [f.values["number"] for f in small(text).faults() if f.file.endswith("en/body.md")] == [
        "3",
        "four",
        "9",
        "7",
    ]


def test_a_marked_name_is_no_literal(small: Made) -> None:
    assert small("# T\n\nCall [name: 126 Te Orienta] now.\n").faults() == []


def _with(small: Small, **entry: object) -> Small:
    entries = dict(small.book.entries)
    entries["f-1"] = replace(entries["f-1"], **entry)  # type: ignore[arg-type]
    small.book = Book(entries, small.book.measures)
    return small


TEXT = "# T\n\nHome to [[f-1]] people.\n"


@pytest.mark.parametrize(
    ("entry", "key", "says"),
    [
        ({"status": Status.APPROVED}, "unpublished", "approved"),
        ({"embargoed": True}, "embargoed", "CRI"),
        ({"superseded_by": "f-9"}, "superseded", "f-9"),
    ],
)
def test_a_figure_that_may_not_be_published_stops_it(
    small: Made, entry: dict[str, object], key: str, says: str
) -> None:
    es, en = _with(small(TEXT), **entry).faults()
    assert es.key == en.key == f"reports.fault.{key}"
    assert says in say(es.key, "es", **es.values)
    assert [(f.file, f.line) for f in (es, en)] == [("small/es/body.md", 6), ("small/en/body.md", 3)]


def test_an_unfit_figure_is_told_once_for_each_line_of_both_languages(small: Made) -> None:
    text = "# T\n\n[[f-1]] and [[f-1]],\nthen [[f-1]].\n\n- [[f-2]]\n\nAgain [[f-1]].\n"
    found = _with(small(text), status=Status.DRAFT).faults()
    assert [(f.file, f.line) for f in found] == [
        *(("small/es/body.md", line + 3) for line in (3, 4, 8)),
        *(("small/en/body.md", line) for line in (3, 4, 8)),
    ]


def test_an_unknown_figure_is_told_in_each_language(small: Made) -> None:
    assert small("# T\n\n[[nobody]] came.\n").keys() == ["unknown", "unknown"]


def test_a_figure_under_an_unanswered_contradiction_stops_it(small: Made) -> None:
    report = small(TEXT)
    report.doubts = lambda ids: {i: ["parts-1"] for i in ids if i == "f-1"}
    fault, _ = report.faults()
    assert "parts-1" in say(fault.key, "en", **fault.values)


def test_both_languages_carry_the_same_figures(small: Made) -> None:
    (fault,) = small("# T\n\n[[f-1]] and [[f-2]].\n", "# T\n\n[[f-1]] y [[f-3]].\n").faults()
    assert (fault.rule, fault.values["es"], fault.values["en"]) == ("parity", "f-3", "f-2")


def test_the_order_in_a_sentence_may_differ(small: Made) -> None:
    assert small("# T\n\n[[f-1]] and [[f-2]].\n", "# T\n\n[[f-2]] y [[f-1]].\n").faults() == []


def test_a_block_that_one_language_lacks_is_told(small: Made) -> None:
    assert small("# T\n\nA.\n\nB.\n", "# T\n\nA.\n").keys() == ["block_alone"]
    assert small("# T\n\nA.\n", "# T\n\n- A.\n").keys() == ["block_kind"]


def test_a_translation_whose_original_changed_is_stale(small: Made) -> None:
    report = small(TEXT)
    original = report.folder / "en" / "body.md"
    original.write_text(original.read_text().replace("Home to", "A home to"))
    assert report.keys() == ["stale"]
    assert small(TEXT, read=False).keys() == ["unconfirmed"]


def test_a_reflowed_original_is_the_same_text(small: Made) -> None:
    report = small(TEXT)
    (report.folder / "en" / "body.md").write_text("# T\n\nHome to\n[[f-1]] people.\n")
    assert report.faults() == []


def test_all_faults_are_told_at_once_and_nothing_is_made(small: Made) -> None:
    report = small("# T\n\n12 and [[nobody]].\n", "# T\n\n12 y [[f-1]].\n", read=False)
    with pytest.raises(Unfit) as stopped:
        building.make(report.plan(), Request("en"), report.book, nobody_doubts)
    assert {f.rule for f in stopped.value.faults} == {"literal", "figure", "parity", "stale"}


def test_a_draft_is_built_in_spite_of_unfit_figures_and_says_so(small: Made) -> None:
    report = _with(small(TEXT, read=False), status=Status.DRAFT)
    made = building.make(report.plan(), Request("en", draft=True), report.book, nobody_doubts)
    assert {f.rule for f in made.excused} == {"figure", "stale"}
    assert made.document.draft == "DRAFT"


def test_a_draft_does_not_excuse_a_literal_number(small: Made) -> None:
    report = small("# T\n\n12 people.\n")
    with pytest.raises(Unfit):
        building.make(report.plan(), Request("en", draft=True), report.book, nobody_doubts)


@pytest.mark.parametrize(
    "body",
    ["# T\n\n```chart\nfigures: [\n```\n", "# T\n\n> quote\n", "no title\n", "# T\n\n```python\n```\n"],
)
def test_a_file_that_cannot_be_read_is_named(small: Made, body: str) -> None:
    report = small(body)
    assert all("small/" in f.file for f in report.faults())
    assert report.faults()


def test_a_report_that_is_not_there_is_named() -> None:
    with pytest.raises(ReportFault) as fault:
        building.plan_of("../codelists")
    assert "annual-2024" in say(fault.value.key, "es", **fault.value.values)


ids = st.sampled_from([f.id for f in FIGURES])


@settings(max_examples=50)
@given(st.lists(ids, min_size=1, max_size=5), st.randoms())
def test_any_sentence_has_parity_with_its_figures_in_another_order(chosen: list[str], chance: object) -> None:
    book = Book.of(FIGURES, {MEASURE.code: MEASURE})
    other = list(chosen)
    chance.shuffle(other)  # type: ignore[attr-defined]
    sides = [
        Section("s", "T", tuple(parse(" and ".join(f"[[{i}]]" for i in order), "f")), "f")
        for order in (chosen, other)
    ]
    assert list(parity_faults(sides[0], sides[1], book)) == []
    fewer = Section("s", "T", tuple(parse(" and ".join(f"[[{i}]]" for i in chosen[1:]) or "none", "f")), "f")
    assert list(parity_faults(sides[0], fewer, book))


def test_a_directive_names_the_figures_of_its_cells() -> None:
    book = Book.of([figure("f-1", 1)], {})
    table = Directive("table", {"head": ["a", "b"], "rows": [["x", "[[f-1]]"], ["y", "[[f-2|bare]]"]]})
    assert named(table, book) == ["f-1", "f-2"]
    assert inline_text("**[[f-1]]**", 4) == (Bind("f-1", "", strong=True, line=4),)


def test_entries_are_kept_as_they_are() -> None:
    assert Entry(FIGURES[0], Status.PUBLISHED).public
