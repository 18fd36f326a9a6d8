"""Makes the pictures of the README from a running product: python tools/pictures.py http://127.0.0.1:8000

Needs Debian's chromium and poppler-utils; the report's page comes from its Spanish PDF.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

PICTURES = Path(__file__).resolve().parents[1] / "docs" / "pictures"
#: name, address, width, height
SHOTS = (
    ("home-es", "/es/", 1280, 860),
    ("figure-en", "/en/figure/ar24-hnd-010/", 1000, 800),
    ("contradictions-phone-es", "/es/contradictions/", 390, 780),
    ("state-phone-en", "/en/state/CRI/", 390, 780),
)
REPORT_PAGE = 14


def main(site: str) -> None:
    with sync_playwright() as p:
        browser = p.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        for name, address, width, height in SHOTS:
            page = browser.new_page(viewport={"width": width, "height": height})
            page.goto(site + address)
            page.screenshot(path=PICTURES / f"{name}.png")
        with tempfile.TemporaryDirectory() as folder:
            page = browser.new_page()
            page.goto(f"{site}/es/reports/")
            pdf = page.locator("a[href*='annual-2024-es'][href$='.pdf']").first.get_attribute("href")
            body = page.request.get(f"{site}{pdf}").body()
            (Path(folder) / "report.pdf").write_bytes(body)
            subprocess.run(
                ["pdftoppm", "-r", "70", "-png", "-singlefile", "-f", str(REPORT_PAGE), "-l", str(REPORT_PAGE),
                 f"{folder}/report.pdf", str(PICTURES / "report-es")],
                check=True,
            )  # fmt: skip
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"))
