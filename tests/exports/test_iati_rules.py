"""Each rule of IATI that its schema cannot say finds a file in which just that is wrong."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from lxml import etree

from mirps.sharing.exports import iati_files as files
from mirps.sharing.exports.iati_rules import faults

TODAY = date(2026, 1, 15)
Element = etree._Element
BOTH = '<narrative xml:lang="es">Uno</narrative><narrative xml:lang="en">One</narrative>'
GOOD = f"""<iati-activities version="2.03" generated-datetime="2026-01-15T12:00:00Z">
<iati-activity xml:lang="es" last-updated-datetime="2024-12-05T00:00:00Z">
<iati-identifier>XI-IATI-MIRPS-a</iati-identifier>
<reporting-org ref="XI-IATI-MIRPS" type="40" secondary-reporter="1">{BOTH}</reporting-org>
<title>{BOTH}</title><description>{BOTH}</description>
<participating-org role="1" type="10">{BOTH}</participating-org>
<activity-status code="2"/>
<activity-date type="2" iso-date="2024-01-01"/><activity-date type="3" iso-date="2026-12-31"/>
<recipient-country code="HN" percentage="40"/><recipient-country code="MX" percentage="60"/>
<sector vocabulary="1" code="16020" percentage="100"/>
<sector vocabulary="99" code="jobs" percentage="100">{BOTH}</sector>
<budget type="1" status="2"><period-start iso-date="2024-01-01"/><period-end iso-date="2024-12-31"/>
<value currency="USD" value-date="2024-01-01">100</value></budget>
<transaction><transaction-type code="3"/><transaction-date iso-date="2024-03-01"/>
<value currency="USD" value-date="2024-03-01">100</value><description>{BOTH}</description>
<provider-org type="10">{BOTH}</provider-org></transaction>
</iati-activity></iati-activities>"""


def good() -> Element:
    return etree.fromstring(GOOD)


def at(root: Element, path: str) -> Element:
    found = root.find(f".//{path}")
    assert found is not None
    return found


def test_a_right_file_has_no_fault_by_schema_or_by_rule() -> None:
    assert files.against_schema(good()) == []
    assert faults(good(), TODAY) == []


def put(path: str, name: str, value: str) -> Callable[[Element], None]:
    return lambda root: at(root, path).set(name, value)


def text(path: str, value: str) -> Callable[[Element], None]:
    def change(root: Element) -> None:
        at(root, path).text = value

    return change


def out(path: str) -> Callable[[Element], None]:
    def change(root: Element) -> None:
        held = at(root, path)
        parent = held.getparent()
        assert parent is not None
        parent.remove(held)

    return change


def twice(root: Element) -> None:
    root.append(etree.fromstring(etree.tostring(at(root, "iati-activity"))))


def other_reporter(root: Element) -> None:
    twice(root)
    second = root[-1]
    at(second, "reporting-org").set("ref", "XI-IATI-OTHER")
    at(second, "iati-identifier").text = "XI-IATI-OTHER-b"


@pytest.mark.parametrize(("change", "rule"), [
    (put("recipient-country", "percentage", "39.9"), "recipients-100"),
    (put("recipient-country", "percentage", "-1"), "percentage"),
    (lambda r: at(r, "recipient-country").attrib.pop("percentage"), "percentage"),
    (put("recipient-country", "code", "MX"), "code-once"),
    (put("sector", "percentage", "99"), "sectors-100"),
    (put("activity-date", "iso-date", "2027-01-01"), "dates-in-order"),
    (put("activity-date", "iso-date", "2026-02-01"), "actual-date-ahead"),
    (put("activity-date", "type", "4"), "start"),
    (put("iati-activity", "last-updated-datetime", "2027-01-01T00:00:00Z"), "updated-ahead"),
    (put("transaction-date", "iso-date", "2026-02-01"), "transaction-ahead"),
    (put("period-start", "iso-date", "2025-01-01"), "period-in-order"),
    (put("period-start", "iso-date", "2023-01-01"), "period-within-a-year"),
    (put("budget/value", "currency", "XXX"), "currency"),
    (lambda r: at(r, "transaction/value").attrib.pop("currency"), "currency"),
    (lambda r: at(r, "transaction/value").attrib.pop("value-date"), "value-date"),
    (text("transaction/value", "101"), "within-budget"),
    (text("title/narrative", " "), "narrative-empty"),
    (out("title/narrative"), "languages"),
    (put("title/narrative", "{http://www.w3.org/XML/1998/namespace}lang", "en"), "languages"),
    (out("participating-org/narrative"), "languages"),
    (text("iati-identifier", "XI-IATI-OTHER-a"), "identifier-of-reporter"),
    (text("iati-identifier", "XI-IATI-MIRPS-a&b"), "identifier-form"),
    (twice, "identifier-once"),
    (other_reporter, "one-reporter"),
])  # fmt: skip
def test_a_rule_finds_what_is_wrong(change: Callable[[Element], object], rule: str) -> None:
    root = good()
    change(root)
    assert rule in {f.rule for f in faults(root, TODAY)}


@pytest.mark.parametrize("path", ["title", "activity-status", "activity-date", "reporting-org"])
def test_the_schema_finds_what_lacks(path: str) -> None:
    root = good()
    for held in list(root.iter(path)):
        held.getparent().remove(held)  # type: ignore[union-attr]
    assert files.against_schema(root) != []


def test_a_default_currency_stands_for_each_amount_without_one() -> None:
    root = good()
    for value in root.iter("value"):
        del value.attrib["currency"]
    assert {f.rule for f in faults(root, TODAY)} == {"currency"}
    at(root, "iati-activity").set("default-currency", "USD")
    assert faults(root, TODAY) == []


def test_what_was_paid_stays_within_what_was_committed() -> None:
    root = good()
    out("budget")(root)
    held = at(root, "iati-activity")
    commitment = etree.fromstring(etree.tostring(at(root, "transaction")))
    at(commitment, "transaction-type").set("code", "2")
    at(commitment, "value").text = "99"
    held.append(commitment)
    assert {f.rule for f in faults(root, TODAY)} == {"within-commitment"}


def test_a_sub_activity_names_a_whole_that_is_in_the_file() -> None:
    root = good()
    etree.SubElement(
        at(root, "iati-activity"), "related-activity", {"ref": "XI-IATI-MIRPS-none", "type": "1"}
    )
    assert {f.rule for f in faults(root, TODAY)} == {"related"}
