from django.db import migrations, models


class Migration(migrations.Migration):
    """A mail can end with the secret address of a page of another app, which is made as the mail leaves."""

    dependencies = [("portal", "0021_webhook_endpoints")]

    operations = [
        migrations.AddField(
            model_name="mail",
            name="secret_page",
            field=models.JSONField(
                blank=True,
                help_text="The page whose secret address ends the mail, and what its token is made of with SECRET_KEY.",
                null=True,
            ),
        ),
    ]
