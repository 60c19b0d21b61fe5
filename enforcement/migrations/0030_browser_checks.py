from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("enforcement", "0029_reasons_and_working_day_steps")]

    operations = [
        migrations.AddField(
            "checkplan",
            "browser_at",
            models.DateTimeField(
                blank=True,
                help_text="From when a browser may see the page, which only scripts draw. Null: none wanted.",
                null=True,
            ),
        ),
        migrations.AddField(
            "observation",
            "picture",
            models.BinaryField(
                blank=True,
                db_default=b"",
                default=b"",
                help_text="What a browser showed (JPEG); its digest is in `extracted`.",
            ),
        ),
        AddIndexConcurrently(
            "checkplan",
            models.Index(
                condition=models.Q(("browser_at__isnull", False)),
                fields=["platform", "browser_at"],
                name="check_plan_browser",
            ),
        ),
    ]
