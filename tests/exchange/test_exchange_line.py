"""The door and the line: who is let in, what goes on where it broke off, what a restored node is given back."""

from __future__ import annotations

from hashlib import sha256
from itertools import pairwise
from pathlib import Path

import pytest
from django.test import Client
from tests.exchange.conftest import rows
from tests.exchange.other import NOW, Other

from mirps.evidence.figures.api import FigureRow
from mirps.sharing.exchange import api as exchange
from mirps.sharing.exchange import signing
from mirps.sharing.exchange.api import Package, Peer
from mirps.web.pages import exchange as door

pytestmark = pytest.mark.usefixtures("round_2025")
V1 = "/exchange/v1/"


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "clock", lambda: NOW)


def entered(client: Client, other: Other, have: dict[str, object] | None = None, **claims: object):  # type: ignore[no-untyped-def]
    challenge = client.get(f"{V1}challenge/").json()["challenge"]
    told = {
        "iss": other.code, "aud": "MIRPS", "challenge": challenge, "knows": [], "have": have or {}, **claims,
    }  # fmt: skip
    text = signing.signed(told, other.key, signing.VISIT)
    return client.post(f"{V1}enter/", text, content_type="application/jose")


def ticket(client: Client, other: Other) -> dict[str, str]:
    answer = entered(client, other)
    assert answer.status_code == 200, answer.content
    _, told = signing.claims(answer.content.decode(), signing.VISIT)
    signing.prove(answer.content.decode(), bytes(exchange.current().public))
    return {"Authorization": f"Bearer {told['ticket']}"}


def put(client: Client, data: bytes, part: bytes, at: int, head: dict[str, str], digest: str = ""):  # type: ignore[no-untyped-def]
    name = digest or sha256(data).hexdigest()
    return client.put(
        f"{V1}in/{name}/",
        part,
        content_type="application/octet-stream",
        headers={**head, "Upload-Offset": str(at)},
    )


def test_whoever_signs_the_challenge_is_let_in_and_nobody_else(client: Client, honduras: Other) -> None:
    assert entered(client, honduras).status_code == 200
    assert entered(client, Other("HND", "MIRPS")).status_code == 401
    assert entered(client, Other("GTM", "MIRPS")).status_code == 403
    assert entered(client, honduras, challenge="made-up").status_code == 400
    assert entered(client, honduras, aud="MEX").json()["why"] == "exchange.refused.not-for-us"
    assert client.get(f"{V1}own/figures/").status_code == 401
    assert set(client.get(f"{V1}own/figures/").json()) == {"why", "es", "en"}


def test_an_upload_goes_on_where_the_line_broke(client: Client, honduras: Other) -> None:
    head, data = ticket(client, honduras), honduras.package("figures", rows(*range(100, 500)))
    cuts = (0, len(data) // 3, len(data) // 2, len(data))
    for start, end in pairwise(cuts):
        where = f"{V1}in/{sha256(data).hexdigest()}/"
        assert client.get(where, headers=head).json()["have"] == start
        answer = put(client, data, data[start:end], start, head)
        if end < len(data):
            assert (answer.status_code, answer.json()["have"]) == (202, end)
    assert (answer.status_code, answer.json()["state"]) == (200, "taken")
    assert FigureRow.objects.count() == 400


def test_a_part_that_does_not_begin_where_the_last_ended_changes_nothing(
    client: Client, honduras: Other
) -> None:
    head, data = ticket(client, honduras), honduras.package("figures", rows(120))
    put(client, data, data[:600], 0, head)
    answer = put(client, data, data[700:], 700, head)
    assert (answer.status_code, answer.json()["have"]) == (409, 600)
    assert put(client, data, data[600:], 600, head).json()["state"] == "taken"


def test_nothing_is_kept_before_a_head_that_the_visitor_signed(
    client: Client, honduras: Other, settings: object
) -> None:
    head, stranger = ticket(client, honduras), Other("HND", "MIRPS")
    data = stranger.package("figures", rows(120))
    assert put(client, data, data[:600], 0, head).status_code == 401
    assert put(client, data, b"x" * 20_000, 0, head).status_code == 400
    whole = honduras.package("figures", rows(120))
    assert put(client, whole, whole[:50], 0, head).json() == {"have": 0}  # less than a head
    assert put(client, whole, whole + b"more", 0, head).json()["why"] == "exchange.refused.altered"
    assert list(Path(settings.HOME).rglob("*.part")) == []  # type: ignore[attr-defined]


def test_what_waits_is_fetched_from_any_byte(client: Client, honduras: Other) -> None:
    exchange.take(honduras.package("figures", rows(120)), via="test", at=NOW)
    answer = entered(client, honduras, have={})
    _, told = signing.claims(answer.content.decode(), signing.VISIT)
    assert ["receipts", 1] in told["offers"]
    head = {"Authorization": f"Bearer {told['ticket']}"}
    whole = client.get(f"{V1}out/receipts/1/", headers=head).content
    rest = client.get(f"{V1}out/receipts/1/", headers={**head, "Range": "bytes=100-"})
    assert (rest.status_code, rest.content) == (206, whole[100:])
    assert client.get(f"{V1}out/receipts/2/", headers=head).status_code == 404


def test_a_peer_is_given_back_what_it_sent_as_it_sent_it(client: Client, honduras: Other) -> None:
    sent = [honduras.package("figures", rows(n)) for n in (1, 2, 3)]
    for data in sent:
        exchange.take(data, via="test", at=NOW)
    head = ticket(client, honduras)
    assert client.get(f"{V1}own/figures/?since=2", headers=head).json() == {"numbers": [2, 3]}
    assert client.get(f"{V1}own/figures/2/", headers=head).content == sent[1]


def test_a_paused_peer_is_not_let_in_and_its_ticket_ends(client: Client, honduras: Other) -> None:
    head = ticket(client, honduras)
    exchange.pause(code="HND", paused=True, by="admin", at=NOW)
    assert entered(client, honduras).status_code == 403
    assert client.get(f"{V1}own/figures/", headers=head).status_code == 403


def test_a_dead_line_is_tried_again_after_ever_longer_pauses(honduras: Other) -> None:
    peer = Peer.objects.get(pk="HND")
    peer.address = "http://127.0.0.1:9"
    peer.save()

    def dead(peer: Peer) -> exchange.HttpLine:
        raise exchange.LineBroken("nobody there")

    waits = []
    for _ in range(12):
        assert exchange.call(peer, dead, at=NOW) is None
        peer.refresh_from_db()
        waits.append((peer.next_at - NOW).total_seconds() / 60)  # type: ignore[operator]
        assert exchange.due(at=NOW) == []
    assert waits[:4] == [1, 2, 4, 8]
    assert waits[-1] == 360


def test_a_line_without_tls_leaves_no_machine(honduras: Other) -> None:
    with pytest.raises(exchange.LineBroken, match="https"):
        exchange.HttpLine(Peer(code="HND", address="http://node.example.hn"))


def test_a_stick_carries_the_same_and_a_broken_file_is_told(honduras: Other, tmp_path: Path) -> None:
    for n, value in enumerate((1, 2, 3)):
        (tmp_path / f"{9 - n}.mirps").write_bytes(honduras.package("figures", rows(value)))
    (tmp_path / "broken.mirps").write_bytes(b"\x00" * 500)
    found = {file.name: outcome for file, outcome in exchange.unpack(tmp_path, at=NOW)}
    assert [found[f"{n}.mirps"].state for n in (9, 8, 7)] == ["taken"] * 3
    assert found["broken.mirps"].reason == "exchange.refused.form"
    files = exchange.pack(tmp_path / "out", to="HND", at=NOW, back=True)
    back = [f"HND-MIRPS-figures-00000{n}.mirps" for n in (1, 2, 3)]
    assert [f.name for f in files] == ["MIRPS-HND-receipts-000001.mirps", *back]
    assert Package.objects.filter(state=Package.TAKEN).count() == 3
