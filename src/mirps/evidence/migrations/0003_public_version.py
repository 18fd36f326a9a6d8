"""A version of what the public may read, beside that of the whole ledger; and what each change was about."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations, models
from django.db.models import F


def start(apps: Any, schema_editor: Any) -> None:
    """Public pages cite the public version, so it goes on from the one they cited until now."""
    apps.get_model("evidence", "LedgerState").objects.update(public=F("version"))


class Migration(migrations.Migration):
    dependencies: ClassVar = [("evidence", "0002_rounds_people_work_in")]

    operations: ClassVar = [
        migrations.AddField("ledgerstate", "public", models.BigIntegerField(default=0)),
        migrations.CreateModel(
            name="LedgerChange",
            fields=[
                ("version", models.BigIntegerField(primary_key=True, serialize=False)),
                ("public", models.BigIntegerField(db_index=True)),
                ("figures", models.JSONField(null=True)),
                ("findings", models.JSONField(null=True)),
            ],
            options={"ordering": ["version"]},
        ),
        migrations.RunPython(start, migrations.RunPython.noop),
    ]
