"""Who administers a node sees how its lines are, what waits, what was refused; and pauses, turns keys, takes lists."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.test import Client
from tests.entries.conftest import person, signed_in
from tests.exchange.conftest import rows
from tests.exchange.other import NOW, Other, peer, set_up

from mirps.base.audit.api import AuditEntry
from mirps.base.refusal import Refusal
from mirps.base.texts.api import LANGUAGES, say
from mirps.sharing.exchange import api as exchange
from mirps.sharing.exchange import keeping, lists, overview, sending
from mirps.sharing.exchange.api import NodeKey, Package, Peer, TurnedAway

pytestmark = pytest.mark.usefixtures("round_2025")


@pytest.fixture
def admin(db: None) -> Client:
    return signed_in(person("ada", "administrator", ""))


def shown(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, answer.content.decode()
    return answer.content.decode()


def take(data: bytes) -> exchange.Outcome:
    return exchange.take(data, via="stick", at=NOW)


def test_where_one_process_plays_every_node_the_page_says_so(admin: Client, settings: Any) -> None:
    assert "hace de todos los nodos" in shown(admin, "/es/nodes/")
    settings.NODE = "MIRPS"
    assert "mirps node setup" in shown(admin, "/en/nodes/")
    shown(admin, "/en/nodes/HND/", 404)


def test_the_node_of_a_state_is_for_that_states_administrator(
    db: None, settings: Any, tmp_path: Path
) -> None:
    set_up(settings, "HND", tmp_path)
    own, other = (signed_in(person(f"a-{s}", "administrator", s)) for s in ("HND", "GTM"))
    assert "Honduras" in shown(own, "/es/nodes/")
    shown(other, "/es/nodes/", 403)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_tells_lines_what_waits_and_what_was_refused_with_the_reason(
    honduras: Other, admin: Client, lang: str
) -> None:
    exchange.prepare(at=NOW)  # the round and the lists wait for Honduras
    take(honduras.package("figures", rows(120)))
    take(honduras.package("figures", rows(340, state="GTM")))
    take(Other("SLV", "MIRPS").package("figures", rows(1)))
    Peer.objects.filter(pk="HND").update(tries=3, fault="TimeoutError", next_at=NOW, met_at=NOW)
    page = shown(admin, f"/{lang}/nodes/")
    assert exchange.read_card(exchange.card(exchange.current())).fingerprint in page
    assert say("nodes.line.dead", lang) in page
    assert "TimeoutError" in page
    assert say("exchange.refused.state", lang, states="GTM", sender="HND") in page
    assert say("exchange.refused.unknown", lang, sender="SLV").split("`")[0] in page
    one = shown(admin, f"/{lang}/nodes/HND/")
    assert honduras.card.fingerprint in one
    assert say("nodes.about.round", lang, round="2025") in one
    assert say("nodes.state.out.waiting", lang) in one


def test_pausing_and_resuming_by_the_page(honduras: Other, admin: Client) -> None:
    assert admin.post("/es/nodes/HND/pause/", {"paused": "1"})["Location"] == "/es/nodes/HND/?done=paused"
    assert take(honduras.package("figures", rows(1))).reason == "exchange.refused.paused"
    assert say("nodes.pause.resume", "es") in shown(admin, "/es/nodes/HND/")
    admin.post("/es/nodes/HND/pause/", {"paused": "0"})
    assert not Peer.objects.get(pk="HND").paused
    assert admin.post("/es/nodes/PAN/pause/", {"paused": "1"}).status_code == 404
    assert list(AuditEntry.objects.filter(act__startswith="node.p").values_list("by", flat=True))[-1:] == [
        "ada"
    ]


def test_keys_turn_by_the_page_only_when_it_is_meant(honduras: Other, admin: Client) -> None:
    old = exchange.current().kid
    assert admin.post("/es/nodes/keys/").status_code == 422
    assert exchange.current().kid == old
    assert admin.post("/es/nodes/keys/", {"meant": "1"}).status_code == 302
    assert exchange.current().kid != old
    NodeKey.objects.filter(ended_at=None).update(since=NOW - timedelta(days=400))
    assert say("nodes.key-due", "es") in shown(admin, "/es/nodes/")


def test_lists_are_taken_by_the_page_by_name(
    region: None, admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[Any] = []
    monkeypatch.setattr(lists, "offered", lambda: {"codelists/units.csv": "x"})
    monkeypatch.setattr(lists, "adopt", lambda names, by, at: taken.append((names, by)) or names)
    assert "codelists/units.csv" in shown(admin, "/en/nodes/")
    assert admin.post("/en/nodes/lists/").status_code == 422
    admin.post("/en/nodes/lists/", {"list": "codelists/units.csv"})
    assert taken[-1] == (["codelists/units.csv"], "ada")


# --- how long packages are kept


def aged(days: int) -> None:
    Package.objects.update(settled_at=NOW - timedelta(days=days))


def test_contents_go_after_their_time_and_heads_and_outcomes_stay(honduras: Other) -> None:
    take(honduras.package("figures", rows(1)))
    take(honduras.package("figures", rows(2)))
    exchange.prepare(at=NOW)
    aged(401)
    Package.objects.filter(number=2, lane__outward=False).update(settled_at=NOW)
    waiting = Package.objects.filter(lane__outward=True).count()
    assert exchange.tidy(by="admin", at=NOW, dry=True).packages == 1
    assert not Package.objects.filter(body=b"").exists()
    gone = exchange.tidy(by="admin", at=NOW, dry=False)
    assert (gone.packages, gone.size > 100) == (1, True)
    kept = Package.objects.get(body=b"")
    assert (kept.number, kept.state, bool(kept.head), bool(kept.link)) == (1, Package.TAKEN, True, True)
    assert Package.objects.filter(lane__outward=True).exclude(body=b"").count() == waiting
    assert exchange.tidy(by="admin", at=NOW, dry=False).packages == 0
    assert take(honduras.package("figures", rows(3))).state == Package.TAKEN


def test_who_asks_for_what_is_no_longer_kept_is_told_so(honduras: Other) -> None:
    take(honduras.package("figures", rows(1)))
    aged(401)
    exchange.tidy(by="admin", at=NOW, dry=False)
    with pytest.raises(exchange.NotTaken, match="gone"):
        sending.whole(Package.objects.get(body=b""))


def test_tidying_by_itself_happens_once_a_day(honduras: Other) -> None:
    take(honduras.package("figures", rows(1)))
    aged(401)
    assert exchange.tidy_daily(by="t", at=NOW).packages == 1
    take(honduras.package("figures", rows(2)))
    aged(401)
    assert exchange.tidy_daily(by="t", at=NOW).packages == 0


def test_the_command_says_how_much_would_go(honduras: Other) -> None:
    from mirps.web.shell.node import node

    TurnedAway.objects.create(at=NOW - timedelta(days=4000), reason="x", digest="y", via="line")
    told = CliRunner().invoke(node, ["tidy", "--dry-run", "--lang", "en"])
    assert "1 entries would go" in told.output
    assert TurnedAway.objects.exists()


@pytest.mark.parametrize(
    "text",
    ["", "packages: 400\n", "packages: {days: 3}\n", "packages: {days: yes}\n", "packages: {days: 400\n"],
)
def test_a_rule_that_cannot_be_read_is_named_with_its_remedy(tmp_path: Path, text: str) -> None:
    file = tmp_path / "keeping.yaml"
    file.write_text(text)
    with pytest.raises(Refusal) as found:
        keeping.read(file)
    for lang in LANGUAGES:
        assert "keeping.yaml" in say(found.value.key, lang, **found.value.values)


def test_the_overview_asks_as_much_of_seven_peers_as_of_one(
    honduras: Other, django_assert_max_num_queries: Any
) -> None:
    exchange.prepare(at=NOW)
    for code in ("GTM", "SLV", "PAN"):
        peer(code, "MIRPS")
    with django_assert_max_num_queries(4):
        assert len(overview.standing(at=NOW)) == 4


def test_only_what_the_other_lacks_is_looked_through(
    honduras: Other, django_assert_max_num_queries: Any
) -> None:
    exchange.prepare(at=NOW)
    peer = Peer.objects.get(pk="HND")
    have = sending.our_have(peer, outward=True)
    assert sending.to_send(peer, have) == []
    assert {p.lane.stream for p in sending.to_send(peer, {})} == {"rounds", "lists"}
