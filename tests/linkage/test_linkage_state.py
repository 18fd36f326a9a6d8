"""A State: two persons sign before anything is encoded, and only those are encoded who agreed and may be."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from pyrage import x25519
from tests.exchange.other import NOW, Other
from tests.linkage.parties import HALVES, Cell, agreement, result, take, terms
from tests.people import made
from tests.registry.said import Json, fact, family, who

from mirps.base.access import api as access
from mirps.base.access.api import NotAllowed, User
from mirps.people.linkage import api as linkage
from mirps.people.registry import api as registry
from mirps.sharing.exchange import api as exchange
from mirps.sharing.exchange.api import Package
from mirps.sharing.linkage import api as links
from mirps.sharing.linkage import rules
from mirps.sharing.linkage.actions import private_of
from mirps.sharing.linkage.rules import LinkageRefused

pytestmark = pytest.mark.django_db


def person(name: str, role: str = "focal-point", state: str = "MEX") -> User:
    user = User.objects.create_user(username=name, email=f"{name}@example.org")
    access.give_role(
        user=user, role=role, state=state, body="", starts=date(2025, 1, 1), ends=None, by="tests", at=NOW
    )
    return user


def proposed(**changes: Any) -> links.Agreement:
    told: dict[str, Any] = {
        "partner": "HND", "comparer": "MIRPS", "purpose": "Onward movement", "basis": "MoU 2025", "threshold": 5,
        "every": "quarter", "until": date(2027, 12, 31),
    }  # fmt: skip
    return links.propose(**told | changes, by="admin", at=NOW)


def signed(held: links.Agreement) -> None:
    for name, role in (("ana", "focal-point"), ("luis", "state-approver")):
        links.sign(agreement=held.pk, user=person(name, role), at=NOW)


def sealed_there(hnd: Other, held: links.Agreement) -> None:
    assert take(agreement(hnd, links.terms_of(held), hnd)).state == Package.TAKEN


def opened(region: Other, held: links.Agreement, period: str = "2025-Q4", **changes: Any) -> exchange.Outcome:
    content = {"what": "open", "agreement": str(held.pk), "period": period,
               "recipient": str(x25519.Identity.generate().to_public())}  # fmt: skip
    return take(region.package("linkage", content | changes))


def counting(hnd: Other, region: Other) -> links.Agreement:
    """An agreement in force, with a count that is open."""
    held = proposed()
    signed(held)
    sealed_there(hnd, held)
    assert opened(region, held).state == Package.TAKEN
    return held


def going(what: str) -> list[str]:
    rows = Package.objects.filter(lane__outward=True, lane__stream="linkage", about__what=what)
    return sorted(rows.values_list("lane__peer_id", flat=True))


def test_the_second_persons_signature_sets_the_nodes_seal_and_tells_the_others(
    others: tuple[Other, Other],
) -> None:
    held = proposed()
    links.sign(agreement=held.pk, user=person("ana"), at=NOW)
    assert (held.seals.count(), going("agreement")) == (0, [])
    links.sign(agreement=held.pk, user=person("luis", "state-approver"), at=NOW)
    assert held.seals.get().persons == ["ana", "luis"]
    assert going("agreement") == ["HND", "MIRPS"]


def test_one_person_does_not_sign_twice_and_nobody_without_the_role(others: tuple[Other, Other]) -> None:
    held, ana = proposed(), person("ana")
    links.sign(agreement=held.pk, user=ana, at=NOW)
    with pytest.raises(LinkageRefused, match="twice"):
        links.sign(agreement=held.pk, user=ana, at=NOW)
    for name, role, state in (("eva", "data-entry", "MEX"), ("rosa", "focal-point", "HND")):
        with pytest.raises(NotAllowed):
            links.sign(agreement=held.pk, user=person(name, role, state), at=NOW)


def test_both_states_have_one_key_and_the_shares_alone_give_none(others: tuple[Other, Other]) -> None:
    held = proposed()
    terms = links.terms_of(held)
    ours, theirs = private_of(held), HALVES["HND"]
    key = rules.key_of(ours, rules.share_of(theirs), terms)
    assert key == rules.key_of(theirs, rules.share_of(ours), terms)
    assert key != rules.key_of(HALVES["MEX"], rules.share_of(theirs), terms)
    with pytest.raises(LinkageRefused, match="seal"):
        rules.key_of(ours, bytes(32), terms)  # a share that gives everybody the same key


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"comparer": "HND"}, "comparer"), ({"partner": "MEX"}, "comparer"), ({"threshold": 4}, "threshold"),
        ({"purpose": " "}, "terms"), ({"partner": "GTM"}, "stranger"), ({"every": "day"}, "terms"),
        ({"until": NOW.date() - timedelta(days=1)}, "past"), ({"partner": "hnd"}, "terms"),
    ],
)  # fmt: skip
def test_terms_that_may_not_be_are_not_proposed(
    others: tuple[Other, Other], changes: dict[str, Any], why: str
) -> None:
    with pytest.raises(LinkageRefused, match=why):
        proposed(**changes)
    assert not links.Agreement.objects.exists()


def test_nothing_is_encoded_before_both_sealed_or_before_a_count_is_open(others: tuple[Other, Other]) -> None:
    hnd, region = others
    held = proposed()
    signed(held)
    with pytest.raises(LinkageRefused, match="unsigned"):
        links.encode(agreement=held.pk, by="admin", at=NOW)
    assert opened(region, held).reason == "linkage.refused.unsigned"
    sealed_there(hnd, held)
    with pytest.raises(LinkageRefused, match="not-open"):
        links.encode(agreement=held.pk, by="admin", at=NOW)


def test_only_whoever_compares_opens_a_count_of_this_period_once(others: tuple[Other, Other]) -> None:
    hnd, region = others
    held = proposed()
    signed(held)
    sealed_there(hnd, held)
    assert opened(hnd, held).reason == "linkage.refused.not-comparer"
    assert opened(region, held, "2024-Q1").reason == "linkage.refused.period"
    assert opened(region, held, recipient="age1nobody").reason == "linkage.refused.what"
    assert opened(region, held).state == Package.TAKEN
    assert opened(region, held).reason == "linkage.refused.again"


def registered(count: int) -> None:
    """Made-up people of Mexico's register who agree to statistics."""
    people = [
        who(
            p.given,
            p.surnames,
            born=p.born.isoformat(),
            sex=p.sex.upper(),
            country="GTM",
            role="relative",
        )
        for p in made.people(count, 3)
    ]
    for n in range(0, count, 40):
        some = people[n : n + 40]
        some[0]["role"] = "head"
        agreeing(family(*some), some)


def agreeing(said: Json, people: list[Json], *more: Json) -> None:
    """Keep a submission in which these people agree to statistics."""
    said["facts"] += [
        fact("consent", person=p["id"], purpose="statistics", given="given", how="spoken") for p in people
    ]
    said["facts"] += more
    keep(said)


def keep(said: Json) -> None:
    at = timezone.now()
    found = registry.read(said, registry.book(), country=registry.is_country, at=at)
    registry.keep(found, book=registry.book(), by="desk", at=at)


def test_who_did_not_agree_and_nationals_of_the_other_state_are_in_no_row(db: None) -> None:
    registered(120)
    silent = who("Eva", "Paz")
    national = who("Rosa", "Mejía", country="HND", role="relative")
    refuses = who("Luz", "Cruz", country="SLV", role="relative")
    no = fact("consent", person=refuses["id"], purpose="share-abroad", given="refused", how="spoken")
    agreeing(family(silent, national, refuses), [national, refuses], no)
    found = linkage.register(state="MEX", partner="HND", key=b"k" * 32, period="2026", at=timezone.now())
    assert len(found.rows) == 120
    assert found.left_out == {"no-consent": 1, "national": 1, "refused-abroad": 1, "unknown": 0}


def test_rows_go_once_a_period_to_whoever_compares_and_to_nobody_else(others: tuple[Other, Other]) -> None:
    hnd, region = others
    registered(120)
    held = counting(hnd, region)
    row = links.encode(agreement=held.pk, by="admin", at=NOW)
    assert row.sent["rows"] == 120
    assert going("rows") == ["MIRPS"]
    with pytest.raises(LinkageRefused, match="again"):
        links.encode(agreement=held.pk, by="admin", at=NOW + timedelta(days=1))
    short: Any = [(("_T", "_T"), 31)]
    assert take(result(region, held.pk, "2025-Q4", short)).reason == "linkage.refused.what"
    cells: list[Cell] = [(("_T", "_T", "_T", "_T"), 31), (("onward", "n2", "_T", "_T"), None)]
    assert take(result(hnd, held.pk, "2025-Q4", cells)).reason == "linkage.refused.not-comparer"
    assert take(result(region, held.pk, "2025-Q4", cells)).state == Package.TAKEN
    row.refresh_from_db()
    told = links.cells(row)
    assert [c["value"] for c in links.margin(told)] == [31]
    assert told[1]["age"] in linkage.scheme().groups["age"]
    all_of_it, *ages = links.crossed(told, "age")
    assert all_of_it == ("_T", {"_T": 31, "onward": 0, "back": 0, "together": 0})
    assert sum(ways["onward"] is None for _, ways in ages) == 1
    assert [name for name, _ in ages] == list(linkage.scheme().groups["age"])


def test_a_register_of_few_sends_nothing(others: tuple[Other, Other]) -> None:
    registered(99)
    held = counting(*others)
    with pytest.raises(linkage.LinkageFault, match="small"):
        links.encode(agreement=held.pk, by="admin", at=NOW)
    assert going("rows") == []


def test_what_the_other_state_proposes_is_signed_here_under_the_same_terms(
    others: tuple[Other, Other],
) -> None:
    hnd, _ = others
    theirs = terms(one="HND", other="MEX")
    assert take(agreement(hnd, theirs, hnd)).state == Package.TAKEN
    held = links.Agreement.objects.get(pk=theirs.id)
    signed(held)
    assert sorted(held.seals.values_list("node", flat=True)) == ["HND", "MEX"]
    rules.prove_in_force(
        links.terms_of(held), ["HND", "MEX"], ended=False, on=datetime(2026, 1, 1, tzinfo=UTC).date()
    )


def test_a_state_declines_what_the_other_proposed_and_says_why(others: tuple[Other, Other]) -> None:
    theirs = terms(one="HND", other="MEX")
    assert take(agreement(others[0], theirs, others[0])).state == Package.TAKEN
    with pytest.raises(LinkageRefused, match="reason"):
        links.end(agreement=theirs.id, reason=" no ", by="ana", at=NOW)
    held = links.end(agreement=theirs.id, reason="The basis does not allow it.", by="ana", at=NOW)
    assert links.stage_of(held, on=NOW.date()) is links.Stage.DECLINED
    assert going("end") == ["HND", "MIRPS"]
    with pytest.raises(LinkageRefused, match="ended"):
        links.sign(agreement=held.pk, user=person("luis"), at=NOW)


def test_what_nobody_else_was_told_of_is_withdrawn_in_silence(others: tuple[Other, Other]) -> None:
    held = proposed()
    links.end(agreement=held.pk, reason="Proposed by mistake.", by="ana", at=NOW)
    assert going("end") == []


def test_an_agreement_that_the_other_state_ended_says_who_and_why(others: tuple[Other, Other]) -> None:
    hnd, region = others
    held = counting(hnd, region)
    told = {"what": "end", "agreement": str(held.pk), "reason": "The law has changed." * 60}
    assert take(hnd.package("linkage", told)).state == Package.TAKEN
    held.refresh_from_db()
    assert (held.ended_by, len(held.ended_why)) == ("node HND", links.MOST_TEXT)
    assert links.stage_of(held, on=NOW.date()) is links.Stage.ENDED


@pytest.mark.parametrize(
    ("sealed", "ended", "after", "stage"),
    [
        ([], False, False, "proposed"), (["HND"], False, False, "signed"), (["MEX", "HND"], False, False, "in-force"),
        (["MEX"], True, False, "declined"), (["MEX", "HND"], True, False, "ended"), ([], False, True, "ended"),
        (["MEX", "HND"], False, True, "ended"), (["GTM", "MEX"], False, False, "signed"),
    ],
)  # fmt: skip
def test_how_far_an_agreement_is_follows_from_its_seals_and_its_last_day(
    sealed: list[str], ended: bool, after: bool, stage: str
) -> None:
    agreed = terms()
    on = agreed.until + timedelta(days=after)
    assert rules.stage(agreed, sealed, ended=ended, on=on) == stage


@given(st.dates(date(2000, 1, 1), date(2199, 12, 31)), st.sampled_from(rules.Every))
def test_a_day_lies_within_the_days_of_its_period(day: date, every: rules.Every) -> None:
    days = rules.days_of(rules.period(every, day))
    if every is rules.Every.ONCE:
        assert days is None
    else:
        assert days is not None
        assert days[0] <= day <= days[1]
        assert rules.period(every, days[0]) == rules.period(every, days[1])
        assert rules.period(every, days[1] + timedelta(days=1)) != rules.period(every, day)


@given(st.text(max_size=12))
def test_what_is_no_period_has_no_days(text: str) -> None:
    days = rules.days_of(text)
    assert days is None or days[0] < days[1]
