from django.db import migrations, models


class Migration(migrations.Migration):
    """What a seller is asked is kept with the decision to ask; earlier ones have it in the note, or nowhere."""

    dependencies = [("listings", "0023_wording_of_choices")]

    operations = [
        migrations.AddField(
            model_name="decision",
            name="question",
            field=models.TextField(blank=True, db_default="", default="", help_text="What the seller is asked."),
        ),
    ]
