"""Precision and recall of the text checker on the labelled statements in `bench/labelled/`.

A statement is flagged when the checker reports at least one finding of severity `contradiction`;
warnings do not count. Flagged and labelled `contradiction` is a true positive, and so on.

    python bench/checker.py                  the tables
    python bench/checker.py --json out.json  the same counts as JSON
    python bench/checker.py --show           and the statements judged otherwise than labelled
"""

from __future__ import annotations

import json
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

LABELLED = Path(__file__).parent / "labelled"
LANGUAGES = ("en", "es")


@dataclass(frozen=True)
class Statement:
    """One labelled text; `kind` is the class it belongs to, or for an `ok` one the class it tempts."""

    id: str
    lang: str
    text: str
    label: str
    kind: str
    why: str


@dataclass(frozen=True)
class Judged:
    """A statement and what the checker said of it: the kinds of its contradictions."""

    statement: Statement
    kinds: tuple[str, ...]

    @property
    def outcome(self) -> str:
        """`tp`, `fp`, `fn` or `tn`."""
        if self.statement.label == "contradiction":
            return "tp" if self.kinds else "fn"
        return "fp" if self.kinds else "tn"


@dataclass
class Score:
    """Counts of outcomes; a rate without a denominator is None, never 0 or 1."""

    tp: int = 0
    fp: int = 0
    fn: int = 0
    tn: int = 0

    @property
    def precision(self) -> float | None:
        return self.tp / (self.tp + self.fp) if self.tp + self.fp else None

    @property
    def recall(self) -> float | None:
        return self.tp / (self.tp + self.fn) if self.tp + self.fn else None

    @property
    def f1(self) -> float | None:
        total = 2 * self.tp + self.fp + self.fn
        return 2 * self.tp / total if total else None

    def as_json(self) -> dict[str, int | float | None]:
        """Counts and rates; rates to four places."""
        rates = {"precision": self.precision, "recall": self.recall, "f1": self.f1}
        rounded = {name: None if rate is None else round(rate, 4) for name, rate in rates.items()}
        return {"tp": self.tp, "fp": self.fp, "fn": self.fn, "tn": self.tn, **rounded}


def load(lang: str) -> list[Statement]:
    """The labelled statements of one language, in the order of the file."""
    lines = (LABELLED / f"{lang}.jsonl").read_text(encoding="utf-8").splitlines()
    return [Statement(**json.loads(line)) for line in lines]


def judge(statements: Iterable[Statement], check: Callable[..., Any]) -> list[Judged]:
    """Each statement with the kinds of the contradictions that `check(text, lang=...)` reports."""
    return [
        Judged(
            statement,
            tuple(
                finding.kind
                for finding in check(statement.text, lang=statement.lang).findings
                if finding.severity == "contradiction"
            ),
        )
        for statement in statements
    ]


def tally(judged: Iterable[Judged], group: Callable[[Judged], str]) -> dict[str, Score]:
    """A score for each value of `group`, in order of first appearance."""
    scores: defaultdict[str, Score] = defaultdict(Score)
    for one in judged:
        score = scores[group(one)]
        setattr(score, one.outcome, getattr(score, one.outcome) + 1)
    return dict(scores)


def summarise(judged: Sequence[Judged]) -> dict[str, Any]:
    """The counts as JSON: overall, by language, and by class within each language."""
    by_lang = {
        lang: [one for one in judged if one.statement.lang == lang]
        for lang in dict.fromkeys(one.statement.lang for one in judged)
    }
    return {
        "overall": {name: score.as_json() for name, score in tally(judged, lambda _: "all").items()},
        "languages": {lang: tally(rows, lambda _: "all")["all"].as_json() for lang, rows in by_lang.items()},
        "classes": {
            lang: {
                kind: score.as_json() for kind, score in tally(rows, lambda one: one.statement.kind).items()
            }
            for lang, rows in by_lang.items()
        },
        "missed": [one.statement.id for one in judged if one.outcome == "fn"],
        "false_alarms": [one.statement.id for one in judged if one.outcome == "fp"],
    }


def rate(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def table(title: str, scores: Mapping[str, Mapping[str, Any]]) -> str:
    """One aligned text table; a row a key of `scores`."""
    rows = [f"{title:<20}{'tp':>5}{'fp':>5}{'fn':>5}{'tn':>5}{'precision':>11}{'recall':>9}{'F1':>8}"]
    for name, score in scores.items():
        counts = "".join(f"{score[key]:>5}" for key in ("tp", "fp", "fn", "tn"))
        rates = f"{rate(score['precision']):>11}{rate(score['recall']):>9}{rate(score['f1']):>8}"
        rows.append(f"{name:<20}{counts}{rates}")
    return "\n".join(rows)


def disagreements(judged: Iterable[Judged]) -> str:
    """The statements that the checker judges otherwise than their label, with the reason of the label."""
    lines = []
    for one in judged:
        if one.outcome in ("fp", "fn"):
            said = ", ".join(one.kinds) or "nothing"
            lines.append(f"{one.outcome} {one.statement.id} [{one.statement.kind}] said {said}")
            lines.append(f"   {one.statement.text}")
            lines.append(f"   label: {one.statement.why}")
    return "\n".join(lines)


def measure(languages: Sequence[str]) -> tuple[list[Judged], dict[str, Any]]:
    """Run the checker over the statements of these languages: each judged, and the counts as JSON."""
    from mirps.evidence.checks.api import check_text

    statements = [one for lang in languages for one in load(lang)]
    started = time.perf_counter()
    judged = judge(statements, check_text)
    seconds = round(time.perf_counter() - started, 3)
    return judged, {**summarise(judged), "statements": len(statements), "seconds": seconds}


def tables(result: Mapping[str, Any]) -> str:
    """The counts by class and language as text."""
    parts = [table(f"class ({lang})", classes) for lang, classes in result["classes"].items()]
    parts.append(table("language", {**result["languages"], **result["overall"]}))
    parts.append(f"{result['statements']} statements in {result['seconds']:.2f} s")
    return "\n\n".join(parts)


def run() -> dict[str, Any]:
    """For `make bench`: print the tables, return the counts."""
    _, result = measure(LANGUAGES)
    print(tables(result))
    return result


@click.command()
@click.option("--json", "json_file", type=click.Path(dir_okay=False, path_type=Path), help="Write counts.")
@click.option("--lang", type=click.Choice(LANGUAGES), help="One language only.")
@click.option("--show", is_flag=True, help="Print the statements judged otherwise than labelled.")
def main(json_file: Path | None, lang: str | None, show: bool) -> None:
    """Run the checker over the labelled statements and count."""
    judged, result = measure([lang] if lang else LANGUAGES)
    click.echo(tables(result))
    if show:
        click.echo("\n" + disagreements(judged))
    if json_file:
        json_file.write_text(json.dumps(result, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
