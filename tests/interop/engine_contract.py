"""What every adapter of the port owes, whichever protocol it speaks: run against the reference engine.

A new adapter adds a line to ADAPTED, with an engine of its own kind that plays the same answers.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from mirps.people.verification.api import ADAPTERS, Answer, CheckFault, Engine, Http, Later, Port, Question

Make = Callable[[Engine], Port]
#: adapter -> what makes it.
ADAPTED: dict[str, Make] = {"http": Http}


def now() -> datetime:
    return datetime.now(UTC)


def question(says: str, about: str = "document") -> Question:
    """What the engine is asked; `says` is what the reference engine plays."""
    return Question(uuid4(), about, "0" * 32, {"number": says, "type": "id", "given": "Ximena"})


def asked(port: Port, says: str) -> Answer:
    return port.ask(question(says), at=now)


def every_adapter_is_held_to_this() -> None:
    assert set(ADAPTED) == set(ADAPTERS)


def what_fits_and_what_does_not_is_told_with_its_band_and_reference(port: Port) -> None:
    found = [asked(port, says) for says in ("MATCH-1", "NOMATCH-1", "UNSURE-1")]
    assert [(a.result, a.band) for a in found] == [
        ("match", "high"),
        ("no-match", "medium"),
        ("unsure", "low"),
    ]
    assert all(a.reference.startswith("SIM-") for a in found)


def an_answer_that_comes_later_is_no_answer_now(port: Port) -> None:
    with pytest.raises(Later):
        asked(port, "LATER-1")


#: What the engine plays, and the text that says what is wrong and what to do.
WRONG = {
    "DOWN": "verification.fault.down", "SLOW": "verification.fault.down", "REFUSED": "verification.fault.refused",
    "REDIRECT": "verification.fault.refused", "GARBAGE": "verification.fault.form", "HUGE": "verification.fault.form",
    "OTHER": "verification.fault.other-question", "REPLAY": "verification.fault.other-question",
    "FORGED": "hooks.refused.signature", "OLD": "hooks.refused.time", "TEMPLATE": "verification.fault.more",
    "BAND": "verification.fault.value", "REFERENCE": "verification.fault.reference",
}  # fmt: skip


def what_is_wrong_is_told_and_nothing_is_taken(port: Port, says: str) -> None:
    asked(port, "MATCH-before")
    with pytest.raises(CheckFault) as fault:
        asked(port, f"{says}-1")
    assert fault.value.key == WRONG[says]


def an_engine_that_is_not_there_is_told_as_down(port: Port) -> None:
    with pytest.raises(CheckFault) as fault:
        asked(port, "MATCH-1")
    assert fault.value.key == "verification.fault.down"
