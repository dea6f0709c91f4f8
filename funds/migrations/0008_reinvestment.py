"""返投 with its rules and cases, what managers earn from firms, and two more terms."""

import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.math
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models

REVERSAL = (
    ("funds_recognition", "recognition_of_one_case", "UNIQUE (id, input_id, rules_id, route, base, factor)"),
    (
        "funds_recognition",
        "reversal_repeats_the_recognition",
        "FOREIGN KEY (reverses_id, input_id, rules_id, route, base, factor)"
        " REFERENCES funds_recognition (id, input_id, rules_id, route, base, factor)",
    ),
    ("funds_recognition", "recognition_of_one_input", "UNIQUE (id, input_id)"),
    (
        "funds_recognition",
        "corrected_recognition_is_of_the_same_input",
        "FOREIGN KEY (corrects_id, input_id) REFERENCES funds_recognition (id, input_id)",
    ),
    ("funds_managerearning", "manager_earning_of_one_amount", "UNIQUE (id, fund_id, amount)"),
    (
        "funds_managerearning",
        "reversal_repeats_the_manager_earning",
        "FOREIGN KEY (reverses_id, fund_id, amount) REFERENCES funds_managerearning (id, fund_id, amount)",
    ),
)
REVERSED = ("funds_recognition", "funds_managerearning")

# Whoever recognises money of one firm and reference waits here for whoever does so at the same moment.
CHECK_RECOGNITION = """
CREATE FUNCTION check_recognition() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  own funds_localinput;
  agreed funds_reinvestmentrules;
  known numeric;
BEGIN
  SELECT * INTO own FROM funds_localinput WHERE id = NEW.input_id;
  SELECT * INTO agreed FROM funds_reinvestmentrules WHERE id = NEW.rules_id;
  IF own.id IS NULL OR agreed.id IS NULL THEN
    RETURN NEW;  -- of another house, or of nobody: the policy and the foreign keys say so
  END IF;
  IF agreed.fund_id <> own.fund_id OR agreed.valid_from > NEW.effective_date THEN
    RAISE EXCEPTION 'recognition_goes_by_rules_of_its_fund_in_force' USING ERRCODE = 'FH020';
  END IF;
  known := (to_jsonb(agreed) ->> (NEW.route || '_factor'))::numeric;
  IF known IS DISTINCT FROM NEW.factor THEN
    RAISE EXCEPTION 'recognition_has_the_factor_of_its_rules' USING ERRCODE = 'FH021';
  END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended(own.firm_id || '|' || own.reference, 20));
  IF EXISTS (
    SELECT FROM funds_recognition r JOIN funds_localinput i ON i.id = r.input_id
     WHERE i.firm_id = own.firm_id AND i.reference = own.reference AND i.fund_id <> own.fund_id
       AND r.reverses_id IS NULL
       AND NOT EXISTS (SELECT FROM funds_recognition back WHERE back.reverses_id = r.id)
  ) THEN
    RAISE EXCEPTION 'local_input_counts_for_one_fund' USING ERRCODE = 'FH022';
  END IF;
  RETURN NEW;
END $$
"""


class Migration(migrations.Migration):

    dependencies = [
        ('funds', '0007_rounds'),
        ('kernel', '0003_insurers'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='fundterms',
            name='caps_bind',
            field=models.BooleanField(null=True),
        ),
        migrations.AddField(
            model_name='fundterms',
            name='project_years',
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.CreateModel(
            name='LocalInput',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(max_length=40, unique=True)),
                ('reference', models.CharField(max_length=100)),
                ('firm', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.firm')),
                ('fund', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='local_inputs', to='funds.fund')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('fund', 'firm', 'reference'), name='local_input_is_entered_once'),
                    models.CheckConstraint(condition=models.Q(('reference__regex', '^\\S(.*\\S)?$')), name='local_input_has_its_reference'),
                ],
            },
        ),
        migrations.CreateModel(
            name='ManagerEarning',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(max_length=40, unique=True)),
                ('amount', models.DecimalField(decimal_places=2, max_digits=18)),
                ('earned_from', models.CharField(max_length=200)),
                ('effective_date', models.DateField()),
                ('recorded_at', models.DateTimeField()),
                ('fund', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='manager_earnings', to='funds.fund')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('reverses', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reversed_by', to='funds.managerearning')),
            ],
            options={
                'indexes': [
                    models.Index(fields=['fund', 'effective_date'], name='manager_earning_by_date'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('amount__gt', 0), ('amount__lt', Decimal('10000000000000000'))), name='manager_earning_is_positive'),
                    models.CheckConstraint(condition=models.Q(('earned_from__regex', '\\S')), name='manager_earning_says_from_whom'),
                ],
            },
        ),
        migrations.CreateModel(
            name='ReinvestmentRules',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(max_length=40, unique=True)),
                ('valid_from', models.DateField()),
                ('document', models.CharField(max_length=200)),
                ('invested_factor', models.DecimalField(decimal_places=4, max_digits=6, null=True)),
                ('own_input_factor', models.DecimalField(decimal_places=4, max_digits=6, null=True)),
                ('introduced_factor', models.DecimalField(decimal_places=4, max_digits=6, null=True)),
                ('relocated_factor', models.DecimalField(decimal_places=4, max_digits=6, null=True)),
                ('taxes_and_fees_factor', models.DecimalField(decimal_places=4, max_digits=6, null=True)),
                ('recorded_at', models.DateTimeField()),
                ('fund', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reinvestment_rules', to='funds.fund')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [
                    models.Index(fields=['fund', 'valid_from'], name='reinvestment_rules_by_date'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('document__regex', '\\S')), name='reinvestment_rules_name_their_document'),
                    models.CheckConstraint(condition=models.Q(('invested_factor', None), models.Q(('invested_factor__gte', 0), ('invested_factor__lt', 100)), _connector='OR'), name='invested_factor_is_a_multiple'),
                    models.CheckConstraint(condition=models.Q(('own_input_factor', None), models.Q(('own_input_factor__gte', 0), ('own_input_factor__lt', 100)), _connector='OR'), name='own_input_factor_is_a_multiple'),
                    models.CheckConstraint(condition=models.Q(('introduced_factor', None), models.Q(('introduced_factor__gte', 0), ('introduced_factor__lt', 100)), _connector='OR'), name='introduced_factor_is_a_multiple'),
                    models.CheckConstraint(condition=models.Q(('relocated_factor', None), models.Q(('relocated_factor__gte', 0), ('relocated_factor__lt', 100)), _connector='OR'), name='relocated_factor_is_a_multiple'),
                    models.CheckConstraint(condition=models.Q(('taxes_and_fees_factor', None), models.Q(('taxes_and_fees_factor__gte', 0), ('taxes_and_fees_factor__lt', 100)), _connector='OR'), name='taxes_and_fees_factor_is_a_multiple'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Recognition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(max_length=40, unique=True)),
                ('route', models.CharField(choices=[('invested', '被投企业的本地投入'), ('own_input', '合伙人自有投入'), ('introduced', '引荐企业的本地投入'), ('relocated', '总部或核心业务迁入'), ('taxes_and_fees', '税收规费')], max_length=14)),
                ('base', models.DecimalField(decimal_places=2, max_digits=18)),
                ('factor', models.DecimalField(decimal_places=4, max_digits=6)),
                ('recognised', models.DecimalField(decimal_places=2, max_digits=18)),
                ('effective_date', models.DateField()),
                ('evidence', models.CharField(max_length=500)),
                ('recorded_at', models.DateTimeField()),
                ('corrects', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrected_by', to='funds.recognition')),
                ('input', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='recognitions', to='funds.localinput')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('reverses', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reversed_by', to='funds.recognition')),
                ('rules', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='funds.reinvestmentrules')),
            ],
            options={
                'indexes': [
                    models.Index(fields=['input', 'effective_date'], name='recognition_by_date'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('route__in', ['introduced', 'invested', 'own_input', 'relocated', 'taxes_and_fees'])), name='route_of_recognition_is_known'),
                    models.CheckConstraint(condition=models.Q(('base__gt', 0), ('base__lt', Decimal('10000000000000000'))), name='recognised_base_is_positive'),
                    models.CheckConstraint(condition=models.Q(('recognised__gte', 0), ('recognised__lt', Decimal('10000000000000000'))), name='recognised_amount_is_not_negative'),
                    models.CheckConstraint(condition=models.Q(('recognised', django.db.models.functions.math.Round(django.db.models.expressions.CombinedExpression(models.F('base'), '*', models.F('factor')), precision=2))), name='recognised_is_base_times_factor'),
                    models.CheckConstraint(condition=models.Q(('evidence__regex', '\\S')), name='recognition_has_its_evidence'),
                    models.CheckConstraint(condition=models.Q(('corrects', None), ('reverses', None), _connector='OR'), name='corrected_recognition_is_no_reversal'),
                ],
            },
        ),
        *(
            migrations.RunSQL(
                f"ALTER TABLE {table} ADD CONSTRAINT {name} {rule}",
                f"ALTER TABLE {table} DROP CONSTRAINT {name}",
            )
            for table, name, rule in REVERSAL
        ),
        *(
            migrations.RunSQL(
                f"CREATE TRIGGER reversal_follows_a_plain_event BEFORE INSERT ON {table}"
                " FOR EACH ROW WHEN (NEW.reverses_id IS NOT NULL) EXECUTE FUNCTION check_reversal()",
                f"DROP TRIGGER reversal_follows_a_plain_event ON {table}",
            )
            for table in REVERSED
        ),
        migrations.RunSQL(CHECK_RECOGNITION, "DROP FUNCTION check_recognition()"),
        migrations.RunSQL(
            "CREATE TRIGGER recognition_follows_its_rules BEFORE INSERT ON funds_recognition"
            " FOR EACH ROW WHEN (NEW.reverses_id IS NULL) EXECUTE FUNCTION check_recognition()",
            "DROP TRIGGER recognition_follows_its_rules ON funds_recognition",
        ),
    ]
