"""On PostgreSQL an entry is found by its hash in half the time: a search asks for some two thousand labels, of which no
two are near each other, and a tree is climbed anew for each. The tree stays, since it holds that no label is twice."""

from __future__ import annotations

from typing import Any

from django.db import migrations


def by_hash(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("CREATE INDEX people_entry_by_hash ON people_entry USING hash (label)")


def by_tree(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX people_entry_by_hash")


class Migration(migrations.Migration):
    dependencies = [("people", "0013_checks")]

    operations = [migrations.RunPython(by_hash, by_tree)]
