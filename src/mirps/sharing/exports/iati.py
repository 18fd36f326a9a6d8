"""IATI 2.03: what an activity and an organisation are before they are written, and why one is not. Pure.

https://iatistandard.org/en/iati-standard/203/. What a source leaves unsaid is not made up to fill a file: a
contribution that the standard cannot tell truly (no currency, no amount, a payment of no known day) is
refused with its reason and a remedy, and named on the page that offers the files.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import IntEnum, StrEnum
from typing import Any

#: Both languages, "es" and "en".
Words = Mapping[str, str]


class Flow(IntEnum):
    """TransactionType."""

    COMMITMENT = 2
    DISBURSEMENT = 3
    PLEDGE = 12


class Role(IntEnum):
    """OrganisationRole."""

    FUNDING = 1
    ACCOUNTABLE = 2
    EXTENDING = 3
    IMPLEMENTING = 4


class Status(IntEnum):
    """ActivityStatus."""

    PIPELINE = 1
    IMPLEMENTATION = 2
    CLOSED = 4
    CANCELLED = 5


class When(IntEnum):
    """ActivityDateType."""

    PLANNED_START = 1
    ACTUAL_START = 2
    PLANNED_END = 3
    ACTUAL_END = 4


class Why(StrEnum):
    """Why something is not in a file. Each has its sentence and its remedy: texts iati.why and iati.remedy."""

    CURRENCY = "currency"
    AMOUNT = "amount"
    KIND = "kind"
    STAGE = "stage"
    DAY = "day"
    AHEAD = "ahead"
    STATE_SHARES = "state-shares"
    SECTOR_SHARES = "sector-shares"
    DATES = "dates"
    DONOR = "donor"
    OVERSPENT = "overspent"
    PERIOD = "period"
    LANGUAGE = "language"
    IDENTIFIER = "identifier"
    RULES = "rules"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Something that is not exported: the key of its record, why, and what is meant by it."""

    key: str
    why: Why
    found: str = ""


@dataclass(frozen=True, slots=True)
class Org:
    names: Words
    type: int
    ref: str = ""


@dataclass(frozen=True, slots=True)
class Share:
    """A country, region or sector, with its part of the whole."""

    code: str
    percent: Decimal
    vocabulary: str = ""
    names: Words = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Transaction:
    flow: Flow
    day: date
    value: Decimal
    currency: str
    says: Words
    provider: Org
    provider_activity: str = ""
    receiver: Org | None = None
    receiver_activity: str = ""


@dataclass(frozen=True, slots=True)
class Budget:
    """`firm`: agreed on; otherwise indicative. The value is that of the first day."""

    starts: date
    ends: date
    value: Decimal
    currency: str
    firm: bool


@dataclass(frozen=True, slots=True)
class Activity:
    key: str  # of the record that it tells of
    identifier: str
    title: Words
    description: Words
    status: Status
    dates: tuple[tuple[When, date], ...]
    orgs: tuple[tuple[Role, Org], ...]
    changed: datetime
    countries: tuple[Share, ...] = ()
    region: Share | None = None
    sectors: tuple[Share, ...] = ()
    finance: str = ""  # FinanceType: 110 grant, 421 loan
    budgets: tuple[Budget, ...] = ()
    transactions: tuple[Transaction, ...] = ()
    related: tuple[tuple[int, str], ...] = ()  # (RelatedActivityType, identifier)
    hierarchy: int = 1


@dataclass(frozen=True, slots=True)
class OrgBudget:
    """What the reporting organisation's programmes have agreed to give to an organisation."""

    to: Org
    starts: date
    ends: date
    value: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Settings:
    """data/iati/iati.yaml, and how institutions, States and sectors are called."""

    reporting: Org
    agreed: bool
    organisations: Mapping[str, str]
    types: Mapping[str, int]
    regions: Mapping[str, str]
    sectors: Mapping[str, str]
    several: str
    unstated: str
    #: code -> (kind, names) of institutions; code -> ISO 3166-1 alpha-2 of States; code -> names of sectors.
    institutions: Mapping[str, tuple[str, Words]]
    countries: Mapping[str, str]
    sector_names: Mapping[str, Words]

    def org(self, code: str) -> Org:
        kind, names = self.institutions.get(code, ("other", {"es": code, "en": code}))
        return Org(names, self.types.get(kind, 90), self.organisations.get(code, ""))

    def identifier(self, key: str) -> str:
        """{reporting organisation}-{kind}-{code}."""
        return f"{self.reporting.ref}-{key.replace('/', '-')}"


def read(
    given: Mapping[str, Any], institutions: Mapping[str, tuple[str, Words]], countries: Mapping[str, str],
    sector_names: Mapping[str, Words],
) -> Settings:  # fmt: skip
    """Settings of data/iati/iati.yaml."""
    r = given["reporting"]
    return Settings(
        reporting=Org({"es": r["es"], "en": r["en"]}, int(r["type"]), r["ref"]), agreed=bool(r["agreed"]),
        organisations=given["organisations"], types={k: int(v) for k, v in given["types"].items()},
        regions={k: str(v) for k, v in given["regions"].items()},
        sectors={k: str(v) for k, v in given["sectors"].items()}, several=str(given["several"]),
        unstated=str(given["unstated"]), institutions=institutions, countries=countries, sector_names=sector_names,
    )  # fmt: skip
