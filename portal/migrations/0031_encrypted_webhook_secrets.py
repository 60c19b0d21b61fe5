"""Secrets of webhook endpoints are kept encrypted, as those of second factors and of single sign-on are. Each stays the same
secret; backwards, they are in clear again."""

from django.db import migrations, models

from portal.identity.encryption import decrypt, encrypt


def _change(apps, change):
    for endpoint in apps.get_model("portal", "WebhookEndpoint").objects.order_by("pk").iterator():
        endpoint.secret = change(endpoint.secret)
        endpoint.previous_secret = change(endpoint.previous_secret) if endpoint.previous_secret else ""
        endpoint.save(update_fields=["secret", "previous_secret"])


def to_encrypted(apps, _schema_editor):
    _change(apps, encrypt)


def to_clear(apps, _schema_editor):
    _change(apps, decrypt)


class Migration(migrations.Migration):
    dependencies = [("portal", "0030_seals_by_time")]

    operations = [
        migrations.AlterField(
            model_name="webhookendpoint", name="secret", field=models.TextField(help_text="Encrypted.")
        ),
        migrations.AlterField(
            model_name="webhookendpoint",
            name="previous_secret",
            field=models.TextField(blank=True, default="", help_text="Encrypted."),
        ),
        migrations.RunPython(to_encrypted, to_clear),
    ]
