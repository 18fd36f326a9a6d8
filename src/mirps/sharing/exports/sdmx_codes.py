"""Our codes in SDMX: which lists there are, and what each of our codes is called in them.

The lists come from data/codelists; data/codelists/sdmx-codes.csv says where SDMX's own
code differs from ours (cross-domain code lists of SDMX: CL_FREQ, CL_OBS_STATUS, CL_AGE) and
data/codelists/sdmx-components.csv what the data structure is made of. A dimension that a
round adds becomes one of the data structure without a line of Python.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from mirps.base.codelists import api as codelists
from mirps.evidence.figures import api as figures

_ID = re.compile(r"[A-Za-z0-9_@$\-]+\Z")  # common:IDType of SDMX-ML 2.1
MARKS = "CL_MARK"


class CodeClash(ValueError):
    """Two of our codes would be one in SDMX, or a code cannot be written there."""


@dataclass(frozen=True, slots=True)
class Named:
    """A code as SDMX writes it, with its names."""

    id: str
    es: str
    en: str


@dataclass(frozen=True, slots=True)
class Component:
    """A part of the data structure. `role`: dimension, time, measure or attribute."""

    id: str
    role: str
    list: str
    required: bool
    es: str
    en: str


@cache
def components() -> tuple[Component, ...]:
    """The fixed parts, with one dimension for each of ours (SEX, AGE, NATIONALITY ...) before STATEMENT."""
    path = codelists.data_folder() / "codelists" / "sdmx-components.csv"
    fixed = [
        Component(r["id"], r["role"], r["list"], r["required"] == "yes", r["name_es"], r["name_en"])
        for _, r in codelists.rows(path)
    ]
    ours = [
        Component(
            key.upper(), "dimension", f"CL_{key.upper()}", True, f"Desglose: {key}", f"Breakdown: {key}"
        )
        for key in sorted(codelists.dimensions())
    ]
    at = next(i for i, c in enumerate(fixed) if c.id == "STATEMENT")
    return (*fixed[:at], *ours, *fixed[at:])


@cache
def _given() -> Mapping[str, Mapping[str, Named]]:
    out: dict[str, dict[str, Named]] = {}
    for _, r in codelists.rows(codelists.data_folder() / "codelists" / "sdmx-codes.csv"):
        out.setdefault(r["list"], {})[r["code"]] = Named(r["sdmx"], r["name_es"], r["name_en"])
    return out


@cache
def code_lists() -> Mapping[str, Mapping[str, Named]]:
    """List -> our code -> SDMX's. Raises CodeClash."""
    ours: dict[str, Mapping[str, codelists.Code]] = {
        "CL_AREA": codelists.states(),
        "CL_POPULATION": codelists.populations(),
        "CL_UNIT": codelists.units(),
        "CL_SECTOR": codelists.sectors(),
        "CL_MEASURE": {
            m.code: codelists.Code(m.code, m.name_es, m.name_en) for m in figures.measures().values()
        },
        **{f"CL_{key.upper()}": members for key, members in codelists.dimensions().items()},
    }
    marks = {f"CL_{key.upper()}" for key in codelists.dimensions()}
    given = _given()
    out: dict[str, Mapping[str, Named]] = {}
    for name in sorted({*ours, *given} - {MARKS}):
        listed = _merged(ours.get(name, {}), given.get(name, {}))
        out[name] = {**given[MARKS], **listed} if name in marks else listed
        _check(name, out[name])
    return out


def _merged(ours: Mapping[str, codelists.Code], given: Mapping[str, Named]) -> dict[str, Named]:
    out = {}
    for code, c in ours.items():
        written = given[code].id if code in given else code.upper().replace(".", "_").replace("+", "_PLUS")
        out[code] = Named(written, c.es, c.en)
    return {**{code: n for code, n in given.items() if code not in ours}, **out}


def _check(name: str, listed: Mapping[str, Named]) -> None:
    seen: dict[str, str] = {}
    for code, named in listed.items():
        if not _ID.match(named.id):
            raise CodeClash(f"{name}: {code!r} cannot be an SDMX code; give one in sdmx-codes.csv")
        if named.id in seen:
            raise CodeClash(
                f"{name}: {seen[named.id]!r} and {code!r} are both {named.id}; see sdmx-codes.csv"
            )
        seen[named.id] = code


def sdmx_code(list_: str, code: str) -> str:
    """Our code as SDMX writes it. KeyError for one that no list holds."""
    return code_lists()[list_][code].id
