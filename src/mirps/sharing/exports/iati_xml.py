"""Activities and organisations written as IATI 2.03, in the order that its schemas ask for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from lxml import etree

from mirps.sharing.exports.iati import Activity, Budget, Org, OrgBudget, Settings, Share, Transaction, Words

LANG = "{http://www.w3.org/XML/1998/namespace}lang"
Element = etree._Element


def activities(of: Iterable[Activity], settings: Settings, now: datetime) -> Element:
    root = etree.Element("iati-activities", {"version": "2.03", "generated-datetime": _moment(now)})
    for a in of:
        root.append(activity(a, settings))
    return root


def activity(a: Activity, settings: Settings) -> Element:
    e = etree.Element(
        "iati-activity",
        {LANG: "es", "last-updated-datetime": _moment(a.changed), "hierarchy": str(a.hierarchy)},
    )
    _text(e, "iati-identifier", a.identifier)
    # What donors, funds and States gave is reported here in their stead.
    reporting = _org(e, "reporting-org", settings.reporting)
    reporting.set("secondary-reporter", "1")
    _words(e, "title", a.title)
    _words(e, "description", a.description).set("type", "1")
    for role, org in a.orgs:
        _org(e, "participating-org", org).set("role", str(int(role)))
    etree.SubElement(e, "activity-status", code=str(int(a.status)))
    for type_, day in a.dates:
        etree.SubElement(e, "activity-date", {"type": str(int(type_)), "iso-date": day.isoformat()})
    for country in a.countries:
        _share(e, "recipient-country", country)
    if a.region:
        _share(e, "recipient-region", a.region)
    for sector in a.sectors:
        _share(e, "sector", sector)
    if a.finance:
        etree.SubElement(e, "default-finance-type", code=a.finance)
    for budget in a.budgets:
        _budget(e, budget)
    for transaction in a.transactions:
        _transaction(e, transaction)
    for relation, identifier in a.related:
        etree.SubElement(e, "related-activity", {"ref": identifier, "type": str(relation)})
    return e


def organisations(settings: Settings, budgets: Iterable[OrgBudget], now: datetime) -> Element:
    """The file of the reporting organisation: its name and what its programmes have agreed to give."""
    root = etree.Element("iati-organisations", {"version": "2.03", "generated-datetime": _moment(now)})
    e = etree.SubElement(root, "iati-organisation", {LANG: "es", "last-updated-datetime": _moment(now)})
    _text(e, "organisation-identifier", settings.reporting.ref)
    _words(e, "name", settings.reporting.names)
    _org(e, "reporting-org", settings.reporting).set("secondary-reporter", "0")
    for b in budgets:
        held = etree.SubElement(e, "recipient-org-budget", status="2")
        to = _words(held, "recipient-org", b.to.names)
        if b.to.ref:
            to.set("ref", b.to.ref)
        etree.SubElement(held, "period-start", {"iso-date": b.starts.isoformat()})
        etree.SubElement(held, "period-end", {"iso-date": b.ends.isoformat()})
        _value(held, b.value, b.currency, b.starts.isoformat())
    return root


def _transaction(e: Element, t: Transaction) -> None:
    held = etree.SubElement(e, "transaction")
    etree.SubElement(held, "transaction-type", code=str(int(t.flow)))
    etree.SubElement(held, "transaction-date", {"iso-date": t.day.isoformat()})
    _value(held, t.value, t.currency, t.day.isoformat())
    _words(held, "description", t.says)
    provider = _org(held, "provider-org", t.provider)
    if t.provider_activity:
        provider.set("provider-activity-id", t.provider_activity)
    if t.receiver:
        receiver = _org(held, "receiver-org", t.receiver)
        if t.receiver_activity:
            receiver.set("receiver-activity-id", t.receiver_activity)


def _budget(e: Element, b: Budget) -> None:
    held = etree.SubElement(e, "budget", {"type": "1", "status": "2" if b.firm else "1"})
    etree.SubElement(held, "period-start", {"iso-date": b.starts.isoformat()})
    etree.SubElement(held, "period-end", {"iso-date": b.ends.isoformat()})
    _value(held, b.value, b.currency, b.starts.isoformat())


def _share(e: Element, name: str, s: Share) -> None:
    held = _words(e, name, s.names)
    held.set("code", s.code)
    if s.vocabulary:
        held.set("vocabulary", s.vocabulary)
    held.set("percentage", plain(s.percent))


def _org(e: Element, name: str, org: Org) -> Element:
    held = _words(e, name, org.names)
    if org.ref:
        held.set("ref", org.ref)
    held.set("type", str(org.type))
    return held


def _value(e: Element, value: Decimal, currency: str, day: str) -> None:
    held = etree.SubElement(e, "value", {"currency": currency, "value-date": day})
    held.text = plain(value)


def _words(e: Element, name: str, words: Words) -> Element:
    held = etree.SubElement(e, name)
    for lang in ("es", "en"):
        if words.get(lang):
            narrative = etree.SubElement(held, "narrative", {LANG: lang})
            narrative.text = words[lang]
    return held


def _text(e: Element, name: str, text: str) -> None:
    etree.SubElement(e, name).text = text


def _moment(value: datetime) -> str:
    return value.isoformat(timespec="seconds")


def plain(value: Decimal) -> str:
    """A decimal without exponent or trailing noughts: 1400000, 33.33."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
