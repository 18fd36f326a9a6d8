"""Row security of cases: the rule of `queries.seen`, held by PostgreSQL itself (docs/cases.md, docs/custody.md).

A case is seen with its row in the lists: at the office where it is, at the institution's others for a purpose, and
by an institution that has a part in it, which sees of its events those of its own acts alone; one whose body
decides sees them all once it has been its turn.
"""

from __future__ import annotations

from mirps.people.custody import api as custody
from mirps.people.custody.api import DESK, HERE, OURS, Rows

_PURPOSE = "mirps_seat('purpose') IS NOT NULL"
RETENTION = "mirps_seat('duty') = 'retention'"


def with_case(column: str = "case_id") -> Rows:
    """A row that is seen, and written, with its case; for whatever else is kept of one."""
    stands = custody.stands("casework_standing", column, by="case_id")
    return Rows(using=stands, check=stands, delete=RETENTION)


#: Seen at the case's own institution alone.
_OF_HOLDER = """EXISTS (SELECT 1 FROM casework_standing seen
    WHERE seen.case_id = casework_handling.case_id AND seen.institution = mirps_seat('institution'))"""


POLICIES = {
    "casework_standing": Rows(
        using=f"({OURS} AND ({HERE} OR {_PURPOSE} OR NOT {DESK})) OR ({DESK} AND mirps_party(case_id))",
        check=f"({OURS}) OR mirps_party(case_id)",
        delete=RETENTION,
    ),
    "casework_case": Rows(
        using=with_case("casework_case.id").using, check=f"({OURS}) OR mirps_party(id)", delete=RETENTION
    ),
    "casework_subject": with_case(),
    "casework_caseevent": Rows(
        using="""EXISTS (SELECT 1 FROM casework_standing seen WHERE seen.case_id = casework_caseevent.case_id
            AND (mirps_seat('institution') IN (seen.institution, casework_caseevent.institution)
                OR mirps_party_whole(seen.case_id)))""",
        # A case that is let go keeps its acts, those of others too.
        check=f"(({OURS}) OR {RETENTION}) AND {with_case('casework_caseevent.case_id').using}",
        delete=RETENTION,
    ),
    "casework_handling": Rows(using=_OF_HOLDER, check=_OF_HOLDER, delete=RETENTION),
    "casework_post": Rows(using=OURS, check=OURS),
    "casework_absence": Rows(using=OURS, check=OURS),
}
OPEN = {
    "casework_party": "ids of cases and institutions; the policies read it",
    "casework_decree": "acts that are published",
    "casework_edition": "the text of procedures, which tells of nobody",
    "casework_moving": "versions of procedures that cases go over to",
}
#: Every event of a case in which the seat's institution has a part, for folding it: to know whether its own act is
#: possible it must know how the case stands. Called by name; a query that forgot its filter is not given this.
_FUNCTIONS = """
CREATE OR REPLACE FUNCTION mirps_party(file uuid) RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL SAFE
AS $$ BEGIN
    RETURN EXISTS (SELECT 1 FROM casework_party p
        WHERE p.case_id = file AND p.institution = mirps_seat('institution'));
END $$;
CREATE OR REPLACE FUNCTION mirps_party_whole(file uuid) RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL SAFE
AS $$ BEGIN
    RETURN EXISTS (SELECT 1 FROM casework_party p
        WHERE p.case_id = file AND p.institution = mirps_seat('institution') AND p.whole);
END $$;
CREATE OR REPLACE FUNCTION mirps_case_ledger(file uuid) RETURNS SETOF casework_caseevent LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE before text := coalesce(current_setting('mirps.keeper', true), '');
BEGIN
    IF mirps_seat('duty') IS NOT NULL OR NOT mirps_party(file) THEN
        RETURN;
    END IF;
    PERFORM set_config('mirps.keeper', 'on', true);
    RETURN QUERY SELECT * FROM casework_caseevent e WHERE e.case_id = file;
    PERFORM set_config('mirps.keeper', before, true);
END $$;
REVOKE EXECUTE ON FUNCTION mirps_case_ledger(uuid) FROM PUBLIC;
"""


_KEPT = 'id, case_id, act, happened_at, recorded_at, "by", role, rule, target, state, institution, office'
#: What pages may change of a row that stands, column by column.
_UPDATES = {"casework_case": "parent_id", "casework_caseevent": "", "casework_handling": "", "casework_party": "whole",
            "casework_subject": "until"}  # fmt: skip


def guard() -> None:
    """Have these tables guarded beside those of people."""
    custody.guard(
        custody.Guards(
            table="casework_caseevent",
            policies=POLICIES,
            open=OPEN,
            functions=_FUNCTIONS,
            called=("mirps_case_ledger(uuid)",),
            kept={"casework_caseevent": _KEPT},
            updates=_UPDATES,
        )
    )
