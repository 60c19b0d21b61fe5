"""When listings were asked for their picture because a removed product may come back with it, and when that was last searched."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("listings", "0038_words_of_pairs"),
        ("portal", "0028_operators"),
    ]

    operations = [
        migrations.AddField(
            model_name="listing",
            name="picture_wanted_at",
            field=models.DateTimeField(
                help_text="When its picture was first asked for because a listing of its type was removed.", null=True
            ),
        ),
        migrations.AddField(
            model_name="removaltrace",
            name="pictures_sought_at",
            field=models.DateTimeField(
                help_text="When listings that may show the same picture were last looked for.", null=True
            ),
        ),
    ]
