"""The whole way, each node a process of its own: a case decided in a State is a protected figure in the region's draft
round within a minute, and a person referred from one State to another is read by no one between."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator

import pytest
from tests.exchange.test_exchange_nodes import STATES, Node, everybody, introduce
from tests.product import MIRPS, environment
from tests.safety.planted import Needles, people

pytestmark = [pytest.mark.slow, pytest.mark.browser]  # sockets, and no database of the tests' own
CASES = 8


@pytest.fixture(scope="module")
def nodes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Node]]:
    base = tmp_path_factory.mktemp("done")
    template = base / "template"
    template.mkdir()
    subprocess.run([MIRPS, "manage", "migrate", "-v0"], env=environment(template), check=True, timeout=300)
    all_ = {code: Node(code, base / code, template) for code in (*STATES, "MIRPS")}
    try:
        introduce(all_)
        yield all_
    finally:
        for node in all_.values():
            node.stop()


def met(nodes: dict[str, Node]) -> None:
    """All the States have met the region: a line that was busy is tried again, as it is the minute after."""
    for _ in range(5):
        if not any(isinstance(told["MIRPS"], str) for told in everybody(nodes, "sync").values()):
            return
    raise AssertionError("the region was not to be reached")


def minute(node: Node) -> None:
    """What `mirps serve` does each minute, by the same command."""
    subprocess.run(
        [MIRPS, "beside", "once"], env=node.environment(), check=True, timeout=300, stdout=subprocess.DEVNULL
    )


def test_a_case_decided_in_a_state_is_a_protected_figure_in_the_regions_draft_round_within_a_minute(
    nodes: dict[str, Node],
) -> None:
    region, mexico = nodes["MIRPS"], nodes["MEX"]
    region.do("ask_counted", states=list(STATES))
    met(nodes)
    assert mexico.do("begin", cases=CASES) == CASES
    mexico.do("agree", indicator="asylum_decisions")
    for _ in range(CASES - 1):
        mexico.do("decide", act="recognise")
    assert region.do("draft", state="MEX") == []

    began = time.monotonic()
    mexico.do("decide", act="refuse")
    minute(mexico)
    found = {
        dimensions: (value, absence) for dimensions, value, absence, _ in region.do("draft", state="MEX")
    }
    took = time.monotonic() - began
    print(f"decided in Mexico, in the region's draft round after {took:.1f} s")
    assert took < 60
    assert found[""] == (CASES, "")
    small = {d: value for d, (value, _) in found.items() if value is not None and 0 < value < 5}
    assert small == {}, "nothing that could point to somebody left Mexico"
    assert {version for *_, version in region.do("draft", state="MEX")} == {0}, "nobody's answer was written"
    page = region.do("page", path="/en/rounds/2026/review/MEX/computed/")
    assert page.startswith("200")
    assert f"{CASES} (" in page
    assert region.do("draft", state="GTM") == []


def test_a_referral_crosses_two_states_and_the_region_between_them_reads_no_word(
    nodes: dict[str, Node],
) -> None:
    mexico, guatemala, region = nodes["MEX"], nodes["GTM"], nodes["MIRPS"]
    cards = {code: nodes[code].do("setup") for code in ("MEX", "GTM")}
    mexico.do("add", cards=[cards["GTM"]], address="")
    guatemala.do("add", cards=[cards["MEX"]], address="")
    met(nodes)
    met(nodes)
    began = time.monotonic()
    referral = mexico.do("refer", n=0, institution="MEX.COMAR", to="GTM.SBS", service="documents")
    for _ in range(2):
        mexico.do("sync")
        guatemala.do("sync")
    theirs = guatemala.do("read", id=referral, institution="GTM.SBS")
    print(f"referred in Mexico, read in Guatemala after {time.monotonic() - began:.1f} s")
    (who,) = people(1)
    assert (theirs["stage"], who.given in theirs["said"]) == ("arrived", True)
    region.stop()
    needles = Needles([who])
    files = [p for p in sorted(region.home.rglob("*")) if p.is_file()]
    assert files
    assert {p.name: found[:3] for p in files if (found := needles.found(p.read_bytes()))} == {}
