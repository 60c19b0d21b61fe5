"""Pairs of words are stored as their words: every listing is matched again, so that new notices find it by them."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("listings", "0037_removed_flags")]

    operations = [
        migrations.RunSQL(
            "UPDATE listings_listing SET match_due = true, match_due_since = now() WHERE NOT match_due",
            migrations.RunSQL.noop,
        ),
    ]
