import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("portal", "0024_duty"),
    ]

    operations = [
        migrations.AddField(
            model_name="organisation",
            name="sandbox_of",
            field=models.ForeignKey(blank=True, editable=False, help_text="The platform whose engineers try the API with it. Everything of such an organisation is test data.", null=True, on_delete=django.db.models.deletion.PROTECT, related_name="sandboxes", to="portal.organisation"),
        ),
        migrations.AddField(
            model_name="organisation",
            name="sandbox_closed_at",
            field=models.DateTimeField(blank=True, editable=False, help_text="Since when nobody opens this sandbox any more.", null=True),
        ),
        migrations.AddConstraint(
            model_name="organisation",
            constraint=models.UniqueConstraint(condition=models.Q(("sandbox_closed_at", None), ("sandbox_of__isnull", False)), fields=("sandbox_of", "kind"), name="one_sandbox_of_a_platform"),
        ),
        migrations.AlterField(
            model_name="apikey",
            name="prefix",
            field=models.CharField(max_length=24, unique=True),
        ),
    ]
