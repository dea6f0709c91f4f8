"""The feed, and where it is pushed; a delivery hangs on an endpoint and an event of its own house."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


#: table, name, rule
TOGETHER = (
    ("loans_webhookendpoint", "webhook_endpoint_of_one_house", "UNIQUE (id, organisation_id)"),
    ("loans_feedevent", "feed_event_of_one_house", "UNIQUE (id, organisation_id)"),
    (
        "loans_webhookdelivery",
        "delivery_is_of_its_endpoints_house",
        "FOREIGN KEY (endpoint_id, organisation_id) REFERENCES loans_webhookendpoint (id, organisation_id)",
    ),
    (
        "loans_webhookdelivery",
        "delivery_is_of_its_events_house",
        "FOREIGN KEY (event_id, organisation_id) REFERENCES loans_feedevent (id, organisation_id)",
    ),
)


class Migration(migrations.Migration):

    dependencies = [
        ('kernel', '0002_request_log'),
        ('loans', '0006_reports_in_parts'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='FeedEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(max_length=40, unique=True)),
                ('sequence', models.BigIntegerField()),
                ('type', models.CharField(choices=[('loan_report_batch.validated', 'Batch Validated'), ('loan_report_batch.applied', 'Batch Applied'), ('loan_report_batch.rejected', 'Batch Rejected'), ('loan_report_batch.expired', 'Batch Expired'), ('loan_report_batch.awaiting_approval', 'Batch Awaiting Approval'), ('reconciliation.confirmed', 'Reconciliation Confirmed'), ('period.opened', 'Period Opened'), ('period.closed', 'Period Closed'), ('webhook_endpoint.test', 'Webhook Test')], max_length=40)),
                ('subject', models.CharField(max_length=64)),
                ('recorded_at', models.DateTimeField()),
                ('organisation', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.organisation')),
            ],
            options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('type__in', ['loan_report_batch.applied', 'loan_report_batch.awaiting_approval', 'loan_report_batch.expired', 'loan_report_batch.rejected', 'loan_report_batch.validated', 'period.closed', 'period.opened', 'reconciliation.confirmed', 'webhook_endpoint.test'])), name='feed_event_type_is_known'),
                    models.UniqueConstraint(fields=('organisation', 'sequence'), name='one_feed_event_per_number'),
                    models.CheckConstraint(condition=models.Q(('sequence__gte', 1)), name='feed_begins_at_one'),
                    models.UniqueConstraint(condition=models.Q(('type__in', ['period.closed', 'period.opened'])), fields=('organisation', 'type', 'subject'), name='a_period_opens_and_closes_once'),
                ],
            },
        ),
        migrations.CreateModel(
            name='FeedHead',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sequence', models.BigIntegerField()),
                ('organisation', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.organisation')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('sequence__gte', 0)), name='feed_head_is_not_negative')],
            },
        ),
        migrations.CreateModel(
            name='WebhookEndpoint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(max_length=40, unique=True)),
                ('slot', models.PositiveSmallIntegerField()),
                ('url', models.CharField(max_length=500)),
                ('state', models.CharField(choices=[('active', 'Active'), ('disabled', 'Disabled'), ('deleted', 'Deleted')], max_length=10)),
                ('secret', models.CharField(blank=True, max_length=300)),
                ('previous_secret', models.CharField(blank=True, default='', max_length=300)),
                ('previous_until', models.DateTimeField(null=True)),
                ('queued_through', models.BigIntegerField()),
                ('resting_until', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.organisation')),
            ],
            options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('state__in', ['active', 'deleted', 'disabled'])), name='webhook_endpoint_state_is_known'),
                    models.CheckConstraint(condition=models.Q(('slot__in', [1, 2, 3])), name='three_webhook_endpoints_at_most'),
                    models.UniqueConstraint(condition=models.Q(('state', 'deleted'), _negated=True), fields=('organisation', 'slot'), name='one_webhook_endpoint_per_slot'),
                    models.CheckConstraint(condition=models.Q(models.Q(('state', 'active'), models.Q(('secret', ''), _negated=True), ('ended_at', None)), models.Q(models.Q(('state', 'active'), _negated=True), ('ended_at__isnull', False), ('previous_secret', ''), ('secret', '')), _connector='OR'), name='an_ended_webhook_endpoint_keeps_no_secret'),
                    models.CheckConstraint(condition=models.Q(models.Q(('previous_secret', ''), ('previous_until', None)), models.Q(models.Q(('previous_secret', ''), _negated=True), ('previous_until__isnull', False)), _connector='OR'), name='a_previous_webhook_secret_has_its_end'),
                ],
            },
        ),
        migrations.CreateModel(
            name='WebhookDelivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('pending', 'Pending'), ('delivered', 'Delivered'), ('dead', 'Dead'), ('dropped', 'Dropped')], max_length=10)),
                ('attempts', models.PositiveSmallIntegerField()),
                ('next_attempt_at', models.DateTimeField(null=True)),
                ('last_attempt_at', models.DateTimeField(null=True)),
                ('last_status', models.PositiveSmallIntegerField(null=True)),
                ('last_fault', models.CharField(blank=True, default='', max_length=30)),
                ('event', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='loans.feedevent')),
                ('organisation', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.organisation')),
                ('endpoint', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='loans.webhookendpoint')),
            ],
            options={
                'indexes': [
                    models.Index(condition=models.Q(('state', 'pending')), fields=['endpoint', 'next_attempt_at'], name='webhook_delivery_due'),
                    models.Index(fields=['endpoint', 'state', 'id'], name='webhook_delivery_of_endpoint'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('state__in', ['dead', 'delivered', 'dropped', 'pending'])), name='webhook_delivery_state_is_known'),
                    models.UniqueConstraint(fields=('endpoint', 'event'), name='one_delivery_per_endpoint_and_event'),
                    models.CheckConstraint(condition=models.Q(models.Q(('next_attempt_at__isnull', False), ('state', 'pending')), models.Q(models.Q(('state', 'pending'), _negated=True), ('next_attempt_at', None)), _connector='OR'), name='only_a_pending_delivery_has_a_next_attempt'),
                    models.CheckConstraint(condition=models.Q(models.Q(('state', 'delivered'), _negated=True), models.Q(('last_status__isnull', False), ('last_status__range', (200, 299))), _connector='OR'), name='a_delivered_webhook_was_answered_2xx'),
                ],
            },
        ),
        *(
            migrations.RunSQL(
                f"ALTER TABLE {table} ADD CONSTRAINT {name} {rule}",
                f"ALTER TABLE {table} DROP CONSTRAINT {name}",
            )
            for table, name, rule in TOGETHER
        ),
    ]
