"""The house holds: bands look upward only, modules and functions stay small, texts are in both languages."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import Field

from mirps.base.texts.api import catalogue, stale
from mirps.web.shell.texts import read_reviewed

SRC = Path(__file__).resolve().parents[2] / "src" / "mirps"
BANDS = ["base", "people", "casework", "evidence", "planning", "sharing", "web"]
MODULES = sorted(p for p in SRC.rglob("*.py") if "migrations" not in p.parts)


def band_of(app_label: str) -> int:
    """Django's own apps stand above every band."""
    return BANDS.index(app_label) if app_label in BANDS else -1


def test_no_foreign_key_climbs_to_a_lower_band() -> None:
    climbing = [
        f"{model._meta.label}.{field.name} -> {field.related_model._meta.label}"
        for model in apps.get_models()
        if model.__module__.startswith("mirps.")  # a library's tables follow our users' as Django's do
        for field in model._meta.get_fields()
        if isinstance(field, Field)
        and isinstance(field.related_model, type)
        and band_of(field.related_model._meta.app_label) > band_of(model._meta.app_label)
    ]
    assert climbing == []


@pytest.mark.parametrize("module", MODULES, ids=lambda p: str(p.relative_to(SRC)))
def test_a_module_can_be_read_at_one_sitting(module: Path) -> None:
    assert len(module.read_text(encoding="utf-8").splitlines()) <= 420


def functions() -> Iterator[tuple[str, int]]:
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                body = [
                    n
                    for n in node.body
                    if not (isinstance(n, ast.Expr) and isinstance(n.value, ast.Constant))
                ]
                length = (node.end_lineno or 0) - (body[0].lineno if body else node.lineno) + 1
                yield f"{path.relative_to(SRC)}:{node.name}", length


def test_a_function_fits_on_a_screen() -> None:
    assert [(name, length) for name, length in functions() if length > 45] == []


def test_no_text_ships_in_one_language_alone() -> None:
    assert len(catalogue()) > 0  # loading raises for a text that lacks a language


def test_both_languages_of_every_text_were_read_together_since_either_changed() -> None:
    assert stale(catalogue(), read_reviewed()) == [], "read them, then run: mirps texts confirm"
