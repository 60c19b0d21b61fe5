"""An index of the flags that are removed: those of which nothing is learnt yet are looked for each minute."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("listings", "0036_removal_traces"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="flag",
            index=models.Index(
                condition=models.Q(("status__in", ["claimed_removed", "claimed_restricted", "removed", "restricted"])),
                fields=["id"],
                name="flag_removed",
            ),
        ),
    ]
