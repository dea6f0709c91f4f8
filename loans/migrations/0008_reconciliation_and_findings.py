"""Confirmations of a month by its bank, findings about what was reported, exports of what is held."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('kernel', '0001_initial'),
        ('loans', '0007_webhooks'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Confirmation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(max_length=40, unique=True)),
                ('period', models.DateField()),
                ('number', models.PositiveIntegerField(help_text='1, 2, … within bank and month.')),
                ('content_sha256', models.CharField(max_length=64)),
                ('own_totals', models.JSONField()),
                ('differences', models.JSONField()),
                ('matched', models.BooleanField()),
                ('recorded_at', models.DateTimeField()),
                ('bank', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.organisation')),
                ('confirmed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('period__day', 1)), name='confirmed_period_is_a_first'), models.UniqueConstraint(fields=('bank', 'period', 'number'), name='confirmations_of_a_month_are_numbered'), models.CheckConstraint(condition=models.Q(('number__gte', 1)), name='confirmation_numbers_start_at_one'), models.CheckConstraint(condition=models.Q(('content_sha256__regex', '^[0-9a-f]{64}$')), name='confirmed_content_is_a_sha256'), models.CheckConstraint(condition=models.Q(models.Q(('differences', []), ('matched', True)), models.Q(('matched', False), models.Q(('differences', []), _negated=True)), _connector='OR'), name='a_match_and_only_it_has_no_difference')],
            },
        ),
        migrations.CreateModel(
            name='Finding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('period', models.DateField()),
                ('rule', models.CharField(max_length=40)),
                ('subject_kind', models.CharField(choices=[('drawdown', 'Drawdown'), ('event', 'Event'), ('firm', 'Firm'), ('pledge', 'Pledge'), ('report', 'Report')], max_length=10)),
                ('contract_no', models.CharField(blank=True, default='', max_length=64)),
                ('drawdown_no', models.CharField(blank=True, default='', max_length=64)),
                ('subject', models.CharField(blank=True, default='', max_length=64)),
                ('batch', models.CharField(blank=True, default='', help_text='Public id of the batch.', max_length=40)),
                ('row_number', models.PositiveIntegerField(null=True)),
                ('context', models.JSONField(default=dict)),
                ('first_seen_at', models.DateTimeField()),
                ('last_seen_at', models.DateTimeField()),
                ('resolved_at', models.DateTimeField(null=True)),
                ('bank', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.organisation')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('resolved_at', None)), fields=['period'], name='finding_open_by_period')],
                'constraints': [models.CheckConstraint(condition=models.Q(('period__day', 1)), name='finding_period_is_a_first'), models.CheckConstraint(condition=models.Q(('subject_kind__in', ['drawdown', 'event', 'firm', 'pledge', 'report'])), name='finding_subject_kind_is_known'), models.UniqueConstraint(condition=models.Q(('resolved_at', None)), fields=('bank', 'period', 'rule', 'contract_no', 'drawdown_no', 'subject'), name='one_open_finding_per_rule_and_subject'), models.CheckConstraint(condition=models.Q(('last_seen_at__gte', models.F('first_seen_at'))), name='finding_was_last_seen_when_or_after_it_was_first'), models.CheckConstraint(condition=models.Q(('resolved_at', None), ('resolved_at__gte', models.F('last_seen_at')), _connector='OR'), name='finding_is_resolved_when_or_after_it_was_last_seen')],
            },
        ),
        migrations.CreateModel(
            name='HoldingsExport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(max_length=40, unique=True)),
                ('period', models.DateField()),
                ('format', models.CharField(max_length=12)),
                ('requested_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('file', models.CharField(blank=True, default='', max_length=80)),
                ('sha256', models.CharField(blank=True, default='', max_length=64)),
                ('bytes', models.BigIntegerField(null=True)),
                ('records', models.JSONField(null=True)),
                ('finished_at', models.DateTimeField(null=True)),
                ('removed_at', models.DateTimeField(null=True)),
                ('bank', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.organisation')),
                ('job', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.job')),
                ('requested_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('removed_at', None)), fields=['expires_at'], name='export_to_remove_by_its_end')],
                'constraints': [models.CheckConstraint(condition=models.Q(('period__day', 1)), name='exported_period_is_a_first'), models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('requested_at'))), name='export_expires_after_it_was_asked_for'), models.CheckConstraint(condition=models.Q(models.Q(('bytes', None), ('file', ''), ('finished_at', None), ('records__isnull', True), ('sha256', '')), models.Q(('bytes__gte', 0), ('bytes__isnull', False), ('file__gt', ''), ('finished_at__isnull', False), ('records__isnull', False), ('sha256__regex', '^[0-9a-f]{64}$')), _connector='OR'), name='a_finished_export_and_only_it_has_a_file')],
            },
        ),
    ]
