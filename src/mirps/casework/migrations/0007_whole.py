"""Another institution whose body decides in a case sees it whole."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("casework", "0006_window_sealed")]

    operations = [
        migrations.AddField(model_name="party", name="whole", field=models.BooleanField(default=False)),
    ]
