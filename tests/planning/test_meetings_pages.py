"""The calendar's pages and feeds: who reads what, what is due, what was told, and what leaves no trace."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
import vobject
from django.test import Client
from django.utils import timezone
from tests.planning.conftest import person as somebody

from mirps.base.access.api import User
from mirps.base.notices.api import Notice, title
from mirps.evidence.rounds import api as rounds
from mirps.evidence.rounds.api import Due, Kind
from mirps.planning.meetings import api as meetings
from mirps.planning.meetings.api import CalendarFeed, Progress
from mirps.planning.meetings.feed import uid
from mirps.planning.records import api as records
from mirps.planning.records.api import Record, Refused

AT = datetime(2026, 2, 1, 15, tzinfo=UTC)
LATE = "2020-03"

pytestmark = pytest.mark.django_db


def words(text: str) -> dict[str, str]:
    return {"es": text, "en": text}


def put(kind: str, code: str, parent: str = "", state: str = "", body: str = "", **data: Any) -> Record:
    held = Record.objects.filter(pk=f"{kind}/{code}").first()
    return records.save(kind=kind, code=code, data=data, base=held.number if held else 0, parent=parent, state=state,
                        body=body, by="t", at=AT)  # fmt: skip


def event(code: str, audience: str = "public", starts: str = "2026-03-05", **more: Any) -> Record:
    owner = {k: more.pop(k) for k in ("state", "body") if k in more}
    return put("event", code, title=words(f"Reunión {code}"), sort="session", starts=starts, audience=audience, **owner,
               **more)  # fmt: skip


def agreement(code: str, parent: Record, due: str = LATE, audience: str = "members", **more: Any) -> Record:
    owner = {k: more.pop(k) for k in ("state", "body") if k in more}
    given = {"due": due} if due else {}
    return put("agreement", code, parent=parent.key, title=words(f"Acuerdo {code}"), audience=audience, **given,
               **owner, **more)  # fmt: skip


def person(role: str, state: str = "", body: str = "") -> User:
    return somebody(f"{role}-{state}-{body}", role, state, body, country=state)


def signed(client: Client, role: str, state: str = "", body: str = "") -> Client:
    client.force_login(person(role, state, body))
    return client


def text(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.content.decode()


def shown(content: bytes) -> set[str]:
    """The identifiers of a feed's events, as another program reads them."""
    return {e.uid.value for e in getattr(vobject.readOne(content.decode()), "vevent_list", [])}


# --- the list and the month


def test_the_calendar_of_2024_stands_with_its_doubts(client: Client, planned: None) -> None:
    page = text(client, "/es/planning/calendar/?year=2024")
    assert "Conversación con la Relatora Especial" in page
    assert page.count("fecha en duda") == 4
    assert "Sin mes conocido" in page
    assert "September 2024" in text(client, "/en/planning/calendar/?month=2024-09")


def test_a_month_puts_nothing_on_a_day_that_nobody_gave(client: Client, planned: None) -> None:
    page = text(client, "/es/planning/calendar/?month=2024-09")
    sheet, loose = page.split("</table>", 1)
    assert "Reunión extraordinaria" not in sheet
    assert "Reunión extraordinaria" in loose


@pytest.mark.parametrize(
    "query",
    ["?month=x", "?month=", "?year=99999", "?year=-1", "?state=%00&body=%27&sort=<", "?month=9999-12"],
)
def test_what_no_calendar_has_is_asked_without_harm(client: Client, query: str) -> None:
    event("ev")
    assert client.get(f"/en/planning/calendar/{query}").status_code == 200


def test_an_event_is_shown_as_it_was_known_on_a_day(client: Client, planned: None) -> None:
    where = "/es/planning/record/event/annual-meeting-6/"
    assert f'action="{where}"' in text(client, "/es/planning/event/annual-meeting-6/")
    before, after = (text(client, f"{where}?on={day}") for day in ("2024-01-01", "2024-02-01"))
    assert ("se prevé" in before, "se realizó" in before) == (True, False)
    assert ("se prevé" in after, "se realizó" in after) == (False, True)
    own = client.get("/es/planning/event/annual-meeting-6/?on=2024-01-01")
    assert own["Location"] == f"{where}?on=2024-01-01"
    for day in ("2001-01-01", "1x"):
        followed = client.get(f"/es/planning/event/annual-meeting-6/?on={day}", follow=True)
        assert len(followed.redirect_chain) <= 2, "it leads somewhere, once"


def test_an_empty_calendar_says_that_it_is(client: Client) -> None:
    assert "El calendario está vacío" in text(client, "/es/planning/calendar/")


def test_filters_show_one_states_or_one_bodys_events(client: Client) -> None:
    event("hn", state="HND")
    event("team", body="ID")
    assert "Reunión team" not in text(client, "/es/planning/calendar/?year=2026&state=HND")
    page = text(client, "/es/planning/calendar/?year=2026&body=ID")
    assert "Reunión team" in page
    assert "Reunión hn" not in page


READERS = {
    "nobody": (None, {"public"}),
    "a member": (("reader", "MEX", ""), {"public", "members"}),
    "the team": (("team-member", "", "ID"), {"public", "members", "own"}),
    "another team": (("team-member", "", "JL"), {"public", "members"}),
    "the secretariat": (("secretariat", "", ""), {"public", "members", "own"}),
}


@pytest.mark.parametrize("who", READERS)
def test_who_reads_a_meeting_depends_on_its_audience_at_every_door(client: Client, who: str) -> None:
    made = {a: event(a, a, body="ID") for a in ("public", "members", "own")}
    given = {a: agreement(f"of-{a}", made[a], audience=a, body="ID", bodies=["ID"]) for a in made}
    role, may = READERS[who]
    if role:
        signed(client, *role)
    pages = [
        text(client, f"/es/planning/{p}")
        for p in ("calendar/?year=2026", "calendar/?month=2026-03", "agreements/")
    ]
    pages.append(text(client, "/es/planning/calendar/?year=2020"))
    for a in made:
        told = any(f"Reunión {a}" in p or f"Acuerdo of-{a}" in p for p in pages)
        assert told == (a in may), a
        for where in (f"event/{a}", f"agreement/of-{a}"):
            assert client.get(f"/es/planning/{where}/").status_code == (200 if a in may else 404)
        assert client.get(f"/es/planning/calendar/event/{a}.ics").status_code == (200 if a in may else 404)
    assert given


def test_an_event_that_was_withdrawn_is_on_no_calendar(client: Client) -> None:
    held = event("gone")
    records.step(key=held.key, act=records.Act.WITHDRAW, by="t", at=AT, base=held.number, reason="Un error")
    assert "Reunión gone" not in text(signed(client, "secretariat"), "/es/planning/calendar/?year=2026")
    assert shown(client.get("/es/planning/calendar/mirps.ics").content) == set()
    assert client.get("/es/planning/calendar/event/gone.ics").status_code == 404


def test_dates_of_rounds_are_told_to_those_whom_they_concern(client: Client) -> None:
    made = rounds.set_up(code="2025", kind=Kind.ANNUAL, title_es="R", title_en="R", starts=date(2025, 1, 1),
                         ends=date(2025, 12, 31), cut_off=None, by="s", at=AT, asks=[])  # fmt: skip
    rounds.set_due(round=made, step=Due.ENTRY, due=AT + timedelta(days=20), by="s", at=AT)
    rounds.set_due(round=made, step=Due.ENTRY, due=AT + timedelta(days=25), state="HND", by="s", at=AT)
    event("ev")
    assert "Ronda 2025" not in text(client, "/es/planning/calendar/?year=2026")
    assert (
        text(signed(client, "focal-point", "HND"), "/es/planning/calendar/?year=2026").count(
            "Ronda 2025: entregar"
        )
        == 2
    )
    assert (
        text(signed(client, "focal-point", "MEX"), "/es/planning/calendar/?year=2026").count(
            "Ronda 2025: entregar"
        )
        == 1
    )


# --- agreements


def test_what_is_late_is_named_first_and_mine_are_mine(client: Client) -> None:
    held = event("mm", "members")
    agreement("late", held, states=["HND"])
    agreement("later", held, due="2199", states=["HND"])
    agreement("other", held, due="2198", states=["MEX"])
    signed(client, "focal-point", "HND")
    page = text(client, "/es/planning/agreements/")
    assert page.index("Acuerdo late") < page.index("Acuerdo other") < page.index("Acuerdo later")
    assert "atrasado:" in page
    mine = text(client, "/es/planning/agreements/?way=mine")
    assert "Acuerdo late" in mine
    assert "Acuerdo other" not in mine
    assert "Acuerdo later" not in text(client, "/es/planning/agreements/?way=late")
    assert "Acuerdos atrasados" in text(client, "/es/planning/calendar/")


def tell(client: Client, code: str = "aa", **given: str) -> Any:
    form = {
        "said.es": "Se hizo",
        "said.en": "It was done",
        "day": "2026-01-30",
        "result": "done",
        "due": "",
        "evidence": "",
    }
    return client.post(
        f"/es/planning/agreement/{code}/", {**form, **{k.replace("__", "."): v for k, v in given.items()}}
    )


def of(code: str) -> meetings.Agreement:
    return meetings.agreement(records.get(f"agreement/{code}"), lambda r: True)


def test_who_sees_to_it_tells_that_it_is_done_and_it_is_late_no_more(client: Client) -> None:
    agreement("aa", event("mm", "members"), states=["HND"])
    signed(client, "focal-point", "HND")
    assert tell(client).status_code == 302
    assert of("aa").progress is Progress.DONE
    follow_up = records.get("follow-up/aa.1")
    assert (follow_up.state, follow_up.audience) == ("HND", "members")
    assert records.history(follow_up.key)[0].role == "focal-point"
    assert "cumplido" in text(client, "/es/planning/agreement/aa/")
    assert "Acuerdos atrasados" not in text(client, "/es/planning/calendar/")


@pytest.mark.parametrize(
    ("role", "state", "body", "may"),
    [
        ("focal-point", "MEX", "", False),
        ("state-approver", "HND", "", False),  # reads and publishes, does not write
        ("data-entry", "HND", "HND.SEDH", True),
        ("data-entry", "HND", "HND.INM", False),
        ("team-member", "", "ID", True),
        ("team-member", "", "JL", False),
        ("reader", "HND", "", False),
        ("secretariat", "", "", True),  # for the meeting, which is the region's
    ],
)
def test_only_who_sees_to_it_or_who_met_tells(
    client: Client, role: str, state: str, body: str, may: bool
) -> None:
    agreement("aa", event("mm", "members"), states=["HND"], institutions=["HND.SEDH"], bodies=["ID"])
    signed(client, role, state, body)
    assert tell(client).status_code == (302 if may else 403)
    assert (of("aa").progress is Progress.DONE) is may
    assert ("Guardar el seguimiento" in text(client, "/es/planning/agreement/aa/")) is may


def test_nobody_tells_without_signing_in(client: Client) -> None:
    agreement("aa", event("mm"), audience="public", states=["HND"])
    assert tell(client).status_code == 403
    assert of("aa").told == ()


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ({"said__es": "", "said__en": ""}, "Escriba qué se hizo"),
        ({"day": "2199-01-01"}, "no puede ser posterior a hoy"),
        ({"day": "ayer"}, ""),
        ({"result": "reopened"}, "Elija cómo queda"),
        ({"result": ""}, "Elija cómo queda"),
        ({"result": "postponed"}, "Escriba el nuevo plazo"),
        ({"result": "postponed", "due": "2019-01"}, "posterior al anterior"),
        ({"evidence": "javascript:alert(1)"}, ""),
    ],
)
def test_a_follow_up_that_does_not_fit_is_refused_with_why_and_what_was_typed(
    client: Client, given: dict[str, str], fault: str
) -> None:
    agreement("aa", event("mm", "members"), states=["HND"])
    answer = tell(signed(client, "focal-point", "HND"), **given)
    assert answer.status_code == 422
    assert fault in answer.content.decode()
    if "said__es" not in given:
        assert 'value="Se hizo"' in answer.content.decode()
    assert of("aa").told == ()


def test_postponing_moves_the_date_and_keeps_the_first_one_in_sight(client: Client) -> None:
    agreement("aa", event("mm", "members"), states=["HND"])
    signed(client, "focal-point", "HND")
    tell(client, result="postponed", due="2199-06")
    page = text(client, "/es/planning/agreement/aa/")
    assert "junio de 2199" in page
    assert "Se acordó para marzo de 2020; se aplazó una vez." in page
    assert not of("aa").late(date.today())  # noqa: DTZ011 - any day of our lives will do


def test_two_who_tell_at_once_make_two_follow_ups() -> None:
    agreement("aa", event("mm"), states=["HND"])
    given = {
        "agreement": "agreement/aa",
        "said": words("x"),
        "day": "2026-01-30",
        "by": "t",
        "role": "",
        "at": AT,
    }
    meetings.tell(**given, result="begun")
    meetings.tell(**given, result="done")
    assert [f.key for f in of("aa").follow_ups] == ["follow-up/aa.1", "follow-up/aa.2"]
    with pytest.raises(Refused):
        meetings.tell(**given, result="done")


# --- reminders


def test_those_who_see_to_it_are_reminded_once_a_date_and_not_of_what_is_done() -> None:
    focal, other = person("focal-point", "HND"), person("focal-point", "MEX")
    reader = person("reader", "HND")
    agreement("aa", event("mm", "own"), due="2026-02-15", states=["HND"])
    at = datetime(2026, 2, 13, 18, tzinfo=UTC)
    assert meetings.remind(at=at) == 1
    assert meetings.remind(at=at + timedelta(hours=3)) == 0
    [told] = Notice.objects.filter(kind="agreement")
    assert told.user == focal
    assert "Acuerdo aa" not in title(told, "es", date(2026, 2, 13))
    assert "15 de febrero de 2026" in title(told, "es", date(2026, 2, 13))
    assert "venció" in title(told, "es", date(2026, 2, 16))
    assert meetings.remind(at=at + timedelta(days=3)) == 1
    meetings.tell(agreement="agreement/aa", said=words("x"), day="2026-02-16", result="done", by="t", role="",
                  at=at + timedelta(days=3))  # fmt: skip
    assert meetings.remind(at=at + timedelta(days=17)) == 0
    assert not Notice.objects.filter(user__in=[other, reader], kind="agreement").exists()


def test_a_reminder_leads_to_its_agreement(client: Client) -> None:
    agreement("aa", event("mm", "own"), due="2026-02-15", states=["HND"])
    focal = person("focal-point", "HND")
    meetings.remind(at=datetime(2026, 2, 13, 18, tzinfo=UTC))
    client.force_login(focal)
    told = Notice.objects.get(user=focal, kind="agreement")
    assert client.get(f"/es/notices/{told.pk}/")["Location"] == "/es/planning/agreement/aa/"


# --- feeds


def test_the_public_feed_holds_what_is_public_and_known_by_day(client: Client) -> None:
    event("aa")
    event("month", starts="2026-03")
    event("members", "members")
    agreement("due", event("bb"), audience="public")
    agreement("hidden", records.get("event/bb"))
    signed(client, "secretariat")  # whoever asks: the address is everybody's
    answer = client.get("/es/planning/calendar/mirps.ics")
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert shown(answer.content) == {uid("event/aa"), uid("event/bb"), uid("agreement/due")}


def test_a_program_that_has_the_feed_is_told_so_until_it_changes(client: Client) -> None:
    held = event("aa")
    first = client.get("/es/planning/calendar/mirps.ics")
    again = client.get("/es/planning/calendar/mirps.ics", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert "public" in first["Cache-Control"]
    put("event", "aa", **{**held.data, "starts": "2026-03-06"})
    changed = client.get("/es/planning/calendar/mirps.ics", headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200
    assert b"SEQUENCE:2" in changed.content
    assert b"SEQUENCE:1" in first.content


def test_feeds_of_a_state_and_a_body_hold_their_own(client: Client) -> None:
    event("hn", state="HND")
    event("team", body="ID")
    event("host", hosts=["UNHCR"])
    assert shown(client.get("/en/planning/calendar/state/HND.ics").content) == {uid("event/hn")}
    assert shown(client.get("/en/planning/calendar/body/ID.ics").content) == {uid("event/team")}
    assert shown(client.get("/en/planning/calendar/body/UNHCR.ics").content) == {uid("event/host")}
    assert client.get("/en/planning/calendar/state/XXX.ics").status_code == 404
    assert client.get("/en/planning/calendar/body/nobody.ics").status_code == 404


def test_the_whole_feed_of_2024_is_read_by_another_program_in_both_languages(
    client: Client, planned: None
) -> None:
    spanish, english = (
        vobject.readOne(client.get(f"/{lang}/planning/calendar/mirps.ics").content.decode())
        for lang in ("es", "en")
    )
    assert spanish.validate(raiseException=True)
    found = {e.uid.value: e for e in spanish.vevent_list}
    assert found.keys() == {e.uid.value for e in english.vevent_list}
    chat = found[uid("event/rapporteur-chat")]
    assert chat.dtstart.value == date(2024, 9, 11)
    assert "10 de septiembre de 2024" in chat.description.value
    assert chat.status.value == "TENTATIVE"
    assert uid("event/cippdef-meeting") not in found  # of September, no day
    assert found[uid("event/asylum-strategy-deliverables")].dtstart.value == date(2024, 12, 31)


def made(client: Client) -> str:
    """The path of a private address, as the page shows it once."""
    page = client.post("/es/planning/calendar/subscribe/", {"make": "1"})
    assert page["Cache-Control"] == "private, no-store"
    [path] = set(
        re.findall(r"http://testserver(/es/planning/calendar/private/[\w-]+\.ics)", page.content.decode())
    )
    return str(path)


def test_a_private_address_shows_what_its_maker_may_read_and_nothing_is_kept_of_it_but_a_digest(
    client: Client,
) -> None:
    for a in ("public", "members", "own"):
        agreement(
            f"of-{a}", event(a, a, body="ID"), audience=a, body="ID", bodies=["ID"] if a == "own" else ["JL"]
        )
    path = made(signed(client, "team-member", body="ID"))
    token = path.rpartition("/")[2].removesuffix(".ics")
    assert len(token) == 43
    assert token not in str(list(CalendarFeed.objects.values()))
    assert token not in text(client, "/es/planning/calendar/subscribe/")
    program = Client()
    answer = program.get(path)
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert not answer.has_header("ETag")
    assert not answer.cookies
    own = {uid("event/public"), uid("event/members"), uid("event/own"), uid("agreement/of-own")}
    assert shown(answer.content) == own
    assert b"CONFIDENTIAL" in answer.content


def test_a_private_address_ends_when_it_is_revoked_made_anew_or_its_maker_leaves(client: Client) -> None:
    event("aa")
    signed(client, "team-member", body="ID")
    first = made(client)
    second = made(client)
    program = Client()
    assert [program.get(p).status_code for p in (first, second)] == [404, 200]
    client.post("/es/planning/calendar/subscribe/", {"revoke": "1"})
    assert program.get(second).status_code == 404
    third = made(client)
    User.objects.update(is_active=False)
    assert program.get(third).status_code == 404


def test_what_a_private_address_shows_shrinks_with_the_role(client: Client) -> None:
    event("own", "own", body="ID")
    path = made(signed(client, "team-member", body="ID"))
    program = Client()
    assert shown(program.get(path).content) == {uid("event/own")}
    from mirps.base.access.models import RoleAssignment

    RoleAssignment.objects.update(ends=timezone.now().date() - timedelta(days=1))
    assert shown(program.get(path).content) == set()


def test_a_private_address_is_made_only_by_somebody_who_signed_in_and_by_a_post(client: Client) -> None:
    assert client.post("/es/planning/calendar/subscribe/", {"make": "1"})["Location"].startswith(
        "/es/sign-in/"
    )
    text(signed(client, "reader", "HND"), "/es/planning/calendar/subscribe/?make=1")
    assert not CalendarFeed.objects.exists()
    assert client.get("/es/planning/calendar/private/guessed.ics").status_code == 404


# --- entering a meeting

FORM = {
    "title.es": "Plenaria de marzo", "title.en": "March plenary", "sort": "plenary", "standing": "planned",
    "starts": "2026-03-05", "from": "09:00", "to": "11:30", "audience": "members",
    "agenda.0.es": "Apertura", "agenda.0.en": "Opening", "agenda.0.starts": "09:00", "agenda.0.institution": "UNHCR",
    "agenda.1.es": "", "agenda.1.en": "", "agenda.2.es": "Planes", "agenda.2.en": "Plans",
    "participants.0.country": "HND", "participants.0.institution": "HND.SEDH", "participants.0.presence": "invited",
    "dates.0.starts": "2026-03-06",
}  # fmt: skip


def test_a_meeting_is_entered_with_its_agenda_and_participants(client: Client) -> None:
    signed(client, "secretariat")
    answer = client.post("/es/planning/event-new/", FORM)
    assert answer["Location"] == "/es/planning/event/plenaria-de-marzo/"
    held = records.get("event/plenaria-de-marzo")
    assert held.audience == "members"
    assert [i.get("es") for i in held.data["agenda"]] == ["Apertura", "Planes"]
    assert held.data["participants"] == [{"country": "HND", "institution": "HND.SEDH", "presence": "invited"}]
    [entry] = meetings.events(lambda r: True)
    assert (entry.begins, entry.until, entry.in_doubt) == (time(9), time(11, 30), True)
    page = text(client, answer["Location"])
    for words_ in (
        "Apertura",
        "Planes",
        "Honduras",
        "invitación enviada",
        "6 de marzo de 2026",
        "acceso reservado",
    ):
        assert words_ in page


def test_who_hosts_and_who_comes_may_be_typed_by_name(client: Client) -> None:
    typed = {
        "hosts": "ACNUR; Organización de los Estados Americanos", "participants.0.country": "españa",
        "participants.0.institution": "comision mexicana de ayuda a refugiados",
    }  # fmt: skip
    assert signed(client, "secretariat").post("/es/planning/event-new/", {**FORM, **typed}).status_code == 302
    held = records.get("event/plenaria-de-marzo").data
    assert held["hosts"] == ["UNHCR", "OAS"]
    assert held["participants"][0] == {"country": "ESP", "institution": "MEX.COMAR", "presence": "invited"}


def test_a_name_that_two_institutions_bear_is_asked_again(client: Client) -> None:
    answer = signed(client, "secretariat").post(
        "/es/planning/event-new/", {**FORM, "participants.0.institution": "CONARE"}
    )
    assert answer.status_code == 422
    assert 'value="CONARE"' in answer.content.decode()


def test_changing_one_thing_leaves_the_rest_as_it_was(client: Client) -> None:
    signed(client, "secretariat")
    client.post("/es/planning/event-new/", FORM)
    held = records.get("event/plenaria-de-marzo")
    again = {**FORM, "_base": str(held.number), "starts": "2026-03-12"}
    assert client.post("/es/planning/event/plenaria-de-marzo/edit/", again).status_code == 302
    now = records.get(held.key)
    assert now.data == {**held.data, "starts": "2026-03-12"}
    met = client.post("/es/planning/event/plenaria-de-marzo/edit/", {**again, "starts": "2026-03-19"})
    assert met.status_code == 409
    assert "2026-03-19" in met.content.decode()
    assert records.get(held.key).data["starts"] == "2026-03-12"


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ({"title.en": ""}, "título"),
        ({"starts": "5 de marzo"}, ""),
        ({"starts": ""}, ""),
        ({"ends": "2026-03-01"}, "El último día es anterior al primero."),
        ({"to": "09:00"}, "igual a la de inicio"),
        ({"agenda.0.es": "a | b"}, "barra vertical"),
        ({"participants.0.institution": "Nobody"}, ""),
        ({"dates.0.starts": "mañana"}, ""),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_typed_is_lost(
    client: Client, given: dict[str, str], fault: str
) -> None:
    answer = signed(client, "secretariat").post("/es/planning/event-new/", {**FORM, **given})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert fault in page.casefold() or fault in page
    assert 'value="Plans"' in page
    assert not Record.objects.filter(kind="event").exists()


def test_more_rows_are_offered_without_saving(client: Client) -> None:
    answer = signed(client, "secretariat").post("/es/planning/event-new/", {**FORM, "more": "agenda"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert page.count('name="agenda.10.es"') == 1
    assert 'value="Apertura"' in page
    assert not Record.objects.filter(kind="event").exists()


def test_a_team_enters_its_own_meeting_and_nobody_elses(client: Client) -> None:
    signed(client, "team-member", body="ID")
    assert client.post("/es/planning/event-new/", FORM).status_code == 302
    assert records.get("event/plenaria-de-marzo").body == "ID"
    assert client.post("/es/planning/event-new/", {**FORM, "_owner": "|JL"}).status_code == 403
    event("theirs", body="JL")
    assert client.get("/es/planning/event/theirs/edit/").status_code == 403
    assert client.get("/es/planning/event/theirs/new/agreement/").status_code == 403


def test_somebody_who_may_not_write_is_told_who_may(client: Client) -> None:
    answer = signed(client, "reader", "HND").get("/es/planning/event-new/")
    assert answer.status_code == 403
    assert "Secretaría" in answer.content.decode()
    assert "Añadir reunión" not in text(client, "/es/planning/calendar/")


def test_an_agreement_of_a_teams_own_meeting_is_the_teams_own_unless_it_says_otherwise(
    client: Client,
) -> None:
    event("mm", "own", body="ID")
    signed(client, "team-member", body="ID")
    page = text(client, "/es/planning/event/mm/new/agreement/")
    assert re.search(r'<option value="own" selected', page)
    given = {
        "title.es": "Acuerdo nuevo",
        "title.en": "New agreement",
        "states": ["HND"],
        "due": LATE,
        "audience": "own",
    }
    answer = client.post("/es/planning/event/mm/new/agreement/", given)
    assert answer["Location"] == "/es/planning/event/mm/#agreements"
    held = records.get("agreement/acuerdo-nuevo")
    assert (held.audience, held.body, held.parent) == ("own", "ID", "event/mm")
    assert "atrasado" in text(client, "/es/planning/event/mm/")


def test_minutes_come_into_force_when_somebody_else_publishes_them(client: Client) -> None:
    event("mm")
    writer = signed(Client(), "team-member", body="ID")
    put(
        "event",
        "team",
        body="ID",
        title=words("Sesión"),
        sort="session",
        starts="2026-01-10",
        audience="public",
    )
    given = {
        "title.es": "Acta",
        "title.en": "Minutes",
        "summary.es": "Se habló",
        "summary.en": "It was said",
        "audience": "public",
    }
    assert writer.post("/es/planning/event/team/new/minutes/", given)["Location"].endswith("#minutes")
    held = records.get("minutes/acta")
    assert held.public is None
    assert "Acta</a>" not in text(client, "/es/planning/event/team/")
    assert "borrador" in text(writer, "/es/planning/event/team/")
    records.step(key=held.key, act=records.Act.SUBMIT, by="w", at=timezone.now(), base=held.number)
    records.step(key=held.key, act=records.Act.PUBLISH, by="lead", at=timezone.now(), base=held.number + 1)
    assert "Acta</a>" in text(client, "/es/planning/event/team/")


def test_the_meetings_of_the_demo_are_made_once_say_that_they_are_invented_and_remind_nobody(
    client: Client,
) -> None:
    person("focal-point", "HND")
    assert meetings.hold_demo_meetings(at=AT) == 5
    assert meetings.hold_demo_meetings(at=AT + timedelta(days=1)) == 0
    assert all(
        r.data["proposal"] and "(demostración)" in r.data["title"]["es"]
        for r in Record.objects.order_by("key")
    )
    assert [a.key for a in meetings.agreements(lambda r: True) if a.late(AT.date())] == [
        "agreement/demo-list"
    ]
    assert meetings.remind(at=AT) == 0
