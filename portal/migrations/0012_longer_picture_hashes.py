"""Pictures are told apart by two measures now: what was hashed by the one of before is fetched and looked at again."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("portal", "0011_exports")]

    operations = [
        migrations.AlterField("thumbnail", "hash", models.CharField(blank=True, default="", max_length=640)),
        migrations.RunSQL(
            "UPDATE portal_thumbnail SET hash = '', attempts = 0, again_at = now() WHERE hash <> ''",
            migrations.RunSQL.noop,
        ),
    ]
