"""Apart from the filling before it: PostgreSQL alters no table whose rows were changed in the same transaction."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("listings", "0006_innocents_bound_to_what_was_judged")]

    operations = [
        migrations.AlterField(
            model_name="knowninnocent",
            name="regulator",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="portal.organisation"
            ),
        ),
        migrations.AddIndex(
            model_name="knowninnocent",
            index=models.Index(
                condition=models.Q(("expired_at", None), ("expires_at__isnull", False), ("withdrawn_at", None)),
                fields=["expires_at"],
                name="innocent_to_expire",
            ),
        ),
    ]
