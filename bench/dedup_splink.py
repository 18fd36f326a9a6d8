"""The rival, run in its own environment: splink on DuckDB over the same file, set up as well as we know how.

`bench/.venv/splink/bin/python bench/dedup_splink.py FILE OUT`: reads the CSV, writes every scored pair to OUT
(npz: one, other, weight) and answers with the seconds of its steps. It is given the same cleaned parts of
names (particles aside, no accents), swapped surnames, dates as they go wrong, the frequencies of names, the
same rules of pairs, and pairs with one document to learn from; names are compared by Jaro-Winkler, since
DuckDB has no key of Spanish sound.
"""

import json
import sys
import time
import warnings

import duckdb
import numpy as np
import splink.comparison_level_library as cll
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

warnings.filterwarnings("ignore")

READ = r"""
create table people as
with raw as (
  select id as unique_id, sex, nationality, place, born, phones as phone,
    regexp_replace(strip_accents(upper(given)), '[^A-Z]+', ' ', 'g') as g,
    regexp_replace(regexp_replace(strip_accents(upper(surnames)), '[^A-Z]+', ' ', 'g'),
      '\b(DE|DEL|LA|LAS|LOS|Y)\b', ' ', 'g') as s,
    string_split(documents, ';') as documents
  from read_csv('FILE', all_varchar = true)
), parts as (
  select *, string_split_regex(trim(g), ' +') as gs, string_split_regex(trim(s), ' +') as ss,
    length(born) = 4 or born like '%-01-01' as vague, left(born, 4) as year, born[6:7] as month, born[9:10] as day
  from raw
)
select unique_id, sex, nationality, place, left(place, 3) as state, phone, documents,
  list_filter(documents, lambda d: d like 'id-%')[1] as id_document,
  gs[1] as g1, gs[2] as g2, ss[1] as s1, ss[2] as s2, gs[1] || ' ' || gs[2] as given, ss[1] || ' ' || ss[2] as surnames,
  least(ss[1], ss[2]) || ' ' || greatest(ss[1], ss[2]) as either_surnames,
  born as dob, vague, cast(year as int) as year, nullif(month, '') as month, nullif(day, '') as day,
  left(born, 7) as year_month,
  year || least(month, day) || greatest(month, day) as either_dob,
  least(month, day) || greatest(month, day) as anniversary
from parts
"""


def level(sql, label, tf=None):
    found = cll.CustomLevel(sql, label)
    return found.configure(tf_adjustment_column=tf, tf_minimum_u_value=1e-6) if tf else found


def jw(a, b, least):
    return f"jaro_winkler_similarity({a}, {b}) >= {least}"


def two(name, a, b, whole):
    """A comparison of two parts that may be swapped, misspelt or missing."""
    lone = f"({b}_l is null) <> ({b}_r is null)"
    none = f"{b}_l is null and {b}_r is null"
    return cl.CustomComparison(
        output_column_name=name,
        comparison_levels=[
            cll.NullLevel(a),
            level(f"{whole}_l = {whole}_r", "both", whole),
            level(f"{a}_l = {b}_r and {b}_l = {a}_r", "swapped"),
            level(f"{a}_l = {a}_r and {none}", "only", a),
            level(f"{none} and {jw(f'{a}_l', f'{a}_r', 0.88)}", "only, near"),
            level(f"{a}_l = {a}_r and {jw(f'{b}_l', f'{b}_r', 0.85)}", "first, second near", a),
            level(f"{b}_l = {b}_r and {jw(f'{a}_l', f'{a}_r', 0.85)}", "second, first near", b),
            level(f"{jw(f'{a}_l', f'{a}_r', 0.85)} and {jw(f'{b}_l', f'{b}_r', 0.85)}", "both near"),
            level(f"{jw(f'{a}_l', f'{b}_r', 0.85)} and {jw(f'{b}_l', f'{a}_r', 0.85)}", "both near, swapped"),
            level(f"{a}_l = {a}_r and {lone}", "first, second missing", a),
            level(f"({a}_l = {b}_r or {b}_l = {a}_r) and {lone}", "first is second"),
            level(f"{lone} and {jw(f'{a}_l', f'{a}_r', 0.88)}", "first near, second missing"),
            level(f"{a}_l = {a}_r", "first alone", a),
            level(f"{b}_l = {b}_r", "second alone", b),
            cll.ElseLevel(),
        ],
    )


DATE = cl.CustomComparison(
    output_column_name="dob",
    comparison_levels=[
        cll.NullLevel("dob"),
        level("dob_l = dob_r and not vague_l", "same"),
        level("dob_l = dob_r", "same, vague"),
        level("year_l = year_r and month_l = day_r and day_l = month_r", "exchanged"),
        level("month_l = month_r and day_l = day_r and not vague_l and abs(year_l - year_r) <= 3", "years"),
        level("year_l = year_r and (vague_l or vague_r)", "year, one vague"),
        level("damerau_levenshtein(dob_l, dob_r) <= 1", "one digit"),
        level("abs(year_l - year_r) <= 3 and (vague_l or vague_r)", "years, one vague"),
        level("year_month_l = year_month_r", "month"),
        level("year_l = year_r", "year"),
        cll.ElseLevel(),
    ],
)
DOCUMENTS = cl.CustomComparison(
    output_column_name="documents",
    comparison_levels=[
        level("documents_l is null or documents_r is null", "missing").configure(is_null_level=True),
        cll.ArrayIntersectLevel("documents", min_intersection=1),
        level("id_document_l is null or id_document_r is null", "other types").configure(is_null_level=True),
        level("damerau_levenshtein(id_document_l, id_document_r) <= 1", "near"),
        cll.ElseLevel(),
    ],
)
SEX = cl.CustomComparison(
    output_column_name="sex",
    comparison_levels=[
        cll.NullLevel("sex"),
        # No pair with one document differs in it, and splink then leaves a guess that is far too mild.
        cll.ExactMatchLevel("sex").configure(m_probability=0.999, fix_m_probability=True),
        cll.ElseLevel().configure(m_probability=0.001, fix_m_probability=True),
    ],
)
PLACE = cl.CustomComparison(
    output_column_name="place",
    comparison_levels=[
        cll.NullLevel("place"),
        cll.ExactMatchLevel("place"),
        cll.ExactMatchLevel("state"),
        cll.ElseLevel(),
    ],
)
VAGUE, YEARS = "(l.vague or r.vague)", "abs(l.year - r.year) <= 3"
RULES = [
    block_on("documents", arrays_to_explode=["documents"]),
    *(block_on(*columns.split()) for columns in (
        "phone", "either_dob s1", "either_dob s2", "either_dob g1", "either_dob g2", "year_month g1 s1",
        "year_month g1 s2", "year_month g2 s1", "year_month either_surnames", "year_month given",
    )),
    *(f"l.year = r.year and {VAGUE} and {rest}" for rest in (
        "l.g1 = r.g1 and l.s1 = r.s1", "l.g1 = r.g1 and l.s2 = r.s2", "l.g1 = r.g1 and l.s1 = r.s2",
        "l.either_surnames = r.either_surnames", "l.given = r.given",
    )),
    *(f"{YEARS} and {rest}" for rest in (
        "l.anniversary = r.anniversary and l.g1 = r.g1 and l.s1 = r.s1",
        "l.anniversary = r.anniversary and l.g1 = r.g1 and l.s2 = r.s2",
        "l.anniversary = r.anniversary and l.given = r.given",
        "l.g1 = r.g1 and l.either_surnames = r.either_surnames", "l.given = r.given and l.s1 = r.s1",
    )),
]  # fmt: skip


def main(file, out):
    began = time.perf_counter()
    con = duckdb.connect()
    con.execute("set threads to 2")
    con.execute("set preserve_insertion_order to false")
    con.execute(READ.replace("FILE", file))
    settings = SettingsCreator(
        link_type="dedupe_only", unique_id_column_name="unique_id",
        comparisons=[
            two("surnames", "s1", "s2", "surnames"), two("given", "g1", "g2", "given"), DATE, SEX,
            cl.ExactMatch("nationality").configure(term_frequency_adjustments=True), DOCUMENTS, cl.ExactMatch("phone"),
            PLACE,
        ],
        blocking_rules_to_generate_predictions=RULES, retain_intermediate_calculation_columns=False,
        retain_matching_columns=False,
    )  # fmt: skip
    linker = Linker(con.table("people"), settings, DuckDBAPI(con))
    training = linker.training
    read = time.perf_counter()
    training.estimate_probability_two_random_records_match(
        [block_on("documents", arrays_to_explode=["documents"])], recall=0.37
    )
    training.estimate_u_using_random_sampling(max_pairs=1_000_000, seed=1)
    training.estimate_parameters_using_expectation_maximisation(block_on("id_document"))
    training.estimate_parameters_using_expectation_maximisation(block_on("dob", "g1", "s1"))
    trained = time.perf_counter()
    pairs = linker.inference.predict(threshold_match_weight=-8)
    found = con.execute(f"""select cast(unique_id_l[2:] as int) as one, cast(unique_id_r[2:] as int) as other,
        match_weight as weight from {pairs.physical_name}""").fetchnumpy()
    np.savez(out, **found)
    done = time.perf_counter()
    print(json.dumps({"read_s": read - began, "train_s": trained - read, "predict_s": done - trained}))


if __name__ == "__main__":
    main(*sys.argv[1:])
