"""Every address of planning, with a record of every kind behind it: who is told what, and nothing runs.

No table of addresses: each is walked with every record that was planted, so that a new page is held to
this from its first day.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest
from django.test import Client
from tests.access.test_every_door import EVIL, RUNS, answered, routes
from tests.planning.conftest import Enter, signed_in

from mirps.planning.records import api as records
from mirps.planning.records.api import Audience, Flow, Kind, Record, Refused

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
AT = datetime(2026, 2, 1, 9, tzinfo=UTC)
#: Said in every text of a draft and of what only its owners read, and nowhere else.
SECRET = "zarzamora-oculta"
#: Kinds whose records only their own acts make (a call's run, a committee's decision).
BY_ACT = frozenset({"proposal", "score", "award"})


def hidden(k: Kind) -> bool:
    """Whether what is written of it is for its owners: a draft, or their own."""
    return k.flow is Flow.REVIEWED or k.audience is Audience.OWN


def data_of(k: Kind) -> dict[str, Any]:
    """Data of a kind with every text field filled with what would run and what is secret."""
    said = f"{SECRET if hidden(k) else 'dicho en público'} {EVIL}"
    both = {"es": said, "en": said}
    fill: dict[str, Any] = {
        "words": both, "long": both, "text": said, "when": "2024", "date": "2024-05-01", "clock": "10:00",
        "number": "1", "money": {"amount": "5", "currency": "USD"}, "yes": True, "link": "https://example.org/",
        "series": "asylum.applications HND",
    }  # fmt: skip
    codes = {"institutions": "HND.INM", "documents": "AR24", "sectors": "asylum", "currencies": "USD",
             "countries": "VEN", "populations": "REF", "units": "person", "places": "HN-AT"}  # fmt: skip
    out: dict[str, Any] = {}
    for f in k.own:
        if (
            f.name == "audience"
            or f.kept
            or (not f.required and f.type.value not in ("words", "long", "text"))
        ):
            continue
        if f.options:
            held: Any = f.options[0]
        elif f.list:
            held = codes.get(f.list, "HND")
            if held not in records.listed(f.list):
                held = next(iter(records.listed(f.list)))
        elif f.to:
            found = Record.objects.filter(kind__in=f.to, public__isnull=False).order_by("key").first()
            if found is None:
                continue
            held = found.key
        elif f.type.value == "rows":
            continue
        else:
            held = fill[f.type.value]
            if isinstance(held, str) and f.type.value == "text":
                held = held[: f.most]
            if isinstance(held, dict) and "es" in held:
                held = {lang: text[: f.most] for lang, text in held.items()}
        out[f.name] = [held] if f.many else held
    return out


@pytest.fixture
def planted(planned: None) -> list[Record]:
    """A record of Honduras of every kind: drafts of what is reviewed, and what is direct, in force."""
    made: list[Record] = []
    for k in sorted(records.kinds().values(), key=lambda k: bool(k.parents)):
        if k.name in BY_ACT:
            continue
        parent = next((r.key for r in made if r.kind in k.parents), "")
        if k.parents and not parent:
            above = Record.objects.filter(kind__in=k.parents).order_by("key").first()
            parent = above.key if above else ""
        if k.parents and not parent:
            continue
        try:
            made.append(
                records.save(
                    kind=k.name,
                    code=f"planted-{k.name}",
                    data=data_of(k),
                    base=0,
                    parent=parent,
                    state="HND",
                    by="helena",
                    at=AT,
                )
            )
        except Refused:
            continue  # its own rules want more than its fields say; its own tests know them
    assert len(made) > 20
    return made


@pytest.fixture
def enter() -> Enter:
    return partial(signed_in, first_name=EVIL[:40])


#: Doors that anybody may use: asking for the newsletter, and the two links of its mails, whose secret is the
#: token (one-click unsubscription, RFC 8058); feeds of public events, which calendars ask for again.
OPEN = ("planning/newsletters/subscribe/", "planning/newsletters/confirm/", "planning/newsletters/leave/")
FEEDS = (".ics", ".xml")
#: What leads somewhere, by language: found out once, since most addresses take one kind of record.
_LEADS: dict[str, list[str]] = {}


def addresses(planted: list[Record], lang: str, everyone: Client) -> list[str]:
    """Every address of planning with every planted record that it takes, found by `everyone` who may all."""
    if lang not in _LEADS:
        found: dict[str, None] = {}
        for route in routes():
            if not route.startswith("L/planning/"):
                continue
            for r in planted if "<" in route else planted[:1]:
                given = {"kind": r.kind, "code": r.code, "state": "HND", "body": r.code, "tongue": lang}
                where = f"/{lang}" + re.sub(r"<(?:(\w+):)?(\w+)>", lambda m, g=given: _fill(m, g), route)[1:]  # type: ignore[misc]
                if where not in found and answered(everyone, "head", where).status_code != 404:
                    found[where] = None
        _LEADS[lang] = list(found)
    return _LEADS[lang]


def _fill(m: re.Match[str], given: dict[str, str]) -> str:
    if m[1] == "int":
        return "1"
    if m[1] == "uuid":
        return "00000000-0000-4000-8000-000000000000"
    return given.get(m[2], given["code"])


def test_a_draft_is_told_to_nobody_but_those_who_work_on_it(
    planted: list[Record], enter: Callable[..., Client]
) -> None:
    lang = "es"
    others = {
        "anon": Client(),
        "reader": enter("leila", "reader"),
        "former": enter("nadie", ""),
        "other": enter("gonzalo", "focal-point", "GTM"),
        "donor": enter("donata", "donor", "", "USA.GOV"),
        "team": enter("jimena", "team-member", "", "JL"),
    }
    wheres = addresses(planted, lang, enter("severo", "secretariat"))
    told = []
    for name, client in others.items():
        for where in [*wheres, f"/{lang}/search/?q=zarzamora"]:
            answer = answered(client, "get", where)
            body = "" if answer.streaming else answer.content.decode(errors="ignore")
            if answer.status_code >= 500 or SECRET in body:
                told.append((name, where, answer.status_code))
    assert not told, "\n".join(map(str, told))


@pytest.mark.parametrize(
    ("name", "role", "state"), [("severo", "secretariat", ""), ("helena", "focal-point", "HND")]
)
def test_no_page_fails_and_what_was_typed_does_not_run(
    planted: list[Record], enter: Callable[..., Client], name: str, role: str, state: str
) -> None:
    client, wrong = enter(name, role, state), []
    for where in addresses(planted, "es", enter("todo", "secretariat")):
        answer = answered(client, "get", where)
        if answer.status_code >= 500:
            wrong.append((where, "fails"))
        body = b"" if answer.streaming else answer.content
        if "text/html" in answer.get("Content-Type", "") and any(x.encode() in body for x in RUNS):
            wrong.append((where, "runs"))
        kept = "private" not in answer.get("Cache-Control", "") and not where.endswith(FEEDS)
        if answer.status_code == 200 and kept:
            wrong.append((where, "may be kept by others"))
    assert not wrong, "\n".join(map(str, wrong))


def test_nobody_writes_without_signing_in_nor_without_the_forms_token(
    planted: list[Record], enter: Callable[..., Client]
) -> None:
    before = records.Change.objects.count()
    region, wrong = enter("severo", "secretariat"), []
    for where in addresses(planted, "es", region):
        if any(door in where for door in OPEN):
            continue
        answer = answered(Client(), "post", where)
        to = answer.get("Location", "")
        if not (answer.status_code in (403, 404, 405) or "/sign-in/" in to):
            wrong.append((where, "anon", answer.status_code, to))
        checked = Client(enforce_csrf_checks=True)
        checked.cookies = region.cookies
        if (code := answered(checked, "post", where).status_code) not in (403, 405):
            wrong.append((where, "no token", code, ""))
    assert not wrong, "\n".join(map(str, wrong))
    assert records.Change.objects.count() == before
