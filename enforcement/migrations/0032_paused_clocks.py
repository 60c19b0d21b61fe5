"""Index the paused clocks, which the board leaves out of its order, without a lock that stops clocks."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("enforcement", "0031_seller_links")]
    operations = [
        AddIndexConcurrently(
            "takedown",
            models.Index(condition=models.Q(paused_at__isnull=False), fields=["flag"], name="takedown_paused"),
        ),
    ]
