"""Stories of people: a consent that holds, changed names, and words that could tell who somebody is."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.narratives.conftest import NOW, section, write

from mirps.evidence.narratives import api as narratives
from mirps.evidence.narratives.api import Consent, NotReady, NotTaken
from mirps.evidence.rounds.api import Status, Step

GIVEN: dict[str, object] = {
    "called": "Alma", "held_by": "HND.INM", "reference": "CI-2025-014", "given": date(2025, 9, 1), "until": None,
    "uses": ["report", "portal"], "names_changed": True,
}  # fmt: skip


def consent(**changes: object) -> Consent:
    about = {**GIVEN, **changes}
    return narratives.record_consent(section=section("stories").pk, by="fatima", at=NOW, **about)  # type: ignore[arg-type]


def told(name: str = "Alma") -> None:
    s = section("stories")
    write(s, "es", f"{name} abrió una panadería.")
    write(s, "en", f"{name} opened a bakery.")


def step(what: Step, by: str, minutes: int, **given: date) -> None:
    at = NOW + timedelta(minutes=minutes)
    narratives.take(sections=[section("stories").pk], step=what, by=by, role="any", at=at, **given)  # type: ignore[arg-type]


@pytest.mark.django_db
@pytest.mark.usefixtures("sections_2025")
class TestConsent:
    def test_a_story_without_a_consent_is_not_handed_over(self) -> None:
        told()
        with pytest.raises(NotReady) as wrong:
            step(Step.SUBMIT, "fatima", 5)
        assert [x.key for x in wrong.value.lacks[section("stories").pk]] == ["narratives.lack.consent-none"]
        consent()
        step(Step.SUBMIT, "fatima", 6)
        assert section("stories").status == Status.SUBMITTED

    @pytest.mark.parametrize(
        ("changes", "fault"),
        [
            ({"called": "María López de la Cruz"}, "called"),
            ({"called": "Alma 2"}, "called"),
            ({"held_by": "nobody"}, "held-by"),
            ({"reference": "María López"}, "reference"),
            ({"reference": ""}, "reference"),
            ({"given": date(2026, 1, 1)}, "given"),
            ({"until": date(2025, 8, 1)}, "until"),
            ({"uses": []}, "uses"),
            ({"uses": ["television"]}, "uses"),
            ({"names_changed": False}, "names"),
        ],
    )
    def test_a_consent_that_says_too_little_or_too_much_is_not_kept(
        self, changes: dict[str, object], fault: str
    ) -> None:
        with pytest.raises(NotTaken, match=f"consent.fault.{fault}"):
            consent(**changes)
        assert not Consent.objects.exists()

    def test_a_consent_is_for_stories_alone(self) -> None:
        with pytest.raises(NotTaken, match="no-story"):
            narratives.record_consent(section=section("context").pk, by="f", at=NOW, **GIVEN)  # type: ignore[arg-type]

    def test_one_that_is_taken_back_stops_publication(self) -> None:
        told()
        held = consent()
        for n, (what, by) in enumerate(
            [(Step.SUBMIT, "fatima"), (Step.APPROVE_STATE, "hugo"), (Step.APPROVE_REGION, "rosa")]
        ):
            step(what, by, 10 + n)
        assert narratives.unconsented("2025", on=NOW.date()) == {}
        narratives.revoke_consent(consent=held.pk, by="fatima", at=NOW)
        narratives.revoke_consent(consent=held.pk, by="hugo", at=NOW)
        assert Consent.objects.get().revoked_by == "fatima"
        with pytest.raises(NotReady):
            step(Step.PUBLISH, "pablo", 20)
        assert section("stories").status == Status.REGION
        found = narratives.unconsented("2025", on=NOW.date())[section("stories").pk]
        assert [x.key for x in found] == ["narratives.lack.consent-revoked", "narratives.lack.consent-none"]

    def test_one_that_ran_out_or_covers_no_report_does_not_hold(self) -> None:
        told()
        consent(until=date(2025, 10, 5))
        step(Step.SUBMIT, "fatima", 5)
        with pytest.raises(NotReady):
            step(Step.APPROVE_STATE, "hugo", 6, on=date(2025, 10, 6))
        step(Step.APPROVE_STATE, "hugo", 7, on=date(2025, 10, 5))
        Consent.objects.update(until=None, uses="photograph")
        with pytest.raises(NotReady) as wrong:
            step(Step.APPROVE_REGION, "rosa", 8)
        keys = [x.key for x in wrong.value.lacks[section("stories").pk]]
        assert keys[0] == "narratives.lack.consent-use"

    def test_each_person_named_needs_one_that_holds(self) -> None:
        told("Alma y Bruno")
        consent()
        other = consent(called="Bruno", reference="CI-2025-015")
        narratives.revoke_consent(consent=other.pk, by="fatima", at=NOW)
        with pytest.raises(NotReady) as wrong:
            step(Step.SUBMIT, "fatima", 5)
        assert [x.values for x in wrong.value.lacks[section("stories").pk]] == [{"called": "Bruno"}]


LOOK = [
    ("María López vive con su hija.", ["name"]),
    ("Cuando María López llegó, esperó.", ["name"]),
    ("When John Smith arrived he waited.", ["name"]),
    ("Cuando Alma llegó, el Instituto Nacional de Migración la recibió.", []),
    ("Alma lives in San Pedro Sula with her children.", []),
    ("Alma, de 34 años, vive en Choluteca.", ["age-place"]),
    ("Alma, a 34-year-old baker in Choluteca, works.", ["age-place"]),
    ("Alma, de treinta y cuatro años, vive en Choluteca.", ["age-place"]),
    ("Llámela al 9988-7766.", ["phone"]),
    ("Call +504 9988 7766 now.", ["phone"]),
    ("Su DUI 01234567-8 se perdió.", ["document"]),
    ("Her passport number was E123456.", ["document"]),
    ("Con identidad 0801-1990-12345.", ["document"]),
    ("Escriba a alma@example.org.", ["mail"]),
    ("She was born on a Tuesday.", ["birth"]),
    ("Ella abrió una panadería con apoyo del programa.", []),
]


@pytest.mark.parametrize(("text", "kinds"), LOOK)
def test_words_that_could_tell_who_somebody_is_are_pointed_out(text: str, kinds: list[str]) -> None:
    assert [s.kind for s in narratives.signs(text)] == kinds
