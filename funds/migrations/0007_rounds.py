"""Rounds of firms, rights to shares, and the shares of holdings, with what the database itself refuses of them."""

import django.db.models.deletion
import django.db.models.expressions
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


TABLES = ("funds_round", "funds_security", "funds_units")
RULES = {
    # table, name → rule of one row, or of two tables
    **{
        (table, f"{table.removeprefix('funds_')}_is_not_dated_in_the_future"):
            "CHECK (effective_date <= (recorded_at AT TIME ZONE 'Asia/Shanghai')::date)"
        for table in TABLES
    },
    ("funds_round", "price_is_what_was_raised_for_a_share"):
        "CHECK (abs(price * new_shares - raised) <= new_shares * 0.0000005)",
    ("funds_round", "shares_and_money_agree_to_one_share"):
        "CHECK (abs(new_shares * post_money - raised * shares_after) <= post_money)",
    ("funds_units", "units_of_one_holding"): "UNIQUE (id, holding_id, kind, shares)",
    ("funds_units", "reversal_repeats_the_units"):
        "FOREIGN KEY (reverses_id, holding_id, kind, shares) REFERENCES funds_units (id, holding_id, kind, shares)",
}  # fmt: skip

#: Function → what it does; a refusal is a check_violation whose message names the rule.
CHECKS = {
    "check_round": """
DECLARE
  first funds_round;
BEGIN
  IF NEW.reverses_id IS NULL THEN
    IF EXISTS (
      SELECT FROM funds_round r
      WHERE r.organisation_id = NEW.organisation_id AND r.firm_id = NEW.firm_id AND r.name = NEW.name
        AND r.reverses_id IS NULL AND NOT EXISTS (SELECT FROM funds_round b WHERE b.reverses_id = r.id)
    ) THEN
      RAISE EXCEPTION 'a_round_of_a_firm_is_recorded_once' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
  END IF;
  SELECT * INTO first FROM funds_round WHERE id = NEW.reverses_id;
  IF (NEW.organisation_id, NEW.firm_id, NEW.name, NEW.effective_date, NEW.raised, NEW.post_money, NEW.new_shares,
      NEW.shares_after)
     IS DISTINCT FROM (first.organisation_id, first.firm_id, first.name, first.effective_date, first.raised,
      first.post_money, first.new_shares, first.shares_after) THEN
    RAISE EXCEPTION 'a_reversal_repeats_its_round' USING ERRCODE = 'check_violation';
  END IF;
  IF EXISTS (
    SELECT FROM funds_units u WHERE u.round_id = first.id AND u.reverses_id IS NULL
      AND NOT EXISTS (SELECT FROM funds_units b WHERE b.reverses_id = u.id)
  ) THEN
    RAISE EXCEPTION 'a_round_with_shares_of_ours_stands' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END""",
    "check_security": """
DECLARE
  first funds_security;
BEGIN
  IF NEW.reverses_id IS NOT NULL THEN
    SELECT * INTO first FROM funds_security WHERE id = NEW.reverses_id;
    IF (NEW.kind, NEW.fund_id, NEW.firm_id, NEW.event_id, NEW.bank_id, NEW.reference)
       IS DISTINCT FROM (first.kind, first.fund_id, first.firm_id, first.event_id, first.bank_id, first.reference) THEN
      RAISE EXCEPTION 'a_reversal_repeats_its_security' USING ERRCODE = 'check_violation';
    END IF;
    IF EXISTS (
      SELECT FROM funds_units u WHERE u.security_id = first.id AND u.reverses_id IS NULL
        AND NOT EXISTS (SELECT FROM funds_units b WHERE b.reverses_id = u.id)
    ) THEN
      RAISE EXCEPTION 'a_security_that_was_used_stands' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF NEW.event_id IS NULL THEN
    RETURN NEW;
  END IF;
  IF NOT EXISTS (
    SELECT FROM funds_holdingevent e JOIN funds_holding h ON h.id = e.holding_id
    WHERE e.id = NEW.event_id AND e.kind = 'investment' AND e.reverses_id IS NULL
      AND e.effective_date = NEW.effective_date AND h.fund_id = NEW.fund_id AND h.firm_id = NEW.firm_id
      AND NOT EXISTS (SELECT FROM funds_holdingevent b WHERE b.reverses_id = e.id)
  ) THEN
    RAISE EXCEPTION 'a_convertible_is_what_an_investment_bought' USING ERRCODE = 'check_violation';
  END IF;
  IF EXISTS (
    SELECT FROM funds_security s WHERE s.event_id = NEW.event_id AND s.reverses_id IS NULL
      AND NOT EXISTS (SELECT FROM funds_security b WHERE b.reverses_id = s.id)
  ) OR EXISTS (
    SELECT FROM funds_units u WHERE u.event_id = NEW.event_id AND u.reverses_id IS NULL
      AND NOT EXISTS (SELECT FROM funds_units b WHERE b.reverses_id = u.id)
  ) THEN
    RAISE EXCEPTION 'an_investment_bought_one_thing' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END""",
    "check_units": """
DECLARE
  held funds_holding;
  entry funds_holdingevent;
  financed funds_round;
  claim funds_security;
  first funds_units;
  left_over numeric;
BEGIN
  SELECT * INTO held FROM funds_holding WHERE id = NEW.holding_id;
  IF held.id IS NULL THEN
    RETURN NEW;  -- not a holding in sight: the policy of the table refuses it
  END IF;
  IF NEW.reverses_id IS NOT NULL THEN
    SELECT * INTO first FROM funds_units WHERE id = NEW.reverses_id;
    IF (NEW.event_id, NEW.round_id, NEW.security_id)
       IS DISTINCT FROM (first.event_id, first.round_id, first.security_id) THEN
      RAISE EXCEPTION 'a_reversal_repeats_its_units' USING ERRCODE = 'check_violation';
    END IF;
  ELSE
    SELECT * INTO entry FROM funds_holdingevent WHERE id = NEW.event_id;
    SELECT * INTO financed FROM funds_round WHERE id = NEW.round_id;
    SELECT * INTO claim FROM funds_security WHERE id = NEW.security_id;
    IF held.firm_id IS NULL THEN
      RAISE EXCEPTION 'shares_are_of_a_firm' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.event_id IS NOT NULL AND (
      entry.id IS NULL OR entry.holding_id <> NEW.holding_id OR entry.reverses_id IS NOT NULL
      OR entry.effective_date <> NEW.effective_date
      OR entry.kind <> CASE WHEN NEW.kind IN ('released', 'redeemed') THEN 'exit' ELSE 'investment' END
      OR EXISTS (SELECT FROM funds_holdingevent b WHERE b.reverses_id = entry.id)
    ) THEN
      RAISE EXCEPTION 'units_are_of_an_entry_of_their_holding' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.round_id IS NOT NULL AND (
      financed.id IS NULL OR financed.firm_id <> held.firm_id OR financed.reverses_id IS NOT NULL
      OR financed.effective_date > NEW.effective_date
      OR financed.organisation_id <> (SELECT manager_id FROM funds_fund WHERE id = held.fund_id)
      OR EXISTS (SELECT FROM funds_round b WHERE b.reverses_id = financed.id)
    ) THEN
      RAISE EXCEPTION 'units_are_of_a_round_of_their_firm' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.security_id IS NOT NULL AND (
      claim.id IS NULL OR claim.firm_id <> held.firm_id OR claim.fund_id <> held.fund_id OR claim.reverses_id IS NOT NULL
      OR claim.effective_date > NEW.effective_date
      OR claim.kind <> CASE WHEN NEW.kind = 'exercised' THEN 'warrant' ELSE 'convertible' END
      OR EXISTS (SELECT FROM funds_security b WHERE b.reverses_id = claim.id)
    ) THEN
      RAISE EXCEPTION 'units_are_of_a_security_of_their_holding' USING ERRCODE = 'check_violation';
    END IF;
    IF EXISTS (
      SELECT FROM funds_units u
      WHERE (u.event_id = NEW.event_id OR (claim.kind = 'convertible' AND u.security_id = NEW.security_id))
        AND u.reverses_id IS NULL AND NOT EXISTS (SELECT FROM funds_units b WHERE b.reverses_id = u.id)
    ) OR EXISTS (
      SELECT FROM funds_security s WHERE s.event_id = NEW.event_id AND s.reverses_id IS NULL
        AND NOT EXISTS (SELECT FROM funds_security b WHERE b.reverses_id = s.id)
    ) THEN
      RAISE EXCEPTION 'units_are_entered_once' USING ERRCODE = 'check_violation';
    END IF;
  END IF;
  SELECT coalesce(sum(u.shares * CASE WHEN (u.kind = 'released') = (u.reverses_id IS NULL) THEN -1 ELSE 1 END), 0)
    INTO left_over FROM funds_units u WHERE u.holding_id = NEW.holding_id;
  IF (left_over + NEW.shares
     * CASE WHEN (NEW.kind = 'released') = (NEW.reverses_id IS NULL) THEN -1 ELSE 1 END) < 0 THEN
    RAISE EXCEPTION 'no_more_shares_go_than_are_held' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END""",
}


class Migration(migrations.Migration):

    dependencies = [
        ('funds', '0006_deals'),
        ('kernel', '0003_insurers'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Round',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(max_length=40, unique=True)),
                ('name', models.CharField(max_length=40)),
                ('effective_date', models.DateField()),
                ('pre_money', models.DecimalField(decimal_places=2, max_digits=18)),
                ('raised', models.DecimalField(decimal_places=2, max_digits=18)),
                ('post_money', models.DecimalField(decimal_places=2, max_digits=18)),
                ('price', models.DecimalField(decimal_places=6, max_digits=20)),
                ('new_shares', models.BigIntegerField()),
                ('shares_after', models.BigIntegerField()),
                ('lead_investor', models.CharField(blank=True, default='', max_length=200)),
                ('document', models.CharField(max_length=200)),
                ('recorded_at', models.DateTimeField()),
                ('note', models.CharField(blank=True, default='', max_length=500)),
                ('firm', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rounds', to='kernel.firm')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rounds', to='kernel.organisation')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('reverses', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reversed_by', to='funds.round')),
            ],
            options={
                'indexes': [
                    models.Index(fields=['firm', 'effective_date'], name='round_by_date'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('pre_money__gt', 0), ('pre_money__lt', Decimal('10000000000000000'))), name='pre_money_is_positive'),
                    models.CheckConstraint(condition=models.Q(('raised__gt', 0), ('raised__lt', Decimal('10000000000000000'))), name='raised_is_positive'),
                    models.CheckConstraint(condition=models.Q(('post_money__gt', 0), ('post_money__lt', Decimal('10000000000000000'))), name='post_money_is_positive'),
                    models.CheckConstraint(condition=models.Q(('price__gt', 0), ('price__lt', Decimal('10000000000000000'))), name='round_has_a_price'),
                    models.CheckConstraint(condition=models.Q(('post_money', django.db.models.expressions.CombinedExpression(models.F('pre_money'), '+', models.F('raised')))), name='post_money_is_pre_money_and_raised'),
                    models.CheckConstraint(condition=models.Q(('new_shares__gt', 0), ('new_shares__lte', 10000000000000), ('shares_after__gt', 0), ('shares_after__lte', 10000000000000), ('shares_after__gt', models.F('new_shares'))), name='round_issues_a_part_of_the_shares'),
                    models.CheckConstraint(condition=models.Q(('name__regex', '\\S')), name='round_has_a_name'),
                    models.CheckConstraint(condition=models.Q(('document__regex', '\\S')), name='round_names_its_document'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Security',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(max_length=40, unique=True)),
                ('kind', models.CharField(choices=[('convertible', '可转债'), ('warrant', '认股权')], max_length=12)),
                ('reference', models.CharField(blank=True, default='', max_length=64)),
                ('document', models.CharField(max_length=200)),
                ('effective_date', models.DateField()),
                ('ends_on', models.DateField()),
                ('annual_rate_pct', models.DecimalField(decimal_places=4, max_digits=9, null=True)),
                ('cap', models.DecimalField(decimal_places=2, max_digits=18, null=True)),
                ('discount_pct', models.DecimalField(decimal_places=4, max_digits=9, null=True)),
                ('shares', models.BigIntegerField(null=True)),
                ('share_pct', models.DecimalField(decimal_places=4, max_digits=9, null=True)),
                ('strike', models.DecimalField(decimal_places=6, max_digits=20, null=True)),
                ('recorded_at', models.DateTimeField()),
                ('note', models.CharField(blank=True, default='', max_length=500)),
                ('bank', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.organisation')),
                ('event', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='securities', to='funds.holdingevent')),
                ('firm', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='securities', to='kernel.firm')),
                ('fund', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='securities', to='funds.fund')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('reverses', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reversed_by', to='funds.security')),
            ],
            options={
                'indexes': [
                    models.Index(fields=['firm'], name='security_by_firm'),
                    models.Index(condition=models.Q(('reference', ''), _negated=True), fields=['bank', 'reference'], name='security_by_reference'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('kind__in', ['convertible', 'warrant'])), name='security_kind_is_known'),
                    models.CheckConstraint(condition=models.Q(models.Q(('annual_rate_pct__gte', 0), ('annual_rate_pct__isnull', False), ('annual_rate_pct__lt', 100), ('event__isnull', False), ('kind', 'convertible'), ('share_pct', None), ('shares', None), ('strike', None)), models.Q(('annual_rate_pct', None), ('cap', None), ('discount_pct', None), ('event', None), ('kind', 'warrant'), ('strike__gt', 0), ('strike__isnull', False), ('strike__lt', Decimal('10000000000000000')), models.Q(models.Q(('share_pct', None), ('shares__isnull', False)), models.Q(('share_pct__gt', 0), ('share_pct__isnull', False), ('share_pct__lt', 100), ('shares', None)), _connector='OR')), _connector='OR'), name='terms_fit_the_kind_of_security'),
                    models.CheckConstraint(condition=models.Q(('shares', None), models.Q(('shares__gt', 0), ('shares__lte', 10000000000000)), _connector='OR'), name='warrant_is_for_some_shares'),
                    models.CheckConstraint(condition=models.Q(('cap', None), models.Q(('cap__gt', 0), ('cap__lt', Decimal('10000000000000000'))), _connector='OR'), name='cap_is_positive'),
                    models.CheckConstraint(condition=models.Q(('discount_pct', None), models.Q(('discount_pct__gt', 0), ('discount_pct__lt', 100)), _connector='OR'), name='discount_is_a_part_of_the_price'),
                    models.CheckConstraint(condition=models.Q(('ends_on__gt', models.F('effective_date'))), name='security_ends_after_it_began'),
                    models.CheckConstraint(condition=models.Q(models.Q(('bank', None), ('reference', '')), models.Q(('bank__isnull', False), ('reference__regex', '\\S')), _connector='OR'), name='reference_is_of_a_bank'),
                    models.CheckConstraint(condition=models.Q(('document__regex', '\\S')), name='security_names_its_document'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Units',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(max_length=40, unique=True)),
                ('kind', models.CharField(choices=[('bought', '认购'), ('converted', '转股'), ('exercised', '行权'), ('released', '减持'), ('redeemed', '兑付')], max_length=10)),
                ('shares', models.BigIntegerField()),
                ('effective_date', models.DateField()),
                ('recorded_at', models.DateTimeField()),
                ('note', models.CharField(blank=True, default='', max_length=500)),
                ('event', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='units', to='funds.holdingevent')),
                ('holding', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='units', to='funds.holding')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('reverses', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reversed_by', to='funds.units')),
                ('round', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='units', to='funds.round')),
                ('security', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='units', to='funds.security')),
            ],
            options={
                'indexes': [
                    models.Index(fields=['holding', 'effective_date'], name='units_by_date'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(models.Q(('kind', 'redeemed'), ('shares', 0)), models.Q(models.Q(('kind', 'redeemed'), _negated=True), ('shares__gt', 0), ('shares__lte', 10000000000000)), _connector='OR'), name='units_are_some_shares'),
                    models.CheckConstraint(condition=models.Q(models.Q(('event__isnull', False), ('kind', 'bought'), ('security', None)), models.Q(('event__isnull', False), ('kind', 'released'), ('round', None), ('security', None)), models.Q(('event', None), ('kind', 'converted'), ('round__isnull', False), ('security__isnull', False)), models.Q(('event__isnull', False), ('kind', 'exercised'), ('security__isnull', False)), models.Q(('event__isnull', False), ('kind', 'redeemed'), ('round', None), ('security__isnull', False)), _connector='OR'), name='units_name_what_they_come_from'),
                ],
            },
        ),
        migrations.AddField(
            model_name='fundterms',
            name='valuation_days',
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='holdingevent',
            name='route',
            field=models.CharField(blank=True, choices=[('transfer', '股权转让'), ('buy_back', '回购'), ('market', '上市减持'), ('liquidation', '清算')], db_default='', default='', max_length=12),
        ),
        migrations.AddConstraint(
            model_name='fundterms',
            constraint=models.CheckConstraint(condition=models.Q(('valuation_days', None), ('valuation_days__gt', 0), _connector='OR'), name='values_are_fresh_for_some_days'),
        ),
        migrations.AddConstraint(
            model_name='holdingevent',
            constraint=models.CheckConstraint(condition=models.Q(('route', ''), models.Q(('kind', 'exit'), ('route__in', ['buy_back', 'liquidation', 'market', 'transfer'])), _connector='OR'), name='only_an_exit_has_a_route'),
        ),
        *(
            migrations.RunSQL(
                f"ALTER TABLE {table} ADD CONSTRAINT {name} {rule}",
                f"ALTER TABLE {table} DROP CONSTRAINT {name}",
            )
            for (table, name), rule in RULES.items()
        ),
        *(
            migrations.RunSQL(
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $${body} $$",
                f"DROP FUNCTION {name}()",
            )
            for name, body in CHECKS.items()
        ),
        *(
            migrations.RunSQL(
                f"CREATE TRIGGER {table.removeprefix('funds_')}_rules BEFORE INSERT ON {table}"
                f" FOR EACH ROW EXECUTE FUNCTION check_{table.removeprefix('funds_')}()",
                f"DROP TRIGGER {table.removeprefix('funds_')}_rules ON {table}",
            )
            for table in TABLES
        ),
        *(
            migrations.RunSQL(
                f"CREATE TRIGGER reversal_follows_a_plain_event BEFORE INSERT ON {table}"
                " FOR EACH ROW WHEN (NEW.reverses_id IS NOT NULL) EXECUTE FUNCTION check_reversal()",
                f"DROP TRIGGER reversal_follows_a_plain_event ON {table}",
            )
            for table in TABLES
        ),
    ]
