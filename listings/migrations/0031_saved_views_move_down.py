"""Saved views of the queue become saved views of any list, in the ground."""

from django.db import migrations

DOWN = """
    INSERT INTO portal_savedview (organisation_id, person_id, page, name, query, shared, saved_at)
    SELECT who.organisation_id, old.person_id, 'listings:queue', old.name, old.query, false, old.saved_at
    FROM listings_savedview AS old JOIN portal_user AS who ON who.id = old.person_id
"""
BACK = """
    INSERT INTO listings_savedview (person_id, name, query, saved_at)
    SELECT kept.person_id, kept.name, kept.query, kept.saved_at
    FROM portal_savedview AS kept
    JOIN portal_user AS who ON who.id = kept.person_id AND who.organisation_id = kept.organisation_id
    WHERE kept.page = 'listings:queue'
"""


class Migration(migrations.Migration):

    dependencies = [
        ("listings", "0030_scheduled_feeds_and_wholesale"),
        ("portal", "0026_saved_views"),
    ]

    operations = [
        migrations.RunSQL(DOWN, BACK),
        migrations.DeleteModel(name="SavedView"),
    ]
