"""Pictures that were seen before small ones were kept are fetched once more; their hashes stay meanwhile."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("listings", "0008_appeals")]

    operations = [
        migrations.RunSQL(
            "UPDATE listings_listing SET picture_seen_at = NULL WHERE picture_seen_at IS NOT NULL AND present AND image_link <> ''",
            migrations.RunSQL.noop,
        ),
    ]
