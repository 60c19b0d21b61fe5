"""Several webhook endpoints per platform. The one address and secret of an organisation becomes its first endpoint, with
everything that was sent there or waits; backwards, an organisation's first active endpoint becomes its address again."""

import hashlib

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

NO_ADDRESS = "It had no address when endpoints were introduced."


def _settle(schema_editor):
    """Foreign keys are checked at the end of the transaction; tables cannot be altered while such a check is due."""
    schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    schema_editor.execute("SET CONSTRAINTS ALL DEFERRED")


def to_endpoints(apps, schema_editor):
    organisation_model, endpoint_model, hook_model = (
        apps.get_model("portal", name) for name in ("Organisation", "WebhookEndpoint", "Hook")
    )
    told = set(hook_model.objects.values_list("organisation_id", flat=True).distinct())
    for organisation in organisation_model.objects.order_by("pk"):
        if not organisation.webhook_url and organisation.pk not in told:
            continue
        endpoint = endpoint_model.objects.create(
            organisation=organisation,
            url=organisation.webhook_url,
            secret=organisation.webhook_secret,
            state="active" if organisation.webhook_url else "disabled",
            disabled_reason="" if organisation.webhook_url else NO_ADDRESS,
            legacy=True,
        )
        hook_model.objects.filter(organisation=organisation).update(endpoint=endpoint)
    for hook in hook_model.objects.only("pk", "organisation_id", "key").iterator():
        digest = hashlib.sha256(f"{hook.organisation_id}:{hook.key}".encode()).hexdigest()
        hook_model.objects.filter(pk=hook.pk).update(message_id=f"msg_{digest[:32]}")
    _settle(schema_editor)


def _kept(apps):
    """Of each organisation with endpoints, the one that becomes its address again: the first active one, or the first."""
    kept = {}
    for endpoint in apps.get_model("portal", "WebhookEndpoint").objects.order_by("state", "pk"):  # active first
        kept.setdefault(endpoint.organisation_id, endpoint)
    return kept


def one_delivery_each(apps, schema_editor):
    """Backwards, before a delivery is unique at its organisation again: those to other endpoints go."""
    for organisation_id, endpoint in _kept(apps).items():
        hooks = apps.get_model("portal", "Hook").objects.filter(organisation_id=organisation_id)
        hooks.exclude(endpoint=endpoint).delete()
    _settle(schema_editor)


def to_organisations(apps, schema_editor):
    for organisation_id, endpoint in _kept(apps).items():
        if endpoint.state == "active":
            apps.get_model("portal", "Organisation").objects.filter(pk=organisation_id).update(
                webhook_url=endpoint.url, webhook_secret=endpoint.secret
            )
    _settle(schema_editor)


class Migration(migrations.Migration):
    dependencies = [("portal", "0020_mail_by_link")]

    operations = [
        migrations.CreateModel(
            name="WebhookEndpoint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("url", models.URLField(max_length=500)),
                ("secret", models.CharField(max_length=128)),
                ("previous_secret", models.CharField(blank=True, default="", max_length=128)),
                ("previous_secret_until", models.DateTimeField(blank=True, null=True)),
                ("event_types", models.JSONField(blank=True, default=list)),
                (
                    "state",
                    models.CharField(
                        choices=[("active", "Active"), ("disabled", "Disabled")], default="active", max_length=8
                    ),
                ),
                ("disabled_reason", models.TextField(blank=True, default="")),
                ("failures", models.PositiveIntegerField(default=0)),
                ("failing_since", models.DateTimeField(blank=True, null=True)),
                ("legacy", models.BooleanField(default=False, editable=False)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="webhook_endpoints",
                        to="portal.organisation",
                    ),
                ),
            ],
            options={"ordering": ["pk"]},
        ),
        migrations.AddField(
            "hook",
            "endpoint",
            models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="hooks",
                to="portal.webhookendpoint",
            ),
        ),
        migrations.AddField(
            "hook",
            "message_id",
            models.CharField(
                default="", help_text="Names the event: the same in every attempt and replay.", max_length=40
            ),
            preserve_default=False,
        ),
        migrations.AddField("hook", "event_type", models.CharField(blank=True, default="", max_length=60)),
        migrations.RunPython(to_endpoints, to_organisations),
        migrations.AlterField(
            "hook",
            "endpoint",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="hooks",
                to="portal.webhookendpoint",
            ),
        ),
        migrations.RemoveConstraint("hook", "hook_once"),
        migrations.AddConstraint("hook", models.UniqueConstraint(fields=("endpoint", "key"), name="hook_once")),
        migrations.RunPython(migrations.RunPython.noop, one_delivery_each),
        migrations.AddIndex("hook", models.Index(fields=["endpoint", "-id"], name="hook_log")),
        migrations.RemoveField("organisation", "webhook_url"),
        migrations.RemoveField("organisation", "webhook_secret"),
        migrations.CreateModel(
            name="HookAttempt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                ("request_headers", models.JSONField(default=dict)),
                ("status_code", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("answer", models.TextField(blank=True, default="")),
                ("problem", models.TextField(blank=True, default="")),
                ("duration_ms", models.PositiveIntegerField(default=0)),
                (
                    "hook",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="tries", to="portal.hook"
                    ),
                ),
            ],
            options={"ordering": ["-id"]},
        ),
    ]
