"""Eight nodes on one machine: each its own name, port and home; the States know where the region is."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner
from tests.exchange.other import Other, set_up

from mirps.sharing.exchange.api import Peer
from mirps.web.shell import nodes


def test_each_node_has_a_home_a_port_and_a_name_of_its_own(tmp_path: Path) -> None:
    made = [nodes._environment(code, tmp_path, 8100 + n) for n, code in enumerate(("MIRPS", "HND", "GTM"))]
    for name in ("MIRPS_NODE", "MIRPS_HOME", "PORT", "MIRPS_ADDRESS", "MIRPS_HOSTS"):
        assert len({env[name] for env in made}) == 3, name
    assert not any("MIRPS_DATABASE_URL" in env for env in made)


def test_the_region_waits_to_be_called_and_knows_everybody(region: None, tmp_path: Path) -> None:
    for code in ("MIRPS", "HND", "GTM"):
        (tmp_path / code).mkdir()
        (tmp_path / code / nodes.CARD).write_text(Other(code, "MIRPS").card_text())
    done = CliRunner().invoke(nodes.nodes, ["meet", str(tmp_path), "--port", "8100"], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    assert list(Peer.objects.order_by("pk").values_list("pk", "address")) == [("GTM", ""), ("HND", "")]


def test_a_state_calls_the_region(db: None, settings: object, tmp_path: Path) -> None:
    set_up(settings, "HND", tmp_path / "own")
    for code in ("MIRPS", "GTM"):
        (tmp_path / code).mkdir()
        (tmp_path / code / nodes.CARD).write_text(Other(code, "HND").card_text())
    CliRunner().invoke(nodes.nodes, ["meet", str(tmp_path), "--port", "8100"], catch_exceptions=False)
    assert dict(Peer.objects.values_list("pk", "address")) == {"GTM": "", "MIRPS": "http://127.0.0.1:8100"}
