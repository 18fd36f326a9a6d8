"""Cubes with all margins are what one gets by going through every row by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.indicators import naive
from tests.indicators.making import PARENTS, SPAN, act_rows, case_rows, put, waiting

from mirps.evidence.indicators import api, planning
from mirps.evidence.indicators.counting import Cubes, engine
from mirps.evidence.indicators.model import Over
from mirps.evidence.indicators.planning import Span

ALL = list(api.indicators().values())
#: A smaller failure would take minutes to find; the rows are few as they are.
PHASES = (Phase.explicit, Phase.reuse, Phase.generate)


@given(case_rows, act_rows)
@settings(max_examples=12, deadline=None, phases=PHASES, suppress_health_check=[HealthCheck.too_slow])
def test_every_cell_of_every_indicator_is_as_counted_by_hand(cases: list[Any], acts: list[Any]) -> None:
    with engine(1) as db:
        cubes = Cubes(db, ALL, SPAN).count(put(db, cases, acts), PARENTS)
        for i in ALL:
            wanted = naive.count(i, cases if i.over is Over.CASES else acts, SPAN, PARENTS)
            found = {(c.period, tuple(c.members.values())): (c.value, c.n) for c in cubes.cells(i.code)}
            assert found.keys() == wanted.keys(), i.code
            for key, (value, n) in wanted.items():
                assert (float(found[key][0] or 0), found[key][1]) == (value, n), (i.code, key)


@given(case_rows, st.sets(st.sampled_from([i.code for i in ALL]), min_size=1, max_size=3))
@settings(max_examples=10, deadline=None, phases=PHASES, suppress_health_check=[HealthCheck.too_slow])
def test_an_indicator_alone_is_as_among_the_others(cases: list[Any], some: set[str]) -> None:
    with engine(1) as db:
        sources = put(db, cases, [])
        together = Cubes(db, ALL, SPAN).count(sources, PARENTS)
        said = {code: sorted(map(repr, together.cells(code))) for code in some}
        alone = Cubes(db, [i for i in ALL if i.code in some], SPAN).count(sources, PARENTS)
        assert {code: sorted(map(repr, alone.cells(code))) for code in some} == said


def test_indicators_of_one_milestone_share_a_scan() -> None:
    groups = planning.plan(ALL, SPAN)
    assert len(groups) <= 14 < len(ALL) // 2 + 1
    decided = next(g for g in groups if any(i.code == "asylum_recognition_rate" for i in g.members))
    assert {"asylum_decisions", "asylum_recognised", "asylum_refusals"} <= {i.code for i in decided.members}


def _case(**said: Any) -> dict[str, Any]:
    on = date(2024, 3, 5)
    row = waiting(state="HND", office="HND.A", nationality="NIC", applied=on, people=2, recorded=on)
    return row | said


def test_four_absences_are_told_apart() -> None:
    rows = [_case(sex="_L"), _case(sex="_L", age="_U"), _case(state="GTM", sex="F")]
    with engine(1) as db:
        cubes = Cubes(db, [api.indicators()["asylum_applications"]], SPAN).count(put(db, rows, []), PARENTS)
        assert cubes.cell("asylum_applications", state="HND", sex="F").absence == "_L"
        assert cubes.cell("asylum_applications", state="HND").value == 2
        assert cubes.cell("asylum_applications", state="HND", age="_U").value == 1
        assert cubes.cell("asylum_applications", state="GTM", sex="M").value == 0
        assert cubes.cell("asylum_applications", state="GTM", sex="_U").value == 0


def test_a_stock_is_that_of_its_day() -> None:
    rows = [_case(), _case(applied=date(2024, 6, 1)), _case(closed=date(2024, 7, 1))]
    with engine(1) as db:
        sources = put(db, rows, [])
        for last, wanted in ((date(2024, 5, 31), 2), (date(2024, 6, 30), 3), (date(2024, 7, 1), 2)):
            cubes = Cubes(db, [api.indicators()["asylum_pending"]], Span(date(2024, 1, 1), last))
            assert cubes.count(sources, PARENTS).cell("asylum_pending").value == Decimal(wanted)


def test_whoever_was_served_twice_counts_once_and_in_every_group() -> None:
    act = {"state": "MEX", "office": "_U", "matter": "asylum", "sex": "F", "nationality": "HND", "act": "sign_in",
           "happened": date(2024, 3, 5), "case_id": 1, "person_id": 7, "recorded": date(2024, 3, 5)}  # fmt: skip
    acts = [act | {"age": "12-17"}, act | {"age": "18-59", "happened": date(2024, 3, 20)}]
    with engine(1) as db:
        cubes = Cubes(db, [api.indicators()["people_served"]], SPAN).count(put(db, [], acts), PARENTS)
        assert cubes.cell("people_served").value == 1
        assert cubes.cell("people_served", date(2024, 3, 1)).value == 1
        assert [cubes.cell("people_served", age=a).value for a in ("0-17", "18+", "12-17")] == [1, 1, 1]


def test_a_member_with_a_quote_in_it_is_a_member() -> None:
    i = api.indicators()["preventions"]
    odd = type(i)(**{f: getattr(i, f) for f in i.__slots__} | {"where": planning.Where({"act": ("a'b",)})})
    with engine(1) as db:
        assert list(Cubes(db, [odd], SPAN).count(put(db, [], []), PARENTS).cells(odd.code)) == []
