"""Changes of the ledger are numbered one by one, so that one that is no longer there is missed."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations, models
from django.db.models import F


def start(apps: Any, schema_editor: Any) -> None:
    """Above the versions by which they were known until now, so that no number comes twice."""
    apps.get_model("evidence", "LedgerState").objects.update(told=F("version"))


class Migration(migrations.Migration):
    dependencies: ClassVar = [("evidence", "0006_releases")]

    operations: ClassVar = [
        migrations.AddField("ledgerstate", "told", models.BigIntegerField(default=0)),
        migrations.RenameField("ledgerchange", "version", "n"),
        migrations.AlterModelOptions("ledgerchange", options={"ordering": ["n"]}),
        migrations.RunPython(start, migrations.RunPython.noop),
    ]
