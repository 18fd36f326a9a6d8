"""The codes that records may use, and their names."""

from __future__ import annotations

from collections.abc import Callable, Collection
from decimal import Decimal
from functools import cache

from babel import Locale

from mirps.base.codelists import api as codelists
from mirps.base.places.rules import gazetteer
from mirps.evidence.figures import api as figures
from mirps.planning.records.kinds import Kind, read
from mirps.planning.records.models import Record
from mirps.planning.records.values import Known


@cache
def kinds() -> dict[str, Kind]:
    """Every kind of this installation, read once a process."""
    return read(codelists.data_folder() / "planning" / "kinds")


def listed(name: str) -> Collection[str]:
    """The codes of a list that a field may name."""
    return _LISTS[name]()


def name_of(list_: str, code: str, lang: str) -> str:
    """What a code of a list is called; the code itself where it is not listed."""
    if list_ == "countries":
        return codelists.country_name(code, lang)
    if list_ == "currencies":
        return str(Locale(lang).currencies.get(code, code))
    if list_ == "documents":
        found = codelists.documents().get(code)
        return found[f"title_{lang}"] if found else code
    if list_ == "places":
        division = _places().by_code.get(code)
        return division.name if division else code
    return _NAMED[list_]().name(code, lang)


@cache
def _places():  # type: ignore[no-untyped-def]
    return gazetteer(codelists.data_folder() / "places")


_NAMED = {
    "states": codelists.states,
    "institutions": codelists.institutions,
    "sectors": codelists.sectors,
    "populations": codelists.populations,
    "units": codelists.units,
}
_LISTS: dict[str, Callable[[], Collection[str]]] = {
    **_NAMED,
    "documents": codelists.documents,
    "countries": codelists.countries,
    "currencies": lambda: Locale("en").currencies,
    "places": lambda: _places().by_code,
}


def known(number: Callable[[str], Decimal] = Decimal, *, beside: Collection[str] = ()) -> Known:
    """What may be named in a record: today's codes, and records that stand (or are being loaded: `beside`)."""

    def key(text: str) -> bool:
        return text in beside or Record.objects.filter(pk=text).exists()

    return Known(
        code=lambda list_, code: code in listed(list_), key=key,
        measure=lambda code: code in figures.measures(), number=number,
    )  # fmt: skip
