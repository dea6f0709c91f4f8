"""Deals from the first meeting to the end, and what the database itself refuses of them."""

import django.contrib.postgres.fields
import django.db.models.deletion
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


RULES = {
    # table, name → rule of one row, or of two tables
    ("funds_dealstep", "step_is_not_dated_in_the_future"):
        "CHECK (effective_date <= (recorded_at AT TIME ZONE 'Asia/Shanghai')::date)",
    ("funds_dealstep", "step_is_paid_by_a_payment_of_its_deal"):
        "FOREIGN KEY (payment_id, deal_id) REFERENCES funds_dealpayment (id, deal_id)",
}  # fmt: skip

#: Function → what it does; a refusal is a check_violation whose message names the rule.
CHECKS = {
    "check_deal": """
BEGIN
  IF (NEW.fund_id, NEW.public_id) IS DISTINCT FROM (OLD.fund_id, OLD.public_id) THEN
    RAISE EXCEPTION 'a_deal_stays_with_its_fund' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.version <> OLD.version + 1 THEN
    RAISE EXCEPTION 'a_change_of_a_deal_makes_the_next_version' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.firm_id IS DISTINCT FROM OLD.firm_id
     AND EXISTS (SELECT FROM funds_dealstep WHERE deal_id = NEW.id AND at <> 'met') THEN
    RAISE EXCEPTION 'a_deal_keeps_its_firm_from_screening_on' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END""",
    "check_deal_payment": """
DECLARE
  last funds_dealstep;
  paid_on date := (SELECT effective_date FROM funds_holdingevent WHERE id = NEW.event_id);
  signed_on date := (
    SELECT effective_date FROM funds_dealstep WHERE deal_id = NEW.deal_id AND stage = 'signed'
    ORDER BY id DESC LIMIT 1
  );
BEGIN
  IF NOT EXISTS (
    SELECT FROM funds_holdingevent e
    JOIN funds_holding h ON h.id = e.holding_id
    JOIN funds_deal d ON d.fund_id = h.fund_id AND d.firm_id = h.firm_id
    WHERE e.id = NEW.event_id AND d.id = NEW.deal_id AND e.kind = 'investment' AND e.reverses_id IS NULL
  ) THEN
    RAISE EXCEPTION 'a_deal_is_paid_by_its_funds_investment_in_its_firm' USING ERRCODE = 'check_violation';
  END IF;
  IF EXISTS (SELECT FROM funds_holdingevent WHERE reverses_id = NEW.event_id) THEN
    RAISE EXCEPTION 'a_reversed_investment_pays_no_deal' USING ERRCODE = 'check_violation';
  END IF;
  SELECT * INTO last FROM funds_dealstep WHERE deal_id = NEW.deal_id ORDER BY place DESC, id DESC LIMIT 1;
  IF last.at IS NULL OR last.at NOT IN ('signed', 'paid') OR paid_on < signed_on THEN
    RAISE EXCEPTION 'a_deal_is_paid_after_it_is_signed' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END""",
    "check_deal_step": """
DECLARE
  road text[] := ARRAY['met', 'screening', 'due_diligence', 'committee', 'signed', 'paid'];
  earlier funds_dealstep;
  later funds_dealstep;
  mistaken funds_dealstep;
BEGIN
  SELECT * INTO earlier FROM funds_dealstep WHERE deal_id = NEW.deal_id AND place = NEW.place - 1
    ORDER BY id DESC LIMIT 1;
  IF NEW.corrects_id IS NOT NULL THEN
    SELECT * INTO later FROM funds_dealstep WHERE deal_id = NEW.deal_id AND place = NEW.place + 1
      ORDER BY id DESC LIMIT 1;
    SELECT * INTO mistaken FROM funds_dealstep WHERE deal_id = NEW.deal_id AND place = NEW.place
      ORDER BY id DESC LIMIT 1;
    IF mistaken.id IS DISTINCT FROM NEW.corrects_id THEN
      RAISE EXCEPTION 'a_correction_takes_the_place_of_what_it_corrects' USING ERRCODE = 'check_violation';
    END IF;
    IF mistaken.stage = 'paid' THEN
      RAISE EXCEPTION 'what_was_paid_is_corrected_in_the_holding' USING ERRCODE = 'check_violation';
    END IF;
    IF later.id IS NOT NULL AND (NEW.stage, NEW.at) IS DISTINCT FROM (mistaken.stage, mistaken.at) THEN
      RAISE EXCEPTION 'a_correction_amid_the_steps_keeps_the_stage' USING ERRCODE = 'check_violation';
    END IF;
  END IF;
  IF NOT coalesce(CASE
    WHEN NEW.place = 1 THEN NEW.stage = 'met' AND NEW.at = 'met'
    WHEN NEW.stage = 'reopened' THEN earlier.stage IN ('declined', 'withdrawn') AND NEW.at = earlier.at
    WHEN earlier.stage IN ('declined', 'withdrawn') THEN false
    WHEN NEW.stage IN ('declined', 'withdrawn')
      THEN earlier.at NOT IN ('signed', 'paid') AND NEW.at = earlier.at
    ELSE NEW.at = NEW.stage
      AND array_position(road, NEW.stage::text) = array_position(road, earlier.at::text) + 1
  END, false) THEN
    RAISE EXCEPTION 'the_stages_of_a_deal_go_forward_one_by_one' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.effective_date < earlier.effective_date OR later.effective_date < NEW.effective_date THEN
    RAISE EXCEPTION 'a_step_does_not_precede_the_one_before_it' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.at <> 'met' AND (SELECT firm_id FROM funds_deal WHERE id = NEW.deal_id) IS NULL THEN
    RAISE EXCEPTION 'a_deal_names_its_firm_from_screening_on' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.stage IN ('signed', 'paid') AND NOT NEW.skipped AND NEW.decided_by = '{}' AND NOT EXISTS (
    SELECT FROM funds_dealstep s
    WHERE s.deal_id = NEW.deal_id AND s.place < NEW.place AND s.stage IN ('committee', 'signed')
      AND s.decided_by <> '{}' AND NOT EXISTS (SELECT FROM funds_dealstep c WHERE c.corrects_id = s.id)
  ) THEN
    RAISE EXCEPTION 'a_deal_is_not_signed_without_a_decision' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.payment_id IS NOT NULL AND NEW.effective_date IS DISTINCT FROM (
    SELECT e.effective_date FROM funds_dealpayment p JOIN funds_holdingevent e ON e.id = p.event_id
    WHERE p.id = NEW.payment_id
  ) THEN
    RAISE EXCEPTION 'a_deal_is_paid_on_the_day_of_its_investment' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END""",
}
#: table, when → function
WATCHED = {
    ("funds_deal", "UPDATE"): "check_deal",
    ("funds_dealpayment", "INSERT"): "check_deal_payment",
    ("funds_dealstep", "INSERT"): "check_deal_step",
}


class Migration(migrations.Migration):

    dependencies = [
        ('funds', '0005_receipts_and_carry'),
        ('kernel', '0003_insurers'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Deal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(max_length=40, unique=True)),
                ('firm_name', models.CharField(max_length=200)),
                ('title', models.CharField(max_length=200)),
                ('source', models.CharField(choices=[('roadshow', '路演'), ('referral', '推荐'), ('own_search', '自行寻访'), ('bank', '银行推介')], max_length=12)),
                ('referred_by', models.CharField(blank=True, default='', max_length=200)),
                ('instrument', models.CharField(choices=[('equity', '股权'), ('convertible', '可转债'), ('warrant', '认股权')], max_length=12)),
                ('planned_amount', models.DecimalField(decimal_places=2, max_digits=18)),
                ('lead', models.CharField(max_length=100)),
                ('note', models.CharField(blank=True, default='', max_length=500)),
                ('version', models.PositiveIntegerField(default=1)),
                ('recorded_at', models.DateTimeField()),
                ('firm', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='deals', to='kernel.firm')),
                ('fund', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deals', to='funds.fund')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('planned_amount__gt', 0), ('planned_amount__lt', Decimal('10000000000000000'))), name='planned_amount_is_positive'),
                    models.CheckConstraint(condition=models.Q(('source__in', ['bank', 'own_search', 'referral', 'roadshow'])), name='deal_source_is_known'),
                    models.CheckConstraint(condition=models.Q(('instrument__in', ['convertible', 'equity', 'warrant'])), name='deal_instrument_is_known'),
                    models.CheckConstraint(condition=models.Q(('firm_name__regex', '\\S')), name='deal_names_whom_it_is_with'),
                    models.CheckConstraint(condition=models.Q(('title__regex', '\\S')), name='deal_has_a_title'),
                    models.CheckConstraint(condition=models.Q(('lead__regex', '\\S')), name='deal_has_a_lead'),
                    models.CheckConstraint(condition=models.Q(models.Q(('source__in', ['referral', 'bank']), _negated=True), ('referred_by__regex', '\\S'), _connector='OR'), name='referral_names_who_referred'),
                ],
            },
        ),
        migrations.CreateModel(
            name='DealChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField()),
                ('changes', models.JSONField()),
                ('recorded_at', models.DateTimeField()),
                ('deal', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='funds.deal')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('deal', 'version'), name='one_change_per_deal_version'),
                    models.CheckConstraint(condition=models.Q(('version__gt', 1)), name='change_follows_the_first_version'),
                    models.CheckConstraint(condition=models.Q(('changes', {}), _negated=True), name='deal_change_changes_something'),
                ],
            },
        ),
        migrations.CreateModel(
            name='DealPayment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(max_length=40, unique=True)),
                ('recorded_at', models.DateTimeField()),
                ('note', models.CharField(blank=True, default='', max_length=500)),
                ('deal', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payments', to='funds.deal')),
                ('event', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='pays', to='funds.holdingevent')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('id', 'deal'), name='payment_of_one_deal'),
                ],
            },
        ),
        migrations.CreateModel(
            name='DealStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(max_length=40, unique=True)),
                ('place', models.PositiveSmallIntegerField()),
                ('stage', models.CharField(choices=[('met', '接洽'), ('screening', '初筛'), ('due_diligence', '尽调'), ('committee', '投决'), ('signed', '签约'), ('paid', '出资'), ('declined', '放弃'), ('withdrawn', '撤回'), ('reopened', '重启')], max_length=14)),
                ('at', models.CharField(max_length=14)),
                ('skipped', models.BooleanField(default=False)),
                ('reason', models.CharField(blank=True, default='', max_length=500)),
                ('effective_date', models.DateField()),
                ('recorded_at', models.DateTimeField()),
                ('decided_by', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=100), blank=True, default=list, size=None)),
                ('grounds', models.CharField(blank=True, default='', max_length=2000)),
                ('conflicts', models.CharField(blank=True, default='', max_length=2000)),
                ('votes_for', models.PositiveSmallIntegerField(null=True)),
                ('votes_against', models.PositiveSmallIntegerField(null=True)),
                ('note', models.CharField(blank=True, default='', max_length=500)),
                ('corrects', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrected_by', to='funds.dealstep')),
                ('deal', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='funds.deal')),
                ('payment', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='step', to='funds.dealpayment')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [
                    models.Index(fields=['deal', '-place', '-id'], name='deal_step_by_place'),
                ],
                'constraints': [
                    models.UniqueConstraint(condition=models.Q(('corrects', None)), fields=('deal', 'place'), name='one_step_at_a_place'),
                    models.CheckConstraint(condition=models.Q(('skipped', False), ('stage__in', ['screening', 'due_diligence', 'committee', 'signed']), _connector='OR'), name='only_stages_between_are_skipped'),
                    models.CheckConstraint(condition=models.Q(('skipped', False), ('corrects', None), _connector='OR'), name='correction_is_no_skip'),
                    models.CheckConstraint(condition=models.Q(models.Q(('reason', ''), ('skipped', False), models.Q(('stage__in', ['declined', 'withdrawn', 'reopened']), _negated=True)), ('reason__regex', '\\S'), _connector='OR'), name='skips_and_ends_give_their_reason'),
                    models.CheckConstraint(condition=models.Q(models.Q(('conflicts', ''), ('decided_by', []), ('grounds', ''), ('votes_against', None), ('votes_for', None)), models.Q(models.Q(('decided_by', []), _negated=True), models.Q(('decided_by__contains', ['']), _negated=True), ('conflicts__regex', '\\S'), ('grounds__regex', '\\S'), ('votes_against__isnull', False), ('votes_for__isnull', False)), _connector='OR'), name='decision_is_recorded_whole'),
                    models.CheckConstraint(condition=models.Q(models.Q(('stage__in', ['committee', 'declined']), _negated=True), ('skipped', True), models.Q(('decided_by', []), _negated=True), _connector='OR'), name='committee_and_decline_are_decided'),
                    models.CheckConstraint(condition=models.Q(models.Q(('payment__isnull', False), ('stage', 'paid')), models.Q(models.Q(('stage', 'paid'), _negated=True), ('payment', None)), _connector='OR'), name='only_paid_names_a_payment'),
                ],
            },
        ),
        migrations.CreateModel(
            name='DealDocument',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(max_length=40, unique=True)),
                ('name', models.CharField(max_length=200)),
                ('sha256', models.CharField(max_length=64)),
                ('size', models.PositiveBigIntegerField()),
                ('media_type', models.CharField(max_length=100)),
                ('uploaded_at', models.DateTimeField()),
                ('uploaded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('step', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='funds.dealstep')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('step', 'sha256'), name='one_copy_of_a_document_per_step'),
                    models.CheckConstraint(condition=models.Q(('sha256__regex', '^[0-9a-f]{64}$')), name='document_hash_is_a_sha256'),
                    models.CheckConstraint(condition=models.Q(('size__gt', 0)), name='document_is_not_empty'),
                    models.CheckConstraint(condition=models.Q(('name__regex', '^[^-=+@.[:cntrl:]/\\\\][^[:cntrl:]/\\\\]*$')), name='document_name_is_a_plain_name'),
                    models.CheckConstraint(condition=models.Q(('media_type__regex', '^[a-z0-9!#$&^_.+-]+/[a-z0-9!#$&^_.+-]+$')), name='media_type_is_one'),
                ],
            },
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
                f"CREATE TRIGGER {name}s_rules BEFORE {when} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
                f"DROP TRIGGER {name}s_rules ON {table}",
            )
            for (table, when), name in WATCHED.items()
        ),
    ]
