"""Row security: the rule of `rules.sees`, held by PostgreSQL itself. docs/custody.md says how a node uses it.

Put in place after every `mirps manage migrate`, so that a table that was made or rebuilt has its guards again.
Each table of people is either named in POLICIES or, with the reason, in OPEN; a test holds that.

Policies ask for what `seating.seated` told (mirps_seat). They are short, since PostgreSQL plans them anew with
every query that is not prepared: what is seldom asked (shares, emergency access) stands in a function, whose plan
is kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

_SEAT = """
CREATE OR REPLACE FUNCTION mirps_seat(name text) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
AS $$ SELECT nullif(current_setting('mirps.' || name, true), '') $$;
CREATE OR REPLACE FUNCTION mirps_opened(file uuid) RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL SAFE
AS $$ BEGIN
    RETURN EXISTS (
        SELECT 1 FROM people_glassof o JOIN people_glass g ON g.id = o.glass_id
        WHERE o.subject = file AND g."by" = mirps_seat('user') AND g.until > now() AND g.closed_at IS NULL
    ) OR EXISTS (
        SELECT 1 FROM people_share s
        WHERE s.subject = file AND s.state = mirps_seat('state') AND s.institution = mirps_seat('institution')
          AND s.purpose = mirps_seat('purpose') AND s.until > now() AND s.ended_at IS NULL);
END $$;
CREATE OR REPLACE FUNCTION mirps_kept() RETURNS trigger LANGUAGE plpgsql
AS $$ BEGIN
    IF TG_OP = 'DELETE' AND mirps_seat('duty') = 'retention' THEN
        RETURN OLD; -- whether a seat of retention may, the table's policy says
    END IF;
    RAISE EXCEPTION '% is never changed', TG_TABLE_NAME;
END $$;
"""
#: The id behind a number on a card, and nothing else of the file: who breaks the glass names what is not in view.
_SUBJECT = """
CREATE OR REPLACE FUNCTION mirps_subject(card text) RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE subject uuid; before text := coalesce(current_setting('mirps.keeper', true), '');
BEGIN
    PERFORM set_config('mirps.keeper', 'on', true);
    SELECT id INTO subject FROM (
        SELECT id FROM people_person WHERE number = card
        UNION ALL SELECT id FROM people_group WHERE number = card) found;
    PERFORM set_config('mirps.keeper', before, true);
    RETURN subject;
END $$;
REVOKE EXECUTE ON FUNCTION mirps_subject(text) FROM PUBLIC;
"""


def told(name: str) -> str:
    """What `seating.seated` told of the seat; null where it is empty."""
    return f"mirps_seat('{name}')"


#: For the policies of the bands above too: of one's own institution; of no other duty; at one's own office.
OURS = f"state = {told('state')} AND institution = {told('institution')}"
DESK = f"{told('duty')} IS NULL"
_AUDIT = f"{told('duty')} = 'audit'"
_RETENTION = f"{told('duty')} = 'retention'"
_KEEPER = f"{told('keeper')} = 'on'"
_MINE = f'"by" = {told("user")}'
HERE = f"({told('office')} IS NULL OR office IN ('', {told('office')}))"


@dataclass(frozen=True, slots=True)
class Rows:
    """What is seen of a table, and what may be written to it; `insert` and `delete` narrow it further."""

    using: str
    check: str
    insert: str = ""
    delete: str = "false"


def _file(table: str) -> Rows:
    """Persons and groups (rules.sees)."""
    return Rows(
        using=f"""({OURS} AND ({HERE} OR {told("purpose")} IS NOT NULL OR NOT {DESK}))
            OR ({DESK} AND mirps_opened({table}.id))""",
        check=OURS,
        insert=HERE,
        delete=_RETENTION,
    )


def stands(table: str, column: str, *, by: str = "id") -> str:
    """That the row of another table to which a row belongs (a person, a group) is in view: its own policy is asked.

    Of that table one column is named, anew: had it one of the row's own name, it would be asked of itself.
    """
    return f"EXISTS (SELECT 1 FROM (SELECT {by} AS whose FROM {table}) seen WHERE whose = {column})"  # noqa: S608 - names of our own


def _ends(**columns: str) -> str:
    """That any of the ends that a row has is in view."""
    return " OR ".join(f"({c} IS NOT NULL AND {stands(table, c)})" for c, table in columns.items())


_PERSON, _GROUP = "people_person", "people_group"
_ENDS = _ends(person_id=_PERSON, group_id=_GROUP, other_id=_PERSON)

POLICIES: dict[str, Rows] = {
    _PERSON: _file(_PERSON),
    _GROUP: _file(_GROUP),
    "people_fact": Rows(
        using=f"""
            ({_RETENTION} OR ({DESK} AND (
                sensitivity = '' OR sensitivity = ANY (string_to_array({told("knows")}, ',')))))
            AND ({_ENDS})""",
        check=f"{OURS} AND ({_ENDS})",
        delete=_RETENTION,
    ),
    "people_sameness": Rows(
        using=f"{stands(_PERSON, 'kept_id')} OR {stands(_PERSON, 'other_id')}",
        check=f"{stands(_PERSON, 'kept_id')} AND {stands(_PERSON, 'other_id')}",
        delete=_RETENTION,
    ),
    "people_sentform": Rows(using=OURS, check=OURS, insert=HERE, delete=_RETENTION),
    # The job that compares new people with those before asks what waits, then sits down at each one's office.
    "people_arrival": Rows(
        using=f"({OURS}) OR (compared_at IS NULL AND {told('user')} IS NULL)",
        check=OURS,
        insert=HERE,
    ),
    "people_task": Rows(using=_ends(person_id=_PERSON, group_id=_GROUP), check=OURS, delete=_RETENTION),
    "people_suspicion": Rows(using=OURS, check=OURS, delete=_RETENTION),
    # An engine that answers later answers to nobody's seat: of checks, the node itself sees those that wait.
    "people_identitycheck": Rows(
        using=f"({OURS} AND {stands(_PERSON, 'person_id')}) OR (answered_at IS NULL AND {told('user')} IS NULL)",
        check=OURS,
        delete=_RETENTION,
    ),
    "people_extract": Rows(using=f"({OURS}) OR receiver = {told('user')}", check=OURS),
    "people_sweep": Rows(using=OURS, check=OURS),
    "people_reading": Rows(
        using=f"""{_MINE} OR ({_AUDIT} AND (({OURS}) OR EXISTS (
            SELECT 1 FROM people_readingof o WHERE o.reading_id = people_reading.id)))""",  # noqa: S608 - names of our own
        check=f"{_MINE} AND {OURS}",
    ),
    "people_readingof": Rows(
        using=f"""{_MINE} OR ({_AUDIT} AND (({OURS})
            OR {stands(_PERSON, "subject")} OR {stands(_GROUP, "subject")}))""",
        check=f"{_MINE} AND {OURS}",
    ),
}
#: Tables of people without row security, and why.
OPEN: dict[str, str] = {
    "people_device": "codes of telephones, read before anybody sits; nobody who is registered stands there",
    "people_entry": "the sealed index holds nobody to filter by; nobody is shown an entry, only rows",
    "people_fresh": "as people_entry, until it is there",
    "people_sound": "sealed words of no person",
    "people_sealedfile": "tokens made with a key; a file is reached through a fact, which is guarded",
    "people_glass": "ids and sealed reasons; the policies read it, and who must review it is of other seats",
    "people_glassof": "as people_glass",
    "people_share": "ids; the policies read it, and it is written for another institution",
    "people_request": "ids and sealed details; decided from another seat than it was asked from",
}
#: Rows that are added and never changed. `typed` is sealed anew when keys rotate.
_KEPT = {
    "people_reading": "id, \"by\", state, institution, office, at, act, purpose, shown",
    "people_readingof": "reading_id, subject, \"by\", state, institution",
}  # fmt: skip


#: Functions that the role which serves pages may call, with their arguments.
_CALLED = ["mirps_subject(text)"]
#: What another band adds (guard): a table that must be there, and the functions that its policies ask.
_FUNCTIONS: dict[str, str] = {}


@dataclass(frozen=True, slots=True)
class Guards:
    """What a band above has guarded with the tables of people: see POLICIES, OPEN, _KEPT, _UPDATES.

    `functions`: SQL that the policies need, put in place before them once `table` is there; `called`: of these, what
    pages call by name."""

    table: str
    policies: Mapping[str, Rows]
    open: Mapping[str, str]
    kept: Mapping[str, str]
    updates: Mapping[str, str]
    functions: str = ""
    called: tuple[str, ...] = ()


def guard(more: Guards) -> None:
    """Have a band's tables guarded too; twice is once. Called when the band starts (AppConfig.ready)."""
    POLICIES.update(more.policies)
    OPEN.update(more.open)
    _KEPT.update(more.kept)
    _UPDATES.update(more.updates)
    _FUNCTIONS[more.table] = more.functions
    _CALLED.extend(f for f in more.called if f not in _CALLED)


def secure(using: str = DEFAULT_DB_ALIAS) -> None:
    """Put every guard in place, all at once. Tables that are not there yet are left out."""
    connection = connections[using]
    there = set(connection.introspection.table_names())
    statements = _postgresql(there) if connection.vendor == "postgresql" else _sqlite(there)
    with transaction.atomic(using=using), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def after_migrate(using: str = DEFAULT_DB_ALIAS, **told: Any) -> None:
    """Django's post_migrate. It is also sent when tests empty tables (then without a plan): nothing to do."""
    if "plan" in told:
        secure(using)


def _postgresql(there: set[str]) -> Iterator[str]:
    yield _SEAT
    if {_PERSON, _GROUP} <= there:
        yield _SUBJECT
    yield from (functions for table, functions in _FUNCTIONS.items() if table in there)
    for table, rows in POLICIES.items():
        if table not in there:
            continue
        yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
        yield f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY"
        for name in ("seat", "keeper", "on_insert", "on_delete"):
            yield f"DROP POLICY IF EXISTS {name} ON {table}"
        yield f"CREATE POLICY seat ON {table} USING ({rows.using}) WITH CHECK ({rows.check})"
        yield f"CREATE POLICY keeper ON {table} TO CURRENT_USER USING ({_KEEPER}) WITH CHECK ({_KEEPER})"
        only = f"CREATE POLICY on_{{}} ON {table} AS RESTRICTIVE FOR {{}}"
        yield f"{only.format('delete', 'DELETE')} USING ({rows.delete} OR {_KEEPER})"
        if rows.insert:
            yield f"{only.format('insert', 'INSERT')} WITH CHECK ({rows.insert} OR {_KEEPER})"
    for table, columns in _KEPT.items():
        if table in there:
            yield f"DROP TRIGGER IF EXISTS kept ON {table}"
            yield (
                f"CREATE TRIGGER kept BEFORE UPDATE OF {columns} OR DELETE ON {table}"
                " FOR EACH ROW EXECUTE FUNCTION mirps_kept()"
            )


def _sqlite(there: set[str]) -> Iterator[str]:
    """Against a slip of our own alone: whoever has the file writes to it. Emptying tables stays possible."""
    for table, columns in _KEPT.items():
        if table in there:
            yield f"DROP TRIGGER IF EXISTS {table}_kept"
            yield (
                f"CREATE TRIGGER {table}_kept BEFORE UPDATE OF {columns} ON {table}"
                f" BEGIN SELECT RAISE(ABORT, '{table} is never changed'); END"
            )


# --- the role that serves pages

#: What the role may change of a row that stands, column by column; of the others, nothing or all.
_UPDATES = {
    "people_person": "level, stands_for_id, let_go_at",
    "people_group": "level",
    "people_fact": "in_force, replaces_id",
    "people_sameness": "",
    "people_reading": "",
    "people_readingof": "",
    "base_auditentry": "",
    "django_migrations": "",
}
_NEVER_DELETED = (
    "people_reading",
    "people_readingof",
    "people_sweep",
    "base_auditentry",
    "django_migrations",
)


def grants(role: str, there: set[str]) -> Iterator[str]:
    """What makes `role` the one that serves pages: it owns nothing and may change no schema."""
    yield f"GRANT USAGE ON SCHEMA public TO {role}"
    yield f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}"
    yield f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}"
    yield from (f"GRANT EXECUTE ON FUNCTION {function} TO {role}" for function in _CALLED)
    for table, columns in _UPDATES.items():
        if table in there:
            yield f"REVOKE UPDATE ON {table} FROM {role}"
            if columns:
                yield f"GRANT UPDATE ({columns}) ON {table} TO {role}"
    for table in _NEVER_DELETED:
        if table in there:
            yield f"REVOKE DELETE ON {table} FROM {role}"


def grant(role: str, using: str = DEFAULT_DB_ALIAS) -> None:
    """Give the role what it needs; run by the owner of the tables, and again after each migration."""
    connection: BaseDatabaseWrapper = connections[using]
    quoted = connection.ops.quote_name(role)
    with transaction.atomic(using=using), connection.cursor() as cursor:
        for statement in grants(quoted, set(connection.introspection.table_names())):
            cursor.execute(statement)


def subject_of(number: str, using: str = DEFAULT_DB_ALIAS) -> UUID | None:
    """The id behind a registration number, in view or not; None where it is nobody's."""
    connection = connections[using]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT mirps_subject(%s)", [number])
        else:
            cursor.execute(
                "SELECT id FROM people_person WHERE number = %s"
                " UNION ALL SELECT id FROM people_group WHERE number = %s",
                [number, number],
            )
        row = cursor.fetchone()
    return UUID(str(row[0])) if row and row[0] else None


def faults(using: str = DEFAULT_DB_ALIAS) -> list[str]:
    """Why row security would not hold for whoever is connected now: keys of texts (custody.rows.…), with the
    tables where it is about tables. Empty: it holds."""
    connection = connections[using]
    if connection.vendor != "postgresql":
        return ["sqlite"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        found = ["bypass"] if cursor.fetchone()[0] else []
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relname = ANY(%s) AND NOT (relrowsecurity AND relforcerowsecurity)",
            [list(POLICIES)],
        )
        found += [f"open {row[0]}" for row in cursor.fetchall()]
        cursor.execute(
            "SELECT count(*) FROM pg_class WHERE relname = ANY(%s) AND pg_get_userbyid(relowner) = current_user",
            [list(POLICIES)],
        )
        found += ["owner"] if cursor.fetchone()[0] else []
    return found
