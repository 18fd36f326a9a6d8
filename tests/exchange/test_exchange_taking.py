"""What a node takes and what it refuses: once, in order, whole, and always with a reason in both languages."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.exchange.conftest import rows
from tests.exchange.other import NOW, Other

from mirps.base.audit.api import AuditEntry
from mirps.base.texts.api import LANGUAGES, say
from mirps.evidence.figures.api import FigureRow, Origin, Status
from mirps.evidence.rounds.api import Round
from mirps.sharing.exchange import api as exchange
from mirps.sharing.exchange import packing
from mirps.sharing.exchange.api import Lane, Outcome, Package, TurnedAway

pytestmark = pytest.mark.usefixtures("round_2025")


def take(data: bytes, at=NOW) -> Outcome:  # type: ignore[no-untyped-def]
    found = exchange.take(data, via="test", at=at)
    if found.reason:  # every refusal can be told, in both languages, with all that it names
        assert all(say(found.reason, lang, **found.values) for lang in LANGUAGES)
    return found


def stated() -> set[int]:
    return {int(v) for v in FigureRow.objects.filter(round="2025").values_list("value", flat=True)}


def test_a_states_figures_stand_in_the_regions_draft_round_with_their_origin(honduras: Other) -> None:
    assert take(honduras.package("figures", rows(120, 340))).state == Package.TAKEN
    kept = FigureRow.objects.get(value=120)
    assert (kept.round, kept.state, kept.source) == ("2025", "HND", "HND.INM")
    assert (kept.status, kept.origin) == (Status.SUBMITTED, Origin.COMPUTED)
    assert kept.recorded_by == "mirps node HND"
    assert AuditEntry.objects.filter(act="exchange.taken", subject="node HND").count() == 1


def test_the_same_package_twice_is_once(honduras: Other) -> None:
    data = honduras.package("figures", rows(120))
    assert not take(data).again
    assert take(data).again
    assert FigureRow.objects.count() == 1
    assert Package.objects.count() == 1


def test_what_comes_before_its_turn_is_kept_and_waits(honduras: Other) -> None:
    sent = [honduras.package("figures", rows(n)) for n in (1, 2, 3, 4)]
    assert take(sent[2]).state == Package.WAITING
    assert take(sent[3]).state == Package.WAITING
    assert take(sent[0]).state == Package.TAKEN
    assert stated() == {1}
    assert take(sent[1]).state == Package.TAKEN
    assert stated() == {1, 2, 3, 4}
    assert Lane.objects.get(stream="figures").number == 4


def test_an_altered_package_is_turned_away_and_its_lane_is_as_it_was(honduras: Other) -> None:
    data = honduras.package("figures", rows(120))
    altered = data[:-20] + bytes([data[-20] ^ 1]) + data[-19:]
    assert take(altered).reason == "exchange.refused.altered"
    assert TurnedAway.objects.get().sender == "HND"
    assert take(data).state == Package.TAKEN


def test_a_head_that_was_altered_is_turned_away(honduras: Other) -> None:
    body = packing.body_of(rows(120))
    forged = Other("HND", "MIRPS")  # another key under the same name
    assert take(forged.sealed(forged.head("figures", body), body)).reason == "exchange.refused.key"
    honest, other = honduras.package("figures", rows(1)), honduras.package("figures", rows(2))
    head, signature = (
        honest.split(b"\n", 1)[0].rsplit(b".", 1)[0],
        other.split(b"\n", 1)[0].rsplit(b".", 1)[1],
    )
    assert take(head + b"." + signature + b"\n" + body).reason == "exchange.refused.altered"
    assert stated() == set()


def test_a_stranger_and_a_package_for_another_are_turned_away(honduras: Other) -> None:
    assert take(Other("GTM", "MIRPS").package("figures", rows(1))).reason == "exchange.refused.unknown"
    assert take(honduras.package("figures", rows(1), receiver="MEX")).reason == "exchange.refused.not-for-us"


def test_one_from_the_future_may_come_again_when_the_clock_is_right(honduras: Other) -> None:
    body = packing.body_of(rows(120))
    head = honduras.head("figures", body)
    ahead = honduras.package("figures", rows(120), id=head.id, made_at=NOW + timedelta(days=3))
    assert take(ahead).reason == "exchange.refused.future"
    assert not Package.objects.exists()
    assert take(honduras.sealed(head, body)).state == Package.TAKEN


def test_a_clock_that_is_a_little_ahead_is_borne(honduras: Other) -> None:
    data = honduras.package("figures", rows(120), made_at=NOW + timedelta(minutes=5))
    assert take(data).state == Package.TAKEN


def test_the_same_package_under_another_number_is_refused_and_the_lane_goes_on(honduras: Other) -> None:
    body = packing.body_of(rows(120))
    first = honduras.head("figures", body)
    assert take(honduras.package("figures", rows(120), id=first.id)).state == Package.TAKEN
    again = take(honduras.package("figures", rows(120), id=first.id))
    assert (again.state, again.reason) == (Package.REFUSED, "exchange.refused.replayed")
    assert take(honduras.package("figures", rows(340))).state == Package.TAKEN
    assert stated() == {120, 340}


def test_a_number_that_is_used_again_for_something_else_is_noticed(honduras: Other) -> None:
    backup = dict(honduras.lanes)
    take(honduras.package("figures", rows(120)))
    honduras.lanes = backup
    assert take(honduras.package("figures", rows(999))).reason == "exchange.refused.reused"
    assert take(honduras.package("figures", rows(998))).reason == "exchange.refused.parted"
    assert stated() == {120}


def test_one_that_waited_for_a_past_that_never_was_is_dropped(honduras: Other) -> None:
    take(honduras.package("figures", rows(1)))
    before = dict(honduras.lanes)
    honduras.package("figures", rows(2))
    waits = honduras.package("figures", rows(3))
    assert take(waits).state == Package.WAITING
    honduras.lanes = before
    assert take(honduras.package("figures", rows(20))).state == Package.TAKEN
    assert stated() == {1, 20}
    assert TurnedAway.objects.get().reason == "exchange.refused.parted"
    assert take(honduras.package("figures", rows(30))).state == Package.TAKEN


@pytest.mark.parametrize(
    ("changes", "why"),
    [({"version": (2, 0)}, "newer"), ({"version": (0, 9)}, "older"), ({"stream": "weather"}, "kind")],
)
def test_another_major_version_is_refused_by_name(
    honduras: Other, changes: dict[str, object], why: str
) -> None:
    stream = str(changes.pop("stream", "figures"))
    found = take(honduras.package(stream, rows(120), **changes))
    assert (found.state, found.reason) == (Package.REFUSED, f"exchange.refused.{why}")


def test_rounds_do_not_come_from_a_state(honduras: Other) -> None:
    assert take(honduras.package("rounds", {"round": {}})).reason == "exchange.refused.not-theirs"


def test_figures_of_another_state_are_refused_whole(honduras: Other) -> None:
    content = rows(120)
    content["rows"] += rows(7, state="GTM")["rows"]  # type: ignore[operator]
    found = take(honduras.package("figures", content))
    assert (found.state, found.reason) == (Package.REFUSED, "exchange.refused.state")
    assert stated() == set()


def test_a_figure_of_another_round_or_state_is_not_superseded(honduras: Other, round_2025: Round) -> None:
    take(honduras.package("figures", rows(120)))
    FigureRow.objects.filter(value=120).update(state="CRI")
    found = take(honduras.package("figures", rows(121, supersedes="r2025-hnd-inm-120")))
    assert found.reason == "exchange.refused.supersedes"
    FigureRow.objects.update(state="HND", status=Status.PUBLISHED)
    found = take(honduras.package("figures", rows(122, supersedes="r2025-hnd-inm-120")))
    assert found.reason == "exchange.refused.supersedes"


def test_a_later_statement_takes_the_place_of_the_earlier(honduras: Other) -> None:
    take(honduras.package("figures", rows(120)))
    take(honduras.package("figures", rows(125, supersedes="r2025-hnd-inm-120")))
    assert FigureRow.objects.get(value=120).superseded_by == "r2025-hnd-inm-125"


def test_nothing_is_half_applied_when_one_figure_is_wrong(honduras: Other) -> None:
    content = rows(120, 340)
    content["rows"][1][content["columns"].index("measure")] = "no.such.measure"  # type: ignore[index,attr-defined]
    found = take(honduras.package("figures", content))
    assert (found.state, found.reason) == (Package.REFUSED, "exchange.refused.content")
    assert stated() == set()


def test_the_status_of_a_figure_in_the_region_is_not_for_a_state_to_say(honduras: Other) -> None:
    take(honduras.package("figures", rows(120, status="published")))
    assert FigureRow.objects.get().status == Status.SUBMITTED


def test_a_round_that_is_not_worked_in_takes_no_figures(honduras: Other) -> None:
    found = take(honduras.package("figures", rows(120) | {"round": "1999"}))
    assert found.reason == "exchange.refused.round"


def test_what_is_too_big_to_unpack_is_refused(honduras: Other, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = packing.content_of
    monkeypatch.setattr(packing, "content_of", lambda body: whole(body, 1000))
    found = take(honduras.package("figures", {"round": "2025", "zeros": "0" * 50_000_000}))
    assert found.reason == "exchange.refused.too-big"


def test_nothing_of_a_paused_peer_is_taken_until_it_is_resumed(honduras: Other) -> None:
    exchange.pause(code="HND", paused=True, by="admin", at=NOW)
    data = honduras.package("figures", rows(120))
    assert take(data).reason == "exchange.refused.paused"
    exchange.pause(code="HND", paused=False, by="admin", at=NOW)
    assert take(data).state == Package.TAKEN


def test_a_refusal_travels_back_as_a_receipt_in_words(honduras: Other) -> None:
    take(honduras.package("figures", rows(120)))
    take(honduras.package("figures", rows(7, state="GTM")))
    peer = exchange.Peer.objects.get(pk="HND")
    from mirps.sharing.exchange.peers import give_receipts

    made = give_receipts(peer, at=NOW)
    assert made is not None
    told = packing.content_of(bytes(made.body))
    assert [o["state"] for o in told["outcomes"]] == ["taken", "refused"]
    assert told["outcomes"][1]["es"].startswith("Trae cifras")
    assert told["outcomes"][1]["en"].startswith("It brings figures")
    assert told["have"]["figures"]["number"] == 2
    assert give_receipts(peer, at=NOW) is None


def test_rotated_keys_come_in_a_package_that_the_old_one_signs(honduras: Other) -> None:
    late = honduras.package("figures", rows(1))
    turned = Other("HND", "MIRPS", generation=2, lanes=honduras.lanes)
    first = turned.package("figures", rows(2))
    assert take(first).reason == "exchange.refused.key"
    honduras.lanes = {}
    keys = honduras.package("keys", {"card": turned.card_text()}, made_at=NOW + timedelta(minutes=1))
    assert take(keys).state == Package.TAKEN
    assert take(late).state == Package.TAKEN  # signed before, it stays valid
    assert take(first).state == Package.TAKEN
    turned.lanes["keys"] = honduras.lanes["keys"]
    honduras.lanes = dict(turned.lanes)
    after = honduras.package("figures", rows(3), made_at=NOW + timedelta(minutes=9))
    assert take(after, at=NOW + timedelta(hours=1)).reason == "exchange.refused.key-ended"


def test_nobody_else_rotates_a_peers_keys(honduras: Other) -> None:
    found = take(honduras.package("keys", {"card": Other("GTM", "MIRPS", generation=2).card_text()}))
    assert found.reason == "exchange.refused.not-theirs"
    assert (
        take(honduras.package("keys", {"card": honduras.card_text()[:-4] + "AAAA"})).state == Package.REFUSED
    )


def test_a_card_is_taken_with_its_own_fingerprint_alone(region: None) -> None:
    from mirps.base.refusal import Refusal

    other = Other("GTM", "MIRPS")
    with pytest.raises(Refusal, match="fingerprint"):
        exchange.add(card=other.card, fingerprint="1" * 40, by="admin", at=NOW)
    assert len(other.card.fingerprint.replace(" ", "")) == 40
