"""Of a standing, the day for which missed appearances were counted; an index of what is overdue."""

from __future__ import annotations

import datetime

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("casework", "0003_letters")]

    operations = [
        migrations.AddField(
            model_name="standing",
            name="counted",
            field=models.DateField(default=datetime.date(2000, 1, 1)),
            preserve_default=False,
        ),
        migrations.AlterField(model_name="standing", name="runs", field=models.JSONField(default=dict)),
        migrations.AddIndex(
            model_name="standing",
            index=models.Index(
                condition=models.Q(("open", True)), fields=["state", "due"], name="casework_overdue"
            ),
        ),
    ]
