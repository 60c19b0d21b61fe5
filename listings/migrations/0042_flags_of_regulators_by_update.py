"""Index what the API lists by its newest change, without a lock that stops writing."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("listings", "0041_updated_at_of_imports")]
    operations = [
        AddIndexConcurrently("flag", models.Index(fields=["regulator", "updated_at"], name="flag_regulator_update")),
    ]
