"""A version is copied, changed, proved, signed by two and in force; a procedure that nobody foresaw is one text."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone
from tests.casework_pages.conftest import (
    AT,
    SINCE,
    Officer,
    day,
    does,
    faults,
    hidden,
    number_of,
    opened,
    post,
    read,
)
from tests.casework_pages.test_casework_cases import queries_of

from mirps.base.access import api as access
from mirps.base.access.api import User
from mirps.casework.cases.api import CaseEvent, Standing
from mirps.casework.editions import queries
from mirps.casework.editions.api import Edition, EditionFault, Moving, changed, parts
from mirps.casework.letters import api as letters
from mirps.casework.letters.models import Letter
from mirps.casework.procedures import api as procedures
from mirps.people.registry.api import Person

pytestmark = pytest.mark.django_db
MEX = Path(__file__).parents[2] / "data" / "procedures" / "mex-asylum.yaml"
STORM = Path(__file__).parent / "storm-permit.yaml"


@pytest.fixture(autouse=True)
def _forgotten() -> Iterator[None]:
    """What a test published is gone with its transaction."""
    yield
    queries._shelf.due, queries._shelf.stamp, queries._shelf.held = False, (0, None, None), {}


def lawyer(username: str, body: str = "MEX.COMAR") -> Client:
    user, _ = User.objects.get_or_create(username=username, defaults={"first_name": username.title()})
    access.give_role(
        user=user, role="legal-officer", state=body[:3], body=body, starts=SINCE, ends=None, by="t", at=AT
    )
    client = Client()
    client.force_login(user)
    return client


def today() -> date:
    return timezone.now().astimezone(ZoneInfo("America/Mexico_City")).date()


def copied(client: Client, version: str = "2030.1") -> str:
    return post(client, "/es/procedure-drafts/", {"of": "mex_asylum@2025.1", "version": version})


def written(client: Client, draft: str, text: str, **more: str) -> str:
    seen = hidden(read(client, draft), "textarea")["seen"]
    return post(client, draft, {"do": "write", "seen": seen, "text": text, **more})


def in_force(text: str, day: date | None = None) -> str:
    return text.replace("subject: person\n", f"subject: person\nin_force: {{from: {day or today()}}}\n", 1)


def test_a_copy_is_changed_signed_by_two_and_in_force_in_every_process_at_once() -> None:
    leo, mia = lawyer("leo"), lawyer("mia")
    draft = copied(leo)
    text = Edition.objects.get().text
    assert 'version: "2030.1"' in text
    assert '"2025.1": {}' in text
    written(leo, draft, in_force(text))
    read(leo, f"{draft}preview/")
    page = post(leo, draft, {"do": "publish", "seen": hidden(read(leo, draft), "textarea")["seen"]}, 422)
    assert "Falta la primera firma." in faults(page)
    post(leo, draft, {"do": "sign", "seen": hidden(read(leo, draft), "textarea")["seen"]})
    page = post(leo, draft, {"do": "publish", "seen": hidden(read(leo, draft), "textarea")["seen"]}, 422)
    assert "La segunda firma es de otra persona." in faults(page)
    assert "2030.1" not in procedures.procedures()["mex_asylum"]
    post(mia, draft, {"do": "publish", "seen": hidden(read(mia, draft), "textarea")["seen"]})
    queries._shelf.stamp, queries._shelf.asked = (
        (0, None, None),
        0.0,
    )  # another process, which knows nothing of it
    assert "Versión 2030.1" in read(Client(), "/es/procedures/mex_asylum/")
    assert set(procedures.procedures()["mex_asylum"]) == {"2025.1", "2030.1"}


def test_a_text_with_faults_is_kept_told_by_line_and_never_signed() -> None:
    leo = lawyer("leo")
    draft = copied(leo)
    text = in_force(Edition.objects.get().text).replace("turn: [reviewer]", "turn: [nobody_knows]", 1)
    written(leo, draft, text)
    line = text[: text.index("nobody_knows")].count("\n") + 1
    page = read(leo, draft)
    assert f"Línea {line}" in page
    assert "nobody_knows" in page
    refused = post(leo, draft, {"do": "sign", "seen": hidden(page, "textarea")["seen"]}, 422)
    assert "Sigue en vigor la versión anterior" in faults(refused)[0]
    assert set(procedures.procedures()["mex_asylum"]) == {"2025.1"}
    for hostile in ("", "a: [", "x" * 600_000, "\0", "procedure: {", "- - - -" * 5000):
        seen = hidden(read(leo, draft), "textarea")["seen"]
        answer = leo.post(draft, {"do": "write", "seen": seen, "text": hostile})
        assert answer.status_code in (302, 422), hostile[:20]
        assert leo.get(draft).status_code == 200


def test_the_commonest_changes_leave_the_rest_of_the_text_as_it_was() -> None:
    text = MEX.read_text(encoding="utf-8")
    new = changed(text, {"deadlines.decide.n": "60", "stages.triage.name.es": 'La "criba"'})
    before, after = text.split("\n"), new.split("\n")
    differ = [(a, b) for a, b in zip(before, after, strict=True) if a != b]
    assert len(differ) == 2
    p = queries.proved(new, procedures.known(), "x").procedure
    assert p
    assert (p.deadlines["decide"].term.n, p.stages["triage"].name.es) == (60, 'La "criba"')
    with pytest.raises(EditionFault, match="number"):
        changed(text, {"deadlines.decide.n": "many"})
    every = {x.key: x.value for x in parts(text)}
    assert changed(text, every) == text


def test_a_stage_is_added_by_a_form_and_proved() -> None:
    leo = lawyer("leo")
    draft = copied(leo)
    seen = hidden(read(leo, draft), "textarea")["seen"]
    typed = {"code": "hearing", "name_es": "Audiencia", "name_en": "Hearing", "turn": "protection",
             "source": "assessment",
             "act": "call_hearing", "act_es": "Citar a audiencia", "act_en": "Call a hearing", "to": "assessment",
             "on": "close_hearing", "on_es": "Cerrar la audiencia", "on_en": "Close the hearing"}  # fmt: skip
    post(leo, draft, {"do": "stage", "seen": seen, **{f"stage.{k}": v for k, v in typed.items()}})
    assert "Probado: " in read(leo, draft)
    p = queries.proof(Edition.objects.get()).procedure
    assert p
    assert p.targets("call_hearing", "assessment") == ["hearing"]


def test_of_two_who_write_at_once_the_second_is_told_and_loses_nothing() -> None:
    leo, mia = lawyer("leo"), lawyer("mia")
    draft = copied(leo)
    seen = hidden(read(mia, draft), "textarea")["seen"]
    written(leo, draft, Edition.objects.get().text + "# leo\n")
    page = post(mia, draft, {"do": "write", "seen": seen, "text": "mine: stays"}, 422)
    assert "leo cambió el borrador" in faults(page)[0]
    assert "mine: stays" in page


def test_drafts_are_for_the_authority_alone(officer: Officer) -> None:
    leo = lawyer("leo")
    draft = copied(leo)
    assert officer().get(draft).status_code == 403
    assert lawyer("cris", "CRI.DGME").get(draft).status_code == 404
    other = post(
        lawyer("cris", "CRI.DGME"), "/es/procedure-drafts/", {"of": "mex_asylum@2025.1", "version": "9"}, 422
    )
    assert faults(other)
    assert Client().get(draft).status_code == 302


def test_open_cases_move_by_events_once_two_people_have_signed(
    officer: Officer, family: list[Person]
) -> None:
    ana = officer()
    case = opened(ana, family[0])
    leo, mia = lawyer("leo"), lawyer("mia")
    draft = copied(leo)
    written(leo, draft, in_force(Edition.objects.get().text))
    assert "Solicitud presentada" in read(leo, f"{draft}preview/")
    published_by_two(draft, leo, mia)
    assert Standing.objects.get().version == "2025.1"
    page = read(leo, "/es/procedure-drafts/move/mex_asylum/2030.1/")
    assert "2025.1" in page
    post(leo, "/es/procedure-drafts/move/mex_asylum/2030.1/", {"reason": "Nueva versión vigente."})
    page = read(ana, "/es/cases/moves/")
    assert "Pasarían: 1. Se quedarían: 0." in page
    assert "moved=1" in post(ana, "/es/cases/moves/", {"moving": str(Moving.objects.get().pk)})
    assert Standing.objects.get().version == "2030.1"
    assert CaseEvent.objects.filter(act="move").count() == 1
    assert "Cambio de versión" in read(ana, case)


def published_by_two(draft: str, one: Client, two: Client) -> None:
    for client, do in ((one, "sign"), (two, "publish")):
        post(client, draft, {"do": do, "seen": hidden(read(client, draft), "textarea")["seen"]})


def test_a_procedure_that_nobody_foresaw_is_one_text_and_no_python(
    officer: Officer, family: list[Person]
) -> None:
    """A permit for seasonal work after a hurricane, about a household: forms, deadlines, papers, worklists."""
    leo, mia = lawyer("leo"), lawyer("mia")
    text = STORM.read_text(encoding="utf-8").replace("2026-01-01", today().isoformat())
    draft = post(leo, "/es/procedure-drafts/", {"text": text})
    assert "Probado" in read(leo, draft), faults(read(leo, draft))
    published_by_two(draft, leo, mia)
    assert "Permiso de trabajo de temporada tras un huracán" in read(Client(), "/es/procedures/?state=MEX")
    read(Client(), "/en/procedures/storm_permit/")
    ana = officer("ana", "window", "head", procedure="storm_permit")
    begin = f"/es/people/{family[0].number}/cases/storm_permit/ask/"
    form = read(ana, begin)
    for label in ("Nombre del huracán", "En qué cosechas", "Melón", "Trabajarán menores de edad"):
        assert label in form
    typed = {
        "f.storm": "Nana",
        "f.workers": "2",
        "f.crops": ["coffee", "melon"],
        "f.minors": "yes",
        **day("f.displaced_on", 9),
    }
    told = faults(post(ana, begin, {**hidden(form), **typed}, 422))
    assert told == [
        "Falta llenar: La persona responsable está de acuerdo."
    ]  # asked only since minors will work
    case = post(ana, begin, {**hidden(form), **typed, "f.guardian_agrees": "yes"}).partition("?")[0]
    shown = read(ana, case)
    assert "Café, Melón" in shown
    assert "Plazo para decidir" in shown
    assert number_of(case) in read(ana, "/es/cases/?view=turn&procedure=storm_permit")
    does(ana, case, "check")
    assert "día 5" in read(ana, f"{case}deadline/decide/")
    look = post(
        ana, f"{case}do/deny/", {**hidden(read(ana, f"{case}do/deny/")), "reason": "No hay cosecha."}, 200
    )
    assert "Aviso de negativa" in look
    does(ana, case, "permit")
    assert "termina a favor" in read(ana, case)
    assert number_of(case) not in read(ana, "/es/cases/?view=turn")
    assert "Permiso de temporada" in read(ana, f"{case}letters/")
    cards = [
        letters.one(serial) for serial in Letter.objects.order_by("slot").values_list("serial", flat=True)
    ]
    assert cards
    assert all(c and letters.verify(c.content.token, on=today()).holds for c in cards)


def test_the_editors_pages_and_those_of_roles_ask_at_most_twelve_questions(
    officer: Officer, family: list[Person]
) -> None:
    legal, boss = lawyer("lex"), officer("boss", role="case-supervisor", posted=False)
    opened(officer(), family[0])
    draft = copied(legal).partition("?")[0]
    for address in ("/es/procedure-drafts/", draft, f"{draft}preview/"):
        assert queries_of(legal, address) <= 12, address
    for address in ("/es/cases/supervise/roles/", f"/es/people/{family[0].number}/cases/"):
        assert queries_of(boss, address) <= 12, address
