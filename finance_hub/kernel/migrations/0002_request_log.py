"""The request log."""

import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('kernel', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='RequestRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key_id', models.CharField(max_length=16)),
                ('request_id', models.CharField(max_length=60)),
                ('at', models.DateTimeField(help_text='When the answer began.')),
                ('method', models.CharField(max_length=10)),
                ('path', models.CharField(help_text='With its query, percent-encoded.', max_length=4096)),
                ('status', models.PositiveSmallIntegerField()),
                ('problem', models.CharField(blank=True, default='', max_length=60)),
                ('milliseconds', models.PositiveIntegerField()),
                ('bytes_in', models.BigIntegerField(help_text='The length of the body as announced.')),
                ('idempotency_key', models.CharField(blank=True, default='', max_length=255)),
                ('address', models.GenericIPAddressField(null=True)),
                ('organisation', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.organisation')),
            ],
            options={
                'indexes': [models.Index(fields=['organisation', 'id'], name='requests_of_organisation'), models.Index(fields=['request_id'], name='request_by_its_id'), django.contrib.postgres.indexes.BrinIndex(fields=['at'], name='request_by_age')],
                'constraints': [models.CheckConstraint(condition=models.Q(('status__range', (100, 599))), name='request_status_is_of_http'), models.CheckConstraint(condition=models.Q(('problem', ''), ('status__gte', 400), _connector='OR'), name='only_a_refused_request_names_a_problem')],
            },
        ),
    ]
