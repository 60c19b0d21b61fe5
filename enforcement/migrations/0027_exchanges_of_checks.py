from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("enforcement", "0026_updated_at"),
    ]

    operations = [
        migrations.AddField(
            model_name='observation',
            name='exchanges',
            field=models.JSONField(db_default=models.Value([], models.JSONField()), default=list, help_text='Each request as it was sent, and the head of its answer as it came.'),
        ),
    ]
