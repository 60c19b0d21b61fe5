"""Takedowns know their regulator; their totals are counted from an index alone."""

import django.db.models.deletion
from django.db import migrations, models

# Constraints are checked at once, for a table with checks still to come cannot be altered in the same transaction.
FILL = """
SET CONSTRAINTS ALL IMMEDIATE;
UPDATE enforcement_takedown t SET regulator_id = f.regulator_id FROM listings_flag f WHERE f.id = t.flag_id;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("enforcement", "0017_figures"),
        ("listings", "0016_regulator_of_flags"),
        ("portal", "0008_reader_language"),
    ]

    operations = [
        migrations.AddField(
            model_name="takedown",
            name="regulator",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="portal.organisation",
            ),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="takedown",
            name="regulator",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="portal.organisation"
            ),
        ),
        migrations.AddIndex(
            model_name="takedown",
            index=models.Index(
                fields=["regulator", "status"],
                include=("id", "platform", "due_at", "paused_at", "started_at", "met_at"),
                name="takedown_totals",
            ),
        ),
        migrations.AddIndex(
            model_name="takedown",
            index=models.Index(
                condition=models.Q(("terms__unit", "working_days")),
                fields=["regulator", "status"],
                name="takedown_working_days",
            ),
        ),
    ]
