"""Letters drafted before they had a row of their own: still to be reviewed."""

from django.db import migrations


def move(apps, _editor):
    escalation = apps.get_model("enforcement", "Escalation")
    letter = apps.get_model("enforcement", "Letter")
    for row in escalation.objects.exclude(drafted_text="").select_related("takedown__flag__listing").iterator():
        letter.objects.create(
            escalation=row,
            platform_id=row.platform_id,
            language="en",
            subject=f"Listing {row.takedown.flag.listing.external_id} of a recalled product is still on sale",
            body=row.drafted_text,
            drafted_at=row.raised_at,
        )


class Migration(migrations.Migration):
    dependencies = [("enforcement", "0006_letters_and_naming")]

    operations = [migrations.RunPython(move, migrations.RunPython.noop)]
