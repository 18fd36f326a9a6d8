from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('casework', '0005_letters_void_window'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='windowaccess',
            name='secret',
        ),
        migrations.AddField(
            model_name='windowaccess',
            name='sealed',
            field=models.BinaryField(default=b''),
            preserve_default=False,
        ),
    ]
