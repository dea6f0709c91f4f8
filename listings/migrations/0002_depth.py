"""Attempts in depth: corrections, parties, filings; financial years and what is stated of a firm."""

import django.db.models.deletion
import django.db.models.functions.datetime
from decimal import Decimal
from django.conf import settings
from django.contrib.postgres.functions import RandomUUID
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.models import Value
from django.db.models.functions import Cast, Concat, Replace

#: By table, what a correction has in common with the row that it corrects, beside their id.
CORRECTED = {
    'listings_stageevent': ('correction_is_of_the_same_stage', 'attempt_id, stage'),
    'listings_attemptparty': ('correction_is_of_the_same_role', 'attempt_id, role'),
    'listings_filing': ('correction_is_of_the_same_kind', 'attempt_id, kind'),
    'listings_financialyear': ('correction_is_of_the_same_year', 'firm_id, year'),
    'listings_firmstatement': ('correction_is_of_the_same_statement', 'firm_id, name'),
}
FIRST = '''
DECLARE is_first boolean;
BEGIN
  EXECUTE format('SELECT corrects_id IS NULL FROM %I WHERE id = $1', TG_TABLE_NAME) INTO is_first USING NEW.corrects_id;
  IF NOT is_first THEN
    RAISE EXCEPTION 'correction_names_what_was_first_recorded' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END
'''


class Migration(migrations.Migration):

    dependencies = [
        ('kernel', '0003_insurers'),
        ('listings', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AttemptParty',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(max_length=40, unique=True)),
                ('effective_date', models.DateField()),
                ('taken_back', models.BooleanField(default=False)),
                ('recorded_at', models.DateTimeField()),
                ('role', models.CharField(choices=[('sponsor', '保荐机构'), ('law_firm', '律师事务所'), ('auditor', '会计师事务所')], max_length=12)),
                ('name', models.CharField(max_length=200)),
                ('source', models.CharField(max_length=300)),
                ('attempt', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='parties', to='listings.listingattempt')),
                ('corrects', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='listings.attemptparty')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('role__in', ['auditor', 'law_firm', 'sponsor'])), name='party_role_is_known'),
                    models.CheckConstraint(condition=models.Q(('name__regex', '\\S')), name='party_has_a_name'),
                    models.CheckConstraint(condition=models.Q(('source__regex', '\\S')), name='party_has_its_source'),
                    models.CheckConstraint(condition=models.Q(('taken_back', False), ('corrects__isnull', False), _connector='OR'), name='only_a_recorded_party_is_taken_back'),
                    models.UniqueConstraint(fields=('id', 'attempt', 'role'), name='party_of_one_attempt'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Filing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(max_length=40, unique=True)),
                ('effective_date', models.DateField()),
                ('taken_back', models.BooleanField(default=False)),
                ('recorded_at', models.DateTimeField()),
                ('kind', models.CharField(choices=[('inquiry_letter', '审核问询函'), ('inquiry_reply', '问询回复'), ('figures_audited', '财务资料更新'), ('figures_extended', '财务资料有效期延长')], max_length=16)),
                ('period_end', models.DateField(null=True)),
                ('source', models.CharField(max_length=300)),
                ('attempt', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='filings', to='listings.listingattempt')),
                ('corrects', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='listings.filing')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('kind__in', ['figures_audited', 'figures_extended', 'inquiry_letter', 'inquiry_reply'])), name='filing_kind_is_known'),
                    models.CheckConstraint(condition=models.Q(models.Q(('kind', 'figures_audited'), ('period_end__isnull', False)), models.Q(models.Q(('kind', 'figures_audited'), _negated=True), ('period_end', None)), _connector='OR'), name='only_audited_figures_end_a_period'),
                    models.CheckConstraint(condition=models.Q(('period_end', None), ('period_end__lte', models.F('effective_date')), _connector='OR'), name='figures_are_audited_after_their_period'),
                    models.CheckConstraint(condition=models.Q(('source__regex', '\\S')), name='filing_has_its_source'),
                    models.CheckConstraint(condition=models.Q(('taken_back', False), ('corrects__isnull', False), _connector='OR'), name='only_a_recorded_filing_is_taken_back'),
                    models.UniqueConstraint(fields=('id', 'attempt', 'kind'), name='filing_of_one_attempt'),
                ],
            },
        ),
        migrations.CreateModel(
            name='FinancialYear',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(max_length=40, unique=True)),
                ('effective_date', models.DateField()),
                ('taken_back', models.BooleanField(default=False)),
                ('recorded_at', models.DateTimeField()),
                ('year', models.PositiveSmallIntegerField()),
                ('revenue', models.DecimalField(decimal_places=2, max_digits=18, null=True)),
                ('net_profit', models.DecimalField(decimal_places=2, max_digits=18, null=True)),
                ('net_profit_less_non_recurring', models.DecimalField(decimal_places=2, max_digits=18, null=True)),
                ('rd', models.DecimalField(decimal_places=2, max_digits=18, null=True)),
                ('operating_cash_flow', models.DecimalField(decimal_places=2, max_digits=18, null=True)),
                ('roe', models.DecimalField(decimal_places=6, max_digits=9, null=True)),
                ('invention_patents', models.PositiveIntegerField(null=True)),
                ('rd_staff', models.PositiveIntegerField(null=True)),
                ('staff', models.PositiveIntegerField(null=True)),
                ('unqualified_opinion', models.BooleanField(null=True)),
                ('source', models.CharField(max_length=300)),
                ('corrects', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='listings.financialyear')),
                ('firm', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='financial_years', to='kernel.firm')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(condition=models.Q(('corrects', None)), fields=('firm', 'year'), name='a_financial_year_is_recorded_once'),
                    models.CheckConstraint(condition=models.Q(('year__gte', 1990), ('year__lt', django.db.models.functions.datetime.ExtractYear(models.F('effective_date')))), name='a_financial_year_is_reported_after_its_end'),
                    models.CheckConstraint(condition=models.Q(('net_profit__lt', Decimal('10000000000000000'))), name='net_profit_of_the_year_is_money'),
                    models.CheckConstraint(condition=models.Q(('net_profit_less_non_recurring__lt', Decimal('10000000000000000'))), name='net_profit_less_non_recurring_of_the_year_is_money'),
                    models.CheckConstraint(condition=models.Q(('operating_cash_flow__lt', Decimal('10000000000000000'))), name='operating_cash_flow_of_the_year_is_money'),
                    models.CheckConstraint(condition=models.Q(('revenue__gte', 0), ('revenue__lt', Decimal('10000000000000000'))), name='revenue_of_the_year_is_money'),
                    models.CheckConstraint(condition=models.Q(('rd__gte', 0), ('rd__lt', Decimal('10000000000000000'))), name='rd_of_the_year_is_money'),
                    models.CheckConstraint(condition=models.Q(('roe__gt', -1000), ('roe__lt', 1000)), name='roe_is_a_number'),
                    models.CheckConstraint(condition=models.Q(('rd_staff__lte', models.F('staff'))), name='rd_staff_is_part_of_the_staff'),
                    models.CheckConstraint(condition=models.Q(('taken_back', True), ('revenue__isnull', False), ('net_profit__isnull', False), ('net_profit_less_non_recurring__isnull', False), ('rd__isnull', False), ('operating_cash_flow__isnull', False), ('roe__isnull', False), ('invention_patents__isnull', False), ('rd_staff__isnull', False), ('staff__isnull', False), ('unqualified_opinion__isnull', False), _connector='OR'), name='a_financial_year_reports_something'),
                    models.CheckConstraint(condition=models.Q(('source__regex', '\\S')), name='a_financial_year_has_its_source'),
                    models.CheckConstraint(condition=models.Q(('taken_back', False), ('corrects__isnull', False), _connector='OR'), name='only_a_recorded_year_is_taken_back'),
                    models.UniqueConstraint(fields=('id', 'firm', 'year'), name='financial_year_of_one_firm'),
                ],
            },
        ),
        migrations.CreateModel(
            name='FirmStatement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(max_length=40, unique=True)),
                ('effective_date', models.DateField()),
                ('taken_back', models.BooleanField(default=False)),
                ('recorded_at', models.DateTimeField()),
                ('name', models.CharField(choices=[('expected_market_cap', '预计市值'), ('share_capital_after_issue', '发行后股本总额'), ('public_float_share', '公开发行股份占比'), ('net_assets', '期末净资产'), ('shares_offered', '公开发行股份数'), ('subscribers', '发行对象人数'), ('holders_after_issue', '发行后股东人数'), ('neeq_innovation_layer_months', '新三板创新层连续挂牌月数'), ('years_in_operation', '持续经营年数'), ('controller_unchanged_years', '实际控制人未变更年数'), ('staged_results_with_large_market', '取得阶段性成果且市场空间大'), ('software', '软件企业'), ('software_may_count_rd_amount', '软件企业可按研发金额认定'), ('applies_under_star_5', '按科创板第五套标准申报'), ('red_chip_listed_overseas', '已境外上市红筹企业'), ('modern_industry', '现代产业体系或战略性新兴产业'), ('technology_recognised_by_state', '核心技术经国家主管部门认定'), ('state_science_award', '获国家科技奖'), ('state_major_project', '承担国家重大科技专项'), ('import_substitution', '实现进口替代')], max_length=40)),
                ('number', models.DecimalField(decimal_places=6, max_digits=22, null=True)),
                ('holds', models.BooleanField(null=True)),
                ('source', models.CharField(max_length=300)),
                ('corrects', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='listings.firmstatement')),
                ('firm', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='statements', to='kernel.firm')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('name__in', ['applies_under_star_5', 'controller_unchanged_years', 'expected_market_cap', 'holders_after_issue', 'import_substitution', 'modern_industry', 'neeq_innovation_layer_months', 'net_assets', 'public_float_share', 'red_chip_listed_overseas', 'share_capital_after_issue', 'shares_offered', 'software', 'software_may_count_rd_amount', 'staged_results_with_large_market', 'state_major_project', 'state_science_award', 'subscribers', 'technology_recognised_by_state', 'years_in_operation'])), name='stated_name_is_known'),
                    models.CheckConstraint(condition=models.Q(('taken_back', True), models.Q(('holds__isnull', False), ('name__in', ['staged_results_with_large_market', 'software', 'software_may_count_rd_amount', 'applies_under_star_5', 'red_chip_listed_overseas', 'modern_industry', 'technology_recognised_by_state', 'state_science_award', 'state_major_project', 'import_substitution']), ('number', None)), models.Q(models.Q(('name__in', ['staged_results_with_large_market', 'software', 'software_may_count_rd_amount', 'applies_under_star_5', 'red_chip_listed_overseas', 'modern_industry', 'technology_recognised_by_state', 'state_science_award', 'state_major_project', 'import_substitution']), _negated=True), ('holds', None), ('number__isnull', False)), _connector='OR'), name='a_statement_is_a_number_or_a_yes_or_no'),
                    models.CheckConstraint(condition=models.Q(('number__gte', 0), ('number__lt', 10000000000000000)), name='a_stated_number_is_a_number'),
                    models.CheckConstraint(condition=models.Q(('source__regex', '\\S')), name='a_statement_has_its_source'),
                    models.CheckConstraint(condition=models.Q(('taken_back', False), ('corrects__isnull', False), _connector='OR'), name='only_a_recorded_statement_is_taken_back'),
                    models.UniqueConstraint(fields=('id', 'firm', 'name'), name='statement_of_one_firm'),
                ],
            },
        ),
        migrations.AddField(
            model_name='stageevent',
            name='corrects',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='listings.stageevent'),
        ),
        # A default that differs from row to row names those that are there; no row is rewritten by hand.
        migrations.AddField(
            model_name='stageevent',
            name='public_id',
            field=models.CharField(
                max_length=40,
                db_default=Concat(Value('se_'), Replace(Cast(RandomUUID(), models.CharField()), Value('-'), Value(''))),
            ),
        ),
        migrations.AlterField(
            model_name='stageevent',
            name='public_id',
            field=models.CharField(max_length=40, unique=True),
        ),
        migrations.AddField(
            model_name='stageevent',
            name='taken_back',
            field=models.BooleanField(default=False),
        ),
        # Those recorded before needed none.
        AddConstraintNotValid(
            model_name='stageevent',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('stage__in', ['suspended', 'withdrawn', 'rejected']), _negated=True), ('reason__regex', '\\S'), _connector='OR'), name='suspensions_and_ends_give_their_reason'),
        ),
        migrations.AddConstraint(
            model_name='stageevent',
            constraint=models.CheckConstraint(condition=models.Q(('corrects', None), ('reason__regex', '\\S'), _connector='OR'), name='stage_correction_gives_its_reason'),
        ),
        migrations.AddConstraint(
            model_name='stageevent',
            constraint=models.CheckConstraint(condition=models.Q(('taken_back', False), ('corrects__isnull', False), _connector='OR'), name='only_a_recorded_stage_is_taken_back'),
        ),
        migrations.AddConstraint(
            model_name='stageevent',
            constraint=models.UniqueConstraint(fields=('id', 'attempt', 'stage'), name='stage_event_of_one_attempt'),
        ),
        *(
            migrations.RunSQL(
                f'ALTER TABLE {table} ADD CONSTRAINT {name}'
                f' FOREIGN KEY (corrects_id, {same}) REFERENCES {table} (id, {same})',
                f'ALTER TABLE {table} DROP CONSTRAINT {name}',
            )
            for table, (name, same) in CORRECTED.items()
        ),
        migrations.RunSQL(
            f'CREATE FUNCTION check_listing_correction() RETURNS trigger LANGUAGE plpgsql AS $${FIRST}$$',
            'DROP FUNCTION check_listing_correction()',
        ),
        *(
            migrations.RunSQL(
                f'CREATE TRIGGER corrections_name_the_first BEFORE INSERT ON {table} FOR EACH ROW'
                ' WHEN (NEW.corrects_id IS NOT NULL) EXECUTE FUNCTION check_listing_correction()',
                f'DROP TRIGGER corrections_name_the_first ON {table}',
            )
            for table in CORRECTED
        ),
    ]
