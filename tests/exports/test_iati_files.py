"""IATI files are valid by schema and by rule, tell money once, and refuse what cannot be told truly."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from mirps.base.codelists import api as codelists
from mirps.planning.contributions.api import STAGES, Contribution, hanging, summed
from mirps.sharing.exports import iati_files as files
from mirps.sharing.exports import iati_from as origin
from mirps.sharing.exports.iati import Settings, Why, read

NOW = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)
TODAY = NOW.date()
WORDS = {"es": "Apoyo", "en": "Support"}
SAID = origin.Said(
    {
        "exact": {},
        "more-than": {"es": "Más de esto.", "en": "More than this."},
        "about": WORDS,
        "up-to": WORDS,
    },
    {"made": WORDS, "period": WORDS, "known": WORDS},
    {"es": "Dentro: {amount}.", "en": "Within: {amount}."},
)


@pytest.fixture(scope="module")
def ours() -> Settings:
    return own()


def own() -> Settings:
    given_ = yaml.safe_load((codelists.data_folder() / "iati" / "iati.yaml").read_text(encoding="utf-8"))
    institutions = {
        c.code: (c.extra["kind"], {"es": c.name("es"), "en": c.name("en")})
        for c in codelists.institutions().values()
    }
    countries = {c.code: c.extra["iso2"] for c in codelists.states().values() if c.extra["iso2"]}
    sectors = {c.code: {"es": c.name("es"), "en": c.name("en")} for c in codelists.sectors().values()}
    return read(given_, institutions, countries, sectors)


def one(code: str, amount: str | None = "100", currency: str = "USD", **more: Any) -> Contribution:
    held: dict[str, Any] = {
        "stage": "disbursed", "form": "grant", "states": ("HND",), "sectors": ("jobs",), "made": "2024-03-05",
        "title": {"es": "Título", "en": "Title"}, "purpose": WORDS,
        "known": date(2024, 12, 5), "donor": "ESP.GOV", **more,
    }  # fmt: skip
    return Contribution(
        code=code, amount=None if amount is None else Decimal(amount), currency=currency, **held
    )


def made(
    *of: Contribution, projects: tuple[origin.Project, ...] = (), calls: tuple[origin.Call, ...] = ()
) -> files.Made:
    return files.made(of, projects, calls, own(), SAID, NOW)


def tree(m: files.Made) -> etree._Element:
    assert m.activities is not None
    return etree.fromstring(m.activities)


def at(e: etree._Element, path: str) -> etree._Element:
    found = e.find(path)
    assert found is not None
    return found


def why(m: files.Made) -> dict[str, Why]:
    return {r.key: r.why for r in m.refused}


def test_a_payment_is_an_activity_with_one_disbursement_by_its_donor(ours: Settings) -> None:
    got = tree(made(one("a", "1400000", "CAD", channels=("UNHCR",))))
    a = got.find("iati-activity")
    assert a is not None
    assert a.findtext("iati-identifier") == f"{ours.reporting.ref}-contribution-a"
    assert at(a, "reporting-org").get("ref") == ours.reporting.ref
    assert [(o.get("role"), o.get("ref"), o.findtext("narrative")) for o in a.iterfind("participating-org")] == [
        ("1", None, "Gobierno de España"), ("3", "XM-DAC-41121", ours.org("UNHCR").names["es"]),
    ]  # fmt: skip
    t = a.find("transaction")
    assert t is not None
    value = t.find("value")
    assert value is not None
    assert (value.text, value.get("currency"), value.get("value-date")) == ("1400000", "CAD", "2024-03-05")
    assert [(c.get("code"), c.get("percentage")) for c in a.iterfind("recipient-country")] == [("HN", "100")]
    assert [(s.get("vocabulary"), s.get("code")) for s in a.iterfind("sector")] == [
        ("1", "16020"),
        ("99", "jobs"),
    ]


def test_every_narrative_is_in_both_languages() -> None:
    got = tree(made(one("a")))
    lang = "{http://www.w3.org/XML/1998/namespace}lang"
    assert all(sorted(n.get(lang, "") for n in e.iterfind("narrative")) == ["en", "es"]
               for e in got.iter() if e.find("narrative") is not None)  # fmt: skip


@pytest.mark.parametrize(("change", "reason"), [
    ({"currency": ""}, Why.CURRENCY),
    ({"amount": None}, Why.AMOUNT),
    ({"amount": None, "form": "goods"}, Why.KIND),
    ({"stage": "unstated"}, Why.STAGE),
    ({"stage": "planned"}, Why.STAGE),
    ({"made": ""}, Why.DAY),
    ({"made": "2026-12"}, Why.AHEAD),
    ({"state_shares": (("HND", Decimal(40)), ("MEX", Decimal(50)))}, Why.STATE_SHARES),
    ({"sector_shares": (("jobs", Decimal(101)),)}, Why.SECTOR_SHARES),
    ({"starts": "2024", "ends": "2023"}, Why.DATES),
    ({"title": {"es": "Solo en español", "en": ""}}, Why.LANGUAGE),
])  # fmt: skip
def test_what_cannot_be_told_truly_is_refused_with_its_reason_and_the_rest_is_told(
    change: dict[str, Any], reason: Why
) -> None:
    got = made(one("good"), one("bad", **change))
    assert why(got) == {"contribution/bad": reason}
    assert [a.key for a in got.told] == ["contribution/good"]


def test_a_pledge_of_which_no_day_is_known_bears_the_day_on_which_it_became_known() -> None:
    got = tree(made(one("a", stage="pledged", made="")))
    assert at(got, ".//transaction-type").get("code") == "12"
    assert at(got, ".//transaction-date").get("iso-date") == "2024-12-05"


def test_of_a_pledge_nothing_is_told_as_begun() -> None:
    got = tree(made(one("a", stage="pledged", starts="2024", ends="2025"), one("b", stage="pledged")))
    assert [(a.get("type"), a.get("iso-date")) for a in got.iter("activity-date")] == [
        ("1", "2024-01-01"), ("3", "2025-12-31"), ("1", "2024-03-05"),
    ]  # fmt: skip
    assert {e.get("code") for e in got.iter("activity-status")} == {"1"}


def test_shares_that_are_known_are_told_and_those_that_are_not_are_not_made_up() -> None:
    shared = one(
        "a", states=("HND", "MEX"), state_shares=(("HND", Decimal("33.3")), ("MEX", Decimal("66.7")))
    )
    open_ = one("b", states=("HND", "MEX"), sectors=("jobs", "health"))
    a, b = tree(made(shared, open_)).findall("iati-activity")
    assert [(c.get("code"), c.get("percentage")) for c in a.iterfind("recipient-country")] == [
        ("HN", "33.3"),
        ("MX", "66.7"),
    ]
    assert [(r.get("code"), r.get("percentage")) for r in b.iterfind("recipient-region")] == [("1032", "100")]
    assert b.find("recipient-country") is None
    assert [(s.get("code"), s.get("percentage")) for s in b.iterfind("sector")] == [("43010", "100")]


def test_two_sectors_that_are_one_of_the_dac_s_are_told_once_with_their_shares_together() -> None:
    c = one(
        "a", sectors=("asylum", "transit"), sector_shares=(("asylum", Decimal(60)), ("transit", Decimal(40)))
    )
    a = tree(made(c)).find("iati-activity")
    assert a is not None
    assert [(s.get("vocabulary"), s.get("code"), s.get("percentage")) for s in a.iterfind("sector")] == [
        ("1", "15190", "100"), ("99", "asylum", "60"), ("99", "transit", "40"),
    ]  # fmt: skip


def test_a_part_is_told_under_its_whole_without_its_money() -> None:
    got = tree(made(one("whole", "75"), one("part", "1.4", part_of=("whole",))))
    whole, part = got.findall("iati-activity")
    assert (whole.get("hierarchy"), len(whole.findall("transaction"))) == ("1", 1)
    assert (part.get("hierarchy"), len(part.findall("transaction"))) == ("2", 0)
    assert at(part, "related-activity").get("ref") == whole.findtext("iati-identifier")
    assert "Dentro: USD 1.4." in (part.findtext("description/narrative") or "")


def test_a_part_bears_its_money_where_its_whole_cannot_be_told() -> None:
    got = made(one("whole", "187", ""), one("part", "1.4", part_of=("whole",)))
    assert why(got) == {"contribution/whole": Why.CURRENCY}
    assert len(tree(got).findall(".//transaction")) == 1


def project(**more: Any) -> origin.Project:
    held: dict[str, Any] = {
        "key": "project/p", "title": WORDS, "summary": WORDS, "stage": "running", "states": ("PAN",), "sectors": (),
        "entity": "PAN.MINGOB", "partners": (), "administrator": "OAS", "starts": "2024-01-15", "ends": "2025-06-30",
        "signed": "2024-01-10", "agreed": Decimal(1000), "currency": "USD", "known": date(2024, 12, 5),
        "paid": (origin.Paid("d1", date(2024, 2, 1), Decimal(400), "USD"),),
        "funders": (("ESP.GOV", "contribution/a"),), **more,
    }  # fmt: skip
    return origin.Project(**held)


def test_a_project_has_a_budget_each_year_that_sums_to_what_was_agreed_and_the_payments_it_had() -> None:
    m = made(one("a"), projects=(project(),))
    p = tree(m).findall("iati-activity")[1]
    assert [Decimal(b.findtext("value") or "") for b in p.iterfind("budget")] == [
        Decimal("660.41"),
        Decimal("339.59"),
    ]
    assert at(p, "transaction/provider-org").get("provider-activity-id", "").endswith("contribution-a")
    assert [o.get("role") for o in p.iterfind("participating-org")] == ["1", "3", "4"]
    orgs = etree.fromstring(m.organisations)
    assert [Decimal(b.findtext("value") or "") for b in orgs.iter("recipient-org-budget")] == [
        Decimal("660.41"), Decimal("339.59"),
    ]  # fmt: skip


@pytest.mark.parametrize(("change", "reason"), [
    ({"paid": (origin.Paid("d1", date(2024, 2, 1), Decimal(1001), "USD"),)}, Why.OVERSPENT),
    ({"currency": ""}, Why.CURRENCY),
    ({"starts": "", "signed": ""}, Why.DATES),
    ({"ends": ""}, Why.PERIOD),
    ({"ends": "2023"}, Why.PERIOD),
    ({"paid": (origin.Paid("d1", date(2027, 2, 1), Decimal(1), "USD"),)}, Why.AHEAD),
    ({"funders": (), "administrator": ""}, Why.DONOR),
])  # fmt: skip
def test_a_project_that_cannot_be_told_truly_is_refused(change: dict[str, Any], reason: Why) -> None:
    got = made(one("a"), projects=(project(**change),))
    assert why(got) == {"project/p": reason}


def test_a_project_whose_contribution_is_not_told_names_no_activity_that_is_not_there() -> None:
    a = tree(made(projects=(project(),))).find("iati-activity")
    assert a is not None
    assert a.find("related-activity") is None
    assert at(a, "transaction/provider-org").get("provider-activity-id") is None


def test_an_open_call_is_money_in_the_pipeline() -> None:
    c = origin.Call(
        "call/two", WORDS, WORDS, "2026-01-01", "2026-03-31", Decimal(500), "EUR", "OAS", date(2026, 1, 1)
    )
    a = tree(made(calls=(c,))).find("iati-activity")
    assert a is not None
    assert at(a, "activity-status").get("code") == "1"
    assert [(b.get("status"), b.findtext("value")) for b in a.iterfind("budget")] == [("1", "500")]


def test_a_call_of_no_known_day_is_refused() -> None:
    c = origin.Call("call/first", WORDS, WORDS, "", "", None, "", "OAS", date(2024, 1, 24))
    assert why(made(calls=(c,))) == {"call/first": Why.DATES}


def test_two_records_never_share_an_identifier() -> None:
    got = made(one("a"), projects=(project(), project()))
    assert why(got) == {"project/p": Why.IDENTIFIER}
    assert len(got.told) == 2


def test_where_nothing_can_be_told_there_is_no_file_of_activities() -> None:
    assert made().activities is None
    assert etree.fromstring(made().organisations).tag == "iati-organisations"


def test_a_name_with_signs_of_xml_is_told_as_it_is() -> None:
    got = tree(made(one("a", title={"es": "<b> & «c»", "en": "<b> & 'c'"})))
    assert got.findtext(".//title/narrative") == "<b> & «c»"


dates = st.sampled_from(["2022", "2023-11", "2024-02-29", "2025-12-31", "2024", "", "2026-01-16"])
periods = st.sampled_from(
    [("", ""), ("2022", "2024"), ("2023-11", ""), ("2024-02-29", "2026-12"), ("2025", "2023")]
)
percents = st.lists(
    st.tuples(st.sampled_from(["HND", "MEX"]), st.sampled_from([Decimal(40), Decimal(60)])),
    max_size=2, unique_by=lambda x: x[0],
)  # fmt: skip


def some(*of: str) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(of), unique=True, max_size=3).map(tuple)


@st.composite
def contributions(draw: st.DrawFn) -> list[Contribution]:
    made_of = []
    for code in draw(some("a", "b", "c", "d")):
        starts, ends = draw(periods)
        amount = draw(st.none() | st.decimals("0.01", 10**9, places=2).map(str))
        made_of.append(one(
            code, amount, draw(st.sampled_from(["USD", "EUR", "USD", ""])), stage=draw(st.sampled_from(STAGES)),
            form=draw(st.sampled_from(["grant", "loan", "money", "goods"])), made=draw(dates), starts=starts, ends=ends,
            exactness=draw(st.sampled_from(["exact", "more-than"])), states=draw(some("HND", "MEX", "MIRPS", "LAC")),
            sectors=draw(some("jobs", "asylum", "law", "hlp")), state_shares=tuple(draw(percents)),
            donor=draw(st.sampled_from(["ESP.GOV", "WB", "NOBODY.KNOWN"])), channels=draw(some("UNHCR", "OAS")),
            part_of=tuple(x for x in draw(some("a", "b", "c", "d")) if x != code),
        ))  # fmt: skip
    return made_of


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(contributions())
def test_whatever_is_given_the_files_are_right_and_everything_is_told_or_refused_once(
    of: list[Contribution],
) -> None:
    got = made(*of)  # raises where the schema or a rule is against it
    assert sorted([a.key for a in got.told] + [r.key for r in got.refused]) == sorted(c.key for c in of)


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(contributions())
def test_the_transactions_add_up_to_what_the_page_sums_of_what_is_told(of: list[Contribution]) -> None:
    got = made(*of)
    keys = {a.key for a in got.told}
    flows: dict[tuple[str, str], Decimal] = {}
    for t in etree.fromstring(got.activities).iter("transaction") if got.activities else ():
        stage = {"12": "pledged", "2": "committed", "3": "disbursed"}[
            at(t, "transaction-type").get("code", "")
        ]
        key = (stage, at(t, "value").get("currency", ""))
        flows[key] = flows.get(key, Decimal(0)) + Decimal(at(t, "value").text or "")
    sums: dict[tuple[str, str], Decimal] = {}
    for line in summed([c for c in of if c.key in keys], hanging(of)).lines:
        sums[line.stage, line.currency] = sums.get((line.stage, line.currency), Decimal(0)) + line.total
    assert flows == sums
