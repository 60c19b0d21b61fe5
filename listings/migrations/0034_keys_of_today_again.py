"""Candidate keys are made in another way now: every listing is matched again, so that new notices find it by them."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("listings", "0033_coverage_of_flags")]

    operations = [
        migrations.RunSQL(
            "UPDATE listings_listing SET match_due = true, match_due_since = now() WHERE NOT match_due",
            migrations.RunSQL.noop,
        ),
    ]
