from __future__ import annotations

from typing import Any

from django.db import migrations, models


class CreateWithoutRowid(migrations.CreateModel):
    """On SQLite the table is its own primary key; Django has no word for that."""

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        if schema_editor.connection.vendor != 'sqlite':
            super().database_forwards(app_label, schema_editor, from_state, to_state)
            return
        schema_editor.execute(
            'create table people_entry (label blob not null primary key, version smallint not null, '
            'sealed blob not null) without rowid'
        )


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0002_custody'),
    ]

    operations = [
        CreateWithoutRowid(
            name='Entry',
            fields=[
                ('label', models.BinaryField(max_length=16, primary_key=True, serialize=False)),
                ('version', models.SmallIntegerField()),
                ('sealed', models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name='Sound',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token', models.BinaryField(max_length=16, unique=True)),
                ('sealed', models.BinaryField()),
            ],
        ),
    ]
