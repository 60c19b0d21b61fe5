"""An index of the listings whose picture is wanted: they are counted, and searched for those that wait, again and again."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("listings", "0039_picture_search")]

    operations = [
        AddIndexConcurrently(
            model_name="listing",
            index=models.Index(
                condition=models.Q(("picture_wanted_at__isnull", False)),
                fields=["platform", "picture_wanted_at"],
                name="listing_picture_wanted",
            ),
        ),
    ]
