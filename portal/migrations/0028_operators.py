"""An operator manages organisations and sees no case; admins manage their own regulator. No row changes.

Nobody is made an operator: `manage.py create_operator` does that (docs/operations/upgrade.md, Upgrade).
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("portal", "0027_provisioning")]
    operations = [
        migrations.AddField(
            model_name="organisation",
            name="suspended_at",
            field=models.DateTimeField(
                null=True, blank=True, editable=False, help_text="Since when nobody of it comes in, nor any key of it."
            ),
        ),
        migrations.AlterField(
            model_name="organisation",
            name="kind",
            field=models.CharField(
                choices=[("regulator", "Regulator"), ("platform", "Platform"), ("operator", "Site operator")],
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="user",
            name="role",
            field=models.CharField(
                choices=[
                    ("regulator_staff", "Regulator staff"),
                    ("moderator", "Moderator"),
                    ("platform_manager", "Platform manager"),
                    ("admin", "Admin"),
                    ("operator", "Operator"),
                ],
                max_length=20,
            ),
        ),
    ]
