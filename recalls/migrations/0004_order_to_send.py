"""The published recalls of a regulator in the order in which the send page offers them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("recalls", "0003_sendings")]

    operations = [
        migrations.AddIndex(
            model_name="recall",
            index=models.Index(
                condition=models.Q(("status", "published")),
                fields=["regulator", "-priority", "-id"],
                name="recall_to_send",
            ),
        ),
    ]
