"""Agreements, claims, recoveries and pools, and what the database itself refuses of them."""

import django.db.models.deletion
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


TOGETHER = (
    # table, name, rule
    ("loans_guaranteeevent", "event_of_one_guarantee", "UNIQUE (id, guarantee_id)"),
    ("loans_guaranteeevent", "guarantee_event_of_one_kind_and_amount", "UNIQUE (id, guarantee_id, kind, amount)"),
    ("loans_claim", "claim_of_one_guarantee", "UNIQUE (id, guarantee_id)"),
    ("loans_claim", "claim_of_one_loss", "UNIQUE (id, guarantee_id, principal, interest)"),
    ("loans_recovery", "recovery_of_one_guarantee", "UNIQUE (id, guarantee_id)"),
    ("loans_recovery", "recovery_of_one_claim_and_amount", "UNIQUE (id, claim_id, amount, cost)"),
    ("loans_poolevent", "pool_event_of_one_kind_and_amount", "UNIQUE (id, pool_id, kind, amount)"),
    ("loans_guaranteeevent", "reversal_repeats_the_guarantee_event",
     "FOREIGN KEY (reverses_id, guarantee_id, kind, amount)"
     " REFERENCES loans_guaranteeevent (id, guarantee_id, kind, amount)"),
    ("loans_claim", "reversal_repeats_the_claim",
     "FOREIGN KEY (reverses_id, guarantee_id, principal, interest)"
     " REFERENCES loans_claim (id, guarantee_id, principal, interest)"),
    ("loans_recovery", "reversal_repeats_the_recovery",
     "FOREIGN KEY (reverses_id, claim_id, amount, cost) REFERENCES loans_recovery (id, claim_id, amount, cost)"),
    ("loans_poolevent", "reversal_repeats_the_pool_event",
     "FOREIGN KEY (reverses_id, pool_id, kind, amount) REFERENCES loans_poolevent (id, pool_id, kind, amount)"),
    ("loans_claim", "compensation_is_of_the_claims_guarantee",
     "FOREIGN KEY (compensation_id, guarantee_id) REFERENCES loans_guaranteeevent (id, guarantee_id)"),
    ("loans_claim", "interest_is_of_the_claims_guarantee",
     "FOREIGN KEY (interest_paid_id, guarantee_id) REFERENCES loans_guaranteeevent (id, guarantee_id)"),
    ("loans_claim", "release_is_of_the_claims_guarantee",
     "FOREIGN KEY (kept_id, guarantee_id) REFERENCES loans_guaranteeevent (id, guarantee_id)"),
    ("loans_recovery", "recovery_event_is_of_its_guarantee",
     "FOREIGN KEY (event_id, guarantee_id) REFERENCES loans_guaranteeevent (id, guarantee_id)"),
    ("loans_claimshare", "part_is_of_its_claims_guarantee",
     "FOREIGN KEY (claim_id, guarantee_id) REFERENCES loans_claim (id, guarantee_id)"),
    ("loans_recovery", "recovery_is_of_its_claims_guarantee",
     "FOREIGN KEY (claim_id, guarantee_id) REFERENCES loans_claim (id, guarantee_id)"),
    ("loans_recoveryshare", "part_is_of_its_recoverys_guarantee",
     "FOREIGN KEY (recovery_id, guarantee_id) REFERENCES loans_recovery (id, guarantee_id)"),
)  # fmt: skip

#: Functions that only look at the rows at hand.
PLAIN = {
    "loans_check_approval": """
BEGIN
  IF TG_OP = 'DELETE' OR OLD.approved_at IS NOT NULL
     OR to_jsonb(NEW) - 'approved_by_id' - 'approved_at' <> to_jsonb(OLD) - 'approved_by_id' - 'approved_at' THEN
    RAISE EXCEPTION 'terms_change_only_by_approval' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END""",
    "loans_refuse_deleting": """
BEGIN
  RAISE EXCEPTION 'a_guarantee_is_never_deleted' USING ERRCODE = 'check_violation';
END""",
}
#: name → what it declares and does. These see every row while they look: what must hold, holds whoever
#: writes and whatever they may see.
SEEING = {
    "loans_check_terms": ("", """
  IF (SELECT coalesce(sum(share_pct), 0) FROM loans_agreementshare
       WHERE terms_id = (to_jsonb(NEW) ->> TG_ARGV[0])::bigint) <> 100 THEN
    RAISE EXCEPTION 'shares_of_a_loss_add_up_to_100' USING ERRCODE = 'check_violation';
  END IF;"""),
    "loans_check_guarantee": ("""
  agreed record;""", """
  SELECT a.guarantor_id, a.bank_id, t.approved_at,
         sum(s.share_pct) FILTER (WHERE s.party = 'bank') AS bank,
         sum(s.share_pct) FILTER (WHERE s.party IN ('government', 're_guarantor', 'national_fund', 'pool')) AS public
    INTO agreed
    FROM loans_agreementterms t JOIN loans_agreement a ON a.id = t.agreement_id
    JOIN loans_agreementshare s ON s.terms_id = t.id
   WHERE t.id = NEW.terms_id GROUP BY a.guarantor_id, a.bank_id, t.approved_at;
  IF agreed.approved_at IS NULL OR agreed.guarantor_id <> NEW.guarantor_id
     OR agreed.bank_id <> NEW.bank_id THEN
    RAISE EXCEPTION 'a_guarantee_is_made_under_approved_terms_of_its_parties' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.bank_share_pct <> coalesce(agreed.bank, 0)
     OR NEW.government_share_pct <> coalesce(agreed.public, 0) THEN
    RAISE EXCEPTION 'shares_are_those_of_the_terms' USING ERRCODE = 'check_violation';
  END IF;"""),
    "loans_check_reversal": ("""
  itself_a_reversal boolean;
  happened date;""", """
  EXECUTE format('SELECT reverses_id IS NOT NULL, effective_date FROM %I WHERE id = $1', TG_TABLE_NAME)
    INTO itself_a_reversal, happened USING NEW.reverses_id;
  IF itself_a_reversal OR NEW.effective_date < happened THEN
    RAISE EXCEPTION 'reversal_follows_a_plain_event' USING ERRCODE = 'check_violation';
  END IF;"""),
    "loans_check_claim": ("", """
  IF EXISTS (
    SELECT FROM loans_claim c LEFT JOIN loans_claimshare s ON s.claim_id = c.id
     WHERE c.id = (to_jsonb(NEW) ->> TG_ARGV[0])::bigint GROUP BY c.id
    HAVING coalesce(sum(s.principal), 0) <> c.principal OR coalesce(sum(s.interest), 0) <> c.interest) THEN
    RAISE EXCEPTION 'parts_add_up_to_the_claim' USING ERRCODE = 'check_violation';
  END IF;"""),
    "loans_check_recovery": ("", """
  IF EXISTS (
    SELECT FROM loans_recovery r LEFT JOIN loans_recoveryshare s ON s.recovery_id = r.id
     WHERE r.id = (to_jsonb(NEW) ->> TG_ARGV[0])::bigint GROUP BY r.id
    HAVING coalesce(sum(s.amount), 0) <> r.amount - r.cost) THEN
    RAISE EXCEPTION 'parts_add_up_to_the_recovery' USING ERRCODE = 'check_violation';
  END IF;"""),
    "loans_check_returned": ("""
  the_claim bigint;""", """
  -- Recoveries of one claim are counted one after another.
  PERFORM FROM loans_guarantee WHERE id = NEW.guarantee_id FOR UPDATE;
  IF TG_TABLE_NAME = 'loans_claim' THEN
    the_claim := (to_jsonb(NEW) ->> 'reverses_id')::bigint;
  ELSE
    SELECT claim_id INTO the_claim FROM loans_recovery WHERE id = (to_jsonb(NEW) ->> 'recovery_id')::bigint;
  END IF;
  IF EXISTS (
    SELECT FROM loans_recoveryshare s JOIN loans_recovery r ON r.id = s.recovery_id
     WHERE r.claim_id = the_claim GROUP BY s.party, s.name
    HAVING sum(CASE WHEN r.reverses_id IS NULL THEN s.amount ELSE -s.amount END) > coalesce(
      (SELECT b.principal + b.interest FROM loans_claimshare b
        WHERE b.claim_id = the_claim AND b.party = s.party AND b.name = s.name
          AND NOT EXISTS (SELECT FROM loans_claim c WHERE c.reverses_id = the_claim)), 0)) THEN
    RAISE EXCEPTION 'nobody_recovers_more_than_was_borne' USING ERRCODE = 'check_violation';
  END IF;"""),
    "loans_check_pool": ("", """
  -- Whoever moves a pool's money waits for whoever else does.
  PERFORM FROM loans_pool WHERE id = NEW.pool_id FOR UPDATE;
  IF EXISTS (
    SELECT FROM (
      SELECT sum(sum(CASE WHEN (kind IN ('contribution', 'return')) = (reverses_id IS NULL)
                          THEN amount ELSE -amount END)) OVER (ORDER BY effective_date) AS balance
        FROM loans_poolevent WHERE pool_id = NEW.pool_id GROUP BY effective_date) days
     WHERE balance < 0) THEN
    RAISE EXCEPTION 'no_pool_pays_more_than_it_holds' USING ERRCODE = 'check_violation';
  END IF;"""),
}
_SEEING = """
DECLARE
  before text := coalesce(current_setting('app.scope', true), '');{}
BEGIN
  PERFORM set_config('app.scope', 'everything', true);{}
  PERFORM set_config('app.scope', before, true);
  RETURN NULL;
END"""
FUNCTIONS = PLAIN | {name: _SEEING.format(*said) for name, said in SEEING.items()}
_LATER = "AFTER INSERT ON {} DEFERRABLE INITIALLY DEFERRED FOR EACH ROW"
#: name, table, when, what
TRIGGERS = (
    ("terms_have_their_shares", "loans_agreementterms", _LATER, "loans_check_terms('id')"),
    ("shares_of_a_loss_add_up_to_100", "loans_agreementshare", _LATER, "loans_check_terms('terms_id')"),
    ("terms_change_only_by_approval", "loans_agreementterms", "BEFORE UPDATE OR DELETE ON {} FOR EACH ROW",
     "loans_check_approval()"),
    ("limits_change_only_by_approval", "loans_poollimits", "BEFORE UPDATE OR DELETE ON {} FOR EACH ROW",
     "loans_check_approval()"),
    ("shares_are_those_of_the_terms", "loans_guarantee",
     "AFTER INSERT OR UPDATE ON {} FOR EACH ROW WHEN (NEW.terms_id IS NOT NULL)", "loans_check_guarantee()"),
    ("a_guarantee_is_never_deleted", "loans_guarantee", "BEFORE DELETE ON {} FOR EACH ROW",
     "loans_refuse_deleting()"),
    *(
        ("reversal_follows_a_plain_event", table,
         "AFTER INSERT ON {} FOR EACH ROW WHEN (NEW.reverses_id IS NOT NULL)", "loans_check_reversal()")
        for table in ("loans_guaranteeevent", "loans_claim", "loans_recovery", "loans_poolevent")
    ),
    ("claims_have_their_parts", "loans_claim", _LATER, "loans_check_claim('id')"),
    ("parts_add_up_to_the_claim", "loans_claimshare", _LATER, "loans_check_claim('claim_id')"),
    ("recoveries_have_their_parts", "loans_recovery", _LATER, "loans_check_recovery('id')"),
    ("parts_add_up_to_the_recovery", "loans_recoveryshare", _LATER, "loans_check_recovery('recovery_id')"),
    ("nobody_recovers_more_than_was_borne", "loans_recoveryshare", _LATER, "loans_check_returned()"),
    ("a_reversed_claim_has_no_recovery", "loans_claim", _LATER + " WHEN (NEW.reverses_id IS NOT NULL)",
     "loans_check_returned()"),
    ("no_pool_pays_more_than_it_holds", "loans_poolevent", "AFTER INSERT ON {} FOR EACH ROW",
     "loans_check_pool()"),
)  # fmt: skip


class Migration(migrations.Migration):

    dependencies = [
        ('kernel', '0003_insurers'),
        ('loans', '0008_reconciliation_and_findings'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Agreement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=40, unique=True)),
                ('name', models.CharField(max_length=200)),
                ('recorded_at', models.DateTimeField()),
                ('bank', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.organisation')),
                ('guarantor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='agreements', to='kernel.organisation')),
            ],
        ),
        migrations.CreateModel(
            name='Pool',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=40, unique=True)),
                ('name', models.CharField(max_length=200)),
                ('name_en', models.CharField(max_length=200)),
                ('recorded_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='AgreementTerms',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField()),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField(null=True)),
                ('document', models.CharField(max_length=200)),
                ('keeper', models.CharField(choices=[('bank', '银行'), ('government', '政府'), ('guarantor', '担保机构'), ('re_guarantor', '再担保机构'), ('national_fund', '国家融资担保基金'), ('insurer', '保险机构'), ('pool', '风险补偿资金池'), ('other', '其他合作机构')], max_length=14)),
                ('covers_interest', models.BooleanField()),
                ('waiting_days', models.PositiveIntegerField()),
                ('compensation_cap_pct', models.DecimalField(decimal_places=2, max_digits=5, null=True)),
                ('compensation_cap_base', models.CharField(blank=True, choices=[('guaranteed', '当年新增担保额'), ('released', '当年解除担保额')], default='', max_length=12)),
                ('borrower_cap', models.DecimalField(decimal_places=2, max_digits=18, null=True)),
                ('group_cap', models.DecimalField(decimal_places=2, max_digits=18, null=True)),
                ('yearly_cap', models.DecimalField(decimal_places=2, max_digits=18, null=True)),
                ('fee_rate_max_pct', models.DecimalField(decimal_places=4, max_digits=7, null=True)),
                ('fee_base', models.CharField(choices=[('outstanding', '在保余额'), ('principal', '担保本金')], max_length=12)),
                ('fee_days_in_year', models.PositiveSmallIntegerField()),
                ('proposed_at', models.DateTimeField()),
                ('approved_at', models.DateTimeField(null=True)),
                ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='loans.agreement')),
                ('approved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('pool', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='loans.pool')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('agreement', 'version'), name='one_terms_per_agreement_and_version'),
                    models.CheckConstraint(condition=models.Q(('valid_to', None), ('valid_to__gt', models.F('valid_from')), _connector='OR'), name='terms_end_after_they_begin'),
                    models.CheckConstraint(condition=models.Q(('document', ''), _negated=True), name='terms_name_their_document'),
                    models.CheckConstraint(condition=models.Q(('keeper__in', ['bank', 'guarantor', 'insurer'])), name='a_party_outside_the_caps_keeps_the_rest'),
                    models.CheckConstraint(condition=models.Q(models.Q(('compensation_cap_base', ''), ('compensation_cap_pct', None)), models.Q(('compensation_cap_base__in', ['guaranteed', 'released']), ('compensation_cap_pct__gt', 0), ('compensation_cap_pct__lte', 100)), _connector='OR'), name='a_compensation_cap_has_its_base'),
                    models.CheckConstraint(condition=models.Q(('borrower_cap__gt', 0), ('borrower_cap__lt', Decimal('10000000000000000'))), name='borrower_cap_is_positive'),
                    models.CheckConstraint(condition=models.Q(('group_cap__gt', 0), ('group_cap__lt', Decimal('10000000000000000'))), name='group_cap_is_positive'),
                    models.CheckConstraint(condition=models.Q(('yearly_cap__gt', 0), ('yearly_cap__lt', Decimal('10000000000000000'))), name='yearly_cap_is_positive'),
                    models.CheckConstraint(condition=models.Q(('fee_rate_max_pct', None), models.Q(('fee_rate_max_pct__gte', 0), ('fee_rate_max_pct__lt', 100)), _connector='OR'), name='fee_rate_is_a_percentage'),
                    models.CheckConstraint(condition=models.Q(('fee_base__in', ['outstanding', 'principal'])), name='fee_base_is_known'),
                    models.CheckConstraint(condition=models.Q(('fee_days_in_year__in', [360, 365])), name='fee_year_has_360_or_365_days'),
                    models.CheckConstraint(condition=models.Q(models.Q(('approved_at', None), ('approved_by', None)), models.Q(('approved_at__isnull', False), models.Q(('approved_by', models.F('proposed_by')), _negated=True)), _connector='OR'), name='another_person_approves_the_terms'),
                ],
            },
        ),
        migrations.CreateModel(
            name='AgreementShare',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('party', models.CharField(choices=[('bank', '银行'), ('government', '政府'), ('guarantor', '担保机构'), ('re_guarantor', '再担保机构'), ('national_fund', '国家融资担保基金'), ('insurer', '保险机构'), ('pool', '风险补偿资金池'), ('other', '其他合作机构')], max_length=14)),
                ('name', models.CharField(blank=True, default='', max_length=100)),
                ('share_pct', models.DecimalField(decimal_places=2, max_digits=5)),
                ('terms', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='shares', to='loans.agreementterms')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('terms', 'party', 'name'), name='one_share_per_party'),
                    models.UniqueConstraint(fields=('terms', 'position'), name='one_share_per_position'),
                    models.CheckConstraint(condition=models.Q(('party__in', ['bank', 'government', 'guarantor', 'insurer', 'national_fund', 'other', 'pool', 're_guarantor'])), name='party_is_known'),
                    models.CheckConstraint(condition=models.Q(('share_pct__gt', 0), ('share_pct__lte', 100)), name='share_of_a_loss_is_a_percentage'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Claim',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(max_length=40, unique=True)),
                ('default_date', models.DateField(null=True)),
                ('principal', models.DecimalField(decimal_places=2, max_digits=18)),
                ('interest', models.DecimalField(decimal_places=2, max_digits=18)),
                ('effective_date', models.DateField()),
                ('recorded_at', models.DateTimeField()),
                ('compensation', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='claim', to='loans.guaranteeevent')),
                ('guarantee', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='claims', to='loans.guarantee')),
                ('interest_paid', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='claim_of_interest', to='loans.guaranteeevent')),
                ('kept', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='claim_kept', to='loans.guaranteeevent')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('reverses', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reversed_by', to='loans.claim')),
            ],
            options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('principal__gt', 0), ('principal__lt', Decimal('10000000000000000'))), name='claimed_principal_is_positive'),
                    models.CheckConstraint(condition=models.Q(('interest__gte', 0), ('interest__lt', Decimal('10000000000000000'))), name='claimed_interest_is_not_negative'),
                    models.CheckConstraint(condition=models.Q(('default_date', None), ('effective_date__gte', models.F('default_date')), _connector='OR'), name='a_claim_follows_its_default'),
                ],
            },
        ),
        migrations.CreateModel(
            name='ClaimShare',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('party', models.CharField(choices=[('bank', '银行'), ('government', '政府'), ('guarantor', '担保机构'), ('re_guarantor', '再担保机构'), ('national_fund', '国家融资担保基金'), ('insurer', '保险机构'), ('pool', '风险补偿资金池'), ('other', '其他合作机构')], max_length=14)),
                ('name', models.CharField(blank=True, default='', max_length=100)),
                ('principal', models.DecimalField(decimal_places=2, max_digits=18)),
                ('interest', models.DecimalField(decimal_places=2, max_digits=18)),
                ('claim', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='shares', to='loans.claim')),
                ('guarantee', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='loans.guarantee')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('claim', 'party', 'name'), name='one_part_of_a_claim_per_party'),
                    models.CheckConstraint(condition=models.Q(('party__in', ['bank', 'government', 'guarantor', 'insurer', 'national_fund', 'other', 'pool', 're_guarantor'])), name='claim_party_is_known'),
                    models.CheckConstraint(condition=models.Q(('principal__gte', 0), ('principal__lt', Decimal('10000000000000000'))), name='part_of_principal_is_not_negative'),
                    models.CheckConstraint(condition=models.Q(('interest__gte', 0), ('interest__lt', Decimal('10000000000000000'))), name='part_of_interest_is_not_negative'),
                ],
            },
        ),
        migrations.CreateModel(
            name='NetAssets',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(max_length=40, unique=True)),
                ('effective_date', models.DateField()),
                ('amount', models.DecimalField(decimal_places=2, max_digits=18)),
                ('deductions', models.DecimalField(decimal_places=2, max_digits=18)),
                ('recorded_at', models.DateTimeField()),
                ('guarantor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='net_assets', to='kernel.organisation')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [
                    models.Index(fields=['guarantor', 'effective_date'], name='net_assets_by_guarantor'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('amount__gt', 0), ('amount__lt', Decimal('10000000000000000'))), name='net_assets_are_positive'),
                    models.CheckConstraint(condition=models.Q(('deductions__gte', 0), ('deductions__lt', Decimal('10000000000000000'))), name='deductions_are_not_negative'),
                    models.CheckConstraint(condition=models.Q(('deductions__lt', models.F('amount'))), name='net_assets_exceed_their_deductions'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Recovery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(max_length=40, unique=True)),
                ('amount', models.DecimalField(decimal_places=2, max_digits=18)),
                ('cost', models.DecimalField(decimal_places=2, max_digits=18)),
                ('effective_date', models.DateField()),
                ('recorded_at', models.DateTimeField()),
                ('claim', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='recoveries', to='loans.claim')),
                ('event', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='recovery', to='loans.guaranteeevent')),
                ('guarantee', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='recoveries', to='loans.guarantee')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('reverses', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reversed_by', to='loans.recovery')),
            ],
            options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('amount__gt', 0), ('amount__lt', Decimal('10000000000000000'))), name='recovered_amount_is_positive'),
                    models.CheckConstraint(condition=models.Q(('cost__gte', 0), ('cost__lt', Decimal('10000000000000000'))), name='recovery_cost_is_not_negative'),
                    models.CheckConstraint(condition=models.Q(('cost__lte', models.F('amount'))), name='a_recovery_covers_its_cost'),
                ],
            },
        ),
        migrations.CreateModel(
            name='PoolEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(max_length=40, unique=True)),
                ('kind', models.CharField(choices=[('contribution', '出资'), ('payment', '代偿支出'), ('return', '追偿返还'), ('withdrawal', '退出')], max_length=12)),
                ('amount', models.DecimalField(decimal_places=2, max_digits=18)),
                ('party', models.CharField(blank=True, default='', max_length=100)),
                ('effective_date', models.DateField()),
                ('recorded_at', models.DateTimeField()),
                ('claim', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='loans.claim')),
                ('pool', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='loans.pool')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('reverses', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reversed_by', to='loans.poolevent')),
                ('recovery', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='loans.recovery')),
            ],
            options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('kind__in', ['contribution', 'payment', 'return', 'withdrawal'])), name='pool_event_kind_is_known'),
                    models.CheckConstraint(condition=models.Q(('amount__gt', 0), ('amount__lt', Decimal('10000000000000000'))), name='pool_event_amount_is_positive'),
                    models.CheckConstraint(condition=models.Q(models.Q(('claim', None), ('kind__in', ['contribution', 'withdrawal']), ('recovery', None), models.Q(('party', ''), _negated=True)), models.Q(('claim__isnull', False), ('kind', 'payment'), ('party', ''), ('recovery', None)), models.Q(('claim', None), ('kind', 'return'), ('party', ''), ('recovery__isnull', False)), _connector='OR'), name='pool_event_names_party_claim_or_recovery'),
                ],
            },
        ),
        migrations.CreateModel(
            name='PoolLimits',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField()),
                ('valid_from', models.DateField()),
                ('document', models.CharField(max_length=200)),
                ('leverage_limit', models.DecimalField(decimal_places=2, max_digits=6)),
                ('fuse_measure', models.CharField(choices=[('npl_ratio', '不良率'), ('compensation_ratio', '代偿率')], max_length=20)),
                ('fuse_line_pct', models.DecimalField(decimal_places=2, max_digits=5)),
                ('proposed_at', models.DateTimeField()),
                ('approved_at', models.DateTimeField(null=True)),
                ('approved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('pool', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='limits', to='loans.pool')),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('pool', 'version'), name='one_set_of_limits_per_pool_and_version'),
                    models.CheckConstraint(condition=models.Q(('document', ''), _negated=True), name='pool_limits_name_their_document'),
                    models.CheckConstraint(condition=models.Q(('leverage_limit__gt', 0), ('leverage_limit__lt', 10000)), name='leverage_limit_is_positive'),
                    models.CheckConstraint(condition=models.Q(('fuse_measure__in', ['compensation_ratio', 'npl_ratio'])), name='fuse_measure_is_known'),
                    models.CheckConstraint(condition=models.Q(('fuse_line_pct__gt', 0), ('fuse_line_pct__lte', 100)), name='fuse_line_is_a_percentage'),
                    models.CheckConstraint(condition=models.Q(models.Q(('approved_at', None), ('approved_by', None)), models.Q(('approved_at__isnull', False), models.Q(('approved_by', models.F('proposed_by')), _negated=True)), _connector='OR'), name='another_person_approves_the_pool_limits'),
                ],
            },
        ),
        migrations.CreateModel(
            name='RecoveryShare',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('party', models.CharField(choices=[('bank', '银行'), ('government', '政府'), ('guarantor', '担保机构'), ('re_guarantor', '再担保机构'), ('national_fund', '国家融资担保基金'), ('insurer', '保险机构'), ('pool', '风险补偿资金池'), ('other', '其他合作机构')], max_length=14)),
                ('name', models.CharField(blank=True, default='', max_length=100)),
                ('amount', models.DecimalField(decimal_places=2, max_digits=18)),
                ('guarantee', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='loans.guarantee')),
                ('recovery', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='shares', to='loans.recovery')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('recovery', 'party', 'name'), name='one_part_of_a_recovery_per_party'),
                    models.CheckConstraint(condition=models.Q(('amount__gte', 0), ('amount__lt', Decimal('10000000000000000'))), name='part_of_a_recovery_is_not_negative'),
                ],
            },
        ),
        migrations.RemoveConstraint(
            model_name='guaranteeevent',
            name='guarantee_event_kind_is_known',
        ),
        migrations.AddField(
            model_name='guarantee',
            name='customer',
            field=models.CharField(choices=[('small_micro', '小微企业'), ('farmer', '农户'), ('other', '其他')], default='other', max_length=12),
        ),
        migrations.AddField(
            model_name='guarantee',
            name='fee_rate_pct',
            field=models.DecimalField(decimal_places=4, max_digits=7, null=True),
        ),
        migrations.AddField(
            model_name='guarantee',
            name='instrument',
            field=models.CharField(choices=[('guarantee', '担保'), ('credit_insurance', '信用保证保险')], default='guarantee', max_length=16),
        ),
        migrations.AlterField(
            model_name='guaranteeevent',
            name='kind',
            field=models.CharField(choices=[('release', '解除'), ('compensation', '代偿'), ('recovery', '追偿'), ('interest', '代偿利息'), ('write_off', '代偿核销'), ('fee', '收取担保费')], max_length=14),
        ),
        migrations.AddConstraint(
            model_name='guaranteeevent',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['compensation', 'fee', 'interest', 'recovery', 'release', 'write_off'])), name='guarantee_event_kind_is_known'),
        ),
        migrations.AddField(
            model_name='guarantee',
            name='terms',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='guarantees', to='loans.agreementterms'),
        ),
        migrations.AddConstraint(
            model_name='guarantee',
            constraint=models.CheckConstraint(condition=models.Q(('instrument__in', ['credit_insurance', 'guarantee'])), name='instrument_is_known'),
        ),
        migrations.AddConstraint(
            model_name='guarantee',
            constraint=models.CheckConstraint(condition=models.Q(('customer__in', ['farmer', 'other', 'small_micro'])), name='customer_is_known'),
        ),
        migrations.AddConstraint(
            model_name='guarantee',
            constraint=models.CheckConstraint(condition=models.Q(('fee_rate_pct', None), models.Q(('fee_rate_pct__gte', 0), ('fee_rate_pct__lt', 100)), _connector='OR'), name='guarantee_fee_rate_is_a_percentage'),
        ),
        *(
            migrations.RunSQL(
                f"ALTER TABLE {table} ADD CONSTRAINT {name} {rule}",
                f"ALTER TABLE {table} DROP CONSTRAINT {name}",
            )
            for table, name, rule in TOGETHER
        ),
        *(
            migrations.RunSQL(
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $${body}\n$$",
                f"DROP FUNCTION {name}()",
            )
            for name, body in FUNCTIONS.items()
        ),
        *(
            migrations.RunSQL(
                f"CREATE {'CONSTRAINT ' if 'DEFERRED' in when else ''}TRIGGER {name}"
                f" {when.format(table)} EXECUTE FUNCTION {what}",
                f"DROP TRIGGER {name} ON {table}",
            )
            for name, table, when, what in TRIGGERS
        ),
    ]
