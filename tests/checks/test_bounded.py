"""However a text is made, the work of checking it grows with its length and no faster."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from mirps.evidence.checks import api

FOLDER = Path(__file__).parent / "tuning"
SIZE = 5_000


def filled(piece: Callable[[int], str]) -> Callable[[int], str]:
    def text(size: int) -> str:
        parts: list[str] = []
        length = 0
        for n in range(size):
            parts.append(piece(n))
            length += len(parts[-1])
            if length > size:
                break
        return "".join(parts)[:size]

    return text


HOSTILE: dict[str, Callable[[int], str]] = {
    "one long line": filled(lambda n: f"word{n % 7} {n * 37 % 9973 if n % 5 == 0 else 'and'} "),
    "nested brackets": lambda size: "(12 people " * (size // 22) + ")" * (size // 2),
    "number soup": filled(lambda n: f"{n * 7919 % 99991} "),
    "repeated words": filled(lambda n: "people "),
    "sums that are wrong": filled(
        lambda n: f"There were {1000 + n} people: {300 + n} women, 400 men and 50 others. "
    ),
    "one sentence over and over": filled(lambda n: "The office helped 12 people. "),
    "one subject, many values": filled(lambda n: f"The office helped {n} people in Yoro. "),
    "dense sentences": filled(
        lambda n: "In " + ", ".join(f"{n * k % 911} people" for k in range(1, 38)) + ". "
    ),
    "shares of everything": filled(
        lambda n: (
            f"In {1990 + n % 30} the mean of {n % 97} people each, {n % 89}% of {n % 991}, was {n % 83} a month. "
        )
    ),
    "abbreviations": filled(lambda n: "No. A no. B "),
    "marked lists": filled(lambda n: f"(a) one, (b) two. All the {3 + n % 5} acts of {n} offices stand. "),
    "dates": filled(lambda n: f"On {1 + n % 28} May 2023 the office opened with {n} people. "),
}


def calls(text: str) -> int:
    """How many Python functions are called to check a text: a measure that no other work on the machine disturbs."""
    count = 0

    def trace(_frame: object, event: str, _arg: object) -> None:
        nonlocal count
        count += event == "call"

    sys.setprofile(trace)
    try:
        api.check_text(text, lang="en")
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("name", list(HOSTILE))
def test_four_times_the_text_takes_no_more_than_some_six_times_the_work(name: str) -> None:
    make = HOSTILE[name]
    short, long_ = calls(make(SIZE)), calls(make(4 * SIZE))
    assert long_ <= 6 * short + 20_000


def test_a_line_of_six_hundred_kilobytes_takes_few_calls_a_character() -> None:
    line = HOSTILE["one long line"](660_000)
    assert calls(line) < 6 * len(line)


NOUGHTS = ("0", "1", "0.5", "1,5", "100", "0,0", "7319")


@pytest.mark.parametrize("name", sorted(p.name for p in FOLDER.glob("*.jsonl")))
def test_no_number_whatever_stops_a_check(name: str) -> None:
    """Statements with their numbers put wrong in turn, noughts first: a nought divides nothing."""
    for at, line in enumerate((FOLDER / name).read_text(encoding="utf-8").splitlines()):
        row = json.loads(line)
        turn = iter(range(at, at + 10_000))
        text = re.sub(r"\d[\d.,]*\d|\d", lambda _: NOUGHTS[next(turn) % len(NOUGHTS)], row["text"])  # noqa: B023
        assert api.check_text(text, lang=row["lang"]).lang == row["lang"]
