"""Spark gives the same cells as DuckDB, of the same files."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from mirps.base.codelists.api import data_folder
from mirps.evidence.indicators import api, caseload
from mirps.evidence.indicators.counting import Cubes, engine, parquet
from mirps.evidence.indicators.layers import parents
from mirps.evidence.indicators.model import Over
from mirps.evidence.indicators.planning import Span
from mirps.evidence.indicators.spark import SparkCubes

pytestmark = [pytest.mark.slow, pytest.mark.enable_socket]
#: One of each kind: every statement that there is, and a session that ends soon.
CODES = (
    "asylum_decisions", "asylum_recognised", "asylum_recognition_rate", "asylum_processing_median",
    "asylum_processing_p90", "asylum_pending_interview", "asylum_interviews_week",
)  # fmt: skip
SPAN = Span(date(2023, 1, 1), date(2024, 9, 30))


@pytest.fixture(scope="module")
def session() -> Iterator[Any]:
    from pyspark.sql import SparkSession  # a second and 200 MB, which no other test needs

    made = (
        SparkSession.builder.master("local[1]").appName("counting")
        .config("spark.ui.enabled", "false").config("spark.sql.shuffle.partitions", "1")
        .config("spark.driver.bindAddress", "127.0.0.1").config("spark.driver.host", "127.0.0.1")
        .getOrCreate()
    )  # fmt: skip
    yield made
    made.stop()


def test_spark_and_duckdb_give_the_same_cells(session: Any, tmp_path: Path) -> None:
    path = tmp_path / "cases.parquet"
    given = yaml.safe_load((data_folder() / "demo" / "caseload.yaml").read_text(encoding="utf-8"))
    chosen = [api.indicators()[code] for code in CODES]
    with engine(1) as db:
        caseload.write(caseload.blocks(given, 0.02, parents()), path, db)
        ours = Cubes(db, chosen, SPAN).count({Over.CASES: parquet([path])}, parents())
        session.read.parquet(str(path)).createOrReplaceTempView("cases")
        theirs = SparkCubes(session, chosen, SPAN).count({Over.CASES: "cases"}, parents())
        for i in chosen:
            said = sorted(map(repr, db.execute(ours.sql(i.code)).fetchall()))
            assert sorted(map(repr, theirs.rows(i.code))) == said, i.code
