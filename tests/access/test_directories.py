"""A State's own directory says who somebody is; it makes no accounts and speaks for its own people alone."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from allauth.account.models import EmailAddress
from django.test import Client
from django.utils import timezone
from tests.access import directory as there
from tests.access.conftest import AT, PASS
from tests.product import free_port

from mirps.base.access import api as access
from mirps.base.access import directories
from mirps.base.access.directories import DirectoryFault
from mirps.base.audit.api import entries_about

ENTRY = """
- id: hnd
  state: HND
  name: {es: Gobierno de Honduras, en: Government of Honduras}
  issuer: %s
  client_id: mirps
  secret_env: MIRPS_OIDC_HND
  second_factor: %s
"""
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def issuer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real provider, in a process of its own."""
    home = tmp_path_factory.mktemp("directory")
    port = free_port()
    back = "http://testserver/account/oidc/hnd/back/"
    command = [sys.executable, "-m", "tests.access.directory", str(port), str(home), back]
    process = subprocess.Popen(command, cwd=ROOT)
    try:
        for _ in range(150):
            try:
                requests.get(f"http://127.0.0.1:{port}/.well-known/openid-configuration", timeout=2)
                break
            except requests.ConnectionError:
                time.sleep(0.2)
        else:
            pytest.fail("the directory did not come up in 30 seconds")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=20)


@pytest.fixture
def known(issuer: str, settings: object, tmp_path: Path) -> Callable[[str], None]:
    """Make the provider the directory of Honduras, which asks for a second factor itself or not."""

    def made(second_factor: str = "theirs") -> None:
        path = tmp_path / "oidc.yaml"
        path.write_text(ENTRY % (issuer, second_factor))
        found = directories.read(path, {"MIRPS_OIDC_HND": there.SECRET})
        settings.DIRECTORIES = found  # type: ignore[attr-defined]
        settings.SOCIALACCOUNT_PROVIDERS = directories.providers(found)  # type: ignore[attr-defined]
        settings.ALLOWED_HOSTS = ["testserver"]  # type: ignore[attr-defined]

    return made


def invited(email: str, state: str = "HND", role: str = "data-entry") -> access.User:
    user = access.make_account(email=email, name="Inés Ejemplo", language="es", by="t", at=AT)
    access.give_role(user=user, role=role, state=state, starts=AT.date(), ends=None, by="t", at=AT)
    return user


def vouched(client: Client, name: str, lang: str = "es") -> object:
    """Go to the directory, sign in there as `name`, and come back; returns our answer."""
    start = client.get(f"/{lang}/sign-in/with/hnd/?next=/{lang}/account/")
    leads = client.get(start["Location"])["Location"]
    browser = requests.Session()
    page = browser.get(leads, timeout=10)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
    assert token is not None
    given = {"csrfmiddlewaretoken": token[1], "login": name, "password": name * 2}
    answer = browser.post(page.url, data=given, timeout=10, allow_redirects=False)
    while not answer.headers["Location"].startswith("http://testserver/"):
        address = requests.compat.urljoin(answer.url, answer.headers["Location"])  # type: ignore[attr-defined]
        answer = browser.get(address, timeout=10, allow_redirects=False)
    back = urlsplit(answer.headers["Location"])
    return client.get(f"{back.path}?{back.query}")


pytestmark = [pytest.mark.enable_socket]


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["es", "en"])
def test_somebody_invited_signs_in_through_their_own_government(
    db: None, known: Callable[..., None], lang: str
) -> None:
    known("theirs")
    user, client = invited("ines@example.hn"), Client()
    assert ("Gobierno de Honduras" if lang == "es" else "Government of Honduras") in client.get(
        f"/{lang}/sign-in/"
    ).content.decode()
    answer = vouched(client, "ines", lang)
    assert answer["Location"] == f"/{lang}/account/"  # type: ignore[index]
    assert client.get(f"/{lang}/notices/").status_code == 200, "their directory asked for a second factor"
    assert "account.signed-in" in [e.act for e in entries_about(user.username)]
    again = Client()
    assert vouched(again, "ines", lang)["Location"] == f"/{lang}/account/"  # type: ignore[index]


@pytest.mark.slow
def test_where_the_directory_asks_for_no_second_factor_ours_is_asked(
    db: None, known: Callable[..., None]
) -> None:
    known("ours")
    invited("ines@example.hn")
    client = Client()
    vouched(client, "ines")
    assert client.get("/es/notices/")["Location"] == "/es/account/second-factor/"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("stranger", "nadie invitó"),
        ("unverified", "nadie invitó"),
        ("mexican", "solo responde por las personas de su Estado"),
    ],
)
def test_nobody_else_comes_in_by_a_directory(
    db: None, known: Callable[..., None], name: str, told: str
) -> None:
    known("theirs")
    invited("pablo@example.hn")
    invited("mercedes@example.mx", "MEX", "focal-point")
    before, client = access.User.objects.count(), Client()
    answer = client.get(vouched(client, name)["Location"])  # type: ignore[index]
    assert answer.status_code == 403  # type: ignore[attr-defined]
    assert told in answer.content.decode()  # type: ignore[attr-defined]
    assert "sign-in" in client.get("/es/account/")["Location"]
    assert access.User.objects.count() == before, "nobody becomes a user by a directory"


@pytest.mark.slow
def test_a_directory_of_a_state_does_not_vouch_for_somebody_who_also_serves_the_region(
    db: None, known: Callable[..., None]
) -> None:
    known("theirs")
    user = invited("ines@example.hn")
    access.give_role(
        user=user, role="secretariat", state="", starts=timezone.now().date(), ends=None, by="t", at=AT
    )
    assert vouched(Client(), "ines")["Location"] == "/es/sign-in/refused/other-state/"  # type: ignore[index]


@pytest.mark.slow
def test_an_answer_that_nobody_asked_for_is_refused(db: None, known: Callable[..., None]) -> None:
    known("theirs")
    for query in ("", "?code=x&state=y", "?error=access_denied", "?state=" + "x" * 3000):
        answer = Client().get(f"/account/oidc/hnd/back/{query}", follow=True)
        assert answer.status_code == 403
        assert Client().get(f"/account/oidc/none/{query}").status_code == 404


@pytest.mark.parametrize("lang", ["es", "en"])
def test_a_directory_that_does_not_answer_is_told_as_such(
    db: None, settings: object, tmp_path: Path, lang: str
) -> None:
    nobody = f"http://127.0.0.1:{free_port()}"
    path = tmp_path / "oidc.yaml"
    path.write_text(ENTRY % (nobody, "ours"))
    found = directories.read(path, {"MIRPS_OIDC_HND": "s"})
    settings.DIRECTORIES = found  # type: ignore[attr-defined]
    settings.SOCIALACCOUNT_PROVIDERS = directories.providers(found)  # type: ignore[attr-defined]
    client = Client()
    start = client.get(f"/{lang}/sign-in/with/hnd/")["Location"]
    answer = client.get(client.get(start)["Location"])
    assert answer.status_code == 502
    assert ("no responde" if lang == "es" else "does not answer") in answer.content.decode()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("- id: hnd", "- id: HN D"), "small letters"),
        (("state: HND", "state: honduras"), "three letters"),
        (("https://id.example.hn", "http://id.example.hn"), "https"),
        (("https://id.example.hn", "javascript:alert(1)"), "https"),
        (("en: Government of Honduras", "fr: x"), "es and en"),
        (("MIRPS_OIDC_HND", "MIRPS_OIDC_NONE"), "holds no secret"),
        (("second_factor: theirs", "second_factor: none"), "ours or theirs"),
        (("client_id: mirps", "client: mirps"), "needs"),
        (("- id: hnd", "{"), "oidc.yaml"),
    ],
)
def test_a_file_of_directories_names_what_is_wrong_with_it(
    tmp_path: Path, change: tuple[str, str], told: str
) -> None:
    path = tmp_path / "oidc.yaml"
    path.write_text((ENTRY % ("https://id.example.hn", "theirs")).replace(*change))
    with pytest.raises(DirectoryFault, match=told):
        directories.read(path, {"MIRPS_OIDC_HND": "s"})


def test_an_address_matches_only_when_an_administrator_answered_for_it(db: None) -> None:
    user = invited("ines@example.hn")
    assert EmailAddress.objects.get(user=user).verified
    assert not user.check_password(PASS)
