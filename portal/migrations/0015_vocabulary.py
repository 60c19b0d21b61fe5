"""Two fields take the words of the one vocabulary."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("portal", "0014_set_aside")]

    operations = [
        migrations.RenameField("pulse", "says", "detail"),
        migrations.RenameField("user", "first_steps_hidden_at", "getting_started_hidden_at"),
    ]
