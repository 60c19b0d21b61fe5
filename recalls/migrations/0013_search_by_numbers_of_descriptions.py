"""Recalls are searched by the numbers of products that only their description states, too."""

from django.db import migrations

from recalls.services.content import numbers_in

AT_ONCE = 500


def add_numbers(apps, _schema_editor):
    """To what each recall is searched by; again, it changes nothing."""
    recall = apps.get_model("recalls", "Recall")
    changed = []
    for row in recall.objects.exclude(current=None).select_related("current").only("search", "current__description").iterator():
        numbers = [each.lower() for each in numbers_in(row.current.description)]
        if missing := [each for each in dict.fromkeys(numbers) if each not in row.search]:
            row.search = " ".join([row.search, *missing])
            changed.append(row)
        if len(changed) == AT_ONCE:
            recall.objects.bulk_update(changed, ["search"])
            changed = []
    recall.objects.bulk_update(changed, ["search"])


class Migration(migrations.Migration):
    dependencies = [("recalls", "0012_updated_at_of_recalls")]

    operations = [migrations.RunPython(add_numbers, migrations.RunPython.noop)]
