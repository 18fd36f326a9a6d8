"""Accounts are made by invitation; roles are given and ended with dates and reasons, and all is recorded."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.core import mail
from django.test import Client
from django.utils import timezone
from tests.access.conftest import AT, PASS, Make
from tests.days import today

from mirps.base.access import api as access
from mirps.base.access.api import AccessFault, Delegation, RoleAssignment, User
from mirps.base.audit.api import AuditEntry, entries_about
from mirps.base.notices.api import Notice
from mirps.web.shell.people import told_from_above

Enter = Callable[[User], Client]


def invited() -> dict[str, str]:
    """What an administrator writes of a person who is asked in today."""
    return {
        "name": "Inés Ejemplo", "email": "Ines@Example.org", "language": "es", "role": "data-entry",
        "state": "HND", "body": "HND.INM", "starts": today().isoformat(), "reason": "Ronda 2025",
    }  # fmt: skip


def link_in(message: mail.EmailMessage) -> str:
    found = re.search(r"http://[^/]+(/\S+)", message.body)
    assert found is not None
    return found[1]


def test_an_administrator_invites_and_the_link_opens_the_account_once(make: Make, enter: Enter) -> None:
    desk = enter(make("amanda", "administrator"))
    answer = desk.post("/es/accounts/invite/", invited())
    assert answer["Location"] == "/es/accounts/ines/?done=invited"
    assert mail.outbox[0].to == ["ines@example.org"]
    link = link_in(mail.outbox[0])
    client = Client()
    form = client.get(link)["Location"]
    assert form == "/es/invitation/", "the secret leaves the address"
    assert "Inés Ejemplo" in client.get(form).content.decode()
    short = client.post(form, {"password": "corta", "again": "corta"})
    assert short.status_code == 422
    assert "demasiado corta" in short.content.decode()
    differ = client.post(form, {"password": PASS, "again": PASS + "x"})
    assert "no son iguales" in differ.content.decode()
    assert client.post(form, {"password": PASS, "again": PASS})["Location"] == "/es/account/second-factor/"
    assert client.get("/es/notices/")["Location"] == "/es/account/second-factor/"
    used = Client()
    used.get(link)
    assert used.get("/es/invitation/").status_code == 410
    ines = User.objects.get(username="ines")
    assert access.allowed(ines, "entry.write", state="HND", body="HND.INM", on=today())
    assert not access.allowed(ines, "entry.write", state="HND", body="HND.INE", on=today())
    assert [e.act for e in entries_about("ines")] == [
        "account.made", "role.given", "account.invited", "account.opened", "account.signed-in",
    ]  # fmt: skip


def test_a_link_is_good_for_seven_days_and_a_newer_one_closes_it(make: Make) -> None:
    user = make("leila")
    first = access.invite(user=user, by="t", at=AT)
    assert access.invited(first, at=AT + timedelta(days=7, seconds=-1)) is not None
    assert access.invited(first, at=AT + timedelta(days=7)) is None
    second = access.invite(user=user, by="t", at=AT)
    assert access.invited(first, at=AT) is None
    access.accept(secret=second, password=PASS, at=AT)
    with pytest.raises(AccessFault):
        access.accept(secret=second, password="another long pass phrase", at=AT)
    assert User.objects.get(username="leila").check_password(PASS)


def test_the_secret_of_a_link_is_not_in_the_database(make: Make) -> None:
    user = make("leila")
    secret = access.invite(user=user, by="t", at=AT)
    assert not user.invitations.filter(digest__contains=secret[:20]).exists()
    assert secret not in str(list(AuditEntry.objects.order_by("id").values()))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"email": "no es correo"}, "no es una dirección de correo"),
        ({"email": "amanda@example.org"}, "ya tiene una cuenta"),
        ({"name": " "}, "Falta el nombre"),
        ({"role": "emperor"}, "Elija una función"),
        ({"state": ""}, "Elija un Estado"),
        ({"state": "USA"}, "Elija un Estado"),
        ({"body": "GTM.IGM"}, "no es del Estado elegido"),
        ({"body": "<script>"}, "no es del Estado elegido"),
        ({"starts": "31/12/2026"}, "Falta el día"),
        ({"ends": "2020-01-01"}, "anterior al primero"),
        ({"via": "nothing"}, "elija el Estado que lo tiene"),
    ],
)
def test_an_invitation_that_lacks_something_is_given_back_with_what_it_lacks(
    make: Make, enter: Enter, change: dict[str, str], told: str
) -> None:
    desk, before = enter(make("amanda", "administrator")), User.objects.count()
    answer = desk.post("/es/accounts/invite/", invited() | change)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert told in page
    assert "Ronda 2025" in page, "what was typed is kept"
    assert "<script>" not in page
    assert User.objects.count() == before
    assert mail.outbox == []


def test_the_administrator_of_a_state_sees_and_gives_in_that_state_alone(make: Make, enter: Enter) -> None:
    desk = enter(make("hector", "administrator", "HND"))
    make("mercedes", "focal-point", "MEX")
    make("severo", "secretariat")
    make("hernan", "focal-point", "HND")
    listed = desk.get("/es/accounts/").content.decode()
    assert "hernan" in listed
    assert "mercedes" not in listed
    assert "severo" not in listed
    assert desk.get("/es/accounts/mercedes/").status_code == 404
    for state in ("MEX", "region"):
        given = {**invited(), "state": state, "body": ""}
        assert desk.post("/es/accounts/invite/", given).status_code == 422
    via = {**invited(), "role": "presidency", "via": "presidency", "body": ""}
    access.set_mandates(told_from_above(), by="t", at=AT)
    refused = desk.post("/es/accounts/invite/", via)
    assert refused.status_code == 422
    assert "lo da quien administra la región" in refused.content.decode()
    assert desk.post("/es/accounts/invite/", invited()).status_code == 302


@pytest.mark.parametrize("role", ["focal-point", "presidency", "reader", ""])
def test_nobody_else_manages_people_and_the_page_says_who_does(make: Make, enter: Enter, role: str) -> None:
    client = enter(make("other", role))
    answer = client.get("/es/accounts/")
    assert answer.status_code == 403
    assert "administración" in answer.content.decode()
    assert client.post("/es/accounts/invite/", invited()).status_code == 403
    assert not User.objects.filter(email="ines@example.org").exists()


def test_nobody_gives_themselves_a_role_or_removes_their_own_second_factor(make: Make, enter: Enter) -> None:
    amanda = make("amanda", "administrator")
    desk = enter(amanda)
    give = {"do": "give", **invited()}
    answer = desk.post("/es/accounts/amanda/", give)
    assert answer.status_code == 422
    assert "Nadie se da funciones" in answer.content.decode()
    assert amanda.roles.count() == 1
    forget = desk.post("/es/accounts/amanda/", {"do": "forget", "reason": "porque sí"})
    assert forget.status_code == 422


def test_a_role_ends_with_its_day_and_reason_and_the_person_is_told(make: Make, enter: Enter) -> None:
    desk, hernan = enter(make("amanda", "administrator")), make("hernan", "focal-point", "HND")
    held = hernan.roles.get()
    without = desk.post(
        "/es/accounts/hernan/", {"do": "end", "assignment": held.pk, "now": "1", "reason": ""}
    )
    assert "Falta el motivo" in without.content.decode()
    assert access.allowed(hernan, "entry.write", state="HND", on=today())
    desk.post(
        "/es/accounts/hernan/", {"do": "end", "assignment": held.pk, "now": "1", "reason": "Cambió de cargo"}
    )
    assert not access.allowed(hernan, "entry.write", state="HND", on=today())
    assert access.allowed(hernan, "entry.write", state="HND", on=today() - timedelta(days=1))
    ended = AuditEntry.objects.get(act="role.ended")
    assert (ended.by, ended.detail["reason"]) == ("amanda", "Cambió de cargo")
    assert Notice.objects.filter(user=hernan, kind="account.role").count() == 1


def test_a_role_that_ended_can_be_given_again(make: Make) -> None:
    hernan = make("hernan", "focal-point", "HND")
    first = hernan.roles.get()
    access.end_role(assignment=first.pk, ends=today() - timedelta(days=1), reason="x", by="t", at=AT)
    again = access.give_role(
        user=hernan, role="focal-point", state="HND", starts=today(), ends=None, by="t", at=AT
    )
    assert again.pk != first.pk
    assert access.allowed(hernan, "entry.write", state="HND", on=today())


def test_the_region_is_never_left_without_an_administrator(make: Make) -> None:
    only = make("amanda", "administrator").roles.get()
    with pytest.raises(AccessFault, match="last-administrator"):
        access.end_role(assignment=only.pk, ends=today(), reason="x", by="t", at=AT)
    make("otra", "administrator")
    assert access.end_role(assignment=only.pk, ends=today(), reason="x", by="t", at=AT).ends == today()


def test_the_presidency_acts_while_its_state_presides_and_the_page_shows_since_when(
    make: Make, enter: Enter
) -> None:
    access.set_mandates(told_from_above(), by="t", at=AT)
    panama = make("paloma", "presidency", "PAN", via="presidency", starts=date(2019, 1, 1))
    belize = make("belinda", "presidency", "BLZ", via="presidency", starts=date(2019, 1, 1))
    eve, day = date(2024, 1, 23), date(2024, 1, 24)
    assert [access.allowed(panama, "round.publish", state="", on=d) for d in (eve, day)] == [True, False]
    assert [access.allowed(belize, "round.publish", state="", on=d) for d in (eve, day)] == [False, True]
    page = enter(belize).get("/en/account/").content.decode()
    assert "Presidency pro tempore" in page
    assert "January 24, 2024" in page or "24 January 2024" in page
    assert not access.set_mandates(told_from_above(), by="t", at=AT), "told again, nothing changes"


def test_standing_in_is_given_seen_by_both_and_ends_at_once(make: Make, enter: Enter) -> None:
    helena, hernan = make("helena", "state-approver", "HND"), make("hernan", "focal-point", "HND")
    make("mercedes", "focal-point", "MEX")
    desk = enter(helena)
    form = desk.get("/es/account/").content.decode()
    assert 'value="hernan"' in form
    assert 'value="mercedes"' not in form, "the other State's people do not stand in for this one's"
    lent = {
        "taker": "hernan", "starts": today().isoformat(), "reason": "Vacaciones",
        "ends": (today() + timedelta(days=5)).isoformat(),
    }  # fmt: skip
    assert desk.post("/es/account/standing-in/", lent).status_code == 302
    assert access.allowed(hernan, "entry.approve-state", state="HND", on=today())
    assert not access.allowed(hernan, "entry.approve-state", state="HND", on=today() + timedelta(days=6))
    for person in (helena, hernan):
        assert "Vacaciones" in enter(person).get("/es/account/").content.decode()
    assert Notice.objects.filter(kind="account.delegation").count() == 2
    twice = desk.post("/es/account/standing-in/", lent)
    assert "ya actúa por usted" in twice.content.decode()
    held = Delegation.objects.get()
    assert enter(make("otro", "reader")).post(f"/es/account/standing-in/{held.pk}/end/").status_code == 404
    desk.post(f"/es/account/standing-in/{held.pk}/end/")
    assert not access.allowed(hernan, "entry.approve-state", state="HND", on=today())
    assert [e.act for e in entries_about("helena")] == ["role.given", "delegation.given", "delegation.ended"]


def test_what_is_borrowed_is_not_lent_on_and_ends_with_the_givers_role(make: Make) -> None:
    helena, hernan = make("helena", "state-approver", "HND"), make("hernan", "focal-point", "HND")
    hugo = make("hugo", "data-entry", "HND", "HND.INM")
    week = {
        "starts": today(),
        "ends": today() + timedelta(days=7),
        "reason": "x",
        "by": "t",
        "at": timezone.now(),
    }
    access.lend(giver=helena, taker=hernan, **week)
    access.lend(giver=hernan, taker=hugo, **week)
    assert access.allowed(hugo, "entry.unlock", state="HND", on=today()), "what Hernán holds himself"
    assert not access.allowed(hugo, "entry.approve-state", state="HND", on=today()), "not what he borrowed"
    access.end_role(
        assignment=helena.roles.get().pk, ends=today() - timedelta(days=1), reason="x", by="t", at=AT
    )
    assert not access.allowed(hernan, "entry.approve-state", state="HND", on=today())


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"taker": ""}, "Elija quién"),
        ({"taker": "helena"}, "Elija quién"),
        ({"taker": "mercedes"}, "Elija quién"),
        ({"ends": "2020-01-01"}, "anterior al primero"),
        ({"starts": "2020-01-01", "ends": "2020-02-01"}, "ya pasó"),
        ({"ends": (today() + timedelta(days=200)).isoformat()}, "92 días"),
        ({"reason": "  "}, "Falta el motivo"),
        ({"starts": "mañana"}, "Falta el día"),
    ],
)
def test_a_standing_in_that_cannot_be_is_given_back_with_why(
    make: Make, enter: Enter, change: dict[str, str], told: str
) -> None:
    desk = enter(make("helena", "state-approver", "HND"))
    make("hernan", "focal-point", "HND")
    make("mercedes", "focal-point", "MEX")
    lent = {"taker": "hernan", "starts": today().isoformat(), "ends": today().isoformat(), "reason": "Viaje"}
    answer = desk.post("/es/account/standing-in/", lent | change)
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert not Delegation.objects.exists()


def test_somebody_who_lost_everything_is_let_in_again_by_an_administrator(make: Make, enter: Enter) -> None:
    hernan = make("hernan", "focal-point", "HND")
    TOTP.activate(hernan, "JBSWY3DPEHPK3PXP")
    enter(make("amanda", "administrator")).post(
        "/es/accounts/hernan/", {"do": "forget", "reason": "Perdió el teléfono; confirmado por llamada"}
    )
    assert not Authenticator.objects.filter(user=hernan).exists()
    client = Client()
    client.post("/es/sign-in/", {"username": "hernan", "password": PASS})
    assert client.get("/es/notices/")["Location"] == "/es/account/second-factor/"
    assert AuditEntry.objects.get(act="factor.forgotten").by == "amanda"
    assert Notice.objects.filter(user=hernan, kind="account.second-factor").exists()


def test_the_administrator_of_a_state_does_not_touch_the_account_of_somebody_of_the_region(
    make: Make, enter: Enter
) -> None:
    desk, both = enter(make("hector", "administrator", "HND")), make("hilda", "focal-point", "HND")
    access.give_role(user=both, role="secretariat", state="", starts=today(), ends=None, by="t", at=AT)
    TOTP.activate(both, "JBSWY3DPEHPK3PXP")
    for do in ("forget", "link", "sessions"):
        assert desk.post("/es/accounts/hilda/", {"do": do, "reason": "x"}).status_code == 404
    region = RoleAssignment.objects.get(user=both, state="")
    end = {"do": "end", "assignment": region.pk, "now": "1", "reason": "x"}
    assert desk.post("/es/accounts/hilda/", end).status_code == 404
    assert Authenticator.objects.filter(user=both).exists()


def test_the_first_administrator_is_made_once_and_a_lost_link_is_made_anew(db: None) -> None:
    user, lost = access.first_administrator(email="ana@example.org", name="Ana", language="es", at=AT)
    again, link = access.first_administrator(email="ANA@example.org", name="Ana", language="es", at=AT)
    assert again.pk == user.pk
    assert access.invited(lost, at=AT) is None
    assert not user.has_usable_password(), "there is no default password"
    access.accept(secret=link, password=PASS, at=AT)
    with pytest.raises(AccessFault, match="administrator-already"):
        access.first_administrator(email="eva@example.org", name="Eva", language="es", at=AT)


def test_the_audit_of_access_is_never_rewritten(make: Make) -> None:
    make("hernan", "focal-point", "HND")
    entry = AuditEntry.objects.get(act="role.given")
    entry.by = "somebody else"
    with pytest.raises(ValueError, match="never changed"):
        entry.save()


@pytest.mark.parametrize("role", ["presidency", "secretariat", "regional-reviewer"])
def test_a_state_gives_no_role_of_the_regions_offices(make: Make, enter: Enter, role: str) -> None:
    """Its holder would answer for the region what the State answered for itself."""
    hugo, admin = make("hugo", "data-entry", "HND", "HND.INM"), make("ana", "administrator", "HND")
    given = {"do": "give", "role": role, "state": "HND", "starts": today().isoformat(), "reason": "x"}
    answer = enter(admin).post("/es/accounts/hugo/", given)
    assert answer.status_code == 422
    assert "oficina de la región" in answer.content.decode()
    assert {a.role for a in hugo.roles.all()} == {"data-entry"}
