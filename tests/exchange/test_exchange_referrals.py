"""A referral from a State to another through the region, each a process of its own: the region reads no word of it."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.exchange.test_exchange_nodes import Node
from tests.product import MIRPS, environment
from tests.safety.planted import Needles, people

pytestmark = [pytest.mark.slow, pytest.mark.browser]
COMAR, SBS = "MEX.COMAR", "GTM.SBS"


@pytest.fixture(scope="module")
def nodes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Node]]:
    """Mexico and Guatemala, which compared each other's cards, and the region, which writes down all it can."""
    base = tmp_path_factory.mktemp("referring")
    template = base / "template"
    template.mkdir()
    subprocess.run([MIRPS, "manage", "migrate", "-v0"], env=environment(template), check=True, timeout=300)
    all_ = {code: Node(code, base / code, template) for code in ("MEX", "GTM", "MIRPS")}
    region = all_["MIRPS"]
    try:
        region.do("loud")
        cards = {code: node.do("setup") for code, node in all_.items()}
        for code in ("MEX", "GTM"):
            region.do("add", cards=[cards[code]], address="")
            all_[code].do("add", cards=[cards["MIRPS"]], address=region.address)
        all_["MEX"].do("add", cards=[cards["GTM"]], address="")
        all_["GTM"].do("add", cards=[cards["MEX"]], address="")
        met(all_)
        yield all_
    finally:
        for node in all_.values():
            node.stop()


def met(nodes: dict[str, Node]) -> None:
    """What each has reaches the other: two visits of each to the region, as in two minutes."""
    for _ in range(2):
        for code in ("MEX", "GTM"):
            found = nodes[code].do("sync")
            assert found["MIRPS"][3] == 0, found


def both(nodes: dict[str, Node], id_: str) -> tuple[dict[str, Any], dict[str, Any]]:
    return nodes["MEX"].do("read", id=id_, institution=COMAR), nodes["GTM"].do(
        "read", id=id_, institution=SBS
    )


def found_in(folder: Path, needles: Needles) -> dict[str, list[bytes]]:
    files = [p for p in sorted(folder.rglob("*")) if p.is_file()]
    assert files
    return {p.name: hits[:5] for p in files if (hits := needles.found(p.read_bytes()))}


def test_a_referral_crosses_two_states_and_comes_back_answered_and_the_region_reads_nothing(
    nodes: dict[str, Node],
) -> None:
    mex, gtm, region = nodes["MEX"], nodes["GTM"], nodes["MIRPS"]
    planted = people(3)
    began = time.monotonic()
    documents = mex.do("refer", n=0, institution=COMAR, to=SBS, service="documents")
    gbv = mex.do("refer", n=1, institution=COMAR, to=SBS, service="gbv")
    met(nodes)
    took = time.monotonic() - began
    assert took < 60, took
    for id_, p in ((documents, planted[0]), (gbv, planted[1])):
        theirs = gtm.do("read", id=id_, institution=SBS)
        assert theirs["stage"] == "arrived"
        assert p.given in theirs["said"], "it came, and the other institution can read it"
        assert p.note in theirs["said"]
        assert gtm.do("read", id=id_, institution="GTM.IGM") == {}
        assert gtm.do("does", id=id_, institution=SBS, act="open") == "opened"
        assert (
            gtm.do("does", id=id_, institution=SBS, act="accept", words=f"{p.first} {p.second} is here")
            == "accepted"
        )
    assert planted[0].document in gtm.do("read", id=documents, institution=SBS)["said"]
    assert planted[1].document not in gtm.do("read", id=gbv, institution=SBS)["said"]
    met(nodes)
    assert mex.do("read", id=gbv, institution=COMAR)["stage"] == "accepted"
    for id_, p in ((documents, planted[0]), (gbv, planted[1])):
        gtm.do(
            "does",
            id=id_,
            institution=SBS,
            act="report",
            reason="attended",
            words=f"{p.given} has it: {p.note}",
        )
    met(nodes)
    for id_ in (documents, gbv):
        assert mex.do("does", id=id_, institution=COMAR, act="close", reason="done") == "closed"
    met(nodes)
    met(nodes)  # until each knows that the other has it all
    for id_ in (documents, gbv):
        ours, theirs = both(nodes, id_)
        assert ours == theirs
        assert (ours["stage"], ours["outcome"], ours["known"]) == ("closed", "attended", True)

    # All that the region has: database and its journal, logs of every statement, files; and its packages laid open.
    assert region.do("unpack_letters", folder=str(region.home / "laid-open")) >= 10
    written = {p.name for p in region.home.rglob("*") if p.is_file()}
    assert {"mirps.sqlite3", "debug.log"} <= written
    log = (region.home / "debug.log").read_bytes()
    assert b"exchange_package" in log or b"sharing_package" in log, "its statements are in the log"
    needles = Needles(planted)
    assert found_in(region.home, needles) == {}
    for institution in (COMAR, SBS):
        assert institution.encode() not in b"".join(
            p.read_bytes() for p in (region.home / "laid-open").glob("*.letter")
        ), "nor which institution it is for"
    sizes = {p.stat().st_size // 1024 for p in (region.home / "laid-open").glob("*.age")}
    assert sizes == {4}, "and every letter is as long as the next"


def test_a_consent_withdrawn_before_it_was_opened_empties_it_in_the_other_state(
    nodes: dict[str, Node],
) -> None:
    mex, gtm = nodes["MEX"], nodes["GTM"]
    id_ = mex.do("refer", n=2, institution=COMAR, to=SBS, service="shelter")
    met(nodes)
    assert people(3)[2].given in gtm.do("read", id=id_, institution=SBS)["said"]
    mex.do("withdraw_consent", n=2, institution=COMAR)
    met(nodes)
    ours, theirs = both(nodes, id_)
    assert (ours["stage"], theirs["stage"], theirs["said"]) == ("withdrawn", "withdrawn", '[[], "", ""]')
    assert ours["events"] == theirs["events"]


def test_a_referral_whose_consent_ended_before_the_line_held_never_leaves(nodes: dict[str, Node]) -> None:
    mex, gtm = nodes["MEX"], nodes["GTM"]
    id_ = mex.do("refer", n=3, institution=COMAR, to=SBS, service="shelter")
    mex.do("withdraw_consent", n=3, institution=COMAR)
    met(nodes)
    assert mex.do("read", id=id_, institution=COMAR)["stage"] == "withdrawn"
    assert gtm.do("read", id=id_, institution=SBS) == {}


def test_restored_nodes_and_new_keys_lose_no_referral_and_double_none(nodes: dict[str, Node]) -> None:
    mex, gtm, region = nodes["MEX"], nodes["GTM"], nodes["MIRPS"]
    backups = {code: node.backup() for code, node in nodes.items()}
    id_ = mex.do("refer", n=4, institution=COMAR, to=SBS, service="health")
    met(nodes)
    gtm.do("does", id=id_, institution=SBS, act="open")
    gtm.do("does", id=id_, institution=SBS, act="refuse", reason="no-capacity")
    met(nodes)
    met(nodes)
    before = both(nodes, id_)
    assert before[0] == before[1]
    for code in ("MEX", "MIRPS", "GTM"):
        port = nodes[code].port
        nodes[code].restore(backups[code])
        nodes[code].do("told")  # it is up again
        assert nodes[code].port == port
        met(nodes)
        met(nodes)
        ours, theirs = both(nodes, id_)
        assert (ours["stage"], ours["events"]) == (theirs["stage"], theirs["events"]), code
        assert (ours["stage"], len(ours["events"])) == ("refused", 4), code
    mex.do("rotate")
    gtm.do("rotate")
    region.do("rotate")
    met(nodes)
    gtm.do("does", id=id_, institution=SBS, act="accept")
    met(nodes)
    assert mex.do("read", id=id_, institution=COMAR)["stage"] == "accepted"
    assert mex.do("told")["refused"] == gtm.do("told")["refused"] == []
