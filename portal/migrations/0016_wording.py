"""Labels and help texts of accounts and pictures in plain English; no column changes."""

import django.core.validators
from django.db import migrations, models

import portal.models.accounts


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0015_vocabulary"),
    ]

    operations = [
        migrations.AlterField(
            model_name="organisation",
            name="contact_email",
            field=models.EmailField(blank=True, help_text="Receives notices and escalations by email.", max_length=254),
        ),
        migrations.AlterField(
            model_name="organisation",
            name="language",
            field=models.CharField(
                choices=[("en", "English"), ("de", "German"), ("es", "Spanish"), ("zh-hans", "Chinese, simplified")],
                default="en",
                help_text="Language of formal letters.",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="organisation",
            name="listing_url_pattern",
            field=models.CharField(
                blank=True,
                help_text="Address of a listing page, with {id} in place of the listing's id. Used for feeds without links.",
                max_length=300,
                validators=[
                    django.core.validators.RegexValidator(
                        "^https?://[^{}\\s]+\\{id\\}[^{}\\s]*$", "An address that contains {id}."
                    )
                ],
            ),
        ),
        migrations.AlterField(
            model_name="thumbnail",
            name="outcome",
            field=models.CharField(
                choices=[
                    ("waiting", "Not fetched yet."),
                    ("kept", "Stored."),
                    ("too_large", "Its file is too large."),
                    ("not_a_picture", "Its address does not return a readable JPEG, PNG, WebP or GIF."),
                    ("refused", "Its address is not allowed."),
                    ("gone", "Its address no longer returns a picture."),
                    ("no_answer", "Its server did not respond."),
                ],
                default="waiting",
                max_length=13,
            ),
        ),
        migrations.AlterField(
            model_name="user",
            name="mail_me",
            field=models.CharField(
                choices=[("never", "Not by email"), ("at_once", "Immediately"), ("daily", "Daily at 08:00")],
                default="never",
                help_text="Your inbox has all messages. Several waiting messages are sent as one email.",
                max_length=8,
            ),
        ),
        migrations.AlterField(
            model_name="user",
            name="time_zone",
            field=models.CharField(
                blank=True,
                help_text="Leave empty to use the organisation's time zone.",
                max_length=60,
                validators=[portal.models.accounts.validate_zone],
            ),
        ),
    ]
