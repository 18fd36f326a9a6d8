"""What every test stands on: no sockets, unordered queries shuffled, the 2024 round loaded once."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import hypothesis
import pytest

#: A slow machine is no fault of a rule; what is measured is measured in bench/.
hypothesis.settings.register_profile("ours", deadline=None)
hypothesis.settings.load_profile("ours")

ROOT = Path(__file__).resolve().parents[1]
LOADED_AT = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)
NEEDS_SOCKETS = {"browser", "postgres", "office"}
DATABASE_FIXTURES = {"db", "transactional_db", "loaded", "django_db_setup", "client"}


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """Mark the tests before any is deselected, and put what is left in order."""
    for item in items:
        if NEEDS_SOCKETS & {m.name for m in item.iter_markers()}:
            item.add_marker(pytest.mark.enable_socket)
        uses_database = DATABASE_FIXTURES & set(getattr(item, "fixturenames", ()))
        if (uses_database or item.get_closest_marker("django_db")) and not item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.database)
        # What `--dist loadgroup` keeps together: a file's tests of one turn, in that order.
        item.add_marker(pytest.mark.xdist_group(f"{_turn(item)}:{item.path.name}"))
    yield
    # What needs an empty ledger runs before the round is loaded, what needs the facts of planning after what
    # needs the round alone, what empties tables after both, and the browser last: it keeps an event loop,
    # beside which Django will not touch its database.
    items.sort(key=_turn)


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """A long value is told by its place: it may hold an id made anew in each process of a run."""
    return argname if isinstance(val, str | bytes) and len(val) > 60 else None


def _turn(item: pytest.Item) -> int:
    if item.get_closest_marker("browser"):
        return 4
    names = set(getattr(item, "fixturenames", ()))
    marker = item.get_closest_marker("django_db")
    if "transactional_db" in names or (marker and marker.kwargs.get("transaction")):
        return 3
    return 2 if "_planned_database" in names else int("_loaded_database" in names)


@pytest.fixture(autouse=True, scope="session")
def _shuffle_unordered_queries() -> Iterator[None]:
    """A query that names no order comes back in any order, so that no test passes by luck."""
    from django.db.models.expressions import OrderBy
    from django.db.models.functions import Random
    from django.db.models.sql.compiler import SQLCompiler

    original, combining = SQLCompiler.get_order_by, SQLCompiler.get_combinator_sql

    def combined(self, *how):  # type: ignore[no-untyped-def]
        for part in self.query.combined_queries:
            part.is_part = True  # of a union, in which SQLite takes no order
        return combining(self, *how)

    def shuffled(self):  # type: ignore[no-untyped-def]
        found = original(self)
        q = self.query
        ordered = found or q.combinator or q.distinct or q.group_by is not None or q.subquery
        if ordered or getattr(q, "is_part", False):
            return found
        by_chance = OrderBy(Random()).resolve_expression(q, allow_joins=True, reuse=None)
        return [(by_chance, (*self.compile(by_chance), False))]

    SQLCompiler.get_order_by = shuffled  # type: ignore[method-assign]
    SQLCompiler.get_combinator_sql = combined  # type: ignore[method-assign]
    yield
    SQLCompiler.get_order_by = original  # type: ignore[method-assign]
    SQLCompiler.get_combinator_sql = combining  # type: ignore[method-assign]


@pytest.fixture(autouse=True)
def _only_the_procedures_of_files() -> None:
    """What a process keeps of versions that a test published goes back with the test's rows."""
    from mirps.casework.editions import queries

    queries._shelf = queries._Shelf()


@pytest.fixture(scope="session")
def _loaded_database(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> None:
    """The 2024 round in the test database, for the whole session (each test rolls back to it)."""
    from mirps.evidence.rounds import api as rounds

    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        rounds.load(code="2024", by="tests", at=LOADED_AT)


@pytest.fixture
def loaded(_loaded_database: None, db: None) -> None:
    """A database that holds the 2024 round, its findings and their answers."""


@pytest.fixture(scope="session")
def _planned_database(_loaded_database: None, django_db_blocker: pytest.FixtureRequest) -> None:
    """The facts of planning beside the 2024 round, for the whole session."""
    from mirps.planning.records import api as records

    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        records.load(ROOT / "data" / "planning" / "facts", by="tests", at=LOADED_AT)


@pytest.fixture
def planned(_planned_database: None, db: None) -> None:
    """A database that holds the 2024 round and what the documents say of planning."""


@pytest.fixture(scope="session")
def sources() -> Path:
    """The folder of the five source documents, which are not part of the product.

    They stand beside the checkout (../shared/sources) or where MIRPS_SOURCES says.
    """
    folder = Path(os.environ.get("MIRPS_SOURCES") or ROOT.parent / "shared" / "sources")
    if not folder.is_dir():
        if os.environ.get("CI"):
            pytest.fail(f"the source documents are not at {folder}")
        pytest.skip("the source documents are not here; set MIRPS_SOURCES to their folder")
    return folder
