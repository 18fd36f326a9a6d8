"""A node at work with the planted people: registered, searched, opened, printed, failing, told of, dumped.

python -m tests.safety.planting      in an installation of its own (MIRPS_HOME, MIRPS_DATABASE_URL)

What is public or an error goes to MIRPS_HOME/answers; pages of desks, which are there to show names, do not.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.safety.planted_settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.sessions.models import Session  # noqa: E402
from django.core.cache import cache  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.db.backends.signals import connection_created  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402
from tests.cases import desks  # noqa: E402
from tests.registry.said import Json, fact, family, ids, who  # noqa: E402
from tests.safety import planting_cases  # noqa: E402
from tests.safety.planted import Planted, people  # noqa: E402

from mirps.base.access import api as access  # noqa: E402
from mirps.base.access.api import User  # noqa: E402
from mirps.base.crypto import api as crypto  # noqa: E402
from mirps.base.notices import api as notices  # noqa: E402
from mirps.evidence.rounds import api as rounds  # noqa: E402
from mirps.people.custody import api as custody  # noqa: E402
from mirps.people.custody import rows  # noqa: E402
from mirps.people.custody.api import Seat  # noqa: E402
from mirps.people.intake import api as intake  # noqa: E402
from mirps.people.registry import api as registry  # noqa: E402
from mirps.people.registry.models import Person  # noqa: E402
from mirps.web.pages.notices import PATHS  # noqa: E402

NOW = timezone.now()
ANSWERS = Path(settings.HOME) / "answers"
DESK = Seat("officer", "MEX", "MEX.COMAR", "MEX.COMAR.TAP", purpose="registration")
FACE = b"\x89PNG\r\n\x1a\n"


def kept(name: str, body: bytes) -> None:
    ANSWERS.mkdir(exist_ok=True)
    (ANSWERS / name).write_bytes(body)


def hire(name: str, role: str, body: str = "MEX.COMAR", office: str = "") -> Client:
    user = User.objects.create(username=name, email=f"{name}@example.org", first_name=name.title())
    access.give_role(
        user=user, role=role, state="MEX", body=body, office=office, starts=NOW.date(), ends=None, by="x",
        at=NOW,
    )  # fmt: skip
    client = Client(raise_request_exception=False)
    client.force_login(user)
    session = client.session
    session["second-factor"] = user.pk
    session.save()
    return client


def said_of(members: list[Planted]) -> Json:
    """A family with documents, telephones and notes, some of them for few eyes."""
    listed = [
        who(
            p.given,
            f"{p.first} {p.second}",
            document=p.document,
            phone=p.phone,
            role="head" if not n else "child",
        )
        for n, p in enumerate(members)
    ]
    whole = family(*listed, made_at=NOW.isoformat())
    for n, (p, one) in enumerate(zip(members, listed, strict=True)):
        hidden = {"sensitivity": "gbv"} if n % 2 else {}
        whole["facts"].append(fact("note", person=one["id"], words=f"{p.note}, {p.given}", **hidden))
        whole["facts"].append(fact("address", person=one["id"], country="MEX", line=p.note))
    return whole


def serve_as_a_role_that_owns_nothing() -> None:
    """On PostgreSQL, work as a node's pages do: row security holds, and every door must sit down first."""
    if connection.vendor != "postgresql":
        return

    def become(**_: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET ROLE planted_pages")

    rows.grant("planted_pages")
    become()
    assert rows.faults() == []
    connection_created.connect(become, weak=False, dispatch_uid="become")


def be_the_owner() -> None:
    connection_created.disconnect(dispatch_uid="become")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")


def plant(planted: list[Planted], desk: Client) -> list[Json]:
    """Half by the desk in the browser, half by the door behind every other."""
    out = []
    for n in range(0, len(planted), 4):
        said = said_of(planted[n : n + 4])
        if n % 8:
            intake.take(said, seat=DESK, door="page", at=NOW)
        else:
            answer = desk.post("/es/people/desk/take/", said, content_type="application/json")
            assert answer.status_code == 200, answer.content
        out.append(said)
    return out


def compare() -> None:
    """The job beside the server, which has no seat of its own."""
    assert intake.compare_waiting(at=NOW, most=300) > 0


def numbers_of(said: list[Json]) -> list[str]:
    return [registry.number("MEX", i) for s in said for i in ids(s)]


def search_and_open(planted: list[Planted], said: list[Json], desk: Client) -> None:
    """Searches right, misspelt and by number; files, histories, cards, groups, changes."""
    for p in planted[:12]:
        for q in (f"{p.given} {p.first}", f"{p.first[:-1]}o {p.second}", p.document, p.phone):
            answer = desk.post("/es/people/", {"q": q, "purpose": "verification"})
            assert answer.status_code in (200, 302, 429), q
    for number in numbers_of(said[:4]):
        for part in ("", "history/", "card/"):
            desk.get(f"/es/people/{number}/{part}")
        answer = desk.get(f"/es/people/{number}/say/note/")
        desk.post(
            f"/es/people/{number}/say/note/",
            {"words": planted[0].note, "note.0.words": planted[1].note},
        )
        assert answer.status_code < 500
    desk.post("/es/people/register/", {"do": "begin", "q": f"{planted[0].given} {planted[0].first}"})
    desk.get("/es/people/work/")
    desk.get("/es/people/duplicates/")


def carry_cases(planted: list[Planted], said: list[Json], desk: Client) -> None:
    """The first of each of three families asks for asylum."""
    seat = replace(DESK, user="carrier", purpose="procedure")
    own = [(planted[n * 4], ids(said[n])[0]) for n in range(3)]
    planting_cases.work([p for p, _ in own], [i for _, i in own], desk=desk, seat=seat, at=NOW, kept=kept)


def go_wrong(planted: list[Planted], said: list[Json], desk: Client) -> None:
    """What is refused, what was sent twice with other words, and what falls over with names in its hands."""
    p, number = planted[5], numbers_of(said[:1])[0]
    broken = [{**said_of([p]), "made_at": p.given}, {"facts": p.note}, {**said[0], "device": p.first}]
    bad = said_of([p])
    bad["facts"][0]["data"] = {"given": p.given * 30, "surnames": p.first + "\x00"}
    bad["facts"][1]["data"] = {"date": p.document}
    for n, each in enumerate([*broken, bad, [p.given], {"id": p.given, "state": p.first}]):
        answer = desk.post("/es/people/desk/take/", each, content_type="application/json")
        assert answer.status_code in (200, 400, 403, 409, 422), (n, answer.status_code)
        kept(f"refused-{n}.json", answer.content)

    def falls(*_: object, **__: object) -> Any:
        name, note = p.given, p.note  # what a trace that shows locals would show
        raise RuntimeError(f"{len(name)} {len(note)}")

    file = f"/es/people/{number}/"
    for n, (where, what) in enumerate(
        (
            ("registry.queries.file_of", file),
            ("custody.api.shown", file),
            ("custody.api.shown", "/es/people/"),
        )
    ):
        with patch(f"mirps.people.{where}", falls):
            answer = desk.post(what, {"q": f"{p.given} {p.first}"}) if what != file else desk.get(what)
        assert answer.status_code == 500, (where, what, answer.status_code)
        kept(f"error-{n}.html", answer.content)


def tell(said: list[Json], desk: Client, others: dict[str, Client]) -> None:
    """Emergency access, what takes two, limits; notices and mails about them; who audits."""
    asked = custody.ask(
        seat=replace(DESK, user="supervisor"), act="person.merge",
        subject="=".join(str(i) for i in ids(said[0])[:2]), detail="Same card", at=NOW,
    )  # fmt: skip
    custody.decide(request=asked.pk, by=User.objects.get(username="second"), approve=True, said="", at=NOW)
    number = numbers_of(said[:1])[0]
    reason = "Her mother is in hospital tonight and nobody else can sign"
    others["inm"].post("/es/people/custody/glass/new/", {"numbers": number, "reason": reason})
    for n, where in enumerate(
        ("readings/", f"readings/of/{number}/", "readings/by/officer/", "glass/", "requests/", "retention/")
    ):
        kept(f"custody-{n}.html", others["dpo"].get(f"/es/people/custody/{where}").content)
    last = [desk.post("/es/people/", {"q": "Nadie Ninguno"}).status_code for _ in range(70)][-1]
    assert last == 429, "past the limit of searches"
    notices.digests(at=timezone.now() + timedelta(days=1))
    notices.send(clock=lambda: timezone.now() + timedelta(days=1), paths=PATHS)
    for name, client in others.items():
        kept(f"notices-{name}.html", client.get("/es/notices/").content)


def publish() -> None:
    """Everything that anybody may read, and a report."""
    rounds.load(code="2024", by="x", at=NOW)
    for n, where in enumerate(
        ("/es/", "/en/", "/es/search/?q=asilo", "/es/reports/", "/es/downloads/", "/es/state/MEX/", "/es/errata/",
         "/api/v1/figures?state=MEX", "/api/v1/rounds/2024/figures.csv", "/api/v1/bodies", "/es/people/")
    ):  # fmt: skip
        answer = Client().get(where)
        kept(f"public-{n}.txt", b"".join(answer.streaming_content) if answer.streaming else answer.content)


def turn_keys() -> None:
    """A rotation half done: some values under the new key, some under the old."""
    ring = crypto.rotate()
    with custody.keeping():
        for holder in crypto.holders():
            if holder.name != "people_entry":  # made anew last; it holds nobody's name in either shape
                done = sum(holder.renewed(ring))
                assert holder.left(1) == 0, holder.name
                assert done or holder.name != "people_fact.sealed", "the owner sees every row"


def leave() -> None:
    """Sessions as they read, the cache as it lies in memory, and the database's files while they are open."""
    kept("sessions.txt", "\n".join(str(s.get_decoded()) for s in Session.objects.order_by("pk")).encode())
    kept("cache.bin", b"\n".join(bytes(v) for v in getattr(cache, "_cache", {}).values()))
    if connection.vendor == "sqlite":
        for part in ("", "-wal", "-shm"):
            path = Path(f"{connection.settings_dict['NAME']}{part}")
            if path.exists():
                shutil.copy(path, ANSWERS / f"store{part}")
        connection.ensure_connection()
        kept("dump.sql", "\n".join(connection.connection.iterdump()).encode())


def main() -> None:
    call_command("migrate", verbosity=0, interactive=False)
    crypto.begin()
    planted = people(int(os.environ.get("MIRPS_PLANTED", "1000")))
    desk = hire("officer", "registration-officer")
    case_officer = hire("carrier", "case-officer", office=desks.TAP)
    with custody.seated(Seat("supervisor", "MEX", "MEX.COMAR")):
        desks.posted("carrier")
    others = {
        "supervisor": hire("supervisor", "registration-supervisor"),
        "second": hire("second", "registration-supervisor"),
        "dpo": hire("dpo", "data-protection-officer"),
        "inm": hire("inm", "registration-officer", "MEX.INM"),
    }
    serve_as_a_role_that_owns_nothing()
    connection.force_debug_cursor = True  # every statement with its values into the log
    said = plant(planted, desk)
    steps: tuple[Callable[[], object], ...] = (
        compare,
        lambda: search_and_open(planted, said, desk),
        lambda: carry_cases(planted, said, case_officer),
        lambda: go_wrong(planted, said, desk),
        lambda: tell(said, desk, others),
        publish,
        be_the_owner,
        turn_keys,
        leave,
    )
    for step in steps:
        step()
    with custody.seated(DESK):
        held = {i for s in said for i in ids(s)}
        assert Person.objects.filter(pk__in=held).count() == len(planted)
        assert planted[0].given in registry.names_of(ids(said[0])[:1])[ids(said[0])[0]]


if __name__ == "__main__":
    main()
