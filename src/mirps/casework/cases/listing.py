"""The queries behind lists of cases (worklists.py): each form that a list takes is compiled once a process."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from time import monotonic
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, UUIDField, Value
from django.db.models.functions import Coalesce, Concat

from mirps.base.prepared.api import Prepared
from mirps.casework.cases import queries
from mirps.casework.cases.models import Decree, Standing, Subject

ORDERS = ("due", "entered")
#: A longer list is counted once a minute in each process: nobody reads to its end, and it hardly differs.
LONG, A_MINUTE, _MOST = 1_000, 60.0, 1_000
#: Of an expression a column is no way to find rows by: those of many stages are read in the list's order, and those
#: in nobody's hands are not sought among everybody's.
_WALKED = {f"any_{name}": Coalesce(F(name), Value("")) for name in ("procedure", "stage", "handler")}
#: Columns that a line of a list shows; not those that hang on its deadlines (`runs`).
_SHOWN = [f.attname for f in Standing._meta.concrete_fields if f.name != "runs"]
_PRINCIPAL = Subject.objects.filter(case=OuterRef("pk"), role=Subject.Role.PRINCIPAL, until=None).order_by(
    "id"
)
_DECREES = (
    Decree.objects.filter(state=OuterRef("state"), confirmed_at__isnull=False).order_by().values("state")
)
#: Read with each line, so that they are no further question: who it is about and at which desk that file is kept
#: ("state institution office"), and how many decrees are in force.
_BESIDE = {
    "principal": Subquery(_PRINCIPAL.values("person")[:1], output_field=UUIDField()),
    "kept_at": Subquery(
        _PRINCIPAL.annotate(
            kept_at=Concat("person__state", Value(" "), "person__institution", Value(" "), "person__office")
        ).values("kept_at")[:1]
    ),
    "decrees": Subquery(_DECREES.annotate(n=Count("*")).values("n")),
}


@dataclass(frozen=True, slots=True)
class Group:
    """Cases of one procedure whose turn it is: what is asked of them, each under its name and `n` in the values."""

    n: int
    asked: frozenset[str]


@dataclass(frozen=True, slots=True)
class Form:
    """What a list asks, without the values. `open`: None for both. `missed`: at least so many."""

    parts: bool
    open: bool | None
    groups: tuple[Group, ...]
    missed: int
    aside: bool
    order: str


def page(form: Form, values: Mapping[str, Any], most: int) -> list[Standing]:
    """The first so many rows, after `last` (and `reached`, its date) where they are among the values."""
    return _page(form, frozenset(values), most)(**values)


def counted(form: Form, values: Mapping[str, Any], *, whose: Hashable) -> int:
    """How many there are. `whose`: what else decides which rows are seen."""
    key = (form, whose, tuple((k, tuple(v) if isinstance(v, list) else v) for k, v in values.items()))
    at, kept = _COUNTED.get(key, (0.0, 0))
    now = monotonic()
    if kept and now - at < A_MINUTE:
        return kept
    n = sum(_count(form, frozenset(values))(**values))
    if n > LONG:
        if len(_COUNTED) > _MOST:
            _COUNTED.clear()
        _COUNTED[key] = (now, n)
    return n


_COUNTED: dict[Hashable, tuple[float, int]] = {}


@lru_cache(maxsize=500)
def _page(form: Form, names: frozenset[str], most: int) -> Prepared[Standing]:
    def build(**v: Any) -> QuerySet[Standing]:
        rows = _rows(form, v)
        if "last" in v:
            rows = rows.filter(_after(form.order, v))
        order = F(form.order).asc(nulls_last=form.order == "due" or None)
        rows = rows.select_related("case").only(*_SHOWN, "case__number").annotate(**_BESIDE)
        return rows.order_by(order, "case_id")[:most]

    return Prepared(build)


@lru_cache(maxsize=500)
def _count(form: Form, names: frozenset[str]) -> Prepared[int]:
    def build(**v: Any) -> QuerySet[Standing, int]:
        by = _rows(form, v).order_by().values("institution").annotate(n=Count("*"))
        return by.values_list("n", flat=True)

    return Prepared(build)


def _rows(form: Form, v: Mapping[str, Any]) -> QuerySet[Standing]:
    told = {k: v[k] for k in ("state", "institution", "office") if k in v}
    rows = Standing.objects.filter(queries.sees(parts=form.parts, **told))
    columns = {"procedure": "procedure", "stage": "stage", "at": "office", "before": "due__lt",
               "number": "case__number"}  # fmt: skip
    rows = rows.filter(**{column: v[k] for k, column in columns.items() if k in v})
    if "holders" in v:
        rows = rows.filter(_among("institution", v["holders"]))
    if "hands" in v:
        rows = rows.filter(_among("handler", v["hands"]))
    if "persons" in v:
        theirs = Subject.objects.filter(person__in=v["persons"], until=None).order_by().values("case")
        rows = rows.filter(pk__in=theirs)
    if form.open is not None:
        rows = rows.filter(open=form.open)
    if form.missed:
        rows = rows.filter(missed__gte=form.missed)
    if form.aside:
        rows = rows.filter(aside__gt=0)
    return _in_turn(rows, form.groups, v) if form.groups else rows


def _in_turn(rows: QuerySet[Standing], groups: tuple[Group, ...], v: Mapping[str, Any]) -> QuerySet[Standing]:
    if any(not g.asked for g in groups):  # all that was asked for anyhow
        return rows
    walked = len(groups) > 1 or any(len(v.get(f"stages-{g.n}", ())) > 1 for g in groups)
    prefix = "any_" if walked else ""
    each = Q()
    for g in groups:
        given = {name: v[f"{name}-{g.n}"] for name in g.asked}
        one = Q(**{f"{prefix}procedure": given["procedure"]}) if "procedure" in given else Q()
        for name, column in (("version", "version"), ("offices", "office"), ("hands", "any_handler")):
            if name in given:
                one &= _among(column, given[name])
        each |= one & _among(f"{prefix}stage", given["stages"]) if "stages" in given else one
    return rows.alias(**_WALKED).filter(each)


def _among(column: str, given: Any) -> Q:
    """One value is asked for as equal: an index then gives what is behind it in order."""
    given = given if isinstance(given, list) else [given]
    return Q(**{column: given[0]}) if len(given) == 1 else Q(**{f"{column}__in": given})


def _after(order: str, v: Mapping[str, Any]) -> Q:
    if "reached" not in v:
        return Q(**{f"{order}__isnull": True}, case_id__gt=v["last"])
    after = Q(**{f"{order}__gt": v["reached"]}) | Q(**{order: v["reached"]}, case_id__gt=v["last"])
    return after | Q(**{f"{order}__isnull": True})
