"""Of those who speak the language, who fits best, why, and why not the others."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from mirps.casework.appointments.matching import CONFLICTS, Candidate, Match, Need, Speech, match
from mirps.casework.appointments.rules import Mode

NEED = Need("ht")


def one(n: int = 1, **more: object) -> Candidate:
    plain = Candidate(UUID(int=n), "F", (Speech("ht", level="speaks"),), frozenset(Mode))
    return replace(plain, **more)  # type: ignore[arg-type]


def ids(found: Match) -> list[int]:
    return [j.candidate.id.int for j in found.fit]


def against(found: Match, n: int) -> list[str]:
    return [w.key for j in (*found.fit, *found.unfit) if j.candidate.id.int == n for w in j.against]


def test_the_dialect_comes_before_the_level_and_the_level_before_the_rating() -> None:
    need = Need("quc", dialect="Nahualá")
    far = one(1, speaks=(Speech("quc", "Cunén", "mother"),), rating=Decimal(5), rated=9)
    near = one(2, speaks=(Speech("quc", "nahualá", "speaks"),))
    rated = one(3, speaks=(Speech("quc", "Cunén", "speaks"),), rating=Decimal(5), rated=9)
    found = match(need, [rated, far, near])
    assert ids(found) == [2, 1, 3]
    assert [j.before.key if j.before else "" for j in found.fit] == ["before.dialect", "before.level", ""]
    assert [w.key for w in found.fit[0].because] == ["dialect", "level.speaks"]


def test_whoever_the_person_knows_from_before_comes_before_whoever_costs_less() -> None:
    found = match(NEED, [one(1, hour=Decimal(1)), one(2, served=2, hour=Decimal(9))])
    assert ids(found) == [2, 1]


def test_a_conflict_rules_out_and_is_told_whatever_else_speaks_for_somebody() -> None:
    best = one(1, conflicts=frozenset({"kin"}), served=5, rating=Decimal(5))
    neighbour = one(2, origin="Ouanaminthe")
    found = match(Need("ht", origins=frozenset({"ouanaminthe"})), [best, neighbour, one(3)])
    assert ids(found) == [3]
    assert (against(found, 1), against(found, 2)) == (["conflict.kin"], ["origin"])


def test_a_wish_is_honoured_while_anybody_fits_so() -> None:
    found = match(Need("ht", gender="F"), [one(1, gender="M", served=3), one(2)])
    assert (ids(found), found.wish_unmet) == ([2], False)
    assert against(found, 1) == ["gender-not"]


def test_where_nobody_fits_the_wish_others_are_offered_and_it_is_said() -> None:
    found = match(
        Need("ht", gender="F"), [one(1, gender="M"), one(2, gender="F", conflicts=frozenset({"agent"}))]
    )
    assert (ids(found), found.wish_unmet) == ([1], True)
    assert (against(found, 1), against(found, 2)) == (["gender-not"], ["conflict.agent"])


def test_a_country_that_the_person_fears_is_a_wish_too() -> None:
    found = match(
        Need("ht", not_of=frozenset({"HTI"})), [one(1, nationality="HTI"), one(2, nationality="MEX")]
    )
    assert ids(found) == [2]


def test_who_only_understands_a_language_interprets_none() -> None:
    found = match(NEED, [one(1, speaks=(Speech("ht", level="understands"),))])
    assert (ids(found), against(found, 1)) == ([], ["language"])


candidates = st.lists(
    st.builds(
        one, st.integers(1, 99), gender=st.sampled_from("FMX"), served=st.integers(0, 2), free=st.booleans(),
        conflicts=st.frozensets(st.sampled_from(CONFLICTS), max_size=1), ended=st.booleans(),
        speaks=st.lists(st.builds(Speech, st.sampled_from(["ht", "fr"]), st.sampled_from(["", "norte"]),
                                  st.sampled_from(["mother", "speaks", "understands"])), max_size=3).map(tuple),
        modes=st.frozensets(st.sampled_from(list(Mode))), nationality=st.sampled_from(["", "HTI", "MEX"]),
    ),
    max_size=8, unique_by=lambda c: c.id,
)  # fmt: skip
needs = st.builds(
    Need, st.just("ht"), st.sampled_from(["", "norte"]), st.sampled_from(list(Mode)), st.sampled_from(["", "F", "M"]),
    st.frozensets(st.just("HTI")),
)  # fmt: skip


@given(needs, candidates, st.randoms())
def test_whatever_is_asked_everybody_is_judged_once_and_nobody_ruled_out_is_offered(
    need: Need, every: list[Candidate], chance: object
) -> None:
    found = match(need, every)
    assert sorted(j.candidate.id for j in (*found.fit, *found.unfit)) == sorted(c.id for c in every)
    shuffled = list(every)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert match(need, shuffled) == found
    assert all(j.against for j in found.unfit)
    for j in found.fit:
        c = j.candidate
        assert (c.free, c.ended, c.conflicts) == (True, False, frozenset())
        assert need.mode in c.modes
        assert any(s.language == "ht" and s.level != "understands" for s in c.speaks)
        wished = (not need.gender or c.gender == need.gender) and c.nationality not in need.not_of
        assert wished is not found.wish_unmet
    assert all(j.before for j in found.fit[:-1])
