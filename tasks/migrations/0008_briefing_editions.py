"""Briefings are reviewed and corrected, and what they say is kept beside their file."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tasks', '0007_tolerances_are_approved_by_somebody'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='BriefingContent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(max_length=8)),
                ('tree', models.JSONField()),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='briefing',
            name='briefing_state_is_known',
        ),
        migrations.RemoveConstraint(
            model_name='briefing',
            name='one_issue_per_number_and_year',
        ),
        migrations.RemoveConstraint(
            model_name='briefing',
            name='one_published_briefing_per_month',
        ),
        migrations.RemoveConstraint(
            model_name='briefing',
            name='one_draft_per_month',
        ),
        migrations.AddField(
            model_name='briefing',
            name='correction',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='briefing',
            name='corrects',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='tasks.briefing'),
        ),
        migrations.AddField(
            model_name='briefing',
            name='key_points',
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name='briefing',
            name='note',
            field=models.CharField(default='内部资料\u3000注意保存', help_text='What stands at the head of page one.', max_length=40),
        ),
        migrations.AddField(
            model_name='briefing',
            name='occasion',
            field=models.CharField(blank=True, default='', max_length=500),
        ),
        migrations.AddField(
            model_name='briefing',
            name='reasons',
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name='briefing',
            name='return_reason',
            field=models.CharField(blank=True, default='', max_length=500),
        ),
        migrations.AddField(
            model_name='briefing',
            name='returned_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='briefing',
            name='returned_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='briefing',
            name='reviewed_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='briefing',
            name='reviewed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='briefing',
            name='signer',
            field=models.CharField(blank=True, default='', max_length=300),
        ),
        migrations.AlterField(
            model_name='briefing',
            name='state',
            field=models.CharField(choices=[('draft', 'Draft'), ('reviewed', 'Reviewed'), ('approved', 'Approved'), ('published', 'Published'), ('superseded', 'Superseded')], max_length=12),
        ),
        migrations.AlterField(
            model_name='briefing',
            name='total_no',
            field=models.PositiveIntegerField(null=True),
        ),
        # Whoever approved an issue before there were reviews had read it.
        migrations.RunSQL(
            "UPDATE tasks_briefing SET reviewed_by_id = approved_by_id, reviewed_at = approved_at"
            " WHERE state IN ('approved', 'published')",
            migrations.RunSQL.noop,
        ),
        migrations.AddConstraint(
            model_name='briefing',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['approved', 'draft', 'published', 'reviewed', 'superseded'])), name='briefing_state_is_known'),
        ),
        migrations.AddConstraint(
            model_name='briefing',
            constraint=models.UniqueConstraint(fields=('year', 'issue_no', 'correction'), name='one_issue_per_number_and_year'),
        ),
        migrations.AddConstraint(
            model_name='briefing',
            constraint=models.UniqueConstraint(fields=('total_no', 'correction'), name='one_issue_per_total_number'),
        ),
        migrations.AddConstraint(
            model_name='briefing',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['approved', 'published'])), fields=('month', 'correction'), name='one_published_briefing_per_month'),
        ),
        migrations.AddConstraint(
            model_name='briefing',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['draft', 'reviewed'])), fields=('month',), name='one_draft_per_month'),
        ),
        migrations.AddConstraint(
            model_name='briefing',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('correction', 0), ('corrects', None), ('occasion', '')), models.Q(('correction__gt', 0), ('corrects__isnull', False), ('occasion__regex', '\\S')), _connector='OR'), name='a_correction_names_what_it_corrects_and_why'),
        ),
        migrations.AddConstraint(
            model_name='briefing',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('reviewed_at', None), ('reviewed_by', None)), models.Q(('drafted_by__isnull', False), ('reviewed_at__isnull', False), ('reviewed_by__isnull', False), models.Q(('reviewed_by', models.F('drafted_by')), _negated=True)), _connector='OR'), name='another_person_reviews_the_briefing'),
        ),
        migrations.AddConstraint(
            model_name='briefing',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['reviewed', 'approved', 'published']), _negated=True), ('reviewed_by__isnull', False), _connector='OR'), name='approved_briefing_was_reviewed'),
        ),
        migrations.AddConstraint(
            model_name='briefing',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('return_reason', ''), ('returned_at', None), ('returned_by', None)), models.Q(('return_reason__regex', '\\S'), ('returned_at__isnull', False), ('returned_by__isnull', False)), _connector='OR'), name='a_briefing_is_sent_back_with_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='briefing',
            constraint=models.CheckConstraint(condition=models.Q(('note__regex', '秘密|机密|绝密'), _negated=True), name='a_briefing_is_no_state_secret'),
        ),
        migrations.AddField(
            model_name='briefingcontent',
            name='briefing',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='contents', to='tasks.briefing'),
        ),
        migrations.AddConstraint(
            model_name='briefingcontent',
            constraint=models.UniqueConstraint(fields=('briefing', 'language'), name='one_content_per_language'),
        ),
    ]
