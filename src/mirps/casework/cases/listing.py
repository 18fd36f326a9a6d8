"""The queries behind lists of cases (worklists.py): each form that a list takes is compiled once a process."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from time import monotonic
from typing import Any

from django.db.models import BooleanField, CharField, Count, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models import Case as Either
from django.db.models.functions import Cast, Concat

from mirps.base.prepared.api import Prepared, bare
from mirps.casework.cases import queries
from mirps.casework.cases.models import Case, Decree, Standing, Subject

ORDERS = ("due", "entered")
#: A longer list (ten pages) is counted once a minute in each process: nobody reads to its end, and it hardly differs.
LONG, A_MINUTE, _MOST = 200, 60.0, 1_000
#: What a group asks for (worklists.py), and of which column.
_OF_GROUP = {
    "procedure": "procedure",
    "stages": "stage",
    "version": "version",
    "offices": "office",
    "hands": "handler",
}
#: Columns that a line of a list shows; not those that hang on its deadlines (`runs`).
_SHOWN = [f.attname for f in Standing._meta.concrete_fields if f.name != "runs"]
_OF_CASE: Any = Standing._meta.get_field("case")
_PRINCIPAL = Subject.objects.filter(case=OuterRef("pk"), role=Subject.Role.PRINCIPAL, until=None).order_by(
    "id"
)
_KEPT = Concat(
    Cast("person", CharField()), Value(" "), "person__state", Value(" "), "person__institution", Value(" "),
    "person__office",
)  # fmt: skip
#: Read with each line, so that they are no further question, and after the lines have been chosen: the case's number;
#: who it is about and at which desk that file is kept ("id state institution office").
_BESIDE = {
    "number": Subquery(Case.objects.filter(pk=OuterRef("pk")).order_by().values("number")),
    "about": Subquery(_PRINCIPAL.annotate(kept=_KEPT).values("kept")[:1]),
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


def page(form: Form, values: Mapping[str, Any], most: int) -> Callable[[], list[Standing]]:
    """The first so many rows, after `last` (and `reached`, its date) where they are among the values, each with the
    number of its case; asked, to be read once."""
    asked = _page(form, frozenset(values), most).sent(**values)

    def answer() -> list[Standing]:
        rows = asked()
        for row in rows:
            case = bare(Case, ("id", "number"), (row.pk, vars(row)["number"]))
            _OF_CASE.set_cached_value(row, case)
        return rows

    return answer


class Counting:
    """How many there are, asked when it is called. `whose`: what else decides which rows are seen. Where that is
    `sure`, or was called for the last time, it is asked at once: where somebody only looks (custody.seated) it is on
    its way with the page."""

    def __init__(self, form: Form, values: Mapping[str, Any], *, whose: Hashable, sure: bool) -> None:
        told = tuple((k, tuple(v) if isinstance(v, list) else v) for k, v in values.items())
        self._key = (form, whose, told)
        at, self._kept = _COUNTED.get(self._key, (0.0, 0))
        self._fresh = self._kept > LONG and monotonic() - at < A_MINUTE
        self._question, self._values = _count(form, frozenset(values)), values
        ahead = not self._fresh and (sure or self._kept)
        self._asked = self._question.sent(**values) if ahead else None

    def __call__(self) -> int:
        if self._fresh:
            return self._kept
        n = sum(self._asked() if self._asked else self._question(**self._values))
        if len(_COUNTED) > _MOST:
            _COUNTED.clear()
        _COUNTED[self._key] = (monotonic(), n)
        return n


_COUNTED: dict[Hashable, tuple[float, int]] = {}


@lru_cache(maxsize=500)
def _page(form: Form, names: frozenset[str], most: int) -> Prepared[Standing]:
    def build(**v: Any) -> QuerySet[Standing]:
        rows = _rows(form, v)
        if "last" in v:
            rows = rows.filter(_after(form.order, v))
        order = F(form.order).asc(nulls_last=form.order == "due" or None)
        confirmed = Decree.objects.filter(state=v["state"], confirmed_at__isnull=False).order_by()
        in_force = Subquery(confirmed.values("state").annotate(n=Count("*")).values("n"))
        rows = rows.only(*_SHOWN).annotate(**_BESIDE, decrees=in_force)
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
    each = Q()
    for g in groups:
        one = Q()
        for name in sorted(_OF_GROUP.keys() & g.asked):
            condition = _among(_OF_GROUP[name], v[f"{name}-{g.n}"])
            if walked or name == "hands":
                one &= condition
            else:
                rows = rows.filter(condition)
        each |= one
    return rows.alias(in_turn=_weighed(each)).filter(in_turn=True) if each else rows


def _weighed(condition: Q) -> Either:
    """A condition by which no rows are sought, and which many are thought to meet: those of many stages are read in the
    list's order, and those in nobody's hands are not sought among everybody's. PostgreSQL, which multiplies what it
    knows of each part, would expect hardly any, and read them all before it sorts them."""
    return Either(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())


def _among(column: str, given: Any) -> Q:
    """One value is asked for as equal: an index then gives what is behind it in order."""
    given = given if isinstance(given, list) else [given]
    return Q(**{column: given[0]}) if len(given) == 1 else Q(**{f"{column}__in": given})


def _after(order: str, v: Mapping[str, Any]) -> Q:
    if "reached" not in v:
        return Q(**{f"{order}__isnull": True}, case_id__gt=v["last"])
    after = Q(**{f"{order}__gt": v["reached"]}) | Q(**{order: v["reached"]}, case_id__gt=v["last"])
    return after | Q(**{f"{order}__isnull": True})
