"""The same counting on Apache Spark, for a region that has outgrown one machine. Same statements, same cells.

pyspark (with a Java runtime) is no part of the product's own environment: who needs it installs it beside, as the
tests do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mirps.evidence.indicators import planning
from mirps.evidence.indicators.model import Indicator, Over
from mirps.evidence.indicators.planning import Parents, Span, Step
from mirps.evidence.indicators.sql import DAYS


class SparkCubes:
    """The cubes of some indicators over one span. `session`: a SparkSession; `sources`: layer -> its view or table."""

    def __init__(self, session: Any, indicators: Sequence[Indicator], span: Span) -> None:
        self.session, self.span = session, span
        self.indicators = {i.code: i for i in indicators}
        self.groups = planning.plan(indicators, span)

    def count(self, sources: Mapping[Over, str], parents: Parents) -> SparkCubes:
        for g in self.groups:
            self._run(planning.finest(g, sources[g.over], parents))
            for step in planning.margins(g, parents):
                self._run(step)
            if g.days:
                self._run(planning.quantiles(g))
        return self

    def rows(self, code: str) -> list[tuple[Any, ...]]:
        """The cells of an indicator: period where it has any, its members, value, rows behind it."""
        g = next(g for g in self.groups if any(i.code == code for i in g.members))
        found = self.session.sql(planning.cells(g, self.indicators[code], self.span))
        return [tuple(row) for row in found.collect()]

    def _run(self, step: Step) -> None:
        """A table of DuckDB is a view here, cut off from what it was made of, so that plans do not grow."""
        made = self.session.sql(DAYS.sub(r"datediff(\2, \1)", step.sql))
        if step.add:
            made = self.session.table(step.table).unionAll(made)
        made.localCheckpoint().createOrReplaceTempView(step.table)
