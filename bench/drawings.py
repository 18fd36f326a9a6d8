"""67 charts of one content by our drawings and by vl-convert (Vega-Lite), and our maps.

Both draw the same values as SVG: 27 sorted bars, 20 lines over years and 20 stacked bars. Both
are timed twice: from their first chart, and warm (after one chart of each kind), which spares
vl-convert the start of its script engine.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

from mirps.base.places import outlines
from mirps.base.places.rules import gazetteer
from mirps.sharing import drawings
from mirps.sharing.drawings import Frame, Point, Series

RIVAL = "vl-convert-python==1.9.0.post1"
PYTHON = Path("bench/.venv/bin/python")
PLACES = Path("data/places")
STATES = ("Belice", "Costa Rica", "El Salvador", "Guatemala", "Honduras", "México", "Panamá")
YEARS = tuple(str(year) for year in range(2015, 2025))
KINDS = ["bars"] * 27 + ["trend"] * 20 + ["stacked"] * 20
#: Run in the rival's own environment: reads specifications, answers with seconds.
SCRIPT = """
import json, sys, time
import vl_convert
specs, warm = json.load(sys.stdin), sys.argv[1] == "warm"
if warm:
    for spec in (specs[0], specs[30], specs[50]): vl_convert.vegalite_to_svg(spec)
start = time.perf_counter()
size = sum(len(vl_convert.vegalite_to_svg(spec)) for spec in specs)
print(json.dumps([time.perf_counter() - start, size]))
"""


def contents() -> list[tuple[str, list[Series]]]:
    """67 kinds with their series, from one fixed seed."""
    chance = Random(2024)
    out = []
    for kind in KINDS:
        labels = YEARS if kind == "trend" else STATES
        names = ("Mujeres", "Hombres", "Niñez") if kind == "stacked" else ("Personas",)
        series = [
            Series(
                name, tuple(Point(x, Decimal(chance.randrange(10, 90_000))) for x in labels), kind == "trend"
            )
            for name in names
        ]
        out.append((kind, series))
    return out


def ours(charts: list[tuple[str, list[Series]]]) -> int:
    draw: dict[str, Callable[[list[Series], Frame], str]] = {
        "bars": lambda series, frame: drawings.bars(series[0], frame),
        "trend": drawings.trend,
        "stacked": drawings.stacked,
    }
    return sum(len(draw[kind](series, Frame("Figura", "es", "{:,}".format))) for kind, series in charts)


def specification(kind: str, series: list[Series]) -> dict[str, Any]:
    """The same chart in Vega-Lite, with the values written at the bars as ours has them."""
    rows = [{"x": p.label, "y": float(p.value or 0), "s": s.name} for s in series for p in s.points]
    amount = {"field": "y", "type": "quantitative", "title": None}
    name = {"field": "x", "type": "nominal", "title": None, "sort": "-x" if kind == "bars" else None}
    if kind == "trend":
        encoding: dict[str, Any] = {"x": {**name, "type": "ordinal"}, "y": amount}
        layers: list[dict[str, Any]] = [{"mark": {"type": "line", "point": True}}]
    else:
        encoding = {"x": amount, "y": name}
        layers = [{"mark": "bar"}]
    if kind == "stacked":
        encoding["color"] = {"field": "s", "type": "nominal"}
    else:
        layers.append({"mark": {"type": "text", "dx": 20}, "encoding": {"text": {"field": "y"}}})
    return {"data": {"values": rows}, "width": 400, "encoding": encoding, "layer": layers}


def rival(charts: list[tuple[str, list[Series]]], mode: str) -> tuple[float, int]:
    if not PYTHON.exists():
        subprocess.run([sys.executable, "-m", "venv", "bench/.venv"], check=True)
    if subprocess.run([PYTHON, "-c", "import vl_convert"], capture_output=True).returncode:
        subprocess.run([PYTHON, "-m", "pip", "install", "-q", RIVAL], check=True)
    specs = json.dumps([specification(kind, series) for kind, series in charts])
    answer = subprocess.run(
        [PYTHON, "-c", SCRIPT, mode], input=specs, text=True, capture_output=True, check=True
    )
    seconds, size = json.loads(answer.stdout)
    return seconds, size


def seconds_of(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def maps() -> None:
    """The region and each State, with a value a division."""
    book, frame = gazetteer(PLACES), Frame("Mapa", "es", "{:,}".format)
    states = [Point(code, Decimal(100 + i), code=code) for i, code in enumerate(outlines.STATES)]
    drawings.symbols(outlines.region(PLACES), states, frame)
    for state in outlines.STATES:
        points = [Point(d.name, Decimal(i), code=d.code) for i, d in enumerate(book.of_state(state))]
        drawings.choropleth(outlines.state(PLACES, state), points, frame)


def run() -> dict[str, float]:
    charts = contents()
    first = seconds_of(lambda: ours(charts))
    warm = min(seconds_of(lambda: ours(charts)) for _ in range(5))
    maps_first, maps_warm = seconds_of(maps), min(seconds_of(maps) for _ in range(5))
    rival_first, _ = rival(charts, "first")
    rival_warm, _ = rival(charts, "warm")
    print(f"   67 charts, first: ours {first * 1e3:8.1f} ms, vl-convert {rival_first * 1e3:8.1f} ms")
    print(f"   67 charts, warm:  ours {warm * 1e3:8.1f} ms, vl-convert {rival_warm * 1e3:8.1f} ms")
    print(f"   ratio warm: {warm / rival_warm:.4f} (ours is {rival_warm / warm:.0f} times as fast)")
    print(f"   8 maps: first {maps_first * 1e3:.1f} ms with their outlines, then {maps_warm * 1e3:.1f} ms")
    return {
        "ours_first_s": first,
        "ours_warm_s": warm,
        "vl_convert_first_s": rival_first,
        "vl_convert_warm_s": rival_warm,
        "ratio_warm": warm / rival_warm,
        "ratio_first": first / rival_first,
        "maps_first_s": maps_first,
        "maps_warm_s": maps_warm,
    }


if __name__ == "__main__":
    run()
