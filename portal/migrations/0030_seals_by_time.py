"""Index what the API lists by its newest change, without a lock that stops writing."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("portal", "0029_updated_at_of_exports")]
    operations = [
        AddIndexConcurrently("auditseal", models.Index(fields=["sealed_at"], name="seal_by_time")),
    ]
