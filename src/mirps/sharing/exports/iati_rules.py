"""The rules of IATI 2.03 that its schemas cannot say, held over a written file.

They follow the standard's own ruleset (IATI-Rulesets, standard.json) and its guidance: percentages sum to
100 in each vocabulary, days stand in order and not ahead of today, each amount has a currency, identifiers
are unique and begin as their reporter's, what was paid stays within what was budgeted. And ours: everything
said is said in Spanish and in English. Pure: a tree in, faults out; nothing is taken on trust from whoever
wrote the tree.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from lxml import etree

Element = etree._Element
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_IDENTIFIER = re.compile(r"[^/&|?]+\Z")
_START, _END = {"1", "2"}, {"3", "4"}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong: the activity (or organisation) by its identifier, the rule's name, what was found."""

    identifier: str
    rule: str
    found: str = ""


def faults(root: Element, today: date) -> list[Fault]:
    """Every fault of an activities or organisations file."""
    if root.tag == "iati-organisations":
        return [f for e in root.iterfind("iati-organisation") for f in _organisation(e, today)]
    every = list(root.iterfind("iati-activity"))
    found = [f for e in every for f in of_activity(e, today)]
    named = Counter(_identifier(e) for e in every)
    found += [Fault(i, "identifier-once", str(n)) for i, n in named.items() if n > 1]
    reporters = {_ref(e) for e in every}
    if len(reporters) > 1:
        found.append(Fault("", "one-reporter", ", ".join(sorted(reporters))))
    for e in every:
        found += [
            Fault(_identifier(e), "related", r.get("ref", ""))
            for r in e.iterfind("related-activity")
            if r.get("type") in ("1", "2") and r.get("ref", "") not in named
        ]
    return found


def of_activity(e: Element, today: date) -> Iterator[Fault]:
    """The faults of one activity by itself."""
    identifier = _identifier(e)
    yield from _named(e, identifier)
    yield from _percentages(e, identifier)
    yield from _days(e, identifier, today)
    yield from _money(e, identifier)
    yield from _languages(e, identifier)


def _named(e: Element, identifier: str) -> Iterator[Fault]:
    if not _IDENTIFIER.match(identifier) or not _IDENTIFIER.match(_ref(e)):
        yield Fault(identifier, "identifier-form", identifier)
    if not identifier.startswith(f"{_ref(e)}-") or identifier == f"{_ref(e)}-":
        yield Fault(identifier, "identifier-of-reporter", _ref(e))
    for org in e.iter("participating-org", "provider-org", "receiver-org"):
        if not org.get("ref") and not any((n.text or "").strip() for n in org.iterfind("narrative")):
            yield Fault(identifier, "organisation-named", str(org.tag))
        if org.get("ref") is not None and not _IDENTIFIER.match(org.get("ref", "")):
            yield Fault(identifier, "identifier-form", org.get("ref", ""))


def _percentages(e: Element, identifier: str) -> Iterator[Fault]:
    where = [*e.iterfind("recipient-country"), *e.iterfind("recipient-region")]
    by_vocabulary: dict[str, list[Element]] = {}
    for s in e.iterfind("sector"):
        by_vocabulary.setdefault(s.get("vocabulary", "1"), []).append(s)
    if not by_vocabulary and e.find("transaction/sector") is None:
        yield Fault(identifier, "sector")
    if where and (
        e.find("transaction/recipient-country") is not None
        or e.find("transaction/recipient-region") is not None
    ):
        yield Fault(identifier, "recipient-in-one-place")
    for rule, held in (("recipients-100", where), *(("sectors-100", x) for x in by_vocabulary.values())):
        parts = [_decimal(x.get("percentage", "100" if len(held) == 1 else "")) for x in held]
        if held and (None in parts or any(p is not None and not 0 <= p <= 100 for p in parts)):
            yield Fault(identifier, "percentage", ", ".join(str(x.get("percentage")) for x in held))
        elif held and sum(p for p in parts if p is not None) != 100:
            yield Fault(identifier, rule, str(sum(p for p in parts if p is not None)))
        if len({x.get("code") for x in held}) != len(held):
            yield Fault(identifier, "code-once", ", ".join(str(x.get("code")) for x in held))
    for s in by_vocabulary.get("98", []) + by_vocabulary.get("99", []):
        if s.find("narrative") is None:
            yield Fault(identifier, "own-sector-named", str(s.get("code")))


def _days(e: Element, identifier: str, today: date) -> Iterator[Fault]:
    yield from _own_days(e, identifier, today)
    changed = _date((e.get("last-updated-datetime") or "")[:10])
    if changed and changed > today:
        yield Fault(identifier, "updated-ahead", str(changed))
    for t in e.iterfind("transaction"):
        for moved in (_date(_at(t, "transaction-date", "iso-date")), _date(_at(t, "value", "value-date"))):
            if moved is None or moved > today:
                yield Fault(identifier, "transaction-ahead", str(moved))
    for budget in e.iterfind("budget"):
        yield from _period(budget, identifier)


def _own_days(e: Element, identifier: str, today: date) -> Iterator[Fault]:
    days = {d.get("type", ""): _date(d.get("iso-date")) for d in e.iterfind("activity-date")}
    if not _START & set(days):
        yield Fault(identifier, "start")
    if len(days) != len(e.findall("activity-date")):
        yield Fault(identifier, "date-once")
    for start in _START & set(days):
        for end in _END & set(days):
            a, z = days[start], days[end]
            if a and z and z < a:
                yield Fault(identifier, "dates-in-order", f"{a} > {z}")
    for actual in ("2", "4"):
        day = days.get(actual)
        if day and day > today:
            yield Fault(identifier, "actual-date-ahead", str(day))


def _period(b: Element, identifier: str) -> Iterator[Fault]:
    a, z = _date(_at(b, "period-start", "iso-date")), _date(_at(b, "period-end", "iso-date"))
    if a is None or z is None or z < a:
        yield Fault(identifier, "period-in-order", f"{a} > {z}")
    elif (z - a).days > 366:
        yield Fault(identifier, "period-within-a-year", f"{a} - {z}")


def _money(e: Element, identifier: str) -> Iterator[Fault]:
    budgets: dict[str, Decimal] = {}
    flows: dict[tuple[str, str], Decimal] = {}
    for held in (*e.iterfind("budget"), *e.iterfind("transaction")):
        value = held.find("value")
        if value is None:
            continue
        currency = value.get("currency") or e.get("default-currency") or ""
        amount = _decimal(value.text or "")
        if not re.fullmatch(r"[A-Z]{3}", currency) or currency == "XXX":
            yield Fault(identifier, "currency", currency)
        if not value.get("value-date"):
            yield Fault(identifier, "value-date")
        if amount is None:
            yield Fault(identifier, "value", value.text or "")
            continue
        if held.tag == "budget":
            budgets[currency] = budgets.get(currency, Decimal(0)) + amount
        else:
            kind = _at(held, "transaction-type", "code") or ""
            kind = "out" if kind in ("3", "4") else kind
            flows[kind, currency] = flows.get((kind, currency), Decimal(0)) + amount
    for (kind, currency), amount in flows.items():
        if kind == "out" and currency in budgets and amount > budgets[currency]:
            yield Fault(identifier, "within-budget", f"{amount} > {budgets[currency]} {currency}")
        if kind == "out" and (("2", currency) in flows) and amount > flows["2", currency]:
            yield Fault(identifier, "within-commitment", f"{amount} > {flows['2', currency]} {currency}")
    if len(budgets) > 1:
        yield Fault(identifier, "budgets-in-one-currency", ", ".join(sorted(budgets)))


def _languages(e: Element, identifier: str) -> Iterator[Fault]:
    """Title, description and everything else that is said, in both languages and each once."""
    said: dict[Element, list[str]] = {}
    for n in e.iter("narrative"):
        parent = n.getparent()
        assert parent is not None
        said.setdefault(parent, []).append(n.get(LANG) or e.get(LANG) or "")
        if not (n.text or "").strip():
            yield Fault(identifier, "narrative-empty", str(parent.tag))
    for held, languages in said.items():
        if sorted(languages) != ["en", "es"]:
            yield Fault(identifier, "languages", f"{held.tag}: {', '.join(languages)}")


def _organisation(e: Element, today: date) -> Iterator[Fault]:
    identifier = (e.findtext("organisation-identifier") or "").strip()
    if not _IDENTIFIER.match(identifier) or not _IDENTIFIER.match(_ref(e)):
        yield Fault(identifier, "identifier-form", identifier)
    if _ref(e) != identifier:
        yield Fault(identifier, "one-reporter", _ref(e))
    for name in (
        "total-budget",
        "recipient-org-budget",
        "recipient-region-budget",
        "recipient-country-budget",
        "total-expenditure",
    ):
        for b in e.iterfind(name):
            yield from _period(b, identifier)
    yield from _money_of_organisation(e, identifier)
    yield from _languages(e, identifier)


def _money_of_organisation(e: Element, identifier: str) -> Iterator[Fault]:
    for value in e.iter("value"):
        currency = value.get("currency") or e.get("default-currency") or ""
        if not re.fullmatch(r"[A-Z]{3}", currency) or currency == "XXX":
            yield Fault(identifier, "currency", currency)
        if not value.get("value-date"):
            yield Fault(identifier, "value-date")


def _identifier(e: Element) -> str:
    return (e.findtext("iati-identifier") or "").strip()


def _ref(e: Element) -> str:
    return _at(e, "reporting-org", "ref") or ""


def _at(e: Element, child: str, name: str) -> str | None:
    held = e.find(child)
    return held.get(name) if held is not None else None


def _date(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def _decimal(text: str) -> Decimal | None:
    try:
        found = Decimal(text.strip())
    except InvalidOperation:
        return None
    return found if found.is_finite() else None
