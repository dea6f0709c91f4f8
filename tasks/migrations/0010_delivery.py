"""What goes out with an issue: files beside it, its words, subscribers and what was sent to them."""

import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tasks', '0009_matters'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Subscriber',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(max_length=40, unique=True)),
                ('address', models.EmailField(max_length=254)),
                ('name', models.CharField(max_length=100)),
                ('language', models.CharField(max_length=8)),
                ('is_active', models.BooleanField(default=True)),
                ('since', models.DateTimeField()),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Dispatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('begun_at', models.DateTimeField(null=True)),
                ('sent_at', models.DateTimeField(null=True)),
                ('error', models.CharField(blank=True, default='', max_length=300)),
                ('briefing', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='dispatches', to='tasks.briefing')),
                ('subscriber', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='dispatches', to='tasks.subscriber')),
            ],
        ),
        migrations.CreateModel(
            name='BriefingFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('edition', 'Edition'), ('workbook', 'Workbook'), ('picture', 'Picture'), ('chart', 'Chart')], max_length=8)),
                ('language', models.CharField(max_length=8)),
                ('page', models.PositiveSmallIntegerField(default=0)),
                ('file', models.CharField(max_length=200)),
                ('sha256', models.CharField(max_length=64)),
                ('bytes', models.PositiveIntegerField()),
                ('briefing', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='tasks.briefing')),
            ],
            options={
                'indexes': [models.Index(fields=['sha256'], name='briefing_file_by_hash')],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['chart', 'edition', 'picture', 'workbook'])), name='file_beside_a_briefing_is_of_a_known_kind'), models.UniqueConstraint(fields=('briefing', 'kind', 'language', 'page'), name='one_file_of_a_kind_beside_a_briefing'), models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['chart', 'picture']), ('page__gt', 0)), models.Q(models.Q(('kind__in', ['chart', 'picture']), _negated=True), ('page', 0)), _connector='OR'), name='pictures_beside_a_briefing_are_numbered')],
            },
        ),
        migrations.CreateModel(
            name='BriefingText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(max_length=8)),
                ('text', models.TextField()),
                ('briefing', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='texts', to='tasks.briefing')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('briefing', 'language'), name='one_text_per_language')],
            },
        ),
        migrations.AddConstraint(
            model_name='subscriber',
            constraint=models.UniqueConstraint(django.db.models.functions.text.Lower('address'), name='one_subscriber_per_address'),
        ),
        migrations.AddConstraint(
            model_name='subscriber',
            constraint=models.CheckConstraint(condition=models.Q(('name__regex', '\\S')), name='a_subscriber_has_a_name'),
        ),
        migrations.AddConstraint(
            model_name='subscriber',
            constraint=models.CheckConstraint(condition=models.Q(('language__in', ['en', 'zh-hans'])), name='a_subscriber_reads_a_known_language'),
        ),
        migrations.AddConstraint(
            model_name='dispatch',
            constraint=models.UniqueConstraint(fields=('briefing', 'subscriber'), name='an_issue_goes_to_a_subscriber_once'),
        ),
        migrations.AddConstraint(
            model_name='dispatch',
            constraint=models.CheckConstraint(condition=models.Q(('sent_at', None), models.Q(('begun_at__isnull', False), ('error', '')), _connector='OR'), name='what_was_sent_was_begun_and_not_refused'),
        ),
    ]
