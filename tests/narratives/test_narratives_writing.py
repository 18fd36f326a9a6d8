"""Writing sections: nothing is lost, translations know their original, and what a section lacks is told."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.narratives.conftest import FIGURE, NOW, hand_over, section, write

from mirps.evidence.entries.api import Outcome
from mirps.evidence.narratives import api as narratives
from mirps.evidence.narratives.api import NotReady, NotTaken, Section, SectionText
from mirps.evidence.rounds import api as rounds
from mirps.evidence.rounds.api import CannotStep, Round, Stage, Status, Step

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sections_2025")]
ES, EN = f"Llegaron [[{FIGURE}]] personas.", f"[[{FIGURE}]] people came."


def lacking(s: Section) -> list[str]:
    return [x.key.removeprefix("narratives.lack.") for x in narratives.lacks([s], NOW.date())[s.pk]]


def ready(code: str = "context") -> Section:
    hand_over("hnd-inm-001", 226_029)
    s = section(code)
    write(s, "es", ES)
    write(s, "en", EN)
    return section(code)


def step(s: Section, what: Step, by: str, minutes: int = 5, reason: str = "") -> list[Section]:
    return narratives.take(
        sections=[s.pk], step=what, by=by, role="any", at=NOW + timedelta(minutes=minutes), reason=reason
    )


def test_an_annual_round_asks_each_state_and_the_region_to_write() -> None:
    assert [s.code for s in narratives.sections("2025", state="HND")] == [
        "context", "progress", "stories", "challenges",
    ]  # fmt: skip
    region = [s.code for s in narratives.sections("2025", state="")]
    assert region[:2] == ["foreword", "regional-context"]
    assert {"team-racp", "team-id", "team-lg", "team-jl"} <= set(region)
    assert section("team-id", "").title("es") == "Equipo Técnico Regional sobre Desplazamiento Interno"
    assert section("stories").story
    assert narratives.prepare(round="2025", by="secretariat", at=NOW) == 0


def test_the_language_written_first_is_the_original() -> None:
    s = section("context")
    assert write(s, "en", "One.").stands.of == 0  # type: ignore[union-attr]
    assert write(s, "es", "Uno.").stands.of == 1  # type: ignore[union-attr]
    assert narratives.held([s])[s.pk].original == "en"
    assert section("context").status == Status.DRAFT


def test_a_translation_is_stale_when_its_original_changed_until_somebody_reads_it_again() -> None:
    s = section("context")
    write(s, "es", "Uno.")
    write(s, "en", "One.")
    done = write(s, "es", "Uno y otro.")
    assert done.stale
    assert narratives.held([s])[s.pk].stale
    assert "stale" in lacking(s)
    again = write(s, "en", "One.")
    assert again.outcome is Outcome.WRITTEN, "still right: a version of its own, against the new original"
    assert not narratives.held([s])[s.pk].stale
    assert write(s, "en", "One.").outcome is Outcome.SAME


def test_who_saved_second_changes_nothing_and_keeps_their_words() -> None:
    s = section("context")
    write(s, "es", "Uno.")
    met = write(s, "es", "Dos.", by="hugo", base=0)
    assert met.outcome is Outcome.CONFLICT
    assert (met.stands.text, met.mine.text, met.mine.number) == ("Uno.", "Dos.", None)  # type: ignore[union-attr]
    assert write(s, "es", "Dos.", by="hugo").outcome is Outcome.WRITTEN, "they chose theirs"
    assert [t.text for t in narratives.versions(s.pk, "es")] == ["Uno.", "Dos.", "Dos."]


def test_the_same_post_twice_is_one_version() -> None:
    s, mark = section("context"), uuid4()
    assert write(s, "es", "Uno.", client=mark).outcome is Outcome.WRITTEN
    assert write(s, "es", "Uno.", client=mark, base=0).outcome is Outcome.AGAIN
    with pytest.raises(NotTaken, match="mark"):
        write(s, "es", "Otro.", client=mark)
    mark = uuid4()
    assert write(s, "es", "Tres.", client=mark, base=0).outcome is Outcome.CONFLICT
    assert write(s, "es", "Tres.", client=mark, base=0).outcome is Outcome.CONFLICT
    assert SectionText.objects.filter(section=s).count() == 2


def test_who_left_a_text_as_it_was_stands_against_nobody() -> None:
    s = section("context")
    write(s, "es", "Uno.")
    write(s, "es", "Dos.")
    assert write(s, "es", "Uno.", base=1).outcome is Outcome.SAME


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["es", "en"]),
        st.sampled_from(["", "a", "b", "c"]),
        st.integers(0, 4),
        st.integers(0, 4),
    ),
    max_size=12,
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ACTS)
def test_however_people_interleave_nothing_written_is_lost(acts: list[tuple[str, str, int, int]]) -> None:
    s = section("progress")
    SectionText.objects.filter(section=s).delete()
    Section.objects.filter(pk=s.pk).update(status=Status.EMPTY)
    stands = {"es": "", "en": ""}
    for lang, text, base, of in acts:
        done = write(s, lang, text, base=base, of=of)
        kept = [t.text for t in narratives.versions(s.pk, lang)]
        assert not text or text in kept, "what was written is kept, taken or not"
        if done.outcome is Outcome.WRITTEN:
            stands[lang] = text
        held = narratives.held([s])[s.pk]
        assert {x: held.version(x).text for x in stands} == stands
        numbers = [t.number for t in narratives.versions(s.pk, lang) if t.number is not None]
        assert numbers == list(range(1, len(numbers) + 1))
        assert Status(section("progress").status) is narratives.rebuilt([s.pk])[s.pk]
        assert (held.original == "") == (not any(stands.values()))


def test_a_section_tells_all_that_it_lacks() -> None:
    s = section("context")
    assert lacking(s) == ["empty", "empty"]
    write(s, "es", "# Yo\n\nUnos 15 [[nada]] y [[abre")
    assert lacking(s) == ["unfit-title", "bracket", "unbound", "figure-unknown", "empty"]
    write(s, "es", f"Hubo [[{FIGURE}]].")
    write(s, "en", "There were some.")
    assert lacking(s) == ["figure-empty", "figures-apart"]
    Section.objects.filter(pk=s.pk).update(words=2)
    assert lacking(section("context")) == ["figure-empty", "words", "figures-apart"]


def test_a_section_may_name_a_figure_before_it_is_handed_over_and_goes_when_it_is() -> None:
    s = section("context")
    write(s, "es", ES)
    write(s, "en", EN)
    with pytest.raises(NotReady) as wrong:
        step(s, Step.SUBMIT, "fatima")
    assert {x.key for x in wrong.value.lacks[s.pk]} == {"narratives.lack.figure-empty"}
    assert section("context").status == Status.DRAFT
    hand_over("hnd-inm-001", 226_029)
    step(s, Step.SUBMIT, "fatima")
    assert section("context").status == Status.SUBMITTED


def test_another_state_s_unpublished_figure_is_unknown_here() -> None:
    hand_over("cri-dgme-001", 5)
    s = section("context")
    write(s, "es", "Hubo [[r2025-cri-dgme-001]].")
    assert "figure-unknown" in lacking(s)
    assert lacking(section("context", "CRI")) == ["empty", "empty"]


def test_what_was_handed_over_is_not_written_until_it_comes_back() -> None:
    s = ready()
    step(s, Step.SUBMIT, "fatima")
    with pytest.raises(NotTaken, match=r"locked\.submitted"):
        write(s, "es", "Otra cosa.")
    with pytest.raises(CannotStep, match="reason"):
        step(s, Step.SEND_BACK, "hugo")
    step(s, Step.SEND_BACK, "hugo", reason="¿De qué año?")
    assert write(s, "es", ES + " Fin.", minutes=9).outcome is Outcome.WRITTEN
    assert section("context").status == Status.RETURNED
    assert narratives.rebuilt([s.pk])[s.pk] is Status.RETURNED


def test_nobody_approves_what_they_wrote_and_two_approve() -> None:
    s = ready()
    step(s, Step.SUBMIT, "fatima")
    with pytest.raises(CannotStep, match="same-person"):
        step(s, Step.APPROVE_STATE, "fatima")
    step(s, Step.APPROVE_STATE, "hugo")
    with pytest.raises(CannotStep, match="same-person"):
        step(s, Step.APPROVE_REGION, "hugo")
    assert narratives.compiled("2025") == []
    step(s, Step.APPROVE_REGION, "rosa")
    done = narratives.compiled("2025")
    assert [(c.state, c.code, c.original, c.text) for c in done] == [
        ("HND", "context", "es", {"es": ES, "en": EN})
    ]


def test_the_region_s_own_section_is_approved_once_by_another_person() -> None:
    s = section("foreword", "")
    write(s, "es", "Un año.")
    write(s, "en", "A year.")
    step(s, Step.SUBMIT, "fatima")
    about = {"section": s.pk, "role": "secretariat", "at": NOW + timedelta(minutes=9)}
    with pytest.raises(CannotStep, match="moved"):
        narratives.approve_of_region(version=1, by="rosa", **about)
    with pytest.raises(CannotStep, match="same-person"):
        narratives.approve_of_region(version=2, by="fatima", **about)
    narratives.approve_of_region(version=2, by="rosa", **about)
    assert section("foreword", "").status == Status.REGION
    assert narratives.rebuilt([s.pk])[s.pk] is Status.REGION


def test_a_figure_stated_anew_is_compiled_under_its_new_id(sections_2025: Round) -> None:
    from tests.rounds.conftest import cell
    from tests.rounds.conftest import write as write_value

    from mirps.evidence.entries import api as entries

    s = ready()
    c = cell("hnd-inm-001")
    at = {"role": "any", "at": NOW + timedelta(minutes=3)}
    entries.take(cells=[c.pk], step=Step.SEND_BACK, by="hugo", reason="otra vez", **at)
    write_value(c, 226_030)
    at["at"] = NOW + timedelta(minutes=4)
    entries.take(cells=[c.pk], step=Step.SUBMIT, by="clerk", **at)
    assert lacking(s) == []
    step(s, Step.SUBMIT, "fatima")
    found = narratives.compiled("2025", statuses=[Status.SUBMITTED])
    assert found[0].text["es"] == f"Llegaron [[{FIGURE}-r2]] personas."
    assert narratives.nameable("2025", "HND").of(FIGURE).figure.value == 226_030  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("uno\x00dos\x07", "unodos"),
        ("uno\r\ndos\x0btres\u2028cuatro", "uno\ndos\ntres\ncuatro"),
        ("abc\u202edcba", "abcdcba"),
        ("e\u0301", "é"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
    ],
)
def test_bad_characters_are_left_out_and_words_never(text: str, kept: str) -> None:
    s = section("context")
    assert write(s, "es", text).stands.text == kept  # type: ignore[union-attr]


def test_a_text_of_a_megabyte_is_refused_with_its_length() -> None:
    with pytest.raises(NotTaken) as wrong:
        write(section("context"), "es", "a" * 1_000_000)
    assert wrong.value.values == {"most": 30_000, "found": 1_000_000}


def test_nothing_is_written_in_a_round_that_is_not_open(sections_2025: Round) -> None:
    rounds.turn(round="2025", to=Stage.CLOSED, by="secretariat", at=NOW)
    with pytest.raises(NotTaken, match=r"locked\.closed"):
        write(section("context"), "es", "Uno.")


def test_a_withdrawn_section_keeps_its_words_and_is_asked_no_more() -> None:
    s = section("context")
    write(s, "es", "Uno.")
    narratives.withdraw(section=s.pk, by="secretariat", at=NOW)
    assert "context" not in [x.code for x in narratives.sections("2025", state="HND")]
    with pytest.raises(NotTaken, match="withdrawn"):
        write(s, "es", "Dos.")
    narratives.restore(section=s.pk, by="secretariat", at=NOW)
    assert write(s, "es", "Dos.").outcome is Outcome.WRITTEN


def test_one_more_section_is_asked_for_and_reworded() -> None:
    asked = narratives.Wanted("Niñez", "Children", words=100)
    made = narratives.ask_for(round="2025", states=["HND", "CRI"], wanted=asked, by="secretariat", at=NOW)
    again = narratives.ask_for(round="2025", states=["HND"], wanted=asked, by="secretariat", at=NOW)
    assert [(s.state, s.code) for s in [*made, *again]] == [
        ("HND", "children"), ("CRI", "children"), ("HND", "children-2"),
    ]  # fmt: skip
    moved = narratives.change(
        section=made[0].pk,
        wanted=narratives.Wanted("La niñez", "Children"),
        order=0,
        by="secretariat",
        at=NOW,
    )
    assert (moved.title("es"), moved.order, narratives.sections("2025", state="HND")[0].code) == (
        "La niñez", 0, "children",
    )  # fmt: skip
    with pytest.raises(NotTaken, match="title"):
        narratives.ask_for(
            round="2025", states=["HND"], wanted=narratives.Wanted("", "x"), by="secretariat", at=NOW
        )


def test_what_is_compiled_passes_the_proof_of_reports() -> None:
    from mirps.evidence.figures import api as figures
    from mirps.sharing.reports.proof import literal_faults, parity_faults
    from mirps.sharing.reports.reading import parse
    from mirps.sharing.reports.tree import Section as Chapter

    hand_over("hnd-inm-001", 226_029)
    s = section("progress")
    same = f"Uno [[{FIGURE}|bare]]\n- [name: 126 Te Orienta]"
    write(s, "es", f"## Registro\n\nLlegaron [[{FIGURE}]].\n\n- {same}")
    write(s, "en", f"## Registry\n\n[[{FIGURE}]] came.\n\n- {same.replace('Uno', '**The**')}")
    step(s, Step.SUBMIT, "fatima")
    done = narratives.compiled("2025", statuses=[Status.SUBMITTED])[0]
    es, en = (Chapter(done.code, done.title[x], tuple(parse(done.text[x], x)), x, "") for x in ("es", "en"))
    assert [*literal_faults(es, "es"), *literal_faults(en, "en")] == []
    assert list(parity_faults(es, en, figures.book())) == []
