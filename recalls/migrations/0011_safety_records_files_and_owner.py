"""What a version records of risk, injuries, measures and businesses; risk assessments, files and case owners."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('recalls', '0010_shared_incidents'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='recall',
            name='owner',
            field=models.ForeignKey(blank=True, help_text="Who of the regulator's staff owns the case. No platform sees it.", null=True, on_delete=django.db.models.deletion.PROTECT, related_name='owned_recalls', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='recallversion',
            name='businesses',
            field=models.JSONField(blank=True, db_default=models.Value([], models.JSONField()), default=list, help_text='Businesses: importers/safety.py, Business.'),
        ),
        migrations.AddField(
            model_name='recallversion',
            name='deaths',
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='recallversion',
            name='incidents',
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='recallversion',
            name='injuries',
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='recallversion',
            name='injury_details',
            field=models.TextField(blank=True, db_default='', default=''),
        ),
        migrations.AddField(
            model_name='recallversion',
            name='measures',
            field=models.JSONField(blank=True, db_default=models.Value([], models.JSONField()), default=list, help_text='Corrective measures: importers/safety.py, Measure.'),
        ),
        migrations.AddField(
            model_name='recallversion',
            name='risk_level',
            field=models.CharField(blank=True, choices=[('serious', 'Serious'), ('high', 'High'), ('medium', 'Medium'), ('low', 'Low')], db_default='', default='', max_length=10),
        ),
        migrations.AddField(
            model_name='recallversion',
            name='worst_severity',
            field=models.CharField(blank=True, choices=[('fatal', 'Fatal'), ('serious', 'Serious (hospital stay or lasting harm)'), ('moderate', 'Moderate (treated by a doctor)'), ('minor', 'Minor (first aid)'), ('none', 'No injury')], db_default='', default='', max_length=10),
        ),
        migrations.CreateModel(
            name='RecallFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('notice', 'Notice'), ('picture', 'Picture'), ('test_report', 'Test report'), ('risk_assessment', 'Risk assessment'), ('correspondence', 'Correspondence'), ('other', 'Other document')], max_length=16)),
                ('title', models.CharField(max_length=200)),
                ('name', models.CharField(max_length=120)),
                ('content_type', models.CharField(max_length=40)),
                ('size', models.PositiveIntegerField(help_text='Bytes.')),
                ('sha256', models.CharField(max_length=64)),
                ('sent_sha256', models.CharField(max_length=64)),
                ('file', models.FileField(upload_to='recall-files/')),
                ('for_platforms', models.BooleanField(default=False, help_text='Whether platforms that the recall was sent to can download it.')),
                ('uploaded_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('recall', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='recalls.recall')),
                ('uploaded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='RiskAssessment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('risk_level', models.CharField(choices=[('serious', 'Serious'), ('high', 'High'), ('medium', 'Medium'), ('low', 'Low')], help_text='The level that was assessed.', max_length=10)),
                ('text', models.TextField()),
                ('assessed_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('signed_at', models.DateTimeField(blank=True, null=True)),
                ('assessed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('signed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('version', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='assessment', to='recalls.recallversion')),
                ('writers', models.ManyToManyField(help_text='Everybody who wrote on it; none of them can sign it.', related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('signed_at', None), ('signed_by', None)), models.Q(('signed_at__isnull', False), ('signed_by__isnull', False)), _connector='OR'), name='signature_has_a_person_and_a_time'), models.CheckConstraint(condition=models.Q(('signed_by', None), models.Q(('signed_by', models.F('assessed_by')), _negated=True), _connector='OR'), name='signed_by_another_person')],
            },
        ),
    ]
