"""Pictures are told apart by two measures now: what was hashed by the one of before is looked at again."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("listings", "0018_feeds_that_wait"), ("portal", "0012_longer_picture_hashes")]

    operations = [
        migrations.AlterField(
            "listing", "picture_hash", models.CharField(blank=True, db_default="", default="", max_length=640)
        ),
        migrations.RunSQL(
            "UPDATE listings_listing SET picture_hash = '', picture_seen_at = NULL WHERE picture_hash <> ''",
            migrations.RunSQL.noop,
        ),
    ]
