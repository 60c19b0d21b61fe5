"""The terms that notices froze keep their values under the names of today: checks_needed, check_interval_seconds, step."""

from django.db import migrations

from recalls.vocabulary import rename_terms


class Migration(migrations.Migration):
    dependencies = [("recalls", "0005_imports_reviewed_and_feeds")]

    operations = [rename_terms("recalls_notice")]
