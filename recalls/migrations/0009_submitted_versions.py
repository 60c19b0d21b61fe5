"""When the next version of a published recall was submitted for review."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("recalls", "0008_held_back")]

    operations = [
        migrations.AddField(
            model_name="recallversion",
            name="submitted_at",
            field=models.DateTimeField(
                blank=True,
                help_text="Since when the next version of a published recall waits for its review; a change ends that.",
                null=True,
            ),
        ),
    ]
