"""Limits on concentration: by dimension and measure, with owner and document, approved by a second person."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


CHECK_APPROVAL = """
CREATE FUNCTION check_concentration_limit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.approved_at IS NOT NULL
     OR to_jsonb(NEW) - 'approved_by_id' - 'approved_at' <> to_jsonb(OLD) - 'approved_by_id' - 'approved_at' THEN
    RAISE EXCEPTION 'concentration_limits_change_only_by_approval' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$
"""


class Migration(migrations.Migration):

    dependencies = [
        ('funds', '0009_investors_are_known_from_a_moment'),
        ('tasks', '0003_assumptions'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ConcentrationLimit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(max_length=40, unique=True)),
                ('dimension', models.CharField(choices=[('firm', '企业'), ('group', '关联集团'), ('industry', '行业'), ('town', '镇街'), ('bank', '银行'), ('sub_fund', '子基金'), ('stage', '发展阶段')], max_length=12)),
                ('measure', models.CharField(choices=[('top_share', '前若干户占比'), ('hhi', 'HHI 指数'), ('amount', '最大一户金额'), ('fund_share', '占基金净资产')], max_length=12)),
                ('top_n', models.PositiveSmallIntegerField(null=True)),
                ('limit', models.DecimalField(decimal_places=4, max_digits=20)),
                ('warning', models.DecimalField(decimal_places=4, max_digits=20)),
                ('owner_unit', models.CharField(max_length=60)),
                ('document', models.CharField(max_length=200)),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField(null=True)),
                ('proposed_at', models.DateTimeField()),
                ('approved_at', models.DateTimeField(null=True)),
                ('approved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('fund', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='funds.fund')),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('dimension__in', ['bank', 'firm', 'group', 'industry', 'stage', 'sub_fund', 'town'])), name='concentration_dimension_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('measure', 'top_share'), ('top_n__gte', 1), ('top_n__isnull', False), ('top_n__lte', 100)), models.Q(models.Q(('measure', 'top_share'), _negated=True), ('top_n', None)), _connector='OR'), name='only_a_top_share_counts_parts'), models.CheckConstraint(condition=models.Q(models.Q(('fund__isnull', False), ('measure', 'fund_share'), models.Q(('dimension__in', ['bank', 'sub_fund']), _negated=True)), models.Q(models.Q(('measure', 'fund_share'), _negated=True), ('fund', None)), _connector='OR'), name='only_a_share_of_a_fund_names_it'), models.CheckConstraint(condition=models.Q(models.Q(('limit__lte', 100), ('measure__in', ['top_share', 'fund_share'])), models.Q(('limit__lte', 1), ('measure', 'hhi')), models.Q(('limit__lt', 10000000000000000), ('measure', 'amount')), _connector='OR'), name='concentration_limit_fits_its_measure'), models.CheckConstraint(condition=models.Q(('warning__gt', 0), ('warning__lte', models.F('limit'))), name='a_warning_comes_before_its_limit'), models.CheckConstraint(condition=models.Q(('owner_unit__regex', '\\S')), name='concentration_limit_has_its_owner'), models.CheckConstraint(condition=models.Q(('document__regex', '\\S')), name='concentration_limit_names_its_document'), models.CheckConstraint(condition=models.Q(('valid_to', None), ('valid_to__gt', models.F('valid_from')), _connector='OR'), name='concentration_limit_ends_after_it_begins'), models.CheckConstraint(condition=models.Q(models.Q(('approved_at', None), ('approved_by', None)), models.Q(('approved_at__isnull', False), ('approved_by__isnull', False), models.Q(('approved_by', models.F('proposed_by')), _negated=True)), _connector='OR'), name='another_person_approves_the_concentration_limit'), models.UniqueConstraint(condition=models.Q(('approved_at__isnull', False)), fields=('dimension', 'measure', 'top_n', 'fund', 'valid_from'), name='one_approved_concentration_limit_from_a_day', nulls_distinct=False)],
            },
        ),
        migrations.RunSQL(CHECK_APPROVAL, "DROP FUNCTION check_concentration_limit()"),
        migrations.RunSQL(
            "CREATE TRIGGER concentration_limits_change_only_by_approval"
            " BEFORE UPDATE OR DELETE ON tasks_concentrationlimit"
            " FOR EACH ROW EXECUTE FUNCTION check_concentration_limit()",
            "DROP TRIGGER concentration_limits_change_only_by_approval ON tasks_concentrationlimit",
        ),
    ]
