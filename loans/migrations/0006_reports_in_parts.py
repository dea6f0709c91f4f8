"""A report may come in parts, and a restatement of a month closed for long awaits the centre's word."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('kernel', '0001_initial'),
        ('loans', '0005_positions_in_books'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='loanreportbatch',
            name='batch_state_is_known',
        ),
        migrations.AddField(
            model_name='loanreportbatch',
            name='decided_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='loanreportbatch',
            name='decided_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='loanreportbatch',
            name='decision',
            field=models.CharField(blank=True, choices=[('approved', 'Approved'), ('refused', 'Refused')], default='', max_length=8),
        ),
        migrations.AddField(
            model_name='loanreportbatch',
            name='decision_reason',
            field=models.CharField(blank=True, default='', max_length=500),
        ),
        migrations.AddField(
            model_name='loanreportbatch',
            name='first_part',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='loans.loanreportbatch'),
        ),
        migrations.AddField(
            model_name='loanreportbatch',
            name='part_no',
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='loanreportbatch',
            name='parts',
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='loanreportbatch',
            name='report_id',
            field=models.CharField(blank=True, default='', max_length=64),
        ),
        migrations.AlterField(
            model_name='loanreportbatch',
            name='state',
            field=models.CharField(choices=[('uploading', 'Uploading'), ('uploaded', 'Uploaded'), ('submitted', 'Submitted'), ('awaiting_approval', 'Awaiting Approval'), ('validating', 'Validating'), ('validated', 'Validated'), ('applied', 'Applied'), ('rejected', 'Rejected'), ('cancelled', 'Cancelled'), ('expired', 'Expired')], max_length=20),
        ),
        migrations.AddConstraint(
            model_name='loanreportbatch',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['applied', 'awaiting_approval', 'cancelled', 'expired', 'rejected', 'submitted', 'uploaded', 'uploading', 'validated', 'validating'])), name='batch_state_is_known'),
        ),
        migrations.AddConstraint(
            model_name='loanreportbatch',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('part_no', None), ('parts', None), ('report_id', '')), models.Q(models.Q(('report_id', ''), _negated=True), ('part_no__gte', 1), ('part_no__isnull', False), ('part_no__lte', models.F('parts')), ('parts__isnull', False), ('parts__lte', 50)), _connector='OR'), name='a_part_has_its_report_number_and_count'),
        ),
        migrations.AddConstraint(
            model_name='loanreportbatch',
            constraint=models.UniqueConstraint(condition=models.Q(models.Q(('report_id', ''), _negated=True), models.Q(('state__in', ['cancelled', 'expired', 'rejected']), _negated=True)), fields=('bank', 'report_id', 'part_no'), name='one_batch_per_part_of_a_report'),
        ),
        migrations.AddConstraint(
            model_name='loanreportbatch',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('decided_by', None), ('decision', ''), ('decision_reason', '')), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), ('decision__in', ['approved', 'refused']), models.Q(('decision_reason', ''), _negated=True)), _connector='OR'), name='a_decision_has_its_person_time_and_reason'),
        ),
        migrations.RunSQL(
            "ALTER TABLE loans_loanreportbatch ADD CONSTRAINT part_is_of_its_first_parts_bank"
            " FOREIGN KEY (first_part_id, bank_id) REFERENCES loans_loanreportbatch (id, bank_id)",
            "ALTER TABLE loans_loanreportbatch DROP CONSTRAINT part_is_of_its_first_parts_bank",
        ),
    ]
