"""What removed listings showed is kept, and every listing gets the keys by which a copy of one is found: all of them are
matched again."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("listings", "0035_words_behind_policies"),
    ]

    operations = [
        migrations.CreateModel(
            name="RemovalTrace",
            fields=[
                (
                    "flag",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="trace",
                        serialize=False,
                        to="listings.flag",
                    ),
                ),
                (
                    "keys",
                    django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None),
                ),
                (
                    "runs",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                ("learnt_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "platform",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="portal.organisation"
                    ),
                ),
            ],
        ),
        migrations.RunSQL(
            "UPDATE listings_listing SET match_due = true, match_due_since = now() WHERE NOT match_due",
            migrations.RunSQL.noop,
        ),
    ]
