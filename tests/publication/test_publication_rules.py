"""What holds a publication up, as sentences; and what the news of it may say."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from tests.rounds.conftest import NOW, cell, round_2025, write  # noqa: F401 - a fixture

from mirps.evidence.entries import api as entries
from mirps.evidence.rounds import api as rounds
from mirps.evidence.rounds.api import Round, Stage, Status, Step
from mirps.sharing.publication import api as publication
from mirps.sharing.publication.api import Block, Draft, Holds, StateFacts, blocks


def facts(**given: object) -> StateFacts:
    return StateFacts(**{"values": {Status.REGION: 3}, "sections": {}, **given})  # type: ignore[arg-type]


def held(states: dict[str, StateFacts], *, closed: bool = True, without: tuple[str, ...] = ()) -> list[Block]:
    return blocks(closed=closed, facts=states, without=without, report_faults=0)


def test_a_closed_round_of_which_everything_is_approved_is_held_up_by_nothing() -> None:
    assert held({"HND": facts(), "": facts(values={}, sections={Status.REGION: 2})}) == []


@pytest.mark.parametrize(
    ("given", "holds"),
    [
        ({"values": {Status.REGION: 3, Status.SUBMITTED: 2}}, Holds.VALUES),
        ({"values": {Status.REGION: 3, Status.DRAFT: 1}}, Holds.VALUES),
        ({"required_empty": 1}, Holds.REQUIRED),
        ({"sections": {Status.STATE: 1}}, Holds.SECTIONS),
        ({"required_sections_empty": 1}, Holds.SECTIONS),
        ({"contradictions": 2}, Holds.CONTRADICTIONS),
    ],
)
def test_each_thing_that_is_not_done_holds_it_up_and_names_its_state(
    given: dict[str, object], holds: Holds
) -> None:
    found = held({"HND": facts(**given), "CRI": facts()})
    assert [(b.holds, b.state) for b in found] == [(holds, "HND")]


def test_a_state_that_is_left_out_holds_nothing_up() -> None:
    states = {"PAN": facts(values={Status.DRAFT: 9}, contradictions=1), "CRI": facts()}
    assert held(states, without=("PAN",)) == []


def test_a_round_of_which_nothing_is_approved_is_not_published() -> None:
    assert [b.holds for b in held({"HND": facts(values={Status.EMPTY: 4})})] == [Holds.NOTHING]


_counts = st.dictionaries(st.sampled_from(list(Status)), st.integers(0, 4))


@given(values=_counts, sections=_counts, doubts=st.integers(0, 3), closed=st.booleans())
def test_nothing_holds_it_up_only_when_nothing_is_open(
    values: dict[Status, int], sections: dict[Status, int], doubts: int, closed: bool
) -> None:
    found = held({"HND": StateFacts(values, sections, contradictions=doubts)}, closed=closed)
    open_ = (Status.DRAFT, Status.SUBMITTED, Status.RETURNED, Status.STATE)
    clear = closed and not doubts and values.get(Status.REGION, 0) > 0
    clear = clear and not any(counts.get(s) for counts in (values, sections) for s in open_)
    assert (found == []) is clear


@pytest.fixture
def approved(round_2025: Round) -> str:  # noqa: F811
    """The ledger id of one approved value of Honduras."""
    c = cell("hnd-inm-002")
    write(c, 1234)
    for n, (step, by) in enumerate(
        [(Step.SUBMIT, "clerk"), (Step.APPROVE_STATE, "focal"), (Step.APPROVE_REGION, "region")]
    ):
        entries.take(cells=[c.pk], step=step, by=by, role="any", at=NOW + timedelta(hours=n))
    return entries.Cell.objects.get(pk=c.pk).figure


def news(figure: str, **changes: str) -> Draft:
    text = {"title_es": "Ronda publicada", "title_en": "Round published",
            "text_es": f"Honduras: [[{figure}]].", "text_en": f"Honduras: [[{figure}]]."}  # fmt: skip
    return Draft(**{**text, **changes})


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "field", "key"),
    [
        ({}, "", ""),
        ({"title_en": " "}, "title_en", "empty"),
        ({"text_es": "Honduras: 1234 personas."}, "text_es", "literal"),
        ({"text_en": "Honduras."}, "text_en", "languages"),
        ({"text_es": "[[nothing-such]]", "text_en": "[[nothing-such]]"}, "text_es", "figure"),
    ],
)
def test_the_news_types_no_number_and_says_the_same_in_both_languages(
    approved: str, changes: dict[str, str], field: str, key: str
) -> None:
    found = publication.news_faults(news(approved, **changes), "2025")
    assert found.get(field, ("publication.fault.", {}))[0] == f"publication.fault.{key}"
    assert bool(found) is bool(field)


@pytest.mark.django_db
def test_the_proposed_news_is_fit_to_publish(approved: str, round_2025: Round) -> None:  # noqa: F811
    draft = publication.proposed(round_2025, without=[])
    assert approved in draft.text_es
    assert publication.news_faults(draft, "2025") == {}


@pytest.mark.django_db
def test_a_reason_is_asked_for_leaving_a_state_out_and_it_can_be_taken_back(round_2025: Round) -> None:  # noqa: F811
    with pytest.raises(ValueError, match="reason"):
        publication.leave_out(round="2025", state="PAN", reason_es="no", reason_en="no", by="p", at=NOW)
    publication.leave_out(
        round="2025", state="PAN", reason_es="No llegó a tiempo.", reason_en="It did not arrive in time.",
        by="p", at=NOW,
    )  # fmt: skip
    assert list(publication.without("2025")) == ["PAN"]
    publication.take_back(round="2025", state="PAN", by="p", at=NOW)
    assert publication.without("2025") == {}


@pytest.mark.django_db
def test_an_open_round_is_held_up_and_publishing_it_changes_nothing(approved: str) -> None:
    with pytest.raises(publication.HeldUp) as caught:
        publication.publish_round(
            code="2025", by="presidency", role="presidency", at=NOW, embargoes={}, draft=news(approved)
        )
    assert Holds.STAGE in [b.holds for b in caught.value.blocks]
    assert Round.objects.get(pk="2025").stage == Stage.OPEN
    assert not publication.News.objects.exists()
    assert rounds.asked("2025").filter(cells__status=Status.PUBLISHED).count() == 0


@pytest.mark.django_db
def test_the_page_of_news_explains_that_there_is_none() -> None:
    shown = Client().get("/es/news/").content.decode()
    assert "Todavía no hay novedades" in shown
    assert "<feed" in Client().get("/en/news/feed/").content.decode()
