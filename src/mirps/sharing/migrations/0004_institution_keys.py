import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("sharing", "0003_exchange"),
    ]

    operations = [
        migrations.CreateModel(
            name="InstitutionKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("institution", models.CharField(max_length=40)),
                ("public", models.CharField(max_length=80)),
                ("generation", models.IntegerField()),
                ("since", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "peer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="institutions", to="sharing.peer"
                    ),
                ),
            ],
            options={
                "ordering": ["institution", "generation"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("institution",),
                        name="exchange_institution_once",
                    )
                ],
            },
        ),
    ]
