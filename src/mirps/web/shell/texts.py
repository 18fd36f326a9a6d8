"""`mirps texts`: are both languages there, and were they read together?"""

from __future__ import annotations

from pathlib import Path

import click
import yaml

from mirps.base.codelists.api import data_folder


def reviewed_file() -> Path:
    return data_folder() / "texts.lock"


def read_reviewed() -> dict[str, dict[str, str]]:
    """Key -> language -> fingerprint, as both languages stood when a person last read them together."""
    path = reviewed_file()
    out: dict[str, dict[str, str]] = {}
    if path.exists():
        for line in path.read_text(encoding="utf-8").splitlines():
            key, es, en = line.split("\t")
            out[key] = {"es": es, "en": en}
    return out


@click.group()
def texts() -> None:
    """The texts of the pages in Spanish and English."""


@texts.command()
def stale() -> None:
    """List texts of which one language changed since both were last read together."""
    from mirps.base.texts.api import catalogue
    from mirps.base.texts.api import stale as find

    found = find(catalogue(), read_reviewed())
    for key in found:
        click.echo(
            yaml.safe_dump({key: {"es": catalogue()[key].es, "en": catalogue()[key].en}}, allow_unicode=True)
        )
    if found:
        raise SystemExit(f"{len(found)} texts to read; then: mirps texts confirm")


@texts.command()
@click.argument("keys", nargs=-1)
def confirm(keys: tuple[str, ...]) -> None:
    """Record that a person has read both languages of KEYS together (all stale ones when none is named)."""
    from mirps.base.texts.api import catalogue
    from mirps.base.texts.api import stale as find

    found, held = catalogue(), read_reviewed()
    chosen = set(keys) or set(find(found, held))
    lines = []
    for key, text in sorted(found.items()):
        marks = (
            {"es": text.fingerprint("es"), "en": text.fingerprint("en")} if key in chosen else held.get(key)
        )
        if marks:
            lines.append(f"{key}\t{marks['es']}\t{marks['en']}")
    reviewed_file().write_text("\n".join(lines) + "\n", encoding="utf-8")
    click.echo(f"{len(chosen)} texts confirmed")
