"""Indices and their levels, the benchmark of a fund, and what is assumed of the years that it has left."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


#: (table, name) → rule
RULES = {
    ("tasks_indexlevel", "level_is_not_dated_in_the_future"):
        "effective_date <= (recorded_at AT TIME ZONE 'Asia/Shanghai')::date",
    ("tasks_pacingscenario", "contribution_rates_are_percentages"):
        "cardinality(contribution_rates_pct) BETWEEN 1 AND 50"
        " AND array_position(contribution_rates_pct, NULL) IS NULL"
        " AND 0 <= ALL (contribution_rates_pct) AND 100 >= ALL (contribution_rates_pct)",
}  # fmt: skip

#: A band has both its edges and its middle: they are entered in one statement or not at all.
CHECK_TOGETHER = """
CREATE FUNCTION check_pacing_scenarios() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM entered GROUP BY assumptions_id HAVING count(*) <> 3) THEN
    RAISE EXCEPTION 'the_three_scenarios_come_together' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$
"""


class Migration(migrations.Migration):

    dependencies = [
        ('funds', '0006_deals'),
        ('tasks', '0002_targets'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='MarketIndex',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=40, unique=True)),
                ('name', models.CharField(max_length=200)),
                ('name_en', models.CharField(max_length=200)),
                ('source', models.CharField(max_length=300)),
                ('base_date', models.DateField()),
                ('base_level', models.DecimalField(decimal_places=6, max_digits=18)),
                ('recorded_at', models.DateTimeField()),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('base_level__gt', 0), ('base_level__lt', 1000000000000)), name='base_of_an_index_is_positive'),
                    models.CheckConstraint(condition=models.Q(('source', ''), _negated=True), name='index_names_its_source'),
                ],
            },
        ),
        migrations.CreateModel(
            name='IndexLevel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('effective_date', models.DateField()),
                ('level', models.DecimalField(decimal_places=6, max_digits=18)),
                ('recorded_at', models.DateTimeField()),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('index', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='levels', to='tasks.marketindex')),
            ],
            options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('level__gt', 0), ('level__lt', 1000000000000)), name='level_of_an_index_is_positive'),
                    models.UniqueConstraint(fields=('index', 'effective_date', 'recorded_at'), name='one_level_per_day_and_entry'),
                ],
            },
        ),
        migrations.CreateModel(
            name='FundBenchmark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('valid_from', models.DateField()),
                ('recorded_at', models.DateTimeField()),
                ('fund', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='funds.fund')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('index', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tasks.marketindex')),
            ],
        ),
        migrations.CreateModel(
            name='PacingAssumptions',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(max_length=40, unique=True)),
                ('valid_from', models.DateField()),
                ('document', models.CharField(max_length=200)),
                ('recorded_at', models.DateTimeField()),
                ('fund', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='funds.fund')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('document', ''), _negated=True), name='assumptions_name_their_document'),
                ],
            },
        ),
        migrations.CreateModel(
            name='PacingScenario',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('outlook', models.CharField(choices=[('low', '低'), ('base', '基准'), ('high', '高')], max_length=4)),
                ('contribution_rates_pct', django.contrib.postgres.fields.ArrayField(base_field=models.DecimalField(decimal_places=4, max_digits=9), size=None)),
                ('life', models.PositiveSmallIntegerField()),
                ('bow', models.DecimalField(decimal_places=4, max_digits=6)),
                ('growth_pct', models.DecimalField(decimal_places=4, max_digits=9)),
                ('yield_pct', models.DecimalField(decimal_places=4, max_digits=9)),
                ('assumptions', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='scenarios', to='tasks.pacingassumptions')),
            ],
            options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('outlook__in', ['base', 'high', 'low'])), name='outlook_is_known'),
                    models.UniqueConstraint(fields=('assumptions', 'outlook'), name='one_scenario_per_outlook'),
                    models.CheckConstraint(condition=models.Q(('life__gte', 1), ('life__lte', 50)), name='assumed_life_is_in_years'),
                    models.CheckConstraint(condition=models.Q(('bow__gte', 0), ('bow__lte', 20)), name='bow_is_not_negative'),
                    models.CheckConstraint(condition=models.Q(('growth_pct__gt', -100), ('growth_pct__lte', 1000)), name='growth_is_above_a_total_loss'),
                    models.CheckConstraint(condition=models.Q(('yield_pct__gte', 0), ('yield_pct__lte', 100)), name='yield_is_a_percentage'),
                ],
            },
        ),
        *(
            migrations.RunSQL(
                f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({rule})",
                f"ALTER TABLE {table} DROP CONSTRAINT {name}",
            )
            for (table, name), rule in RULES.items()
        ),
        migrations.RunSQL(CHECK_TOGETHER, "DROP FUNCTION check_pacing_scenarios()"),
        migrations.RunSQL(
            "CREATE TRIGGER check_pacing_scenarios AFTER INSERT ON tasks_pacingscenario"
            " REFERENCING NEW TABLE AS entered FOR EACH STATEMENT EXECUTE FUNCTION check_pacing_scenarios()",
            "DROP TRIGGER check_pacing_scenarios ON tasks_pacingscenario",
        ),
    ]
