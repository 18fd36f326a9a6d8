"""A registration is compared with others as a careful officer would, and says why."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mirps.base.texts.api import LANGUAGES, catalogue
from mirps.people.duplicates import api
from mirps.people.duplicates.api import Record, Scored, Verdict, score_one, told
from mirps.people.duplicates.clusters import groups

PEOPLE = 1_200_000
XIMENA = Record(
    "ximena", "Ximena Suyapa", "Vásquez Zelaya", "1990-05-03", "f", "HND", (("id-HND", "0801199000123"),),
    ("9988 7766",), "MEX-07",
)  # fmt: skip
ABROAD = replace(XIMENA, id="abroad", documents=(), phones=(), place="CRI-01")


def judged(candidate: Record, new: Record = XIMENA) -> Scored:
    (found,) = score_one(new, [candidate], people=PEOPLE)
    return found


def level(candidate: Record, field: str, new: Record = XIMENA) -> str:
    return next(c.level for c in judged(candidate, new).fields if c.field == field)


@pytest.mark.parametrize(
    ("change", "field", "expected"),
    [
        ({"given": "Jimena Suyapa", "surnames": "Bázquez Selaya"}, "surnames", "both"),
        ({"surnames": "Zelaya Vásquez"}, "surnames", "swapped"),
        ({"surnames": "Vásquez"}, "surnames", "one+absent"),
        ({"surnames": "Vásquez de Pineda"}, "surnames", "one+marriage"),
        ({"surnames": "Vásquez Zelaia"}, "surnames", "both"),
        ({"surnames": "Vásquez Zelada"}, "surnames", "one+near"),
        ({"born": "1990-03-05"}, "born", "exchanged"),
        ({"born": "1990-01-01"}, "born", "january"),
        ({"born": "1990"}, "born", "january"),
        ({"born": "1992-05-03"}, "born", "years"),
        ({"born": "1990-05-13"}, "born", "one-digit"),
        ({"given": "Ximena"}, "given", "one+absent"),
        ({"given": "X. Suyapa"}, "given", "one+far"),
    ],
)
def test_who_is_registered_again_in_another_state_with_one_thing_wrong_is_found(
    change: dict[str, str], field: str, expected: str
) -> None:
    again = replace(ABROAD, **change)  # type: ignore[arg-type]
    assert level(again, field) == expected
    assert judged(again).verdict in (Verdict.LIKELY, Verdict.POSSIBLE)


def test_two_things_wrong_and_one_document_are_one_person() -> None:
    again = replace(ABROAD, surnames="Vásques", born="1991", documents=XIMENA.documents)
    assert judged(again).verdict is Verdict.LIKELY


def test_a_document_copied_with_one_slip_still_speaks_for_them() -> None:
    slip = replace(ABROAD, documents=(("id-HND", "0801199000132"),))
    assert level(slip, "documents") == "near"
    assert judged(slip).bits > judged(ABROAD).bits


def test_numbers_of_different_types_say_nothing() -> None:
    other = replace(ABROAD, documents=(("passport-HND", "0801199000123"),))
    assert level(other, "documents") == ""
    assert judged(other).bits == judged(ABROAD).bits


def test_a_telephone_is_the_same_with_and_without_its_country() -> None:
    assert level(replace(ABROAD, phones=("+504 9988-7766",)), "phones") == "same"
    assert level(replace(ABROAD, phones=("ninguno",)), "phones") == ""


def test_a_sister_with_the_same_surnames_telephone_and_place_is_told_apart() -> None:
    sister = replace(XIMENA, id="sister", given="Dilcia", born="1993-11-20", documents=())
    assert judged(sister).verdict is Verdict.NO


def test_a_rare_surname_says_more_than_a_common_one() -> None:
    one = Record("1", "Rosa", "Caxaj Ixtabalán", "1980-06-07")
    common = Record("2", "Rosa", "García López", "1980-06-07")
    assert judged(replace(one, id="3"), one).bits > judged(replace(common, id="4"), common).bits + 5


def test_a_name_weighs_among_its_own_people() -> None:
    haitian = Record("1", "Mirlande", "Joseph", "1980-06-07", nationality="HTI")
    honduran = replace(haitian, nationality="HND")
    bits = [
        next(c.bits for c in judged(replace(one, id="2"), one).fields if c.field == "surnames")
        for one in (haitian, honduran)
    ]
    assert bits[0] < bits[1] - 1


def test_twins_with_a_telephone_each_are_not_one_person() -> None:
    one = Record("1", "Kevin", "Borimaca Lorollallo", "2019-08-28", "m", "HND", (), ("98478328",), "MEX-09")
    twin = replace(one, id="2", given="José", phones=("82206684",))
    assert judged(twin, one).against == "relative"
    assert judged(twin, one).verdict is not Verdict.LIKELY


def test_among_more_people_the_same_likeness_is_less_sure() -> None:
    few, many = (score_one(XIMENA, [ABROAD], people=n)[0].probability for n in (1_000, 10_000_000))
    assert few > many


def test_given_names_in_the_box_of_surnames_are_seen() -> None:
    crossed = replace(ABROAD, given=XIMENA.surnames, surnames=XIMENA.given)
    assert level(crossed, "surnames") == "crossed"
    assert level(crossed, "given") == ""


def test_best_come_first_and_equals_stand_in_the_order_of_their_ids() -> None:
    others = [replace(ABROAD, id=i) for i in ("c", "a", "b")] + [XIMENA, Record("nobody")]
    assert [s.id for s in score_one(XIMENA, others, people=PEOPLE)] == ["ximena", "a", "b", "c", "nobody"]
    assert score_one(XIMENA, [], people=PEOPLE) == []


def test_reasons_are_told_in_both_languages_with_the_bits_that_add_up() -> None:
    again = replace(ABROAD, surnames="Zelaya Vásquez", born="1990-03-05")
    scored = judged(again)
    reasons = dict.fromkeys(LANGUAGES, "")
    for lang in LANGUAGES:
        lines = told(scored, XIMENA, again, lang)
        assert sum(bits for _, bits in lines) == pytest.approx(scored.bits, abs=1e-9)
        reasons[lang] = " | ".join(text for text, _ in lines)
    assert "día y mes intercambiados" in reasons["es"]
    assert "Los apellidos están en otro orden" in reasons["es"]
    assert "day and month exchanged" in reasons["en"]
    assert "The surnames are in another order" in reasons["en"]


def test_every_level_that_can_be_told_has_its_words() -> None:
    spec, _ = api.shipped()
    texts = catalogue()
    for field in spec.fields:
        assert f"duplicates.field.{field.name}" in texts
        levels = ("crossed",) if field.kind in ("given", "surnames") else field.levels
        assert [lv for lv in levels if f"duplicates.level.{field.name}.{lv}" not in texts] == []


def test_the_shipped_weights_weigh_every_level_against_both_alternatives() -> None:
    spec, weights = api.shipped()
    assert set(weights.bits) == {"stranger", "relative"}
    for bits in weights.bits.values():
        assert {f.name: set(bits[f.name]) == set(f.levels) for f in spec.fields} == dict.fromkeys(bits, True)


def test_groups_are_connected_and_do_not_depend_on_the_order_of_pairs() -> None:
    pairs = [("c", "b"), ("x", "y"), ("a", "b"), ("d", "c")]
    assert groups(pairs) == groups(reversed([(b, a) for a, b in pairs])) == [("a", "b", "c", "d"), ("x", "y")]


# Whatever is written.

hostile = st.text(max_size=30) | st.sampled_from(
    [
        "",
        "0000-00-00",
        "2024-02-31",
        "1990-5-3",
        "99999",
        "1990~",
        "de la",
        "\x00",
        "N/A",
        "José;:;",
        "🙂 🙂",
        "١٩٩٠",
        "ß" * 9,
    ]
)
anything = st.builds(
    Record, st.text(max_size=5), hostile, hostile, hostile, hostile, hostile,
    st.lists(st.tuples(hostile, hostile), max_size=5).map(tuple), st.lists(hostile, max_size=5).map(tuple), hostile,
)  # fmt: skip


@settings(max_examples=150)
@given(anything, anything)
def test_hostile_text_never_raises_and_both_ways_round_give_one_score(one: Record, other: Record) -> None:
    there, back = judged(other, one), judged(one, other)
    assert there.millibits == back.millibits
    assert there.verdict is back.verdict
    assert there.millibits == there.prior + sum(c.millibits for c in there.fields)
    for lang in LANGUAGES:
        assert all(text for text, _ in told(there, one, other, lang))


def test_a_name_longer_than_a_book_costs_nothing() -> None:
    long = replace(XIMENA, id="long", given="A" * 500_000, surnames="b " * 200_000, phones=("9" * 500_000,))
    assert judged(long).verdict in tuple(Verdict)
