"""Recalls of several regulators about one product."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("recalls", "0009_submitted_versions"),
    ]

    operations = [
        migrations.CreateModel(
            name="SharedIncident",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
        ),
        migrations.CreateModel(
            name="IncidentSearch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "version",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="recalls.recallversion"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="IncidentMember",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("added_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="members", to="recalls.sharedincident"
                    ),
                ),
                (
                    "recall",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="incident_member",
                        to="recalls.recall",
                    ),
                ),
            ],
            options={"ordering": ["added_at", "pk"]},
        ),
        migrations.CreateModel(
            name="IncidentLead",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "answer",
                    models.CharField(
                        choices=[
                            ("open", "Not decided"),
                            ("same", "Same product"),
                            ("other", "Not the same product"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("score", models.FloatField()),
                (
                    "evidence",
                    models.JSONField(
                        default=list, help_text="What speaks for and against, as recalls.linking.Evidence."
                    ),
                ),
                ("found_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("reason", models.TextField(blank=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "first",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="recalls.recall"
                    ),
                ),
                (
                    "second",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="recalls.recall"
                    ),
                ),
            ],
            options={
                "ordering": ["-score", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("first", "second"), name="lead_once"),
                    models.CheckConstraint(
                        condition=models.Q(("first__lt", models.F("second"))), name="lead_in_order"
                    ),
                ],
            },
        ),
    ]
