"""Index what the API lists by its newest change, without a lock that stops writing."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("listings", "0025_updated_at")]
    operations = [
        AddIndexConcurrently("flag", models.Index(fields=["platform", "updated_at"], name="flag_by_update")),
    ]
