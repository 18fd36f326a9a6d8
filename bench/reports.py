"""The annual report as PDF: ours, typst alone, and the same content through WeasyPrint.

All three make tagged PDF/UA-1 from the 2024 round, which is loaded before the clock starts; each run
is a process of its own, so that none finds a warm cache, and the start of an interpreter and its
imports count for none. Ours reads the report's files, proves it, binds it, draws its charts and maps
and sets it. Typst alone sets the markup that ours wrote, drawings in it. The rival draws the same
charts and maps with vl-convert (Vega-Lite) and sets the same HTML with WeasyPrint; reading, proving
and binding are not counted for it. WeasyPrint needs Debian's libpango-1.0-0 and libpangoft2-1.0-0.
"""

from __future__ import annotations

import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

RIVALS = ["weasyprint==70.0", "vl-convert-python==1.9.0.post1"]
PYTHON = Path("bench/.venv/bin/python")
PLACES = Path("data/places")
RUNS = 5
RIVAL_RUNS = 3
#: Run in the rivals' own environment: reads HTML with <!--drawing--> marks and specifications.
SCRIPT = """
import json, sys, time
import vl_convert, weasyprint
given = json.load(sys.stdin)
start = time.perf_counter()
svgs = [vl_convert.vegalite_to_svg(spec) for spec in given["specs"]]
drawn = time.perf_counter()
html = given["html"]
for svg in svgs:
    html = html.replace("<!--drawing-->", svg, 1)
pdf = weasyprint.HTML(string=html).write_pdf(pdf_variant="pdf/ua-1")
end = time.perf_counter()
open(sys.argv[1], "wb").write(pdf)
print(json.dumps([end - start, drawn - start]))
"""


def _prepared() -> Any:
    """The round as a book, everything imported, fonts found."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mirps.config.settings")
    import django

    django.setup()
    from mirps.base.texts.api import catalogue
    from mirps.evidence.figures.api import Book, read_own_round
    from mirps.sharing.reports import building, office, paper  # noqa: F401

    catalogue()
    package = read_own_round("2024")
    return Book.of(package.figures, package.measures)


def _document(book: Any, *, linked: bool = False) -> Any:
    from mirps.sharing.reports import building

    request = building.Request("es", linked=linked, base="https://mirps.example")
    return building.make(building.plan_of("annual-2024"), request, book, lambda _: {}).document


def job(kind: str) -> None:
    """One run in this process: writes the seconds to standard output."""
    book = _prepared()
    from mirps.sharing.reports import paper

    if kind == "ours":
        start = time.perf_counter()
        paper.write(_document(book))
        seconds = time.perf_counter() - start
    else:
        document = _document(book)
        source = paper.markup(document)
        start = time.perf_counter()
        paper.compile_pdf(source, document)
        seconds = time.perf_counter() - start
    print(json.dumps(seconds))


def _run(kind: str) -> float:
    made = subprocess.run(
        [sys.executable, "-m", "bench.reports", kind], capture_output=True, text=True, check=True
    )
    return float(json.loads(made.stdout.splitlines()[-1]))


def _content() -> tuple[str, list[dict[str, Any]], int]:
    """The report's HTML with a mark for each drawing, and the drawings' specifications."""
    book = _prepared()
    from mirps.sharing.reports import building
    from mirps.sharing.reports.tree import Picture

    document = _document(book)
    html = building.write(document, "html").decode()
    html = re.sub(r"<svg.*?</svg>", "<!--drawing-->", html, flags=re.DOTALL)
    # On paper WeasyPrint would leave out what a reader has not opened; ours has no data tables either.
    html = re.sub(r"<details>.*?</details>", "", html, flags=re.DOTALL)
    page = "<style>@page { size: A4; margin: 2.5cm } body { font-size: 9.6pt }</style></head>"
    html = html.replace("</head>", page)
    pictures = [b for s in document.sections for b in s.blocks if isinstance(b, Picture)]
    return html, [_specification(p, book) for p in pictures], len(pictures)


def _specification(picture: Any, book: Any) -> dict[str, Any]:
    rows = []
    states = set()
    for row in picture.data.rows:
        label = row[0][0].words
        for name, cell in zip(picture.data.head[1:], row[1:], strict=True):
            if hasattr(cell[0], "figure"):
                figure = book.get(cell[0].figure).figure
                states.add(figure.state)
                rows.append({"x": label, "y": float(figure.value), "s": name[0].words, "state": figure.state})
    if picture.kind == "map":
        return _map(rows)
    encoding: dict[str, Any] = {
        "x": {"field": "y", "type": "quantitative", "title": None},
        "y": {"field": "x", "type": "nominal", "title": None, "sort": None},
    }
    if len({r["s"] for r in rows}) > 1:
        encoding |= {"color": {"field": "s", "type": "nominal"}, "yOffset": {"field": "s"}}
    text = {"mark": {"type": "text", "dx": 20}, "encoding": {"text": {"field": "y"}}}
    return {"data": {"values": rows}, "width": 400, "encoding": encoding, "layer": [{"mark": "bar"}, text]}


def _map(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """The region's outlines with a circle and its value at each State."""
    import csv

    with (PLACES / "labels.csv").open(encoding="utf-8") as f:
        at = {r["code"]: (float(r["lat"]), float(r["lon"])) for r in csv.DictReader(f)}
    for row in rows:
        row["lat"], row["lon"] = at[row["state"]]
    outlines = json.loads((PLACES / "countries.json").read_text())["features"]
    place = {
        "latitude": {"field": "lat", "type": "quantitative"},
        "longitude": {"field": "lon", "type": "quantitative"},
    }
    return {
        "width": 480,
        "height": 320,
        "projection": {"type": "equirectangular"},
        "layer": [
            {"data": {"values": outlines}, "mark": {"type": "geoshape", "fill": "#fff", "stroke": "#444"}},
            {
                "data": {"values": rows},
                "mark": "circle",
                "encoding": {**place, "size": {"field": "y", "type": "quantitative"}},
            },
            {
                "data": {"values": rows},
                "mark": {"type": "text", "dy": -14},
                "encoding": {**place, "text": {"field": "y"}},
            },
        ],
    }


def _rival(html: str, specs: list[dict[str, Any]]) -> tuple[float, float, int]:
    """Seconds in all, seconds of the drawings, pages."""
    import pypdf

    if not PYTHON.exists():
        subprocess.run([sys.executable, "-m", "venv", "bench/.venv"], check=True)
    if subprocess.run([PYTHON, "-c", "import weasyprint, vl_convert"], capture_output=True).returncode:
        subprocess.run([PYTHON, "-m", "pip", "install", "-q", *RIVALS], check=True)
    with tempfile.NamedTemporaryFile(suffix=".pdf") as out:
        given = json.dumps({"html": html, "specs": specs})
        made = subprocess.run(
            [PYTHON, "-c", SCRIPT, out.name], input=given, capture_output=True, text=True, check=True
        )
        seconds, drawn = json.loads(made.stdout.splitlines()[-1])
        return seconds, drawn, len(pypdf.PdfReader(out.name).pages)


def run() -> dict[str, float]:
    html, specs, drawings = _content()
    timed: dict[str, list[float]] = {"ours": [], "typst": []}
    rivals: list[tuple[float, float, int]] = []
    for i in range(RUNS):  # in turn, so that what else the machine does falls on all alike
        for kind, seconds in timed.items():
            seconds.append(_run(kind))
        if i < RIVAL_RUNS:
            rivals.append(_rival(html, specs))
    ours, alone = (statistics.median(seconds) for seconds in timed.values())
    rivals.sort()
    rival, drawn, pages = rivals[len(rivals) // 2]
    print(
        f"   annual report with {drawings} charts and maps, medians of {RUNS} ({RIVAL_RUNS}) runs, PDF/UA-1"
    )
    print(f"   ours          {ours:7.2f} s   read, proved, bound, drawn and set")
    print(f"   typst alone   {alone:7.2f} s   ratio {ours / alone:.2f} (at most 2)")
    print(
        f"   WeasyPrint    {rival:7.2f} s   ratio {ours / rival:.3f} (at most 0.15)"
        f" - of which drawings {drawn:.2f} s; {pages} pages"
    )
    return {
        "drawings": drawings,
        "ours_s": ours,
        "typst_alone_s": alone,
        "weasyprint_s": rival,
        "weasyprint_drawings_s": drawn,
        "weasyprint_pages": pages,
        "ratio_to_typst": ours / alone,
        "ratio_to_weasyprint": ours / rival,
    }


if __name__ == "__main__":
    if len(sys.argv) > 1:
        job(sys.argv[1])
    else:
        run()
