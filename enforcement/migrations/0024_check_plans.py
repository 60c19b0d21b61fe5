"""The plan of a takedown's checks gets a row of its own; what was planned and counted comes along."""

import django.db.models.deletion
from django.db import migrations, models

# Checked at once: a table with checks outstanding cannot be altered in the same transaction.
COPY = """
INSERT INTO enforcement_checkplan (takedown_id, platform_id, next_at, attempts, error, last_verdict, unknown_in_a_row,
    checks_after_proof, last_feed_id)
SELECT t.id, t.platform_id, t.next_check_at, t.check_attempts, t.check_error, coalesce(o.verdict, ''), t.unknown_checks,
    t.checks_after_proof, t.last_feed_id
FROM enforcement_takedown t LEFT JOIN LATERAL (
    SELECT verdict FROM enforcement_observation WHERE takedown_id = t.id ORDER BY id DESC LIMIT 1) o ON true;
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
"""
COPY_BACK = """
UPDATE enforcement_takedown t SET next_check_at = p.next_at, check_attempts = p.attempts, check_error = p.error,
    unknown_checks = p.unknown_in_a_row, checks_after_proof = p.checks_after_proof, last_feed_id = p.last_feed_id
FROM enforcement_checkplan p WHERE p.takedown_id = t.id;
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('enforcement', '0023_vocabulary'),
        ('listings', '0022_vocabulary'),
        ('portal', '0015_vocabulary'),
    ]

    operations = [
        migrations.CreateModel(
            name='CheckPlan',
            fields=[
                ('takedown', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='check_plan', serialize=False, to='enforcement.takedown')),
                ('next_at', models.DateTimeField(blank=True, null=True)),
                ('attempts', models.PositiveSmallIntegerField(db_default=0, default=0, help_text='Since a check last went well.')),
                ('error', models.TextField(blank=True, db_default='', default='', help_text='Why the last attempt broke.')),
                ('last_verdict', models.CharField(blank=True, choices=[('gone', 'Gone'), ('live', 'Live'), ('restricted', 'Restricted'), ('unknown', 'Unknown')], db_default='', default='', max_length=10)),
                ('unknown_in_a_row', models.PositiveSmallIntegerField(db_default=0, default=0, help_text='Sets how long to wait before the next check.')),
                ('checks_after_proof', models.PositiveSmallIntegerField(db_default=0, default=0, help_text='Rescans done of the widening plan.')),
                ('last_feed', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='listings.catalogueimport')),
                ('platform', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.organisation')),
            ],
        ),
        migrations.RunSQL(COPY, COPY_BACK),
        migrations.RemoveIndex(
            model_name='takedown',
            name='takedown_check_due',
        ),
        migrations.RemoveIndex(
            model_name='takedown',
            name='takedown_check_by_platform',
        ),
        migrations.RemoveIndex(
            model_name='takedown',
            name='takedown_check_broken',
        ),
        migrations.RemoveField(
            model_name='takedown',
            name='check_attempts',
        ),
        migrations.RemoveField(
            model_name='takedown',
            name='check_error',
        ),
        migrations.RemoveField(
            model_name='takedown',
            name='checks_after_proof',
        ),
        migrations.RemoveField(
            model_name='takedown',
            name='last_feed',
        ),
        migrations.RemoveField(
            model_name='takedown',
            name='next_check_at',
        ),
        migrations.RemoveField(
            model_name='takedown',
            name='unknown_checks',
        ),
        migrations.AddIndex(
            model_name='checkplan',
            index=models.Index(condition=models.Q(('next_at__isnull', False)), fields=['next_at'], name='check_plan_due'),
        ),
        migrations.AddIndex(
            model_name='checkplan',
            index=models.Index(condition=models.Q(('next_at__isnull', False)), fields=['platform', 'next_at'], name='check_plan_by_platform'),
        ),
        migrations.AddIndex(
            model_name='checkplan',
            index=models.Index(condition=models.Q(('attempts__gt', 0), ('next_at', None)), fields=['takedown'], name='check_plan_broken'),
        ),
        migrations.AddIndex(
            model_name='checkplan',
            index=models.Index(condition=models.Q(('unknown_in_a_row__gt', 0)), fields=['takedown'], name='check_plan_unknown'),
        ),
    ]
