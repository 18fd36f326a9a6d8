"""The rival of bench/counting.py: 25 questions, each as one query that somebody who knows SQL well would write.

Each goes through the cases once, to the finest grain that it needs, and takes the margins from there by grouping
sets: far quicker than grouping sets over the cases themselves. They run in DuckDB and in PostgreSQL.
"""

from __future__ import annotations

_WHOLE = """CASE WHEN age IN ('0-4', '5-11', '12-17', '0-17') THEN '0-17'
         WHEN age IN ('18-59', '60+', '18+') THEN '18+' ELSE age END AS whole,
    CASE age WHEN '0-17' THEN '0-17_U' WHEN '18+' THEN '18+_U' ELSE age END AS age"""
#: An age that is not known has no whole of its own.
_HAVING = "GROUPING(age) = 0 OR GROUPING(whole) = 1 OR whole IN ('0-17', '18+')"
_AGE = "CASE WHEN GROUPING(age) = 0 THEN age WHEN GROUPING(whole) = 0 THEN whole ELSE '_T' END AS age"
_OPEN = "applied <= DATE '2024-09-30' AND (closed IS NULL OR closed > DATE '2024-09-30')"
_ASYLUM = "matter = 'asylum'"


def _in(column: str) -> str:
    return f"{column} BETWEEN DATE '2023-01-01' AND DATE '2024-09-30'"


def _full(at: str, where: str, number: str = "count(*)", further: str = "", also: str = "") -> str:
    """By month, State and office, sex, age, nationality (and `also`): 72 margins. `further`: the part of a share."""
    more, shown = (f", {also}", f", coalesce({also}, '_T') AS {also}") if also else ("", "")
    value = (
        "CAST(sum(n) AS BIGINT)"
        if not further
        else "CAST(sum(part) AS float8) * 100 / CAST(sum(n) AS float8)"
    )
    part = f", {further} AS part" if further else ""
    return f"""
WITH finest AS (
    SELECT CAST(date_trunc('month', {at}) AS DATE) AS period, state, office, sex, nationality, {_WHOLE}{more},
        {number} AS n{part}
    FROM cases WHERE {where} GROUP BY 1, 2, 3, 4, 5, 6, 7{more})
SELECT period, coalesce(state, '_T') AS state, coalesce(office, '_T') AS office, coalesce(sex, '_T') AS sex, {_AGE},
    coalesce(nationality, '_T') AS nationality{shown}, {value} AS value, CAST(sum(n) AS BIGINT) AS n
FROM finest GROUP BY ROLLUP (state, office), ROLLUP (whole, age), CUBE (sex, nationality, period{more})
HAVING ({_HAVING}) AND sum(n) <> 0"""


def _stock(where: str, number: str = "count(*)", further: str = "", also: str = "") -> str:
    """The same without time: 36 margins."""
    more, shown = (f", {also}", f", coalesce({also}, '_T') AS {also}") if also else ("", "")
    value = (
        "CAST(sum(n) AS BIGINT)"
        if not further
        else "CAST(sum(part) AS float8) * 100 / CAST(sum(n) AS float8)"
    )
    part = f", {further} AS part" if further else ""
    return f"""
WITH finest AS (
    SELECT state, office, sex, nationality, {_WHOLE}{more}, {number} AS n{part}
    FROM cases WHERE {where} GROUP BY 1, 2, 3, 4, 5, 6{more})
SELECT coalesce(state, '_T') AS state, coalesce(office, '_T') AS office, coalesce(sex, '_T') AS sex, {_AGE},
    coalesce(nationality, '_T') AS nationality{shown}, {value} AS value, CAST(sum(n) AS BIGINT) AS n
FROM finest GROUP BY ROLLUP (state, office), ROLLUP (whole, age), CUBE (sex, nationality{more})
HAVING ({_HAVING}) AND sum(n) <> 0"""


def _days(at: str, where: str, share: int) -> str:
    """A quantile of days by quarter, State and office, sex and age, from a histogram: 36 margins."""
    return f"""
WITH finest AS (
    SELECT CAST(date_trunc('quarter', {at}) AS DATE) AS period, state, office, sex, {at} - applied AS days, {_WHOLE},
        count(*) AS n
    FROM cases WHERE {where} AND {_in(at)} AND applied <= {at} GROUP BY 1, 2, 3, 4, 5, 6, 7),
rolled AS (
    SELECT period, coalesce(state, '_T') AS state, coalesce(office, '_T') AS office, coalesce(sex, '_T') AS sex, {_AGE},
        days, sum(n) AS n
    FROM finest GROUP BY days, ROLLUP (state, office), ROLLUP (whole, age), CUBE (sex, period)
    HAVING {_HAVING}),
upto AS (
    SELECT *, sum(n) OVER (PARTITION BY period, state, office, sex, age ORDER BY days) AS below,
        sum(n) OVER (PARTITION BY period, state, office, sex, age) AS total
    FROM rolled)
SELECT period, state, office, sex, age,
    CAST(min(days) FILTER (WHERE below * 100 >= total * {share}) AS BIGINT) AS value,
    CAST(max(total) AS BIGINT) AS n
FROM upto GROUP BY period, state, office, sex, age"""


_DECIDED = f"{_ASYLUM} AND outcome IN ('recognised', 'complementary', 'refused')"
QUERIES: dict[str, str] = {
    "asylum_applications": _full("applied", f"{_ASYLUM} AND {_in('applied')}"),
    "asylum_applicants": _full("applied", f"{_ASYLUM} AND {_in('applied')}", "sum(people)"),
    "asylum_admitted_share": _full("applied", f"{_ASYLUM} AND {_in('applied')}",
                                   further="count(*) FILTER (WHERE admitted <= DATE '2024-09-30')"),
    "asylum_interviewed_share": _full("applied", f"{_ASYLUM} AND {_in('applied')}",
                                      further="count(*) FILTER (WHERE interviewed <= DATE '2024-09-30')"),
    "asylum_undecided_share": _full(
        "applied", f"{_ASYLUM} AND {_in('applied')}",
        further="count(*) FILTER (WHERE (decided IS NULL OR decided > DATE '2024-09-30') "
        "AND (closed IS NULL OR closed > DATE '2024-09-30'))"),
    "asylum_admissions": _full("admitted", f"{_ASYLUM} AND {_in('admitted')}"),
    "asylum_interviews": _full("interviewed", f"{_ASYLUM} AND {_in('interviewed')}"),
    "asylum_days_to_interview_median": _days("interviewed", _ASYLUM, 50),
    "asylum_days_to_interview_p90": _days("interviewed", _ASYLUM, 90),
    "asylum_decisions": _full("decided", f"{_DECIDED} AND {_in('decided')}", also="outcome"),
    "asylum_recognised": _full("decided", f"{_ASYLUM} AND outcome = 'recognised' AND {_in('decided')}", "sum(people)"),
    "asylum_complementary": _full("decided", f"{_ASYLUM} AND outcome = 'complementary' AND {_in('decided')}",
                                  "sum(people)"),
    "asylum_refusals": _full("decided", f"{_ASYLUM} AND outcome = 'refused' AND {_in('decided')}"),
    "asylum_recognition_rate": _full("decided", f"{_DECIDED} AND {_in('decided')}",
                                     further="count(*) FILTER (WHERE outcome = 'recognised')"),
    "asylum_protection_rate": _full("decided", f"{_DECIDED} AND {_in('decided')}",
                                    further="count(*) FILTER (WHERE outcome IN ('recognised', 'complementary'))"),
    "asylum_processing_median": _days("decided", _DECIDED, 50),
    "asylum_processing_p90": _days("decided", _DECIDED, 90),
    "asylum_closures": _full("closed", f"{_ASYLUM} AND outcome = 'none' AND {_in('closed')} "
                             "AND ending IN ('adverse', 'own-wish', 'neutral')"),
    "asylum_abandoned": _full("closed", f"{_ASYLUM} AND outcome = 'none' AND ending = 'adverse' AND {_in('closed')}"),
    "asylum_cleared": _full("closed", f"{_ASYLUM} AND {_in('closed')}"),
    "asylum_pending": _stock(f"{_ASYLUM} AND {_OPEN}", also="stage"),
    "asylum_pending_people": _stock(f"{_ASYLUM} AND {_OPEN}", "sum(people)"),
    "asylum_pending_age": _full("applied", f"{_ASYLUM} AND {_OPEN}"),
    "asylum_pending_interview": _stock(
        f"{_ASYLUM} AND {_OPEN} AND (interviewed IS NULL OR interviewed > DATE '2024-09-30')"),
    "sign_ins_missed_share": _stock(f"{_ASYLUM} AND {_OPEN}", further="count(*) FILTER (WHERE missed >= 2)"),
}  # fmt: skip
