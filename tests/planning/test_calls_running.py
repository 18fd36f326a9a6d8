"""A call from opening to a signed agreement, act by act, with what is refused on the way."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from tests.planning import calls_world as world
from tests.planning.calls_world import CLOSED, CODE, START, room, who

from mirps.base.audit.api import AuditEntry
from mirps.planning.calls import api as calls
from mirps.planning.calls.api import CallFault, Content, Line, Proposal, Stage, What, Why
from mirps.planning.records import api as records

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _world(db: None, settings: object, tmp_path: object) -> None:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]
    world.people()


def keys(fault: pytest.ExceptionInfo[CallFault]) -> list[str]:
    return [f.key for f in fault.value.faults]


def test_a_call_is_opened_with_the_terms_in_force_and_keeps_them() -> None:
    world.opened()
    held = records.get(f"call/{CODE}")
    changed = {**held.data, "criteria": [{"code": "x", "weight": "1", "top": "9", "es": "x", "en": "x"}]}
    records.save(kind="call", code=CODE, data=changed, base=held.number, by="sec2", at=START)
    assert [c.code for c in room("sec", START).terms.criteria] == ["need", "cost"]


def test_a_draft_is_not_opened_and_one_that_lacks_something_says_all_of_it() -> None:
    records.save(kind="call", code=CODE, data=world.DATA, base=0, by="sec2", at=START)
    with pytest.raises(CallFault) as e:
        calls.open_call(call=CODE, user=who("sec"), role="", at=START)
    assert keys(e) == ["calls.unready.draft"]
    world.published("other", quorum="0", criteria=[])
    with pytest.raises(CallFault) as e:
        calls.open_call(call="other", user=who("sec"), role="", at=START)
    assert keys(e) == ["calls.unready.quorum", "calls.unready.criteria"]


def test_nothing_is_begun_before_the_opening_or_from_the_moment_of_closing() -> None:
    world.opened()
    for at, key in ((START - timedelta(hours=6), "calls.fault.early"), (CLOSED, "calls.fault.late")):
        with pytest.raises(CallFault) as e:
            calls.begin(call=CODE, institution="HND.SEDH", user=who("app-hnd"), role="", at=at)
        assert keys(e) == [key]


def test_an_incomplete_proposal_is_not_handed_in_and_everything_missing_is_named() -> None:
    world.opened()
    user = who("app-hnd")
    p = calls.begin(call=CODE, institution="HND.SEDH", user=user, role="applicant", at=START)
    with pytest.raises(CallFault) as e:
        calls.submit(proposal=str(p.pk), user=user, role="", at=START)
    assert {f.cell for f in e.value.faults} == {
        "title-es", "title-en", "summary", "months", "answer-problem", "lines", "paper-letter",
    }  # fmt: skip
    p.refresh_from_db()
    assert p.status == "draft"


def test_a_proposal_is_written_until_it_is_handed_in_taken_back_and_never_after_the_closing() -> None:
    world.opened()
    p = world.handed_in("app-hnd", "HND.SEDH", "Shelters", 60000)
    user, at = who("app-hnd"), START + timedelta(days=2)
    with pytest.raises(CallFault) as e:
        calls.write(proposal=str(p.pk), content=Content(), base=1, user=user, at=at)
    assert keys(e) == ["calls.fault.handed-in"]
    calls.take_back(proposal=str(p.pk), user=user, role="", at=at)
    calls.write(proposal=str(p.pk), content=world.content("Shelters", 70000), base=1, user=user, at=at)
    calls.submit(proposal=str(p.pk), user=user, role="", at=at)
    assert p.versions.count() == 2
    for late in (
        lambda: calls.write(proposal=str(p.pk), content=Content(), base=2, user=user, at=CLOSED),
        lambda: calls.take_back(proposal=str(p.pk), user=user, role="", at=CLOSED),
        lambda: calls.attach(
            proposal=str(p.pk), document="plan", file=io.BytesIO(world.PDF), name="x", user=user, at=CLOSED
        ),
    ):  # fmt: skip
        with pytest.raises(CallFault) as e:
            late()
        assert keys(e) == ["calls.fault.late"]


def test_a_draft_that_was_not_handed_in_before_the_closing_is_not_handed_in_after() -> None:
    world.opened()
    user = who("app-hnd")
    p = calls.begin(call=CODE, institution="HND.SEDH", user=user, role="applicant", at=START)
    with pytest.raises(CallFault) as e:
        calls.submit(proposal=str(p.pk), user=user, role="", at=CLOSED)
    assert keys(e) == ["calls.fault.late"]


def test_two_who_write_at_once_do_not_undo_each_other() -> None:
    world.opened()
    user = who("app-hnd")
    p = calls.begin(call=CODE, institution="HND.SEDH", user=user, role="applicant", at=START)
    calls.write(proposal=str(p.pk), content=world.content("One", 1000), base=0, user=user, at=START)
    with pytest.raises(calls.Overtaken):
        calls.write(proposal=str(p.pk), content=world.content("Two", 1000), base=0, user=user, at=START)


def test_the_closing_is_put_off_for_everybody_with_reasons_and_never_brought_forward() -> None:
    world.opened()
    later = CLOSED + timedelta(days=7)
    reason = {"es": "Hubo un corte de luz.", "en": "There was a power cut."}
    calls.extend(call=CODE, closes=later, reason=reason, user=who("sec"), role="", at=START)
    assert room("sec", CLOSED).stage is Stage.OPEN
    with pytest.raises(CallFault) as e:
        calls.extend(call=CODE, closes=CLOSED, reason=reason, user=who("sec"), role="", at=START)
    assert keys(e) == ["calls.fault.earlier"]


def test_the_closing_stands_in_the_calendar_on_the_day_to_which_it_was_put_off(client: Client) -> None:
    world.opened()
    reason = {"es": "Hubo un corte de luz.", "en": "There was a power cut."}
    later = CLOSED + timedelta(days=7)
    calls.extend(call=CODE, closes=later, reason=reason, user=who("sec"), role="", at=START)
    world.published("announced", closes="2026-12-24")
    draft = {**world.DATA, "closes": "2026-12-25"}
    records.save(kind="call", code="draft", data=draft, base=0, by="sec2", at=START)
    days = {e.key: e.span.starts for e in calls.closings()}
    assert days == {f"call/{CODE}": "2026-12-08", "call/announced": "2026-12-24"}
    page = client.get("/en/planning/calendar/?month=2026-12").content.decode()
    assert page.count("The call closes: Trial call") == 2
    assert f"/en/planning/calls/{CODE}/" in page
    feed = client.get("/es/planning/calendar/mirps.ics").content.decode()
    assert "DTSTART;VALUE=DATE:20261208" in feed
    assert "Cierra la convocatoria" in feed


def test_a_plan_node_that_is_not_there_is_named() -> None:
    world.opened()
    user = who("app-hnd")
    p = calls.begin(call=CODE, institution="HND.SEDH", user=user, role="applicant", at=START)
    written = replace(world.content("One", 1000), lines=(Line("x", Decimal(1000), "fund", "node/nowhere"),))
    calls.write(proposal=str(p.pk), content=written, base=0, user=user, at=START)
    p.refresh_from_db()
    assert "calls.lack.node" in [f.key for f in calls.lacking(room("app-hnd", START), p)]


def test_a_question_is_answered_once_and_for_all_in_both_languages() -> None:
    world.opened()
    asked = calls.ask(call=CODE, text="May we pay rent?", lang="en", user=who("app-hnd"), role="", at=START)
    words = {"es": "¿Se paga alquiler?", "en": "May rent be paid?"}
    answer = {"es": "Sí, hasta un año.", "en": "Yes, up to a year."}
    with pytest.raises(CallFault) as e:
        calls.answer(
            call=CODE,
            asked=asked.pk,
            question=words,
            answer={"es": "Sí."},
            user=who("sec"),
            role="",
            at=START,
        )
    assert [f.cell for f in e.value.faults] == ["answer-en"]
    calls.answer(call=CODE, asked=asked.pk, question=words, answer=answer, user=who("sec"), role="", at=START)
    with pytest.raises(CallFault) as e:
        calls.answer(
            call=CODE, asked=asked.pk, question=words, answer=answer, user=who("sec2"), role="", at=START
        )
    assert keys(e) == ["calls.fault.answered"]


@pytest.fixture
def held() -> dict[str, Proposal]:
    world.opened()
    return world.applied()


def test_the_reading_waits_for_checks_declarations_and_recusals_that_a_person_has_seen(
    held: dict[str, Proposal],
) -> None:
    def lacks() -> list[str]:
        return [f.key for f in calls.before_reading(room("sec"))]

    assert lacks() == ["calls.before.unchecked", "calls.before.none", "calls.before.undeclared"]
    world.checked(*held.values())
    world.declared()
    assert lacks() == ["calls.before.recusals"]
    world.recused("gus", held["gtm"])
    assert lacks() == []


def test_a_member_of_the_same_state_is_recused_by_the_system_and_a_person_confirms(
    held: dict[str, Proposal],
) -> None:
    world.declared()
    world.checked(*held.values())
    assert [(m, p.pk, r.why) for m, p, r in calls.undecided(room("sec"))] == [
        ("gus", held["gtm"].pk, Why.STATE)
    ]
    world.recused("gus", held["gtm"])
    assert calls.undecided(room("sec")) == []
    assert room("sec").readers(held["gtm"]) == ["ana", "eva", "leo"]
    assert room("sec").readers(held["hnd"]) == ["ana", "eva", "gus", "leo"]


def test_a_rejected_recusal_lets_the_member_read_and_a_graver_tie_found_later_does_not(
    held: dict[str, Proposal],
) -> None:
    world.declared()
    world.checked(*held.values())
    world.recused("gus", held["gtm"], confirm=False)
    assert "gus" in room("sec").readers(held["gtm"])
    calls.declare(
        call=CODE, codes=["GTM.MINTRAB"], note="My sister works there.", user=who("gus"), role="", at=CLOSED
    )
    assert "gus" not in room("sec").readers(held["gtm"])


def test_what_a_member_declared_cannot_be_set_aside(held: dict[str, Proposal]) -> None:
    calls.declare(call=CODE, codes=["HND"], note="", user=who("ana"), role="", at=CLOSED)
    with pytest.raises(CallFault) as e:
        world.recused("ana", held["hnd"], confirm=False)
    assert keys(e) == ["calls.fault.absolute"]


def test_a_member_who_applies_reads_none_of_the_proposals(held: dict[str, Proposal]) -> None:
    from mirps.base.access import api as access

    access.give_role(
        user=who("ana"), role="applicant", state="PAN", body="PAN.MINSA", starts=date(2026, 1, 1), ends=None, by="t",
        at=START,
    )  # fmt: skip
    world.declared()
    world.checked(*held.values())
    found = {p.pk: r.why for m, p, r in calls.undecided(room("sec")) if m == "ana"}
    assert found == {held["gtm"].pk: Why.RIVAL, held["hnd"].pk: Why.RIVAL, held["pan"].pk: Why.OWN}


def test_the_secretariat_reads_nothing_before_the_closing(held: dict[str, Proposal]) -> None:
    before = START + timedelta(days=3)
    for what in set(What) - {What.COUNT}:
        assert room("sec", before).seen(what) == []
    assert len(room("sec").seen(What.NAME)) == 3


def test_the_first_reading_is_blind_and_ends_with_the_last_sheet(held: dict[str, Proposal]) -> None:
    world.reading(held)
    ana = room("ana")
    assert ana.stage is Stage.READING
    assert len(ana.seen(What.CONTENT)) == 3
    assert ana.seen(What.NAME) == []
    world.read(held)
    assert room("ana").stage is Stage.DISCUSSION
    assert len(room("ana").seen(What.NAME)) == 3


def test_the_names_of_an_applicant_are_masked_for_a_reader(held: dict[str, Proposal]) -> None:
    world.reading(held)
    p = Proposal.objects.get(pk=held["gtm"].pk)
    assert room("ana").blind(p.content["answers"]["problem"], p) == "In ▇▇▇, ▇▇▇ sees it daily."
    assert [x.document for x in room("ana").papers(p)] == ["plan"]
    assert [x.document for x in room("app-gtm").papers(p)] == ["letter", "plan"]
    assert room("gus").papers(p) == []


def test_letters_follow_neither_the_order_of_handing_in_nor_names(held: dict[str, Proposal]) -> None:
    """Drawn from a digest with the moment: the letters of two calls with the same applicants differ."""
    world.reading(held)
    labels = sorted(Proposal.objects.order_by("id").values_list("label", flat=True))
    assert labels == ["A", "B", "C"]


def test_what_was_handed_in_in_the_first_reading_stands(held: dict[str, Proposal]) -> None:
    world.reading(held)
    world.scored("ana", held["hnd"], 4, 4)
    with pytest.raises(CallFault) as e:
        world.scored("ana", held["hnd"], 1, 1)
    assert keys(e) == ["calls.fault.given"]


@pytest.mark.parametrize("score", ["-1", "5.1", "many", "NaN", "Infinity", "1e9"])
def test_a_score_beyond_the_scale_is_not_taken(held: dict[str, Proposal], score: str) -> None:
    world.reading(held)
    with pytest.raises(CallFault) as e:
        calls.give(
            proposal=str(held["hnd"].pk), scores={"need": score}, comment="", final=True, user=who("ana"), role="",
            at=CLOSED,
        )  # fmt: skip
    assert [f.cell for f in e.value.faults] == ["score-need"]


@pytest.mark.parametrize("name", ["gus", "sec", "app-gtm", "app-hnd", "fp-gtm", "don", "rea", "adm", "pre"])
def test_who_is_recused_runs_applies_or_only_looks_scores_nothing(
    held: dict[str, Proposal], name: str
) -> None:
    world.reading(held)
    with pytest.raises(CallFault) as e:
        world.scored(name, held["gtm"], 5, 5)
    assert keys(e) == ["calls.fault.forbidden"]


def test_a_reader_who_is_not_waited_for_leaves_scores_missing_and_the_fewest_readers_hold(
    held: dict[str, Proposal],
) -> None:
    world.reading(held)
    calls.excuse(call=CODE, member="leo", reason="Fell ill.", user=who("sec"), role="", at=CLOSED)
    with pytest.raises(CallFault) as e:  # of Guatemala's only ana and eva are left
        calls.excuse(call=CODE, member="eva", reason="Fell ill too.", user=who("sec"), role="", at=CLOSED)
    assert keys(e) == ["calls.before.readers"]
    for name in ("ana", "eva"):
        world.scored(name, held["gtm"], 5, 5)
    for name in ("ana", "eva", "gus"):
        world.scored(name, held["hnd"], 4, 4)
        world.scored(name, held["pan"], 3, 3)
    assert room("sec").stage is Stage.DISCUSSION
    assert [p.mark.readers for p in room("sec").ranked] == [2, 3, 3]


def test_a_proposal_that_is_withdrawn_in_the_reading_is_waited_for_no_more(held: dict[str, Proposal]) -> None:
    world.reading(held)
    for name in world.MEMBERS:
        world.scored(name, held["hnd"], 4, 4)
        if name != "gus":
            world.scored(name, held["gtm"], 5, 5)
    calls.withdraw(
        proposal=str(held["pan"].pk), reason="No staff any more.", user=who("app-pan"), role="", at=CLOSED
    )
    assert room("sec").stage is Stage.DISCUSSION
    assert len(room("sec").ranked) == 2


def test_a_conflict_seen_late_strikes_what_the_member_gave(held: dict[str, Proposal]) -> None:
    world.reading(held)
    world.read(held)
    before = room("sec").mark(held["hnd"])
    calls.recuse_oneself(
        proposal=str(held["hnd"].pk), reason="I know their director.", user=who("leo"), role="", at=CLOSED
    )
    after = room("sec").mark(held["hnd"])
    assert (before.readers, after.readers) == (4, 3)
    assert "leo" not in after.by_reader
    assert not room("leo").may(What.SHEETS, held["hnd"])


def test_in_the_second_reading_a_reader_changes_a_score_saying_why_and_both_are_kept(
    held: dict[str, Proposal],
) -> None:
    world.reading(held)
    world.read(held)
    with pytest.raises(CallFault) as e:
        world.scored("ana", held["pan"], 5, 5)
    assert keys(e) == ["calls.fault.reason"]
    world.scored("ana", held["pan"], 5, 5, reason="The answer on staff convinced me.")
    ledger = room("ana").ledger
    first, last = ledger.sheet("ana", str(held["pan"].pk), 1), ledger.sheet("ana", str(held["pan"].pk))
    assert first
    assert last
    assert (first.scores["need"], last.scores["need"]) == (Decimal(3), Decimal(5))
    assert room("ana").mark(held["pan"]).by_reader["ana"] == 100


def test_the_ranking_proposes_and_a_departure_says_why(held: dict[str, Proposal]) -> None:
    world.reading(held)
    world.read(held)
    assert {p.proposal: p.outcome for p in room("sec").proposed.values()} == {
        str(held["gtm"].pk): "selected", str(held["hnd"].pk): "selected", str(held["pan"].pk): "reserve",
    }  # fmt: skip
    with pytest.raises(CallFault) as e:
        world.decided(held["hnd"], "not-selected", "ana")
    assert [f.cell for f in e.value.faults] == ["departs"]
    world.decided(held["hnd"], "not-selected", "ana", departs="The entity has an audit pending.")
    assert room("ana").ledger.decisions[str(held["hnd"].pk)].departs


def test_a_decision_stands_by_a_quorum_of_members_who_are_not_recused(held: dict[str, Proposal]) -> None:
    world.reading(held)
    world.read(held)
    world.decided(held["gtm"], "selected", "ana", amount=80000)
    assert not room("ana").settled(held["gtm"])
    with pytest.raises(CallFault) as e:
        calls.agree(
            proposal=str(held["gtm"].pk), number=1, agrees=True, note="", user=who("gus"), role="", at=CLOSED
        )
    assert keys(e) == ["calls.fault.forbidden"]
    calls.agree(
        proposal=str(held["gtm"].pk), number=1, agrees=True, note="", user=who("eva"), role="", at=CLOSED
    )
    assert room("ana").settled(held["gtm"])
    # Written anew, it is agreed to anew.
    world.decided(held["gtm"], "selected", "leo", amount=70000)
    assert not room("ana").settled(held["gtm"])


def test_who_disagrees_says_why_and_as_many_against_as_for_decide_nothing(held: dict[str, Proposal]) -> None:
    world.reading(held)
    world.read(held)
    world.decided(held["hnd"], "selected", "ana", "eva", amount=60000)
    for name in ("leo", "gus"):
        calls.agree(
            proposal=str(held["hnd"].pk),
            number=1,
            agrees=False,
            note="Too dear.",
            user=who(name),
            role="",
            at=CLOSED,
        )
    assert not room("ana").settled(held["hnd"])


def test_nobody_is_told_while_something_is_open_or_the_money_does_not_reach(
    held: dict[str, Proposal],
) -> None:
    world.reading(held)
    world.read(held)
    for code, amount in (("gtm", 80000), ("hnd", 60000), ("pan", 50000)):
        world.decided(
            held[code],
            "selected",
            "ana",
            "eva",
            amount=amount,
            departs="All are needed." if code == "pan" else "",
        )
    with pytest.raises(CallFault) as e:
        calls.tell(call=CODE, user=who("sec"), role="", at=CLOSED)
    assert keys(e) == ["calls.before.money"]


def test_told_what_is_selected_is_public_and_linked_to_its_call(held: dict[str, Proposal]) -> None:
    world.reading(held)
    world.read(held)
    assert list(records.of_kind("award")) == []
    world.told(held)
    awards = list(records.of_kind("award"))
    assert sorted(a.public["entity"] for a in awards if a.public) == ["GTM.MINTRAB", "HND.SEDH"]
    assert {a.parent for a in awards} == {f"call/{CODE}"}


@pytest.fixture
def signing(held: dict[str, Proposal]) -> Proposal:
    world.reading(held)
    world.read(held)
    world.told(held)
    world.agreed(held["gtm"])
    return held["gtm"]


def signed(p: Proposal, name: str, side: str, number: int = 1) -> str:
    return calls.sign(proposal=str(p.pk), number=number, side=side, user=who(name), role="", at=CLOSED)


def test_an_agreement_is_signed_by_both_sides_and_by_three_hands(signing: Proposal) -> None:
    with pytest.raises(CallFault) as e:
        signed(signing, "sec", "fund")  # who wrote it
    assert keys(e) == ["calls.fault.same-hand"]
    with pytest.raises(CallFault) as e:
        signed(signing, "sec2", "applicant")
    assert keys(e) == ["calls.fault.forbidden"]
    assert signed(signing, "app-gtm", "applicant") == ""
    project = signed(signing, "sec2", "fund")
    made = records.get(project)
    assert (made.status, made.public) == ("draft", None)
    assert made.data["agreed"] == {"amount": "80000", "currency": "USD"}
    assert (made.data["entity"], made.data["programme"], made.data["stage"]) == (
        "GTM.MINTRAB",
        "FUND",
        "signed",
    )
    assert [r.data["amount"]["amount"] for r in records.under(project)] == ["40000", "40000"]
    award = records.get(f"award/{calls.award_code(signing)}")
    assert award.public
    assert award.public["project"] == project


def test_an_agreement_written_anew_is_signed_anew(signing: Proposal) -> None:
    signed(signing, "app-gtm", "applicant")
    world.agreed(signing, 70000)
    with pytest.raises(CallFault) as e:
        signed(signing, "sec2", "fund", number=1)
    assert keys(e) == ["calls.fault.not-now"]
    assert signed(signing, "sec2", "fund", number=2) == ""


def test_instalments_add_up_to_what_was_agreed(signing: Proposal) -> None:
    from mirps.planning.calls.api import Instalment

    with pytest.raises(CallFault) as e:
        calls.write_agreement(
            proposal=str(signing.pk), amount=Decimal(80000), starts=date(2027, 1, 1), ends=date(2027, 12, 31),
            instalments=[Instalment("2027-01-15", Decimal(79999), {})], user=who("sec"), role="", at=CLOSED,
        )  # fmt: skip
    assert keys(e) == ["calls.fault.instalments"]


def test_every_act_leaves_an_entry_that_tells_no_secret(signing: Proposal) -> None:
    entries = AuditEntry.objects.filter(act__startswith="call.").order_by("id")
    acts = set(entries.values_list("act", flat=True))
    assert acts >= {
        "call.opened", "call.begun", "call.submitted", "call.declared", "call.checked", "call.recusal",
        "call.reading-started", "call.given", "call.reading-ended", "call.decision", "call.voice", "call.told",
        "call.agreement",
    }  # fmt: skip
    for e in entries:
        assert set(e.detail) == {"event", "role"}


def test_history_cannot_be_unwritten(held: dict[str, Proposal]) -> None:
    """An event points at its call and proposal, which therefore cannot be deleted from under it."""
    from django.db.models import ProtectedError

    with pytest.raises(ProtectedError):
        held["gtm"].delete()


def test_the_moment_at_which_all_are_in_is_not_anybodys_to_choose(held: dict[str, Proposal]) -> None:
    world.reading(held)
    world.read(held)
    at: datetime = room("sec").run.events.get(what="reading-ended").at
    assert at == CLOSED


def test_a_draft_that_was_not_handed_in_stays_its_applicants_alone(held: dict[str, Proposal]) -> None:
    """Not even who runs the call reads it after the closing."""
    p = calls.begin(call=CODE, institution="HND.SEDH", user=who("app-hnd"), role="", at=START)
    for name in ("sec", "ana"):
        assert not any(room(name).may(what, p) for what in set(What) - {What.COUNT})
    assert room("app-hnd").may(What.CONTENT, p)


def test_a_presidency_does_not_handle_its_own_states_proposal(held: dict[str, Proposal]) -> None:
    """Its mandate acts for the region; its holder is of a State all the same."""
    from mirps.base.access import api as access
    from mirps.base.access.api import Mandate

    access.set_mandates([Mandate("presidency", "GTM", date(2026, 1, 1), None)], by="t", at=START)
    access.give_role(
        user=who("rea"), role="presidency", state="GTM", via="presidency", starts=date(2026, 1, 1), ends=None, by="t",
        at=START,
    )  # fmt: skip
    assert room("rea").runs("rea")
    assert {p.institution for p in room("rea").seen(What.NAME)} == {"HND.SEDH", "PAN.MINSA"}
    with pytest.raises(CallFault):
        calls.check(
            proposal=str(held["gtm"].pk), eligible=True, reason={}, user=who("rea"), role="", at=CLOSED
        )


def test_a_seat_is_not_lent_to_a_stand_in(held: dict[str, Proposal]) -> None:
    from mirps.base.access import api as access

    access.lend(
        giver=who("ana"), taker=who("rea"), starts=date(2026, 11, 1), ends=date(2026, 12, 31), reason="Leave.",
        by="ana", at=START,
    )  # fmt: skip
    lent = access.grants_of(who("rea"), on=CLOSED.date())
    assert [g.role for g in lent if g.giver == "ana"] == ["committee-member"]
    assert "rea" not in room("rea").members
