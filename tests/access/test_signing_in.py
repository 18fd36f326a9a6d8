"""Nobody signs up; whoever may change data signs in with two proofs; the secrets of both are kept shut."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from allauth.usersessions.models import UserSession
from django.core import mail
from django.test import Client
from django.utils import timezone
from tests.access.conftest import AT, PASS, Make, code_of

from mirps.base.access import api as access
from mirps.base.access.api import User
from mirps.base.audit.api import AuditEntry

KEY = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
Enter = Callable[[User], Client]


def sign_in(client: Client, username: str, lang: str = "es", **more: str) -> str:
    """Give the password; returns where it leads."""
    answer = client.post(f"/{lang}/sign-in/", {"username": username, "password": PASS, **more})
    return str(answer.headers.get("Location", answer.status_code))


def text(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def test_a_reader_signs_in_with_the_password_alone(make: Make) -> None:
    make("leila", "reader")
    client = Client()
    assert sign_in(client, "leila", next="/es/about/") == "/es/about/"
    assert "Leila" in text(client, "/es/about/")


def test_the_e_mail_address_serves_as_well_as_the_user_name(make: Make) -> None:
    make("leila", "reader")
    assert sign_in(Client(), "Leila@example.org") == "/es/"


@pytest.mark.parametrize("lang", ["es", "en"])
def test_whoever_may_change_data_goes_no_further_without_a_second_factor(make: Make, lang: str) -> None:
    make("hernan", "focal-point", "HND")
    client = Client()
    sign_in(client, "hernan", lang)
    for there in (f"/{lang}/", f"/{lang}/rounds/", f"/{lang}/notices/"):
        assert client.get(there)["Location"] == f"/{lang}/account/second-factor/"
    refused = client.post(f"/{lang}/notices/", {"read": "all"})
    assert refused.status_code == 403
    assert ("second factor" if lang == "en" else "segundo factor") in refused.content.decode()
    assert client.get(f"/{lang}/account/").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_setting_the_application_up_opens_everything_and_shows_the_codes_once(make: Make) -> None:
    user = make("hernan", "focal-point", "HND")
    client = Client()
    sign_in(client, "hernan")
    page = text(client, "/es/account/app/")
    secret = "".join(re.findall(r"<span>(\w+)</span>", page.split('class="secret"')[1].split("</p>")[0]))
    wrong = client.post("/es/account/app/", {"code": "000000"})
    assert "El código no es correcto" in wrong.content.decode()
    right = client.post("/es/account/app/", {"code": code_of(secret)})
    assert right["Location"] == "/es/account/codes/"
    codes = re.findall(r"<code>(\d{8})</code>", text(client, "/es/account/codes/"))
    assert len(set(codes)) == 10
    assert not set(codes) & set(re.findall(r"\d{8}", text(client, "/es/account/codes/")))
    assert client.get("/es/").status_code == 200
    kept = " ".join(str(a.data) for a in Authenticator.objects.filter(user=user).order_by("id"))
    assert secret not in kept, "the key of the application is sealed in the database"
    assert AuditEntry.objects.filter(act="factor.added", subject="hernan").count() == 2


@pytest.mark.parametrize("enrolled", [False, True])
def test_with_the_password_alone_nobody_lends_a_role_or_changes_an_account(
    make: Make, enrolled: bool
) -> None:
    user, taker = make("hernan", "focal-point", "HND"), make("hector", "focal-point", "HND")
    if enrolled:  # in a session that began before the second factor was there
        TOTP.activate(user, KEY)
    client = Client()
    client.force_login(user)
    today = timezone.now().date().isoformat()
    lent = {"taker": taker.username, "starts": today, "ends": today, "reason": "Viaje"}
    posts = {
        "/es/account/standing-in/": lent, "/es/account/sessions/end/": {"session": "others"},
        "/es/account/language/": {"language": "en"}, "/es/account/password/": {"oldpassword": PASS},
        "/es/account/app/remove/": {}, "/es/account/keys/1/remove/": {},
    }  # fmt: skip
    for address, given in posts.items():
        assert client.post(address, given).status_code == 403, address
    assert not access.delegations_of(user).exists()
    added = client.get("/es/account/keys/add/")
    sent_on = "/es/account/confirm/code/?next=" if enrolled else "/es/account/confirm/"
    assert added.status_code == 200 or added["Location"].startswith(sent_on)
    assert (added.status_code == 302) or not enrolled


def test_the_second_step_takes_a_code_of_the_application_or_one_recovery_code_once(make: Make) -> None:
    user = make("hernan", "focal-point", "HND")
    TOTP.activate(user, KEY)
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    code = RecoveryCodes.activate(user).generate_codes()[0]
    client = Client()
    assert sign_in(client, "hernan", next="/es/about/") == "/es/account/second-step/"
    assert client.get("/es/notices/").status_code == 302, "half signed in is not signed in"
    assert client.post("/es/account/second-step/", {"code": "123"}).status_code == 200
    given = client.post("/es/account/second-step/", {"code": code_of(KEY)})
    assert given["Location"] == "/es/about/"
    assert client.get("/es/notices/").status_code == 200
    for expected in (302, 200):
        again = Client()
        sign_in(again, "hernan")
        assert again.post("/es/account/second-step/", {"code": code}).status_code == expected


def test_a_session_from_before_a_role_was_given_is_asked_for_the_second_factor(
    make: Make, enter: Enter
) -> None:
    user = make("leila", "reader")
    client = Client()
    sign_in(client, "leila")
    assert client.get("/es/notices/").status_code == 200
    access.give_role(
        user=user, role="focal-point", state="HND", starts=timezone.now().date(), ends=None, by="t", at=AT
    )
    assert client.get("/es/notices/")["Location"] == "/es/account/second-factor/"


def test_a_stand_in_needs_a_second_factor_too(make: Make) -> None:
    giver, taker = make("helena", "state-approver", "HND"), make("leila", "reader")
    today = timezone.now().date()
    access.lend(
        giver=giver, taker=taker, starts=today, ends=today, reason="Viaje", by="helena", at=timezone.now()
    )
    assert access.must_use_second_factor(taker, on=today)
    assert not access.must_use_second_factor(taker, on=today + timedelta(days=1))


def test_the_demos_accounts_sign_in_without_one_and_the_page_says_so(make: Make, settings: object) -> None:
    make("demo-hnd", "focal-point", "HND")
    make("hernan", "focal-point", "HND")
    settings.DEMO = True  # type: ignore[attr-defined]
    demo, other = Client(), Client()
    sign_in(demo, "demo-hnd")
    sign_in(other, "hernan")
    assert demo.get("/es/notices/").status_code == 200
    assert other.get("/es/notices/").status_code == 302, "the demo excuses its own accounts alone"


def test_outside_the_demo_its_accounts_let_nobody_in(make: Make, settings: object) -> None:
    user = make("demo-hnd", "focal-point", "HND")
    settings.DEMO = True  # type: ignore[attr-defined]
    client = Client()
    sign_in(client, "demo-hnd")
    assert client.get("/es/notices/").status_code == 200
    settings.DEMO = False  # type: ignore[attr-defined]
    assert "sign-in" in client.get("/es/notices/")["Location"], "nor does a session of then"
    assert sign_in(Client(), "demo-hnd") == "422"
    assert sign_in(Client(), user.email) == "422"


def test_nobody_invited_is_given_a_name_of_the_demo(db: None) -> None:
    user = access.make_account(email="demo-ana@example.org", name="Ana", language="es", by="t", at=AT)
    assert user.username == "person-ana"


def test_a_session_that_gave_its_second_factor_costs_no_more_than_any_other(
    make: Make, enter: Enter, django_assert_max_num_queries: Callable[..., object]
) -> None:
    client = enter(make("hernan", "focal-point", "HND"))
    client.get("/es/account/closed/")
    # The session, the person, how many notices are new; their roles and stand-ins, for what the masthead offers.
    with django_assert_max_num_queries(5):
        client.get("/es/sign-in/refused/failed/")


def test_nobody_signs_up(db: None) -> None:
    for there in ("signup", "account/signup", "sign-up"):
        assert Client().get(f"/es/{there}/").status_code == 404
    # There it would be an account's page, which asks who one is.
    assert "/sign-in/" in Client().get("/es/accounts/signup/")["Location"]


def test_a_closed_account_does_not_open(make: Make) -> None:
    user = make("leila", "reader")
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert sign_in(Client(), "leila") == "422"


def test_one_account_is_not_tried_for_ever_from_many_addresses(make: Make) -> None:
    make("leila", "reader")
    statuses = [
        Client(REMOTE_ADDR=f"10.0.0.{n}")
        .post("/es/sign-in/", {"username": "leila", "password": "guess"})
        .status_code
        for n in range(12)
    ]
    assert statuses[0] == 422
    assert statuses[-1] == 429


def test_one_address_does_not_try_many_accounts_for_ever_but_a_whole_office_signs_in(make: Make) -> None:
    make("leila", "reader")
    for _ in range(40):
        assert sign_in(Client(), "leila") == "/es/"
    statuses = [
        Client().post("/es/sign-in/", {"username": f"name{n}", "password": "guess"}).status_code
        for n in range(32)
    ]
    assert statuses.count(422) == 30
    assert statuses[-1] == 429
    assert sign_in(Client(), "leila") == "429", "a right guess after too many wrong ones is not taken"
    assert sign_in(Client(REMOTE_ADDR="10.9.8.7"), "leila") == "/es/"


def test_where_a_reader_is_is_told_by_our_own_proxies_alone(settings: object) -> None:
    from django.test import RequestFactory

    from mirps.web.pages.throttle import address_of

    asked = RequestFactory().get(
        "/", REMOTE_ADDR="10.0.0.1", headers={"x-forwarded-for": "6.6.6.6, 190.1.2.3"}
    )
    seen = []
    for proxies in (0, 1, 5):
        settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies  # type: ignore[attr-defined]
        seen.append(address_of(asked))
    assert seen == ["10.0.0.1", "190.1.2.3", "10.0.0.1"]


def _mails(n: int) -> list[mail.EmailMessage]:
    for _ in range(50):
        if len(mail.outbox) >= n:
            break
        time.sleep(0.02)
    return mail.outbox


@pytest.mark.parametrize("lang", ["es", "en"])
def test_asking_for_a_new_password_tells_nobody_whether_an_address_is_known(make: Make, lang: str) -> None:
    user = make("leila", "reader")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    page = f"/{lang}/account/password/reset/"
    known = Client().post(page, {"email": "leila@example.org"})
    unknown = Client().post(page, {"email": "nobody@example.org"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    sent = _mails(1)
    assert [m.to for m in sent] == [["leila@example.org"]]
    assert ("nueva contraseña" in sent[0].body or "contraseña nueva" in sent[0].body) is (lang == "es")


def test_the_link_to_a_new_password_names_our_own_address_and_serves_once(make: Make) -> None:
    user = make("leila", "reader")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    Client().post("/en/account/password/reset/", {"email": user.email}, headers={"host": "localhost"})
    link = re.search(r"http://(\S+?)(/en/\S+)", _mails(1)[0].body)
    assert link is not None
    assert link[1].startswith("127.0.0.1"), "the installation's address, not what the request claims"
    client = Client()
    form = client.get(link[2])["Location"]
    assert link[2] not in form, "the secret leaves the address"
    new = {"password1": "another long pass phrase", "password2": "another long pass phrase"}
    assert client.post(form, new)["Location"] == "/en/account/password/reset/done/"
    assert "no longer works" in text(Client(), link[2])
    answer = Client().post("/en/sign-in/", {"username": "leila", "password": new["password1"]})
    assert answer.status_code == 302


def test_sessions_are_listed_and_ended_one_by_one_or_all_at_once(make: Make) -> None:
    make("leila", "reader")
    agents = {
        "desk": "Mozilla/5.0 (Windows NT 10.0) AppleWebKit Chrome/130 Safari/537",
        "phone": "Mozilla/5.0 (Linux; Android 14) AppleWebKit Chrome/130 Mobile Safari/537",
        "old": "curl/8",
    }
    at = {name: Client(headers={"user-agent": agent}) for name, agent in agents.items()}
    for client in at.values():
        sign_in(client, "leila", "en")
    page = text(at["desk"], "/en/account/")
    assert "Chrome on Windows" in page
    assert "Chrome on Android" in page
    assert "unrecognised device" in page
    phone = UserSession.objects.get(user_agent=agents["phone"])
    at["desk"].post("/en/account/sessions/end/", {"session": str(phone.pk)})
    assert "sign-in" in at["phone"].get("/en/account/")["Location"]
    assert at["old"].get("/en/account/").status_code == 200
    at["desk"].post("/en/account/sessions/end/", {"session": "others"})
    assert "sign-in" in at["old"].get("/en/account/")["Location"]
    assert at["desk"].get("/en/account/").status_code == 200


@pytest.mark.parametrize("which", ["", "0", "-1", "nonsense", "9" * 30])
def test_a_session_that_is_not_ones_own_is_not_ended(make: Make, which: str) -> None:
    make("leila", "reader")
    make("karla", "reader")
    leila, karla = Client(), Client()
    sign_in(leila, "leila")
    sign_in(karla, "karla")
    hers = str(UserSession.objects.get(user__username="karla").pk)
    for asked in (which, hers):
        assert leila.post("/es/account/sessions/end/", {"session": asked}).status_code == 404
    assert karla.get("/es/account/").status_code == 200


def test_the_last_second_factor_of_somebody_who_needs_one_stays(make: Make) -> None:
    user = make("hernan", "focal-point", "HND")
    TOTP.activate(user, KEY)
    client = Client()
    sign_in(client, "hernan")
    client.post("/es/account/second-step/", {"code": code_of(KEY)})
    assert "Es su único segundo factor" in text(client, "/es/account/app/remove/")
    client.post("/es/account/app/remove/")
    assert Authenticator.objects.filter(user=user, type="totp").exists()


def test_changing_the_safety_of_an_account_later_asks_who_it_is(make: Make) -> None:
    user = make("hernan", "focal-point", "HND")
    TOTP.activate(user, KEY)
    client = Client()
    sign_in(client, "hernan")
    client.post("/es/account/second-step/", {"code": code_of(KEY)})
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 3600
    session.save()
    asked = client.get("/es/account/keys/add/")
    assert asked["Location"].startswith("/es/account/confirm/?next=")
    assert "con un código" in text(client, asked["Location"])
    given = client.post(asked["Location"], {"password": PASS, "next": "/es/account/keys/add/"})
    assert given["Location"] == "/es/account/keys/add/"
    assert client.get("/es/account/keys/add/").status_code == 200


def test_what_is_sealed_opens_with_its_own_secret_alone() -> None:
    sealed = access.seal("JBSWY3DP", secret="one")
    assert "JBSWY3DP" not in sealed
    assert access.unseal(sealed, secret="one") == "JBSWY3DP"
    with pytest.raises(access.CannotOpen):
        access.unseal(sealed, secret="another")
    with pytest.raises(access.CannotOpen):
        access.unseal(sealed[:-2] + "AA", secret="one")


@pytest.mark.parametrize(
    "page", ["account/", "account/app/", "account/password/", "people/", "account/codes/"]
)
def test_pages_of_an_account_are_for_its_owner_and_kept_by_nobody(
    make: Make, enter: Enter, page: str
) -> None:
    answer = Client().get(f"/es/{page}")
    assert answer["Location"] == f"/es/sign-in/?next=/es/{page}"
    own = enter(make("amanda", "administrator")).get(f"/es/{page}")
    assert "private" in own["Cache-Control"]
