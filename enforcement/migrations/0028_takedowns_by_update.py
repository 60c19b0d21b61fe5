"""Index what the API lists by its newest change, without a lock that stops writing."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("enforcement", "0027_exchanges_of_checks")]
    operations = [
        AddIndexConcurrently("takedown", models.Index(fields=["platform", "updated_at"], name="takedown_by_update")),
    ]
