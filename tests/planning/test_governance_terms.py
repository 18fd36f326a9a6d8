"""Who was in charge on a day: exactly the terms whose every reading covers it, and nothing unknown as known."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from mirps.planning.governance.terms import (
    Body,
    Seat,
    Sure,
    Term,
    Text,
    bounds,
    span,
    spans,
    sure,
    troika,
    who,
)

ANY_DAY = st.dates(date(2018, 1, 1), date(2021, 12, 31))
WHEN = st.one_of(
    st.just(""),
    ANY_DAY.map(lambda d: d.isoformat()),
    ANY_DAY.map(lambda d: d.isoformat()[:7]),
    ANY_DAY.map(lambda d: d.isoformat()[:4]),
)
TERM = st.builds(
    Term, key=st.just("term/x"), body=st.just("body/x"), role=st.just("chair"),
    year=st.one_of(st.just(""), st.integers(2018, 2021).map(str)), starts=WHEN, ends=WHEN, held=WHEN,
)  # fmt: skip
#: The days on which anything can change: the edges of everything written, and the days beside them.
FAR = (date(2015, 1, 1), date(2025, 1, 1))


def edges(*terms: Term) -> list[date]:
    written = [w for t in terms for w in (t.year, t.starts, t.ends, t.held) if w]
    days = [d for w in written for d in bounds(w)] + list(FAR)
    return sorted({d + timedelta(days=n) for d in days for n in (-1, 0, 1)})


def readings(term: Term, days: list[date]) -> list[tuple[date, date]]:
    """Every (first day, first day no longer theirs) that what is written allows, among these days."""
    starts, ends = bounds(term.starts), bounds(term.ends)
    meets = [bounds(w) for w in (term.year, term.held) if w]
    return [
        (s, e)
        for s in days
        for e in days
        if s < e
        and starts[0] <= s <= starts[1]
        and ends[0] <= e <= ends[1]
        and all(s <= last and e > first for first, last in meets)
    ]


@given(TERM, ANY_DAY)
def test_a_day_is_known_when_every_reading_covers_it_and_never_otherwise(term: Term, on: date) -> None:
    found = readings(term, sorted({*edges(term), on, on + timedelta(days=1)}))
    answer = sure(term, span(term), on)
    covering = [s <= on < e for s, e in found]
    if not found:
        assert answer is Sure.NO
    elif all(covering):
        assert answer is Sure.DAYS
    elif any(covering):
        assert answer in {Sure.NAMED, Sure.OPEN}
    else:
        assert answer is Sure.NO


@given(st.lists(TERM, max_size=5), ANY_DAY)
def test_the_answer_holds_exactly_the_terms_that_cover_the_day(terms: list[Term], on: date) -> None:
    body = Body("body/x", "platform", Text("x", "x"))
    own = [Term(**{**_fields(t), "key": f"term/{n}"}) for n, t in enumerate(terms)]
    answer = who(body, own, on)
    for t in own:
        level = sure(t, span(t), on)
        assert (t in answer.known) == (level is Sure.DAYS)
        assert (t in answer.named) == (level is Sure.NAMED)
        assert (t in answer.open) == (level is Sure.OPEN)
    assert answer.answered == bool(answer.known or answer.named)


@given(st.lists(TERM, min_size=2, max_size=4), ANY_DAY)
def test_a_numbered_seat_is_never_known_to_be_two_persons_at_once(terms: list[Term], on: date) -> None:
    own = [Term(**{**_fields(t), "key": f"term/{n}", "number": n}) for n, t in enumerate(terms)]
    found = spans(own)
    if all(s.possible for s in found.values()):
        assert sum(sure(t, found[t.key], on) is Sure.DAYS for t in own) <= 1
    for t in own:
        alone = sure(t, span(t), on)
        assert not (sure(t, found[t.key], on) is not Sure.NO and alone is Sure.NO), "order only narrows"


def _fields(t: Term) -> dict[str, object]:
    return {name: getattr(t, name) for name in Term.__slots__}


BODY = Body("body/p", "presidency", Text("P", "P"))


def seat(n: int, state: str, **dates: str) -> Term:
    return Term(f"term/{n}", "body/p", "presidency", member=state, number=n, **dates)  # type: ignore[arg-type]


PRESIDENCIES = [
    seat(4, "HND", year="2022"),
    seat(5, "PAN", year="2023", ends="2024-01-24"),
    seat(6, "BLZ", year="2024", starts="2024-01-24", ends="2024-12-05"),
    seat(7, "CRI", year="2025", starts="2024-12-05"),
]


def names(terms: tuple[Term, ...]) -> list[str]:
    return [t.member for t in terms]


def test_between_a_year_and_its_handover_the_old_presidency_is_known() -> None:
    january = who(BODY, PRESIDENCIES, date(2024, 1, 10))
    assert names(january.known) == ["PAN"]
    assert not january.named
    assert not january.open


def test_on_the_day_of_a_handover_the_new_presidency_is_in_charge() -> None:
    assert names(who(BODY, PRESIDENCIES, date(2024, 12, 4)).known) == ["BLZ"]
    assert names(who(BODY, PRESIDENCIES, date(2024, 12, 5)).known) == ["CRI"]


def test_a_year_without_days_is_named_and_not_known() -> None:
    answer = who(BODY, PRESIDENCIES, date(2022, 6, 1))
    assert not answer.known
    assert names(answer.named) == ["HND"]


def test_after_the_last_word_of_the_sources_nobody_is_known() -> None:
    answer = who(BODY, PRESIDENCIES, date(2026, 11, 21))
    assert not answer.answered
    assert names(answer.open) == ["CRI"], "it began before, and no source says that it has ended"
    assert names(answer.before) == ["BLZ"]


def test_before_the_first_the_next_is_told() -> None:
    answer = who(BODY, PRESIDENCIES[1:], date(2010, 1, 1))
    assert not answer.answered


def test_a_body_that_has_nobody_in_charge_is_answered_by_who_takes_part() -> None:
    committee = Body("body/c", "committee", Text("C", "C"))
    member = Term("term/m", "body/c", "member", institution="UNHCR", held="2024-08-01")
    answer = who(committee, [member], date(2024, 8, 1))
    assert answer.together
    assert answer.known == (member,)
    assert not who(committee, [], date(2024, 8, 1)).answered


def test_the_troika_is_the_chair_of_the_day_and_its_neighbours() -> None:
    chairs = [
        Term("term/2", "body/platform", "chair", institution="CAN.GOV", number=2, ends="2022-09"),
        Term("term/3", "body/platform", "chair", institution="USA.GOV", number=3, starts="2022-09", ends="2024-12-05"),
        Term("term/4", "body/platform", "chair", institution="COL.GOV", number=4, starts="2024-12-05", year="2025"),
    ]  # fmt: skip
    body = Body(
        "body/troika", "troika", Text("T", "T"), within="body/platform",
        seats=(Seat(Text("a", "a"), -1), Seat(Text("b", "b"), 0), Seat(Text("c", "c"), 1)),
    )  # fmt: skip
    held = troika(body, chairs, date(2024, 1, 24))
    assert [[t.institution for t in s.terms] for s in held] == [["CAN.GOV"], ["USA.GOV"], ["COL.GOV"]]
    later = troika(body, chairs, date(2025, 3, 1))
    assert [[t.institution for t in s.terms] for s in later] == [["USA.GOV"], ["COL.GOV"], []]
    assert later[1].sure is Sure.NAMED
    assert not troika(body, chairs, date(2030, 1, 1))[1].terms, "nobody is known to chair then"
