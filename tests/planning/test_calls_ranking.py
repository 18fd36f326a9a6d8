"""From scores to a ranking: exact, explained, and nothing missing counted as nothing."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from mirps.planning.calls.ranking import Mark, Sheet, mark, propose, rank, shown
from mirps.planning.calls.rules import Criterion, Words

NEED = Criterion("need", Decimal(60), Decimal(5), Words("n", "n"))
COST = Criterion("cost", Decimal(40), Decimal(10), Words("c", "c"))
CRITERIA = (NEED, COST)


def sheet(reader: str, proposal: str, need: object = None, cost: object = None) -> Sheet:
    given = {"need": need, "cost": cost}
    return Sheet(reader, proposal, {k: Decimal(str(v)) for k, v in given.items() if v is not None})


def test_a_total_is_the_weighted_mean_of_the_criteria_on_a_scale_of_100() -> None:
    found = mark("a", [sheet("x", "a", 4, 5), sheet("y", "a", 5, 7)], CRITERIA, 2)
    assert found.by_criterion == {"need": Fraction(90), "cost": Fraction(60)}
    assert found.total == Fraction(78)  # .6 × 90 + .4 × 60
    assert shown(found.total) == Decimal("78.00")


def test_a_missing_score_is_not_nothing() -> None:
    found = mark("a", [sheet("x", "a", 4, 5), sheet("y", "a", 5)], CRITERIA, 2)
    assert found.by_criterion["cost"] == Fraction(50)
    assert found.missing == 1
    assert found.by_reader["y"] == Fraction(100)


def test_a_proposal_read_by_too_few_has_no_place_and_says_so() -> None:
    found = mark("a", [sheet("x", "a", 5, 5)], CRITERIA, 2)
    assert (found.total, found.lacks) == (None, "readers")
    assert rank([found], CRITERIA)[0].position is None


def test_a_criterion_that_nobody_scored_leaves_no_total() -> None:
    found = mark("a", [sheet("x", "a", 5), sheet("y", "a", 4)], CRITERIA, 2)
    assert (found.total, found.lacks) == (None, "cost")


def test_the_spread_of_readers_is_shown_and_a_wide_one_marked() -> None:
    near = mark("a", [sheet("x", "a", 4, 8), sheet("y", "a", 5, 8)], CRITERIA, 2)
    far = mark("a", [sheet("x", "a", 1, 2), sheet("y", "a", 5, 9)], CRITERIA, 2)
    assert (near.lowest, near.highest, near.wide) == (Fraction(80), Fraction(92), False)
    assert far.wide


def marks(**totals: tuple[int, int]) -> list[Mark]:
    return [mark(p, [sheet("x", p, n, c)], CRITERIA, 1) for p, (n, c) in totals.items()]


def test_a_tie_is_broken_by_the_weightiest_criterion_and_says_which() -> None:
    # 0.6 × 100 + 0.4 × 40 = 0.6 × 80 + 0.4 × 70 = 76
    places = rank(marks(b=(4, 7), a=(5, 4)), CRITERIA)
    assert [(p.mark.proposal, p.position, p.broke) for p in places] == [("a", 1, ""), ("b", 2, "need")]


def test_what_no_criterion_tells_apart_shares_a_position_and_the_next_is_skipped() -> None:
    places = rank(marks(a=(5, 4), b=(5, 4), c=(1, 1)), CRITERIA)
    assert [(p.position, p.shared) for p in places] == [(1, True), (1, True), (3, False)]


def test_the_ranking_proposes_while_the_money_lasts_and_passes_over_nobody() -> None:
    places = rank(marks(a=(5, 10), b=(4, 8), c=(3, 6), d=(1, 1)), CRITERIA)
    asked = {"a": Decimal(60), "b": Decimal(50), "c": Decimal(10), "d": Decimal(1)}
    found = propose(places, asked, Decimal(100), Decimal(30))
    assert [(p.proposal, p.outcome, p.why) for p in found] == [
        ("a", "selected", "rank"),
        ("b", "reserve", "money"),
        ("c", "reserve", "money"),
        ("d", "not-selected", "mark"),
    ]


scores = st.one_of(st.none(), st.decimals(0, 5, places=1, allow_nan=False, allow_infinity=False))
sheets = st.lists(
    st.builds(sheet, st.sampled_from("uvwxyz"), st.sampled_from("abcd"), scores, scores),
    max_size=24, unique_by=lambda s: (s.reader, s.proposal),
)  # fmt: skip


def all_marks(held: list[Sheet], criteria: tuple[Criterion, ...] = CRITERIA) -> list[Mark]:
    return [mark(p, held, criteria, 2) for p in "abcd"]


@given(sheets, st.randoms())
def test_the_order_in_which_sheets_came_in_changes_nothing(held: list[Sheet], chance: object) -> None:
    mixed = list(held)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    assert rank(all_marks(held), CRITERIA) == rank(all_marks(mixed), CRITERIA)


@given(sheets)
def test_every_total_lies_between_nothing_and_a_hundred_and_between_its_readers_criteria(
    held: list[Sheet],
) -> None:
    for m in all_marks(held):
        if m.total is not None:
            assert 0 <= m.total <= 100
            assert min(m.by_criterion.values()) <= m.total <= max(m.by_criterion.values())


@given(sheets)
def test_weights_say_what_they_say_to_each_other_and_not_how_large_they_are(held: list[Sheet]) -> None:
    large = tuple(replace(c, weight=c.weight * 7) for c in CRITERIA)
    assert [m.total for m in all_marks(held)] == [m.total for m in all_marks(held, large)]


@given(sheets)
def test_a_better_score_never_lowers_a_total(held: list[Sheet]) -> None:
    for n, s in enumerate(held):
        if "need" in s.scores and s.scores["need"] <= 4:
            better = [
                *held[:n],
                replace(s, scores={**s.scores, "need": s.scores["need"] + 1}),
                *held[n + 1 :],
            ]
            was, now = mark(s.proposal, held, CRITERIA, 1), mark(s.proposal, better, CRITERIA, 1)
            assert was.total is None or (now.total is not None and now.total >= was.total)


@given(sheets)
def test_the_ranking_falls_and_positions_count_who_stands_above(held: list[Sheet]) -> None:
    places = [p for p in rank(all_marks(held), CRITERIA) if p.position is not None]
    totals = [p.mark.total for p in places]
    assert totals == sorted(totals, key=lambda t: -(t or 0))
    for p in places:
        above = [q for q in places if q.position is not None and q.position < (p.position or 0)]
        assert len(above) == (p.position or 0) - 1


@given(sheets)
def test_scores_of_others_proposals_do_not_touch_a_proposals_mark(held: list[Sheet]) -> None:
    assert mark("a", held, CRITERIA, 2) == mark("a", [s for s in held if s.proposal == "a"], CRITERIA, 2)


@given(sheets, st.decimals(1, 200, places=0))
def test_what_is_proposed_never_costs_more_than_there_is(held: list[Sheet], total: Decimal) -> None:
    asked = {"a": Decimal(50), "b": Decimal(40), "c": Decimal(30), "d": Decimal(20)}
    found = propose(rank(all_marks(held), CRITERIA), asked, total, None)
    assert sum(asked[p.proposal] for p in found if p.outcome == "selected") <= total
