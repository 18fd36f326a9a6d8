"""From the shell: proposed, signed by two with their passwords, sent, shown; and a refusal is a sentence."""

from __future__ import annotations

import pytest
from click.testing import CliRunner, Result
from django.utils import timezone
from pyrage import x25519
from tests.exchange.other import Other
from tests.linkage.parties import Cell, result, take
from tests.linkage.test_linkage_state import person, registered, sealed_there

from mirps.sharing.linkage import api as links
from mirps.sharing.linkage import rules
from mirps.sharing.linkage.rules import Every
from mirps.web.shell import main

pytestmark = pytest.mark.django_db
PROPOSE = (
    "propose",
    "--with",
    "HND",
    "--purpose",
    "Onward movement",
    "--basis",
    "MoU",
    "--until",
    "2090-12-31",
)


def link(*words: str, typed: str = "") -> Result:
    return CliRunner().invoke(main, ["link", *words, "--lang", "en"], input=typed)


def test_an_agreement_from_the_shell_to_a_result(others: tuple[Other, Other]) -> None:
    hnd, region = others
    registered(100)
    assert "proposed" in link(*PROPOSE).output
    held = links.Agreement.objects.get()
    for name in ("ana", "luis"):
        user = person(name)
        user.set_password("a long enough phrase")
        user.save()
        assert "do not go together" in link("sign", str(held.pk), "--user", name, typed="wrong\n").output
        told = link("sign", str(held.pk), "--user", name, typed="a long enough phrase\n").output
    assert "set its seal" in told
    assert "signed by one State" in link("list").output
    assert "HND is missing" in link("encode", str(held.pk)).output
    sealed_there(hnd, held)
    now = timezone.now()
    period = rules.period(Every.QUARTER, now.date())
    package = {"what": "open", "agreement": str(held.pk), "period": period,
               "recipient": str(x25519.Identity.generate().to_public())}  # fmt: skip
    assert take(region.package("linkage", package, made_at=now), at=now).state == "taken"
    told = link("encode", str(held.pk)).output
    assert told.startswith("100 rows sent. Left out: 0 without consent")
    cells: list[Cell] = [
        (("_T", "_T", "_T", "_T"), 12), (("onward", "_T", "_T", "_T"), 12), (("back", "_T", "_T", "_T"), None)
    ]  # fmt: skip
    assert take(result(region, held.pk, period, cells, now), at=now).state == "taken"
    shown = link("show", str(held.pk)).output
    assert "first in MEX, then in HND" in shown
    assert "suppressed" in shown
    assert "compared" in link("list").output
    assert "in 10 letters or more" in link("end", str(held.pk), "--reason", "no").output
    assert "Nobody will count" in link("end", str(held.pk), "--reason", "No longer needed").output
    assert "ended" in link("list").output


def test_whoever_is_no_comparer_neither_opens_nor_compares(others: tuple[Other, Other]) -> None:
    link(*PROPOSE)
    held = links.Agreement.objects.get()
    for act in ("open", "compare"):
        told = link(act, str(held.pk))
        assert told.exit_code == 1
        assert "two persons of each State must sign first" in told.output
