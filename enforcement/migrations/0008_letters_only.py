"""Apart from the moving before it: PostgreSQL alters no table whose rows were changed in the same transaction."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("enforcement", "0007_letters_of_before")]

    operations = [migrations.RemoveField(model_name="escalation", name="drafted_text")]
