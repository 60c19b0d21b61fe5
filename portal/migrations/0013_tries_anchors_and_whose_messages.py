"""Counts of tries, anchors of the audit chain, when a seal was made, whose business a notification is, plain addresses."""

import django.db.models.deletion
import django.db.models.functions.datetime
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from portal.identity.email_addresses import normal


def say_whose(apps, _schema_editor):
    """Each message is of the organisation where its person worked when they were told; the audit log knows who moved."""
    Notification, User = apps.get_model("portal", "Notification"), apps.get_model("portal", "User")
    AuditEvent, Organisation = apps.get_model("portal", "AuditEvent"), apps.get_model("portal", "Organisation")
    theirs = User.objects.filter(pk=models.OuterRef("person_id")).values("organisation_id")[:1]
    Notification.objects.update(organisation_id=models.Subquery(theirs))
    known = set(Organisation.objects.values_list("pk", flat=True))
    moves = AuditEvent.objects.filter(action="person.edited", after__has_key="organisation").order_by("-id")
    for event in moves.iterator():
        left = event.before.get("organisation")
        if left != event.after["organisation"] and left in known and event.subject_id.isdecimal():
            told = Notification.objects.filter(person_id=int(event.subject_id), created_at__lt=event.at)
            told.update(organisation_id=left)


def write_addresses_one_way(apps, _schema_editor):
    """Accounts are found by their normal address. Where two would have the same, neither is changed."""
    User = apps.get_model("portal", "User")
    for person in User.objects.only("email"):
        plain = normal(person.email)
        if plain != person.email and not User.objects.filter(email=plain).exists():
            User.objects.filter(pk=person.pk).update(email=plain)


class Migration(migrations.Migration):

    dependencies = [
        ('portal', '0012_longer_picture_hashes'),
    ]

    operations = [
        migrations.CreateModel(
            name='AuditAnchor',
            fields=[
                ('position', models.BigIntegerField(primary_key=True, serialize=False)),
                ('hash', models.CharField(max_length=64)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'ordering': ['position'],
            },
        ),
        migrations.CreateModel(
            name='TryCount',
            fields=[
                ('bucket', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('count', models.PositiveIntegerField()),
                ('until', models.DateTimeField(db_index=True, help_text='When it is forgotten, or the wait is over.')),
            ],
        ),
        migrations.DeleteModel(
            name='SignInFailure',
        ),
        migrations.RemoveConstraint(
            model_name='notification',
            name='notification_once',
        ),
        migrations.AddField(
            model_name='auditseal',
            name='sealed_at',
            field=models.DateTimeField(editable=False, null=True),  # it is not known of those that are there
        ),
        migrations.AlterField(
            model_name='auditseal',
            name='sealed_at',
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, help_text="By the database's clock.", null=True),
        ),
        migrations.RunPython(write_addresses_one_way, migrations.RunPython.noop),
        migrations.AddField(
            model_name='notification',
            name='organisation',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='portal.organisation'),
        ),
        migrations.RunPython(say_whose, migrations.RunPython.noop),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", "SET CONSTRAINTS ALL IMMEDIATE"),  # else the next cannot be
        migrations.AlterField(
            model_name='notification',
            name='organisation',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='portal.organisation'),
        ),
        migrations.AddConstraint(
            model_name='notification',
            constraint=models.UniqueConstraint(fields=('person', 'organisation', 'key'), name='notification_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='auditanchor',
            trigger=pgtrigger.compiler.Trigger(name='anchor_append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='5946910275b8b97de1e674c8981e9934691e8f60', operation='UPDATE OR DELETE', pgid='pgtrigger_anchor_append_only_790df', table='portal_auditanchor', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='auditanchor',
            trigger=pgtrigger.compiler.Trigger(name='anchor_no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'the audit log is append-only: TRUNCATE is refused on %', TG_TABLE_NAME;", hash='15227dbf430d508a5219d675057149660b9113e6', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_anchor_no_truncate_65c6b', table='portal_auditanchor', when='BEFORE')),
        ),
    ]
