"""A State's node: what the region asks of it arrives, what it approved goes up, its keys turn and are never lost."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.exchange.other import NOW, Other, peer, set_up
from tests.rounds.conftest import cell, round_2025, write

from mirps.base.codelists import api as codelists
from mirps.base.crypto import api as crypto
from mirps.evidence.entries import api as entries
from mirps.evidence.figures import api as ledger
from mirps.evidence.rounds import api as rounds
from mirps.evidence.rounds.api import Asked, Round, Stage, Step
from mirps.sharing.exchange import api as exchange
from mirps.sharing.exchange import figures, keys, lists, packing, taking
from mirps.sharing.exchange import rounds as asked
from mirps.sharing.exchange.api import NodeKey, Outcome, Package, Peer

__all__ = ["round_2025"]


@pytest.fixture
def region(db: None, settings: object, tmp_path: Path) -> Other:
    """The region as a peer of this process, which is Honduras."""
    set_up(settings, "HND", tmp_path)
    return peer("MIRPS", "HND")


def take(data: bytes) -> Outcome:
    return exchange.take(data, via="test", at=NOW)


def content(package: Package | None) -> dict[str, object]:
    assert package is not None
    return packing.content_of(bytes(package.body))


def test_what_a_state_did_not_approve_does_not_leave_it(region: Other, round_2025: Round) -> None:
    c = cell("hnd-inm-002")
    write(c, 480, by="clerk")
    assert figures.send(round="2025", by="test", at=NOW) is None
    entries.take(cells=[c.pk], step=Step.SUBMIT, by="clerk", role="data-entry", at=NOW)
    assert figures.send(round="2025", by="test", at=NOW) is None
    entries.take(cells=[c.pk], step=Step.APPROVE_STATE, by="approver", role="state-approver", at=NOW)
    told = content(figures.send(round="2025", by="test", at=NOW))
    assert len(told["rows"]) == 1  # type: ignore[arg-type]
    assert figures.send(round="2025", by="test", at=NOW) is None  # once


def test_a_figure_that_was_corrected_before_it_left_names_nothing_that_the_region_never_had(
    region: Other, round_2025: Round
) -> None:
    c = cell("hnd-inm-002")
    write(c, 480, by="clerk")
    entries.take(cells=[c.pk], step=Step.SUBMIT, by="clerk", role="data-entry", at=NOW)
    entries.take(cells=[c.pk], step=Step.SEND_BACK, by="approver", role="a", reason="look again", at=NOW)
    write(c, 481, by="clerk")
    entries.take(cells=[c.pk], step=Step.SUBMIT, by="clerk", role="data-entry", at=NOW)
    entries.take(cells=[c.pk], step=Step.APPROVE_STATE, by="approver", role="state-approver", at=NOW)
    told = content(figures.send(round="2025", by="test", at=NOW))
    row = dict(zip(told["columns"], told["rows"][0], strict=True))  # type: ignore[index,call-overload]
    assert (row["value"], row["supersedes"]) == ("481", "")


def asks_of(held: Round) -> dict[str, object]:
    """A round as the region tells it, under a code that this database does not have."""
    told = asked.told(held, "HND")
    return {**told, "round": {**told["round"], "code": "2031"}}


def test_a_round_of_the_region_is_set_up_open_with_its_forms_and_dates(
    region: Other, round_2025: Round
) -> None:
    assert take(region.package("rounds", asks_of(round_2025))).state == Package.TAKEN
    held = Round.objects.get(pk="2031")
    assert held.stage == Stage.OPEN
    assert set(Asked.objects.filter(round=held).values_list("state", flat=True)) == {"HND"}
    assert entries.Cell.objects.filter(asked__round=held).exists()
    dates = list(held.due_dates.all())
    assert rounds.due(dates, rounds.Due.ENTRY) == rounds.due(
        list(round_2025.due_dates.all()), rounds.Due.ENTRY
    )


def test_a_round_follows_what_the_region_changes(region: Other, round_2025: Round) -> None:
    take(region.package("rounds", asks_of(round_2025)))
    rounds.set_due(
        round=round_2025,
        step=rounds.Due.ENTRY,
        due=NOW + timedelta(days=90),
        reason="a storm",
        by="x",
        at=NOW,
    )
    rounds.turn(round="2025", to=Stage.CLOSED, by="x", at=NOW)
    found = take(region.package("rounds", asks_of(Round.objects.get(pk="2025"))))
    assert found.state == Package.TAKEN, found
    held = Round.objects.get(pk="2031")
    assert held.stage == Stage.CLOSED
    assert rounds.due(list(held.due_dates.all()), rounds.Due.ENTRY) == NOW + timedelta(days=90)


def test_what_is_asked_of_another_state_is_refused(region: Other, round_2025: Round) -> None:
    told = asks_of(round_2025) | {"asks": asked.told(round_2025, "CRI")["asks"]}
    assert take(region.package("rounds", told)).reason == "exchange.refused.state"
    assert not Round.objects.filter(pk="2031").exists()


def test_a_list_that_came_counts_once_somebody_adopted_it(
    region: Other, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "codelists/units.csv"
    own = (codelists.data_folder() / name).read_text("utf-8")
    for file in lists.LISTS:
        (tmp_path / "data" / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "data" / file).write_text((codelists.data_folder() / file).read_text("utf-8"), "utf-8")
    monkeypatch.setattr(codelists, "data_folder", lambda: tmp_path / "data")
    line = own.splitlines()[-1]
    news = own + line.replace(line.split(",")[0], "lorry", 1) + "\n"
    assert take(region.package("lists", {"lists": {name: news, "weather.csv": "x"}})).state == Package.TAKEN
    assert list(lists.offered()) == [name]
    assert (tmp_path / "data" / name).read_text("utf-8") == own
    assert lists.adopt(names=[name], by="admin", at=NOW) == [name]
    assert (tmp_path / "data" / name).read_text("utf-8") == news
    assert lists.offered() == {}


def test_a_list_that_cannot_be_read_is_refused(region: Other) -> None:
    found = take(region.package("lists", {"lists": {"codelists/units.csv": "nothing,of\nthe,kind\n"}}))
    assert (found.state, found.reason) == (Package.REFUSED, "exchange.refused.content")


def test_a_rotation_is_told_to_each_peer_under_the_old_key(region: Other) -> None:
    old = exchange.current()
    new = exchange.rotate(by="admin", at=NOW)
    assert new.kid != old.kid
    sent = Package.objects.get(lane__stream="keys")
    kid = taking.read(packing.joined(sent.head, bytes(sent.body)))[2]
    assert kid == old.kid
    assert keys.read_card(str(content(sent)["card"])).kid == new.kid
    assert NodeKey.objects.get(pk=old.pk).ended_at == NOW


def test_a_database_from_before_a_rotation_finds_its_newer_key_in_the_key_file(region: Other) -> None:
    exchange.rotate(by="admin", at=NOW)
    sent = Package.objects.get(lane__stream="keys")
    data, kid = packing.joined(sent.head, bytes(sent.body)), exchange.current().kid
    # The backup: neither the key nor the package nor its number.
    sent.delete()
    exchange.Lane.objects.all().delete()
    NodeKey.objects.filter(kid=kid).delete()
    NodeKey.objects.update(ended_at=None)
    assert take(data).state == Package.TAKEN
    assert exchange.current().kid == kid


def test_own_packages_that_come_back_give_the_figures_back_and_number_anew_what_came_between(
    region: Other, round_2025: Round
) -> None:
    def state(value: int) -> None:
        made = ledger.Figure(
            id=f"r2025-hnd-{value}", document="", locator="", fragment="", state="HND", sector="asylum",
            measure="asylum.applications", value=Decimal(value), unit="application", population="ASY",
            period_start=round_2025.starts, period_end=round_2025.ends, series=str(value),
        )  # fmt: skip
        ledger.state_figures(figures=[made], round="2025", by="test", at=NOW)

    state(7)
    lost = figures.send(round="2025", by="test", at=NOW)
    assert lost is not None
    data = packing.joined(lost.head, bytes(lost.body))
    lost.delete()
    exchange.Lane.objects.all().delete()
    ledger.FigureRow.objects.all().delete()
    state(8)
    again = figures.send(round="2025", by="test", at=NOW)
    assert again is not None
    assert again.number == 1  # a number that the region has already
    found = take(data)
    assert found.state == Package.TAKEN, found
    assert set(ledger.FigureRow.objects.values_list("value", flat=True)) == {7, 8}
    from mirps.sharing.exchange.sending import number_again, our_have

    peer = Peer.objects.get(pk="MIRPS")
    assert number_again(peer, our_have(peer, outward=True), by="test", at=NOW) == 1
    again.refresh_from_db()
    assert (again.number, again.state) == (2, Package.WAITING)
    assert take(packing.joined(again.head, bytes(again.body))).again


def test_a_forged_package_of_our_own_is_turned_away(region: Other) -> None:
    forged = Other("HND", "MIRPS")
    assert take(forged.package("figures", {"round": "2025"})).reason == "exchange.refused.key"


def test_the_keys_of_a_node_turn_with_those_of_its_key_file(region: Other) -> None:
    assert keys.Held().left(crypto.ring().current) == 1
    assert list(keys.Held().renewed(crypto.ring())) == []


def test_the_commands_say_who_is_who(region: Other) -> None:
    from mirps.web.shell.node import node

    take(Other("GTM", "HND").package("keys", {}))
    run = CliRunner()
    for lang, word in (("es", "huella"), ("en", "fingerprint")):
        told = run.invoke(node, ["list", "--lang", lang]).output
        assert region.card.fingerprint in told
        assert word in told
        assert "GTM" in told
    card = run.invoke(node, ["setup"]).output
    assert "HND" in card
    assert run.invoke(node, ["pause", "MIRPS", "--lang", "en"]).output == "MIRPS paused\n"
    assert run.invoke(node, ["pause", "XXX", "--lang", "en"]).exit_code == 1
