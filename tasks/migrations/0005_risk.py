"""Tolerance on more than funds; what is assumed of failures, the shocks looked at, and what follows."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

#: A rule is approved once; nothing else of it changes, and none is deleted.
CHECK_CHANGE = """
CREATE FUNCTION check_tolerance_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.approved_at IS NOT NULL
     OR to_jsonb(NEW) - '{approved_by_id,approved_at}'::text[] <> to_jsonb(OLD) - '{approved_by_id,approved_at}'::text[] THEN
    RAISE EXCEPTION 'tolerance_changes_only_by_approval' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$
"""


class Migration(migrations.Migration):

    dependencies = [
        ('funds', '0009_investors_are_known_from_a_moment'),
        ('kernel', '0003_insurers'),
        ('tasks', '0004_concentration_limits'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='RiskAssumptions',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(max_length=40, unique=True)),
                ('valid_from', models.DateField()),
                ('document', models.CharField(max_length=200)),
                ('recorded_at', models.DateTimeField()),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('document', ''), _negated=True), name='risk_assumptions_name_their_document'),
                ],
            },
        ),
        migrations.CreateModel(
            name='StressScenario',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(max_length=40, unique=True)),
                ('code', models.SlugField(max_length=40)),
                ('name', models.CharField(max_length=100)),
                ('name_en', models.CharField(max_length=100)),
                ('document', models.CharField(max_length=200)),
                ('valid_from', models.DateField()),
                ('industry', models.CharField(blank=True, default='', max_length=1)),
                ('pd_factor', models.DecimalField(decimal_places=4, default=1, max_digits=7)),
                ('loading_factor', models.DecimalField(decimal_places=4, default=1, max_digits=7)),
                ('listing_pd_factor', models.DecimalField(decimal_places=4, default=1, max_digits=7)),
                ('listing_lgd_factor', models.DecimalField(decimal_places=4, default=1, max_digits=7)),
                ('failing', models.CharField(blank=True, choices=[('', '—'), ('largest_group', '敞口最大的关联集团')], default='', max_length=14)),
                ('is_dropped', models.BooleanField(default=False)),
                ('recorded_at', models.DateTimeField()),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [
                    models.Index(fields=['code', '-valid_from', '-id'], name='scenario_by_date'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('document', ''), _negated=True), name='scenario_names_its_document'),
                    models.CheckConstraint(condition=models.Q(('industry', ''), ('industry__regex', '^[A-T]$'), _connector='OR'), name='scenario_hits_a_section_of_gb_4754'),
                    models.CheckConstraint(condition=models.Q(('listing_lgd_factor__gt', 0), ('listing_lgd_factor__lte', 10), ('listing_pd_factor__gt', 0), ('listing_pd_factor__lte', 100), ('loading_factor__gt', 0), ('loading_factor__lte', 10), ('pd_factor__gt', 0), ('pd_factor__lte', 100)), name='factors_of_a_scenario_are_positive'),
                    models.CheckConstraint(condition=models.Q(('failing__in', ['', 'largest_group'])), name='who_fails_is_known'),
                ],
            },
        ),
        migrations.CreateModel(
            name='LossResult',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.CharField(max_length=10)),
                ('seed', models.PositiveIntegerField()),
                ('draws', models.PositiveIntegerField()),
                ('content', models.JSONField()),
                ('computed_at', models.DateTimeField()),
                ('snapshot', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='losses', to='tasks.snapshot')),
                ('assumptions', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tasks.riskassumptions')),
                ('scenario', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tasks.stressscenario')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('snapshot', 'assumptions', 'scenario', 'version'), name='one_loss_per_month_assumptions_and_scenario', nulls_distinct=False),
                    models.CheckConstraint(condition=models.Q(('draws__gt', 0)), name='losses_are_drawn'),
                ],
            },
        ),
        migrations.CreateModel(
            name='RiskParameter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('pd_class', '违约概率（五级分类）'), ('pd_stage', '违约概率（企业阶段）'), ('lgd', '违约损失率'), ('loading', '共同因子载荷')], max_length=10)),
                ('key', models.CharField(max_length=20)),
                ('value', models.DecimalField(decimal_places=6, max_digits=8)),
                ('source', models.CharField(max_length=300)),
                ('is_invented', models.BooleanField()),
                ('assumptions', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='parameters', to='tasks.riskassumptions')),
            ],
            options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('kind__in', ['lgd', 'loading', 'pd_class', 'pd_stage'])), name='risk_parameter_is_known'),
                    models.UniqueConstraint(fields=('assumptions', 'kind', 'key'), name='one_risk_parameter_per_key'),
                    models.CheckConstraint(condition=models.Q(models.Q(('value__gte', 0), ('value__lt', 1)), models.Q(('value', 1), models.Q(('kind', 'loading'), _negated=True)), _connector='OR'), name='risk_parameter_is_a_fraction'),
                    models.CheckConstraint(condition=models.Q(('source', ''), _negated=True), name='risk_parameter_names_its_source'),
                ],
            },
        ),
        migrations.CreateModel(
            name='StressRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(max_length=40, unique=True)),
                ('inputs', models.CharField(max_length=64)),
                ('attempt', models.PositiveSmallIntegerField()),
                ('requested_at', models.DateTimeField()),
                ('comparison', models.JSONField(null=True)),
                ('finished_at', models.DateTimeField(null=True)),
                ('cancelled_at', models.DateTimeField(null=True)),
                ('assumptions', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tasks.riskassumptions')),
                ('joined_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.job')),
                ('requested_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('snapshot', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tasks.snapshot')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('inputs', 'attempt'), name='one_run_per_inputs_and_attempt'),
                    models.CheckConstraint(condition=models.Q(('finished_at', None), models.Q(('cancelled_at', None), ('comparison__isnull', False)), _connector='OR'), name='a_finished_run_has_its_comparison'),
                ],
            },
        ),
        migrations.CreateModel(
            name='StressPart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('job', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.job')),
                ('result', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tasks.lossresult')),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='tasks.stressrun')),
                ('scenario', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tasks.stressscenario')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('run', 'scenario'), name='one_part_per_scenario', nulls_distinct=False),
                ],
            },
        ),
        migrations.RemoveConstraint(
            model_name='tolerancerule',
            name='one_approved_rule_from_a_day',
        ),
        migrations.AddField(
            model_name='tolerancerule',
            name='key',
            field=models.CharField(blank=True, db_default='', default='', max_length=40),
        ),
        migrations.AddField(
            model_name='tolerancerule',
            name='owner',
            field=models.CharField(blank=True, db_default='', default='', help_text='责任部门', max_length=100),
        ),
        migrations.AddField(
            model_name='tolerancerule',
            name='scope',
            field=models.CharField(choices=[('fund', '基金'), ('tier', '基金层级'), ('category', '项目类别'), ('vintage', '设立年份'), ('project', '单个项目')], db_default='fund', default='fund', max_length=10),
        ),
        migrations.AddField(
            model_name='tolerancerule',
            name='warning_pct',
            field=models.DecimalField(db_default=80, decimal_places=2, default=80, max_digits=5),
        ),
        migrations.AlterField(
            model_name='tolerancerule',
            name='fund',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='funds.fund'),
        ),
        migrations.AddConstraint(
            model_name='tolerancerule',
            constraint=models.CheckConstraint(condition=models.Q(('warning_pct__gt', 0), ('warning_pct__lte', 100)), name='warning_line_is_a_percentage'),
        ),
        migrations.AddConstraint(
            model_name='tolerancerule',
            constraint=models.CheckConstraint(condition=models.Q(('valid_to', None), ('valid_to__gt', models.F('valid_from')), _connector='OR'), name='tolerance_ends_after_it_begins'),
        ),
        migrations.AddConstraint(
            model_name='tolerancerule',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('fund__isnull', False), ('key', ''), ('scope', 'fund')), models.Q(('fund', None), ('key__in', ['', 'angel', 'industry', 'mother', 'sub']), ('scope', 'tier')), models.Q(('key__in', ['', 'expansion', 'growth', 'mature', 'seed', 'startup', 'sub_fund', 'unstaged']), ('scope', 'category')), models.Q(models.Q(('key', ''), ('key__regex', '^[0-9]{4}$'), _connector='OR'), ('fund', None), ('scope', 'vintage')), ('scope', 'project'), _connector='OR'), name='key_of_a_tolerance_fits_its_scope'),
        ),
        migrations.AddConstraint(
            model_name='tolerancerule',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('base', 'size'), _negated=True), ('scope__in', ['fund', 'tier', 'vintage']), _connector='OR'), name='only_funds_have_a_size'),
        ),
        migrations.AddConstraint(
            model_name='tolerancerule',
            constraint=models.UniqueConstraint(condition=models.Q(('approved_by__isnull', False)), fields=('scope', 'fund', 'key', 'valid_from'), name='one_approved_rule_from_a_day', nulls_distinct=False),
        ),
        # Backwards, rules that no fund has cannot be told any more.
        migrations.RunSQL("SELECT 1", "DELETE FROM tasks_tolerancerule WHERE scope <> 'fund'"),
        migrations.RunSQL(CHECK_CHANGE, "DROP FUNCTION check_tolerance_change()"),
        migrations.RunSQL(
            "CREATE TRIGGER tolerance_changes_only_by_approval BEFORE UPDATE OR DELETE ON tasks_tolerancerule"
            " FOR EACH ROW EXECUTE FUNCTION check_tolerance_change()",
            "DROP TRIGGER tolerance_changes_only_by_approval ON tasks_tolerancerule",
        ),
    ]
