"""Index the mails that carry a link, without a lock that stops mail."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("portal", "0019_people_and_second_factors")]
    operations = [
        AddIndexConcurrently(
            "mail",
            models.Index(
                fields=["account_link"], name="mail_by_link", condition=models.Q(account_link__isnull=False)
            ),
        ),
    ]
