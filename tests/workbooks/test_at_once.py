"""Workbooks that arrive at the same moment: the same file is taken once, two files meet as a conflict."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from mirps.evidence.entries.api import Statement, Upload
from mirps.evidence.rounds.api import Round
from mirps.evidence.workbooks.api import Taken

from .conftest import fill, made, standing, take_in

TOTAL, WOMEN = "hnd-inm-001", "hnd-inm-001/sex=F"

# On PostgreSQL: an SQLite database in memory is one connection's alone.
pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def at_once(files: list[tuple[bytes, str]]) -> list[Taken]:
    """Each file taken in by a person of its own, in threads with connections of their own."""

    def one(given: tuple[bytes, str]) -> Taken:
        try:
            return take_in(given[0], by=given[1])
        finally:
            connection.close()

    with ThreadPoolExecutor(len(files)) as pool:
        return list(pool.map(one, files))


def test_the_same_file_from_four_people_is_taken_once(round_2025: Round) -> None:
    content = fill(made(), {TOTAL: 1200, WOMEN: 700})
    done = at_once([(content, f"clerk-{n}") for n in range(4)])
    assert sorted(t.again for t in done) == [False, True, True, True]
    assert Upload.objects.count() == 1
    assert Statement.objects.count() == 2
    assert standing() == {(TOTAL, ""): 1200, (TOTAL, "sex=F"): 700}


def test_of_files_that_differ_one_is_written_and_the_others_are_kept_beside_it(round_2025: Round) -> None:
    base = made()
    done = at_once([(fill(base, {TOTAL: 1000 + n}), f"clerk-{n}") for n in range(4)])
    assert sorted(t.counts["written"] for t in done) == [0, 0, 0, 1]
    assert sum(t.counts["conflicts"] for t in done) == 3
    said = set(Statement.objects.values_list("value", flat=True))
    assert said == {1000, 1001, 1002, 1003}
    assert standing()[TOTAL, ""] in said
