"""The door to code lists. Every list is read once a process."""

from __future__ import annotations

import os
from functools import cache, lru_cache
from pathlib import Path

from babel import Locale
from babel.core import get_global

from mirps.base.codelists.rules import Code, CodeList, CodeListFault, read, read_dimensions, rows

__all__ = [
    "Code",
    "CodeList",
    "CodeListFault",
    "countries",
    "country_name",
    "data_folder",
    "dimensions",
    "documents",
    "institutions",
    "locales",
    "member_states",
    "office_name",
    "offices",
    "populations",
    "rows",
    "sectors",
    "states",
    "units",
    "universes",
]


def data_folder() -> Path:
    """The data folder of this installation (MIRPS_DATA, or ./data)."""
    named = os.environ.get("MIRPS_DATA")
    return Path(named) if named else Path(__file__).resolve().parents[4] / "data"


@cache
def states() -> CodeList:
    return read(data_folder() / "codelists" / "states.csv")


def member_states() -> list[str]:
    """The codes of the seven States."""
    return [c for c, s in states().items() if s.extra.get("kind") == "state"]


@cache
def populations() -> CodeList:
    return read(data_folder() / "codelists" / "populations.csv")


@cache
def units() -> CodeList:
    return read(data_folder() / "codelists" / "units.csv")


@cache
def sectors() -> CodeList:
    return read(data_folder() / "codelists" / "sectors.csv")


@cache
def dimensions() -> dict[str, CodeList]:
    return read_dimensions(data_folder() / "codelists" / "dimensions.csv")


@cache
def institutions() -> CodeList:
    return read(data_folder() / "institutions" / "institutions.csv")


@cache
def offices() -> CodeList:
    """The offices of institutions that the documents name; `extra` has state, institution, municipality."""
    return read(data_folder() / "offices" / "offices.csv")


@lru_cache(maxsize=1_000)
def office_name(code: str, lang: str) -> str:
    """What an office is called; an institution of which none is listed is one itself."""
    return (offices() if code in offices() else institutions()).name(code, lang)


@cache
def universes() -> dict[str, str]:
    """The universes of figures, which are recorded in English, in Spanish."""
    return {
        r["universe_en"]: r["universe_es"] for _, r in rows(data_folder() / "codelists" / "universes.csv")
    }


@cache
def documents() -> dict[str, dict[str, str]]:
    return {row["code"]: row for _, row in rows(data_folder() / "documents.csv")}


@cache
def countries() -> dict[str, str]:
    """ISO 3166-1 alpha-3 -> alpha-2, from CLDR."""
    territories = Locale("en").territories
    found = get_global("territory_aliases")
    return {
        k: v[0]
        for k, v in found.items()
        if len(k) == 3 and k.isalpha() and len(v) == 1 and v[0] in territories
    }


def country_name(code: str, lang: str) -> str:
    """What a country (alpha-3) is called; the code itself where it is none."""
    return str(Locale(lang).territories.get(countries().get(code, ""), code))


@cache
def locales() -> dict[str, dict[str, str]]:
    """State -> language -> locale, by which numbers and dates are written."""
    return {c.code: {"es": c.extra["locale_es"], "en": c.extra["locale_en"]} for c in states().values()}
