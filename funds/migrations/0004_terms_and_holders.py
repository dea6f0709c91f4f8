"""What is agreed for a fund, as dated rows; and the fund of ours that an investor may be."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('funds', '0003_ledger_in_depth'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='FundTerms',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(max_length=40, unique=True)),
                ('valid_from', models.DateField()),
                ('document', models.CharField(max_length=200)),
                ('fee_base', models.CharField(choices=[('commitment', '认缴'), ('paid_in', '实缴'), ('invested', '已投'), ('net_assets', '净资产')], max_length=12, null=True)),
                ('fee_rate_pct', models.DecimalField(decimal_places=4, max_digits=9, null=True)),
                ('fee_offset_pct', models.DecimalField(decimal_places=4, max_digits=9, null=True)),
                ('order', models.CharField(choices=[('european', '整体分配'), ('american', '按项目分配')], max_length=12, null=True)),
                ('preferred_return_pct', models.DecimalField(decimal_places=4, max_digits=9, null=True)),
                ('compounding', models.CharField(choices=[('annually', '按年复利'), ('daily', '按日复利'), ('simple', '单利')], max_length=12, null=True)),
                ('day_count', models.CharField(choices=[('ACT/365F', 'Actual 365'), ('ACT/360', 'Actual 360'), ('ACT/ACT ISDA', 'Actual Actual')], db_default='ACT/365F', default='ACT/365F', max_length=12)),
                ('catch_up_pct', models.DecimalField(decimal_places=4, max_digits=9, null=True)),
                ('catch_up_target_pct', models.DecimalField(decimal_places=4, max_digits=9, null=True)),
                ('carried_interest_pct', models.DecimalField(decimal_places=4, max_digits=9, null=True)),
                ('clawback', models.BooleanField(null=True)),
                ('concession_pct', models.DecimalField(decimal_places=4, max_digits=9, null=True)),
                ('concession_floor_pct', models.DecimalField(decimal_places=4, max_digits=9, null=True)),
                ('recycling_limit_pct', models.DecimalField(decimal_places=4, max_digits=9, null=True)),
                ('firm_cap_pct', models.DecimalField(decimal_places=4, max_digits=9, null=True)),
                ('firm_cap_base', models.CharField(choices=[('commitment', '认缴'), ('paid_in', '实缴'), ('invested', '已投'), ('net_assets', '净资产')], max_length=12, null=True)),
                ('sub_fund_share_cap_pct', models.DecimalField(decimal_places=4, max_digits=9, null=True)),
                ('reinvestment_multiple', models.DecimalField(decimal_places=4, max_digits=9, null=True)),
                ('reinvestment_base', models.CharField(choices=[('commitment', '认缴'), ('paid_in', '实缴'), ('invested', '已投'), ('net_assets', '净资产')], max_length=12, null=True)),
                ('reinvestment_rules', models.CharField(blank=True, default='', max_length=2000)),
                ('investment_ends_on', models.DateField(null=True)),
                ('ends_on', models.DateField(null=True)),
                ('extension_years', models.PositiveSmallIntegerField(null=True)),
                ('recorded_at', models.DateTimeField()),
                ('fund', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='terms', to='funds.fund')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [
                    models.Index(fields=['fund', 'valid_from'], name='fund_terms_by_date'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(models.Q(('fee_rate_pct', None), models.Q(('fee_rate_pct__gte', 0), ('fee_rate_pct__lte', 100)), _connector='OR'), models.Q(('fee_offset_pct', None), models.Q(('fee_offset_pct__gte', 0), ('fee_offset_pct__lte', 100)), _connector='OR'), models.Q(('preferred_return_pct', None), models.Q(('preferred_return_pct__gte', 0), ('preferred_return_pct__lte', 100)), _connector='OR'), models.Q(('catch_up_pct', None), models.Q(('catch_up_pct__gte', 0), ('catch_up_pct__lte', 100)), _connector='OR'), models.Q(('catch_up_target_pct', None), models.Q(('catch_up_target_pct__gte', 0), ('catch_up_target_pct__lte', 100)), _connector='OR'), models.Q(('carried_interest_pct', None), models.Q(('carried_interest_pct__gte', 0), ('carried_interest_pct__lte', 100)), _connector='OR')), name='fee_and_carry_are_percentages'),
                    models.CheckConstraint(condition=models.Q(models.Q(('concession_pct', None), models.Q(('concession_pct__gte', 0), ('concession_pct__lte', 100)), _connector='OR'), models.Q(('concession_floor_pct', None), models.Q(('concession_floor_pct__gte', 0), ('concession_floor_pct__lte', 100)), _connector='OR'), models.Q(('recycling_limit_pct', None), models.Q(('recycling_limit_pct__gte', 0), ('recycling_limit_pct__lte', 100)), _connector='OR'), models.Q(('firm_cap_pct', None), models.Q(('firm_cap_pct__gte', 0), ('firm_cap_pct__lte', 100)), _connector='OR'), models.Q(('sub_fund_share_cap_pct', None), models.Q(('sub_fund_share_cap_pct__gte', 0), ('sub_fund_share_cap_pct__lte', 100)), _connector='OR')), name='caps_and_concessions_are_percentages'),
                    models.CheckConstraint(condition=models.Q(('reinvestment_multiple', None), models.Q(('reinvestment_multiple__gte', 0), ('reinvestment_multiple__lt', 100)), _connector='OR'), name='reinvestment_is_a_multiple'),
                    models.CheckConstraint(condition=models.Q(('order__in', ['american', 'european'])), name='order_of_distribution_is_known'),
                    models.CheckConstraint(condition=models.Q(('compounding__in', ['annually', 'daily', 'simple'])), name='compounding_of_terms_is_known'),
                    models.CheckConstraint(condition=models.Q(('day_count__in', ['ACT/360', 'ACT/365F', 'ACT/ACT ISDA'])), name='day_count_of_terms_is_known'),
                    models.CheckConstraint(condition=models.Q(('fee_base__in', ['commitment', 'invested', 'net_assets', 'paid_in'])), name='fee_base_of_terms_is_known'),
                    models.CheckConstraint(condition=models.Q(('firm_cap_base__in', ['commitment', 'invested', 'net_assets', 'paid_in'])), name='firm_cap_base_of_terms_is_known'),
                    models.CheckConstraint(condition=models.Q(('reinvestment_base__in', ['commitment', 'invested', 'net_assets', 'paid_in'])), name='reinvestment_base_of_terms_is_known'),
                    models.CheckConstraint(condition=models.Q(models.Q(('fee_base', None), ('fee_rate_pct', None)), models.Q(('fee_base__isnull', False), ('fee_rate_pct__isnull', False)), _connector='OR'), name='fee_rate_pct_has_its_base'),
                    models.CheckConstraint(condition=models.Q(models.Q(('firm_cap_base', None), ('firm_cap_pct', None)), models.Q(('firm_cap_base__isnull', False), ('firm_cap_pct__isnull', False)), _connector='OR'), name='firm_cap_pct_has_its_base'),
                    models.CheckConstraint(condition=models.Q(models.Q(('reinvestment_base', None), ('reinvestment_multiple', None)), models.Q(('reinvestment_base__isnull', False), ('reinvestment_multiple__isnull', False)), _connector='OR'), name='reinvestment_multiple_has_its_base'),
                    models.CheckConstraint(condition=models.Q(models.Q(('compounding', None), ('preferred_return_pct', None)), models.Q(('compounding__isnull', False), ('preferred_return_pct__isnull', False)), _connector='OR'), name='preferred_return_pct_has_its_base'),
                    models.CheckConstraint(condition=models.Q(models.Q(('carried_interest_pct', None), ('order', None)), models.Q(('carried_interest_pct__isnull', False), ('order__isnull', False)), _connector='OR'), name='carried_interest_pct_has_its_base'),
                    models.CheckConstraint(condition=models.Q(('investment_ends_on', None), ('ends_on', None), ('investment_ends_on__lte', models.F('ends_on')), _connector='OR'), name='investment_period_ends_within_the_life'),
                ],
            },
        ),
        migrations.AddField(
            model_name='investor',
            name='holder',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='stakes', to='funds.fund'),
        ),
        migrations.AddConstraint(
            model_name='investor',
            constraint=models.UniqueConstraint(fields=('fund', 'holder'), name='one_stake_per_holder'),
        ),
        migrations.AddConstraint(
            model_name='investor',
            constraint=models.CheckConstraint(condition=models.Q(('holder', None), models.Q(('holder', models.F('fund')), _negated=True), _connector='OR'), name='fund_is_no_investor_of_itself'),
        ),
    ]
