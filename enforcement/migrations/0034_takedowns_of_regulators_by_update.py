"""Index what the API lists by its newest change, without a lock that stops writing."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("enforcement", "0033_updated_at_of_appeals")]
    operations = [
        AddIndexConcurrently(
            "takedown", models.Index(fields=["regulator", "updated_at"], name="takedown_regulator_update")
        ),
        AddIndexConcurrently("escalation", models.Index(fields=["updated_at"], name="escalation_by_update")),
        AddIndexConcurrently("observation", models.Index(fields=["updated_at"], name="observation_by_update")),
    ]
