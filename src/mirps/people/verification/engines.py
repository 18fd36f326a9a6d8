"""The port: which engines there are, and how one is asked. An adapter is a class with `ask`; docs/interoperability.md
says what it owes, tests/interop/engine_contract.py holds every adapter to it."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Protocol

from mirps.base.hooks import api as hooks
from mirps.base.hooks.api import HookFault
from mirps.people.registry import api as registry
from mirps.people.verification import rules
from mirps.people.verification.rules import Answer, CheckFault, Engine, Later, Question


class Port(Protocol):
    """What asks one engine."""

    def ask(self, question: Question, *, at: Callable[[], datetime]) -> Answer:
        """Raises Later, or CheckFault: the engine is down, it refused, or its answer is not to be taken."""
        ...


class Http:
    """An engine that answers over HTTPS, at once (200) or later (202), each message signed (Standard Webhooks) with
    the secret that both hold."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def ask(self, question: Question, *, at: Callable[[], datetime]) -> Answer:
        body = question.body()
        marks = hooks.signed(f"req_{question.id.hex}", at(), body, [self.engine.secret])
        try:
            found = hooks.post(
                self.engine.address,
                body,
                {"Content-Type": "application/json", **marks},
                waits=self.engine.waits,
            )
        except HookFault as fault:
            raise CheckFault(fault.key, **fault.values) from None
        if found.status == 202:
            raise Later
        if found.status != 200:
            key = "down" if found.status in (0, 429) or found.status >= 500 else "refused"
            raise CheckFault(f"verification.fault.{key}", status=found.status or "—")
        return proved(self.engine, question.id, found.headers, found.text, at=at())


#: adapter (as an engine's entry names it) -> what asks. Another institution's protocol is one more class here.
ADAPTERS: dict[str, Callable[[Engine], Port]] = {"http": Http}


def proved(engine: Engine, asked: object, headers: Mapping[str, str], text: bytes, *, at: datetime) -> Answer:
    """An answer that the engine signed, lately, to this very question. Raises CheckFault."""
    question = rules.asked_of(text)
    try:
        id_ = hooks.prove(headers, text, [engine.secret], at=at)
    except HookFault as fault:
        raise CheckFault(fault.key, **fault.values) from None
    if question != asked or id_ != f"ans_{question.hex}":
        raise CheckFault("verification.fault.other-question")
    return rules.read_answer(text, question)


@cache
def engines() -> dict[str, Engine]:
    """The engines of this installation (MIRPS_ENGINES), none where it names no file. Raises EngineFault."""
    path = os.environ.get("MIRPS_ENGINES")
    found = rules.read(Path(path), os.environ, registry.book().lists["consent-purposes"]) if path else []
    for engine in found:
        if engine.adapter not in ADAPTERS:
            raise rules.EngineFault(f"{engine.id}: adapter must be one of {', '.join(ADAPTERS)}")
    return {e.id: e for e in found}


def of_institution(institution: str) -> list[Engine]:
    return [e for e in engines().values() if institution in e.institutions]
