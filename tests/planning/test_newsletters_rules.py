"""A newsletter is proposed from what happened, and no number stands in it without a figure."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from mirps.base.texts.api import say
from mirps.base.texts.prose import Bullets, Text, parse
from mirps.planning.library.rules import Item, bound, faults, named, next_since, proposed

AT = datetime(2026, 2, 1, 9, tzinfo=UTC)


def item(sort: str = "document", es: str = "Guía", en: str = "Guide", *, hour: int = 9, **more: Any) -> Item:
    link = {"es": "/es/x/", "en": "/en/x/"}
    return Item(sort, {"es": es, "en": en}, AT.replace(hour=hour), link, **more)


def letter(es: str, en: str, **more: Any) -> dict[str, Any]:
    return {
        "title": {"es": "Boletín", "en": "Newsletter"}, "text": {"es": es, "en": en}, "since": "2026-01-01",
        "until": "2026-02-01", **more,
    }  # fmt: skip


def keys(data: dict[str, Any]) -> list[tuple[str, str]]:
    return [(f.cell, f.key.rpartition(".")[2]) for f in faults(data)]


def test_what_happened_is_told_in_both_languages_kind_by_kind_in_their_order() -> None:
    text = proposed(
        [item("document"), item("instrument", "Carta", "Charter")], ["instrument", "document"], say
    )
    assert text["en"].index("[Charter](/en/x/)") < text["en"].index("[Guide](/en/x/)")
    assert "[Carta](/es/x/)" in text["es"]
    assert "## Instrumentos" in text["es"]


def test_the_news_of_a_round_is_taken_over_whole_with_its_figures() -> None:
    news = item("entry", "Ronda", "Round", text={"es": "Van [[a-1]].", "en": "There are [[a-1]]."})
    text = proposed([news], [], say)
    assert bound(text["es"]) == bound(text["en"]) == ["a-1"]


def test_new_and_changed_are_told_apart() -> None:
    text = proposed([item(fresh=True), item(en="Old guide", fresh=False)], ["document"], say)["en"]
    assert text.index("New:") < text.index("[Guide]") < text.index("Changed:") < text.index("[Old guide]")


def test_of_many_the_latest_are_named_and_that_there_are_others_is_said() -> None:
    many = [item(en=f"Guide {'abcdefghijkl'[n]}", hour=n) for n in range(12)]
    text = proposed(many, ["document"], say)["en"]
    assert "[Guide l]" in text
    assert "[Guide a]" not in text
    assert "and others" in text


def test_a_correction_names_the_figure_that_now_stands() -> None:
    text = proposed([item("erratum", "Honduras, casos", "Honduras, cases", figure="h-2")], [], say)
    assert "[[h-2]]" in text["es"]


def test_nothing_happened_proposes_nothing() -> None:
    assert proposed([], ["document"], say) == {"es": "", "en": ""}


def test_what_is_proposed_has_no_fault_of_its_own() -> None:
    items = [
        item("document", "Plan de Acción de Chile 2024-2034", "Chile Plan of Action 2024-2034"),
        item("document", "Lista [a] *b*", "List [a] *b*"), item("erratum", figure="h-2"),
        item("entry", "Ronda 2024", "Round 2024", text={"es": "Van [[a-1]].", "en": "There are [[a-1]]."}),
    ]  # fmt: skip
    text = proposed(items, ["document"], say)
    assert faults(letter(text["es"], text["en"])) == []


def test_a_number_without_a_figure_is_refused_in_either_language_and_in_the_title() -> None:
    assert keys(letter("Van 320 personas.", "All is well.")) == [("text.es", "literal")]
    assert keys(letter("Bien.", "There are twelve offices.")) == [("text.en", "literal")]
    wrong = letter("Bien.", "Well.", title={"es": "Los 320", "en": "The many"})
    assert keys(wrong) == [("title.es", "literal")]


def test_dates_years_and_marked_names_are_no_figures() -> None:
    assert (
        keys(
            letter(
                "El 5 de diciembre de 2024, [name: 126 Te Orienta].",
                "On 5 December 2024, [name: 126 Te Orienta].",
            )
        )
        == []
    )


def test_an_address_with_digits_is_no_figure() -> None:
    assert (
        keys(
            letter(
                "[Punto](/es/planning/record/paragraph/belize-city.8/)",
                "[Point](/en/planning/record/paragraph/belize-city.8/)",
            )
        )
        == []
    )


def test_the_title_of_a_page_of_ours_may_hold_digits_and_words_that_lead_elsewhere_may_not() -> None:
    ours = "[Plan de 320 puntos](/es/planning/instrument/x/)"
    assert keys(letter(ours, ours)) == []
    others = "[320 personas](https://example.org/)"
    assert keys(letter(others, "Well.")) == [("text.es", "literal")]


def test_every_title_is_proposed_as_a_link_that_is_read_as_one() -> None:
    for title in ("Plan 2024-2034", "Lista [a] *b* _c_", "A <b>", "`x`"):
        text = proposed([item("document", title, title)], ["document"], say)["en"]
        (line,) = (line for b in parse(text) if isinstance(b, Bullets) for line in b.items)
        assert "".join(p.words for p in line if isinstance(p, Text)) == title
        assert {p.href for p in line if isinstance(p, Text)} == {"/en/x/"}


def test_languages_that_carry_different_figures_are_refused() -> None:
    assert keys(letter("Van [[a-1]].", "There are [[a-2]].")) == [("text.en", "languages")]


@pytest.mark.parametrize("text", ["> quoted", "```chart\nkind: bars\n```", "<script>x</script>", "    code"])
def test_what_is_neither_heading_paragraph_nor_list_is_refused(text: str) -> None:
    assert ("text.es", "form") in keys(letter(text, "Well."))


def test_days_the_wrong_way_round_are_refused() -> None:
    assert ("until", "days") in keys(letter("Bien.", "Well.", since="2026-03-01"))


def test_a_title_with_digits_is_marked_as_a_name_and_one_with_marks_stays_plain() -> None:
    assert named("Foro de 2023") == "[name: Foro de 2023]"
    assert named("A [b] *c*") == r"A \[b\] \*c\*"


def test_the_next_newsletter_begins_where_the_last_one_ended() -> None:
    assert next_since(["2026-01-31", "2026-02-28", ""], date(2026, 1, 1)) == date(2026, 2, 28)
    assert next_since([], date(2026, 1, 1)) == date(2026, 1, 1)
