"""Flags know their regulator; decisions know a digest of their evidence and its signals."""

import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.text
from django.db import migrations, models

# Constraints are checked at once, for a table with checks still to come cannot be altered in the same transaction.
FILL = """
SET CONSTRAINTS ALL IMMEDIATE;
UPDATE listings_flag f SET regulator_id = r.regulator_id FROM recalls_recall r WHERE r.id = f.recall_id;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("listings", "0015_dry_runs"),
        ("portal", "0008_reader_language"),
        ("recalls", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="flag",
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
            model_name="flag",
            name="regulator",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="portal.organisation"
            ),
        ),
        migrations.AddIndex(
            model_name="flag",
            index=models.Index(
                condition=models.Q(("status__in", ["asked_seller", "open", "referred", "second_asked"])),
                fields=["regulator", "due_at", "id"],
                name="flag_regulator_queue",
            ),
        ),
        migrations.AddIndex(
            model_name="flag",
            index=models.Index(
                condition=models.Q(("relisted_from__isnull", False)), fields=["regulator"], name="flag_relisted"
            ),
        ),
        migrations.AddField(
            model_name="decision",
            name="evidence_digest",
            field=models.GeneratedField(
                db_persist=True,
                expression=django.db.models.functions.text.MD5(
                    django.db.models.functions.comparison.Cast("evidence", models.TextField())
                ),
                help_text="Tells whether two decisions were taken on the same evidence.",
                output_field=models.CharField(max_length=32),
            ),
        ),
        migrations.AddField(
            model_name="decision",
            name="signals",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Func("evidence", models.Value("$[*].signal"), function="jsonb_path_query_array"),
                help_text="The names of the signals in the evidence.",
                output_field=models.JSONField(),
            ),
        ),
        migrations.AddIndex(
            model_name="decision",
            index=models.Index(
                fields=["flag", "evidence_digest", "-id"], include=("kind", "signals"), name="decision_on_evidence"
            ),
        ),
        migrations.AddIndex(
            model_name="decision",
            index=models.Index(
                condition=models.Q(("overrides__isnull", False)), fields=["overrides"], name="decision_overriding"
            ),
        ),
    ]
