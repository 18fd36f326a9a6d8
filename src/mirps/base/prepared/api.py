"""Queries of the ORM that are compiled once, and rows that are inserted without it.

Of a page with a dozen queries Django spends most of the time on writing the same SQL anew. A `Prepared`
question is written as any query, of values that are only known later; the first time it is asked on a kind of
database it is compiled with marks in their place, afterwards the values are put where the marks stood.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from contextlib import nullcontext
from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache, partial
from secrets import randbelow
from types import SimpleNamespace
from typing import Any, Generic, TypeVar
from uuid import UUID, uuid4

from django.db import DEFAULT_DB_ALIAS, connection, transaction
from django.db.models import JSONField, Model, QuerySet
from django.db.models.base import ModelState
from django.db.models.query import FlatValuesListIterable, ModelIterable, get_related_populators

from mirps.base.prepared.planned import answered, asked, piped, planned, said, vendor

__all__ = [
    "Prepared", "adapted", "answered", "asked", "bare", "insert", "insert_asking", "inserted", "piped", "planned",
    "said", "update",
]  # fmt: skip

R = TypeVar("R")
_MOST_TOGETHER = 200
_FAR = datetime(5000, 1, 1, tzinfo=UTC)  # what no query of ours names


class Prepared(Generic[R]):
    """`Prepared(lambda ids: Fact.objects.filter(person__in=ids))`, asked by `question(ids=…)`.

    Gives what the query gives: model instances, or the tuples of `values_list`. Values are strings, numbers,
    days, moments, UUIDs, or sequences of one of these; never None, and no switch: what changes the query's form
    is another question. What a query does after its SQL (prefetch_related) is not done.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, R]]) -> None:
        self._build = build
        self._compiled: dict[object, _Compiled] = {}

    def __call__(self, **values: Any) -> list[R]:
        return self.sent(**values)()

    def sent(self, **values: Any) -> Callable[[], list[R]]:
        """The question asked, and its answer to be read once: in a `piped` block several are on their way at once."""
        given = {k: _even(v) for k, v in values.items() if isinstance(v, list | tuple | set | frozenset)}
        if not all(given.values()):
            return list  # nothing is among none
        return self._of(values, given).sent({**values, **given})

    def _of(self, values: Mapping[str, Any], given: Mapping[str, list[Any]]) -> _Compiled:
        form = (vendor(), *((k, len(v)) for k, v in given.items()))
        compiled = self._compiled.get(form)
        if compiled is None:
            compiled = self._compiled[form] = _Compiled(self._build, {**values, **given})
        return compiled


class _Compiled:
    """The SQL of a question for one kind of database and one length of each of its sequences."""

    def __init__(self, build: Callable[..., QuerySet[Any, Any]], values: Mapping[str, Any]) -> None:
        marks = {k: [_mark(e) for e in v] if isinstance(v, list) else _mark(v) for k, v in values.items()}
        query = build(**marks)
        compiler = query.query.get_compiler(connection=connection)
        self.sql, self.params = compiler.as_sql()
        self.places = _places(marks, self.params)
        shown = [expression for expression, _, _ in compiler.select]
        self.converters = [(at, _converter(*each)) for at, each in compiler.get_converters(shown).items()]
        self.flat = query._iterable_class is FlatValuesListIterable
        self.model: Any = query.model
        told = compiler.klass_info if query._iterable_class is ModelIterable else None
        self.own = told["select_fields"] if told else []  # of a model's instance; then its select_related
        self.names = [shown[at].target.attname for at in self.own]
        populators: Any = get_related_populators  # the stubs have it as a later Django does
        self.beside = list((compiler.annotation_col_map or {}).items()) if told else []  # what was annotated
        self.related = populators(told, compiler.select, connection.alias) if told else []
        for one in self.related:
            _made_bare(one)

    def sent(self, values: Mapping[str, Any], first: str = "", *of_first: Any) -> Callable[[], list[Any]]:
        """`first`: what stands before it in the same statement, and its values."""
        given, fit = list(self.params), _adapter()
        for at, name, nth in self.places:
            given[at] = fit(values[name] if nth is None else values[name][nth])
        cursor = asked(_together(first, self.sql) if first else self.sql, [*of_first, *given])
        if vendor() != "postgresql":  # a question that is not read to its end keeps its tables from others
            return partial(self._shown, answered(cursor))
        return lambda: self._shown(answered(cursor))

    def _shown(self, rows: list[Any]) -> list[Any]:
        if self.converters:
            rows = [self._converted(row) for row in rows]
        if self.own:
            return [self._instance(row) for row in rows]
        return [row[0] for row in rows] if self.flat else rows

    def _instance(self, row: Sequence[Any]) -> Any:
        made = bare(self.model, self.names, row[: len(self.own)])
        for other in self.related:
            other.populate(row, made)
        for name, at in self.beside:
            setattr(made, name, row[at])
        return made

    def _converted(self, row: Sequence[Any]) -> tuple[Any, ...]:
        out = list(row)
        for at, convert in self.converters:
            out[at] = convert(out[at], connection)
        return tuple(out)


def _converter(converters: Sequence[Callable[..., Any]], expression: Any) -> Callable[[Any, Any], Any]:
    """What makes a column's value of what the database gives, and of its connection."""
    first, *more = converters
    if not more and (quick := _QUICK.get(getattr(first, "__name__", ""))):
        return quick

    def convert(value: Any, itself: Any) -> Any:
        for each in converters:
            value = each(value, expression, itself)
        return value

    return convert


def _moment_of(value: datetime | str | None, _: Any) -> datetime | None:
    """SQLite keeps moments in UTC and does not say so; what its driver knows for a moment it has read."""
    read = datetime.fromisoformat(value) if isinstance(value, str) else value
    return read and read.replace(tzinfo=UTC)


#: As Django's converters of these names, which SQLite alone has, without what they ask each time.
_QUICK: Mapping[str, Callable[[Any, Any], Any]] = {
    "convert_booleanfield_value": lambda n, _: bool(n) if n in (1, 0) else n,
    "convert_datetimefield_value": _moment_of,
    "convert_uuidfield_value": lambda text, _: text if text is None else UUID(text),
}


@lru_cache(maxsize=_MOST_TOGETHER)
def _together(first: str, sql: str) -> str:
    """The same text each time, which is asked by the same cursor."""
    return first + sql


def bare(model: Any, names: Sequence[str], values: Sequence[Any]) -> Any:
    """A row of which these columns are known. As Model.from_db, which takes three times as long: it asks of each field
    and tells two signals that nobody here listens to."""
    made, held = model.__new__(model), ModelState()
    held.adding, held.db = False, DEFAULT_DB_ALIAS
    vars(made).update(zip(names, values, strict=True), _state=held)
    return made


def _made_bare(populator: Any) -> None:
    """Have the rows beside (select_related) made so too."""
    of = populator.model_cls
    populator.model_cls = SimpleNamespace(from_db=lambda _, names, values: bare(of, names, values))
    for further in populator.related_populators:
        _made_bare(further)


def _places(marks: Mapping[str, Any], params: Sequence[Any]) -> list[tuple[int, str, int | None]]:
    """Which parameter is which value (of a sequence, which of it). Raises ValueError for a value that does not
    stand in the query as it was given: it would stay what it was the first time."""
    told = {
        adapted(mark): (name, nth if isinstance(given, list) else None)
        for name, given in marks.items()
        for nth, mark in enumerate(given if isinstance(given, list) else [given])
    }
    places = [(at, *told[p]) for at, p in enumerate(params) if isinstance(p, Hashable) and p in told]
    if len({place[1:] for place in places}) < len(told):
        raise ValueError(f"not every value of {sorted(marks)} stands in the query as it was given")
    return places


def insert(
    model: type[Model],
    rows: Sequence[Mapping[str, Any]],
    *,
    after: tuple[type[Model], Mapping[str, Any]] | None = None,
) -> None:
    """Insert rows, each told column by column (`person_id`, not `person`); all in one statement. `after`: a row of
    another table to which they belong, inserted by the same.

    As bulk_create, without an instance for each and without their defaults. Raises IntegrityError.
    """
    if vendor() != "postgresql":
        _insert_plainly(model, rows, after)
    elif every := _insertions(model, rows, after):
        *first, (sql, given) = every
        said(_together(_first(first), sql), [*(v for _, values in first for v in values), *given])


def insert_asking(
    question: Prepared[R],
    values: Mapping[str, Any],
    judge: Callable[[list[R]], None],
    model: type[Model],
    rows: Sequence[Mapping[str, Any]],
    *,
    after: tuple[type[Model], Mapping[str, Any]] | None = None,
) -> None:
    """As `insert`, if `judge` does not raise at what was there before: the answer to a question, none of its values a
    sequence. PostgreSQL asks by the statement that keeps, which is undone with its transaction where `judge` raises;
    SQLite before it begins to write."""
    if vendor() != "postgresql":
        judge(question(**values))
    with nullcontext() if connection.in_atomic_block else transaction.atomic():
        if vendor() != "postgresql":
            _insert_plainly(model, rows, after)
            return
        first = _insertions(model, rows, after)
        judge(question._of(values, {}).sent(values, _first(first), *(v for _, g in first for v in g))())


def _insert_plainly(
    model: type[Model], rows: Sequence[Mapping[str, Any]], after: tuple[type[Model], Mapping[str, Any]] | None
) -> None:
    if after:
        _insert_plainly(after[0], [after[1]], None)
    if rows:
        names, fit, of_json = tuple(rows[0]), _adapter(), _json_of(model)
        with connection.cursor() as cursor:
            cursor.executemany(
                _insertion(model, names),
                [[fit(_as_json(row[n]) if n in of_json else row[n]) for n in names] for row in rows],
            )


def _insertions(
    model: type[Model], rows: Sequence[Mapping[str, Any]], after: tuple[type[Model], Mapping[str, Any]] | None
) -> list[tuple[str, list[Any]]]:
    """A statement for each table that has rows, with its values."""
    tables = [(after[0], [after[1]])] if after else []
    return [_stated(of, each) for of, each in (*tables, (model, rows)) if each]


def _stated(model: type[Model], rows: Sequence[Mapping[str, Any]]) -> tuple[str, list[Any]]:
    first = rows[0]
    if of_json := _json_of(model) & first.keys():
        rows = [{**row, **{n: _as_json(row[n]) for n in of_json}} for row in rows]
        first = rows[0]
    own = tuple(n for n in first if any(row[n] != first[n] for row in rows))
    if not own and len(rows) > 1:  # the same row several times: a list tells how often
        own = (next(iter(first)),)
    alike = tuple(n for n in first if n not in own)
    given = [*(first[n] for n in alike), *(_listed([row[n] for row in rows]) for n in own)]
    return _insertion(model, alike, own), given


def _listed(values: list[Any]) -> Any:
    """Ids as PostgreSQL writes a list of them: the driver looks each through for marks."""
    return f"{{{','.join(map(str, values))}}}" if all(type(v) is UUID for v in values) else values


def _first(statements: Sequence[tuple[str, list[Any]]]) -> str:
    """What is done before, in the same statement."""
    each = ", ".join(f"step_{n} AS ({sql})" for n, (sql, _) in enumerate(statements))
    return f"WITH {each} " if each else ""


def inserted(model: type[Model], row: Mapping[str, Any], give: str) -> Any:
    """Insert one row, and give the column that the database fills in itself."""
    of_json, fit = _json_of(model), _adapter()
    with planned() as cursor:
        sql = f"{_insertion(model, tuple(row))} RETURNING {_column(model, give)}"
        cursor.execute(sql, [fit(_as_json(v) if n in of_json else v) for n, v in row.items()])
        return cursor.fetchone()[0]


@cache
def _column(model: type[Model], name: str) -> str:
    held = {f.attname: f for f in model._meta.concrete_fields}
    return connection.ops.quote_name(str(held[name].column))


@cache
def _insertion(model: type[Model], alike: tuple[str, ...], own: tuple[str, ...] = ()) -> str:
    """One statement for any number of rows: what each has of its `own` is given a column at a time, since writing out
    a list takes the driver as long as all else; what all have `alike`, once."""
    held = {f.attname: f for f in model._meta.concrete_fields}
    columns = ", ".join(_column(model, n) for n in (*alike, *own))
    into = f"INSERT INTO {connection.ops.quote_name(model._meta.db_table)} ({columns})"
    if not own:
        return f"{into} VALUES ({', '.join(['%s'] * len(alike))})"
    # Without the length, since a cast would cut what is too long instead of refusing it.
    kind = {n: str(held[n].db_type(connection)).partition("(")[0] for n in (*own, *alike)}
    once, lists = "".join(f"%s::{kind[n]}, " for n in alike), ", ".join(f"%s::{kind[n]}[]" for n in own)
    return f"{into} SELECT {once}each.* FROM unnest({lists}) each"  # noqa: S608 - names of models


def update(model: type[Model], pk: Any, values: Mapping[str, Any]) -> None:
    """Set columns of one row (`person_id`, not `person`). As `QuerySet.update`, for a row of which it is known that it
    is there."""
    of_json, fit = _json_of(model), _adapter()
    given = [fit(_as_json(v) if n in of_json else v) for n, v in values.items()]
    said(_setting(model, tuple(values)), [*given, fit(pk)])


@cache
def _setting(model: type[Model], names: tuple[str, ...]) -> str:
    columns = ", ".join(f"{_column(model, n)} = %s" for n in names)
    table, key = connection.ops.quote_name(model._meta.db_table), _column(model, model._meta.pk.attname)
    return f"UPDATE {table} SET {columns} WHERE {key} = %s"  # noqa: S608 - names of models


@cache
def _json_of(model: type[Model]) -> frozenset[str]:
    return frozenset(f.attname for f in model._meta.concrete_fields if isinstance(f, JSONField))


def _as_json(value: Any) -> Any:
    return connection.ops.adapt_json_value(value, None)


def adapted(value: Any) -> Any:
    """A value as the database takes it."""
    return _adapter()(value)


def _adapter() -> Callable[[Any], Any]:
    return _as_it_is if vendor() == "postgresql" else _as_text


def _as_it_is(value: Any) -> Any:
    return value


def _as_text(value: Any) -> Any:
    """SQLite has no type for these."""
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, datetime):
        return _moment(value)
    return str(value) if isinstance(value, date) else value


@lru_cache(maxsize=1000)
def _moment(value: datetime) -> str:
    """What is inserted together mostly happened at one moment."""
    return str(value.astimezone(UTC).replace(tzinfo=None))


def _even(given: Iterable[Any]) -> list[Any]:
    """Each once, the last again until they are as many as a power of two: few lengths, few queries."""
    each = list(dict.fromkeys(given))
    return each + each[-1:] * ((1 << (len(each) - 1).bit_length()) - len(each)) if each else each


def _mark(value: object) -> Any:
    """Another value of the same kind, like no other."""
    if isinstance(value, UUID):
        return uuid4()
    if isinstance(value, str):
        return uuid4().hex
    if isinstance(value, datetime):
        return _FAR + timedelta(microseconds=randbelow(10**9))
    if isinstance(value, date):
        return _FAR.date() + timedelta(days=randbelow(10**6))
    if isinstance(value, int) and not isinstance(value, bool):
        return 2**30 + randbelow(2**30)
    raise TypeError(f"no mark for {type(value).__name__}")
