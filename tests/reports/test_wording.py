"""How a figure is said: the source's own qualifier, days that read one way, labels that differ."""

from __future__ import annotations

import csv
from datetime import date

import pytest
from tests.reports.making import MEASURE, figure

from mirps.base.codelists.api import data_folder
from mirps.evidence.figures.api import Book, Qualifier
from mirps.sharing.reports import wording
from mirps.sharing.reports.directives import select


@pytest.mark.parametrize(
    ("qualifier", "unit", "fragment", "es", "en"),
    [
        (Qualifier.AT_MOST, "percent", "less than 30% of properties", "menos de 30\u00a0%", "less than 30%"),
        (Qualifier.AT_MOST, "person", "fewer than 30 people", "menos de 30", "fewer than 30"),
        (Qualifier.AT_MOST, "year", "up to 30 years", "hasta 30", "up to 30"),
        (Qualifier.AT_LEAST, "person", "over 30 people", "más de 30", "more than 30"),
        (Qualifier.AT_LEAST, "person", "several people", "al menos 30", "at least 30"),
    ],
)
def test_the_qualifier_is_said_as_the_source_says_it(
    qualifier: Qualifier, unit: str, fragment: str, es: str, en: str
) -> None:
    said = figure("f", 30, unit, qualifier=qualifier, fragment=fragment)
    assert wording.value(said, "es", "es_419") == es
    assert wording.value(said, "en", "en_001") == en


def test_a_day_reads_the_same_way_in_every_country() -> None:
    for locale in ("es_PA", "es_GT", "es_HN", "en_US"):
        assert "/" not in wording.short_day(date(2024, 9, 10), locale)


def test_a_label_leaves_out_people_that_the_measures_name_says() -> None:
    stated = figure("f", 3, population="REF", universe="Casa Joven")
    assert wording.label(stated, MEASURE, "es") == "Población (Casa Joven)"


def test_every_universe_of_the_round_has_its_spanish(round_2024: Book) -> None:
    with (data_folder() / "codelists" / "universes.csv").open(encoding="utf-8") as file:
        known = {row["universe_en"]: row["universe_es"] for row in csv.DictReader(file)}
    stated = {e.figure.universe for e in round_2024.entries.values()} - {""}
    assert sorted(stated - {en for en, es in known.items() if es.strip()}) == []


@pytest.mark.parametrize("lang", ["es", "en"])
@pytest.mark.parametrize("state", ["BLZ", "CRI", "SLV", "GTM", "HND", "MEX", "PAN"])
def test_no_two_rows_of_a_brief_read_alike(state: str, lang: str, round_2024: Book) -> None:
    rows = select({"state": state, "document": "AR24", "once": True, "limit": 18}, round_2024)
    labels = [wording.label(f, round_2024.measures.get(f.measure), lang) for f in rows]
    assert len(set(labels)) == len(labels)
