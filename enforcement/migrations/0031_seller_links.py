import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """What a seller writes through a link, with its files, can be an appeal."""

    dependencies = [
        ("enforcement", "0030_browser_checks"),
        ("listings", "0029_seller_links"),
    ]

    operations = [
        migrations.AddField(
            model_name="appeal",
            name="seller_answer",
            field=models.OneToOneField(
                blank=True,
                help_text="What the seller wrote through a link, with its files.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="appeal",
                to="listings.selleranswer",
            ),
        ),
    ]
