"""Matters that need attention, and what came of them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tasks', '0008_briefing_editions'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Matter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(max_length=40, unique=True)),
                ('month', models.DateField()),
                ('text', models.CharField(max_length=300)),
                ('text_en', models.CharField(max_length=300)),
                ('owner', models.CharField(max_length=100)),
                ('owner_en', models.CharField(max_length=100)),
                ('due', models.DateField()),
                ('recorded_at', models.DateTimeField()),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='MatterOutcome',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.DateField()),
                ('standing', models.CharField(choices=[('open', 'Open'), ('done', 'Done'), ('dropped', 'Dropped')], max_length=8)),
                ('text', models.CharField(max_length=300)),
                ('text_en', models.CharField(max_length=300)),
                ('recorded_at', models.DateTimeField()),
                ('matter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='outcomes', to='tasks.matter')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.AddConstraint(
            model_name='matter',
            constraint=models.CheckConstraint(condition=models.Q(('month__day', 1)), name='matter_month_is_a_first'),
        ),
        migrations.AddConstraint(
            model_name='matter',
            constraint=models.CheckConstraint(condition=models.Q(('text__regex', '\\S'), ('text_en__regex', '\\S')), name='a_matter_is_said_in_both_languages'),
        ),
        migrations.AddConstraint(
            model_name='matter',
            constraint=models.CheckConstraint(condition=models.Q(('owner__regex', '\\S'), ('owner_en__regex', '\\S')), name='a_matter_has_its_owner'),
        ),
        migrations.AddConstraint(
            model_name='matteroutcome',
            constraint=models.CheckConstraint(condition=models.Q(('month__day', 1)), name='matter_outcome_month_is_a_first'),
        ),
        migrations.AddConstraint(
            model_name='matteroutcome',
            constraint=models.CheckConstraint(condition=models.Q(('standing__in', ['done', 'dropped', 'open'])), name='matter_standing_is_known'),
        ),
        migrations.AddConstraint(
            model_name='matteroutcome',
            constraint=models.CheckConstraint(condition=models.Q(('text__regex', '\\S'), ('text_en__regex', '\\S')), name='an_outcome_is_said_in_both_languages'),
        ),
    ]
