"""Products with their own rules, loan prime rates, subsidy schemes, branches, and the pledges that are alive."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

LPR = Path(__file__).resolve().parent.parent / "data" / "lpr.json"
#: When the list was drawn up, not when a database was made: the same everywhere.
LISTED_AT = datetime(2025, 6, 1, tzinfo=UTC)


def load(apps, schema_editor):
    apps.get_model("loans", "LoanProduct").objects.filter(code="ip_pledge").update(required_fields=["pledges"])
    listed = json.loads(LPR.read_text("utf-8"))
    quote = apps.get_model("loans", "LprQuote")
    quote.objects.bulk_create(
        quote(tenor=tenor, published_on=day, rate_pct=rate, source=listed["source"], recorded_at=LISTED_AT)
        for tenor in ("1y", "5y")
        for day, rate in listed[tenor]
    )


#: A number as it is compared: ASCII for full-width letters, upper case, no blanks.
WIDE = "".join(map(chr, range(0xFF01, 0xFF5F))) + "\u3000"
ASCII = "".join(map(chr, range(0x21, 0x7F))) + " "
FOLDED = f"""
CREATE FUNCTION folded_ip_number(number text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN upper(regexp_replace(translate(number, '{WIDE}', '{ASCII.replace("'", "''")}'), '\\s', '', 'g'))
"""

#: What is held may be under row-level security, which binds an owner that is no superuser too.
PLEDGES_ALIVE = """
SELECT set_config('app.scope', 'everything', true);
INSERT INTO loans_livepledge (bank_id, drawdown_id, type, number_kind, number)
SELECT DISTINCT ON (p.type, n.kind, n.number) p.bank_id, p.drawdown_id, p.type, n.kind, n.number
  FROM loans_pledge p
 CROSS JOIN LATERAL (VALUES
   ('certificate', folded_ip_number(p.certificate_no)),
   ('registration', folded_ip_number(p.registration_no))) AS n (kind, number)
 WHERE n.number <> ''
   AND 0 < (SELECT sum(e.effect) FROM loans_loanevent e
             WHERE e.drawdown_id = p.drawdown_id
               AND NOT EXISTS (SELECT FROM loans_loanevent later
                                WHERE later.bank_id = e.bank_id AND later.revision > e.revision
                                  AND later.external_event_id = e.external_event_id))
 ORDER BY p.type, n.kind, n.number, p.drawdown_id;
"""

ONE_SCHEME_A_DAY = """
CREATE FUNCTION one_subsidy_scheme_a_product_and_day() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('loans_subsidyscheme'));
  IF EXISTS (SELECT FROM loans_subsidyscheme s
              WHERE s.products && NEW.products AND s.valid_from < NEW.valid_to AND NEW.valid_from < s.valid_to) THEN
    RAISE EXCEPTION 'one_subsidy_scheme_a_product_and_day'
      USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'one_subsidy_scheme_a_product_and_day';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER one_scheme_a_day BEFORE INSERT ON loans_subsidyscheme
  FOR EACH ROW EXECUTE FUNCTION one_subsidy_scheme_a_product_and_day();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('kernel', '0001_initial'),
        ('loans', '0009_agreements_claims_and_pools'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Branch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=40)),
                ('name', models.CharField(max_length=100)),
                ('name_en', models.CharField(max_length=100)),
                ('kind', models.CharField(choices=[('specialised', '科技专营机构'), ('talent', '人才银行'), ('ordinary', '普通网点'), ('closed', '已撤销')], max_length=12)),
                ('valid_from', models.DateField()),
                ('recorded_at', models.DateTimeField()),
                ('bank', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.organisation')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [
                    models.Index(fields=['bank', 'code', 'valid_from'], name='branch_by_code'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('kind__in', ['closed', 'ordinary', 'specialised', 'talent'])), name='branch_kind_is_known'),
                    models.CheckConstraint(condition=models.Q(('code', ''), _negated=True), name='a_branch_has_a_code'),
                ],
            },
        ),
        migrations.CreateModel(
            name='LivePledge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('type', models.CharField(choices=[('patent', '专利'), ('trademark', '商标'), ('copyright', '著作权'), ('layout_design', '集成电路布图设计'), ('data_ip', '数据知识产权')], max_length=16)),
                ('number_kind', models.CharField(choices=[('certificate', '权利证书号'), ('registration', '质押登记号')], max_length=12)),
                ('number', models.CharField(max_length=64)),
                ('bank', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.organisation')),
                ('drawdown', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='loans.drawdown')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('type', 'number_kind', 'number'), name='no_ip_stands_in_two_live_pledges'),
                    models.CheckConstraint(condition=models.Q(('type__in', ['copyright', 'data_ip', 'layout_design', 'patent', 'trademark'])), name='live_pledge_type_is_known'),
                    models.CheckConstraint(condition=models.Q(('number_kind__in', ['certificate', 'registration'])), name='live_pledge_number_kind_is_known'),
                ],
            },
        ),
        migrations.CreateModel(
            name='LprQuote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('tenor', models.CharField(choices=[('1y', '一年期'), ('5y', '五年期以上')], max_length=2)),
                ('published_on', models.DateField()),
                ('rate_pct', models.DecimalField(decimal_places=4, max_digits=7)),
                ('source', models.CharField(max_length=200)),
                ('recorded_at', models.DateTimeField()),
            ],
            options={
                'indexes': [
                    models.Index(fields=['tenor', 'published_on'], name='lpr_by_day'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('tenor__in', ['1y', '5y'])), name='lpr_tenor_is_known'),
                    models.CheckConstraint(condition=models.Q(('rate_pct__gt', 0), ('rate_pct__lt', 100)), name='lpr_is_a_percentage'),
                ],
            },
        ),
        migrations.CreateModel(
            name='SubsidyScheme',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(max_length=40, unique=True)),
                ('products', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=24), size=None)),
                ('rate_pct', models.DecimalField(decimal_places=4, max_digits=7)),
                ('share_pct', models.DecimalField(decimal_places=2, max_digits=5)),
                ('firm_year_cap', models.DecimalField(decimal_places=2, max_digits=18, null=True)),
                ('document', models.CharField(max_length=200)),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField()),
                ('recorded_at', models.DateTimeField()),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('products__len__gt', 0)), name='a_subsidy_scheme_is_for_some_product'),
                    models.CheckConstraint(condition=models.Q(('rate_pct__gt', 0), ('rate_pct__lt', 100)), name='subsidy_rate_is_a_percentage'),
                    models.CheckConstraint(condition=models.Q(('share_pct__gt', 0), ('share_pct__lte', 100)), name='subsidy_share_is_a_percentage'),
                    models.CheckConstraint(condition=models.Q(('firm_year_cap__gt', 0), ('firm_year_cap__lt', Decimal('10000000000000000'))), name='subsidy_cap_is_positive'),
                    models.CheckConstraint(condition=models.Q(('valid_to__gt', models.F('valid_from'))), name='subsidy_scheme_ends_after_it_begins'),
                ],
            },
        ),
        migrations.AddField(
            model_name='loanproduct',
            name='required_fields',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=24), blank=True, default=list, size=None),
        ),
        migrations.AddField(
            model_name='loanproduct',
            name='valid_from',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='loanproduct',
            name='valid_to',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name='loanproduct',
            constraint=models.CheckConstraint(condition=models.Q(('valid_from', None), ('valid_to', None), ('valid_to__gt', models.F('valid_from')), _connector='OR'), name='product_ends_after_it_begins'),
        ),
        migrations.AddConstraint(
            model_name='loanproduct',
            constraint=models.CheckConstraint(condition=models.Q(('required_fields__contained_by', ['branch_code', 'guarantee_ref', 'interest_subsidy_pct', 'lpr_spread_bp', 'pledges', 'purpose_industry', 'talent_programme', 'warrant_ref'])), name='a_product_requires_fields_of_a_row'),
        ),
        migrations.RunSQL(
            "ALTER TABLE loans_livepledge ADD CONSTRAINT live_pledge_is_of_its_drawdowns_bank"
            " FOREIGN KEY (drawdown_id, bank_id) REFERENCES loans_drawdown (id, bank_id)",
            "ALTER TABLE loans_livepledge DROP CONSTRAINT live_pledge_is_of_its_drawdowns_bank",
        ),
        migrations.RunSQL(
            ONE_SCHEME_A_DAY,
            "DROP TRIGGER one_scheme_a_day ON loans_subsidyscheme;"
            " DROP FUNCTION one_subsidy_scheme_a_product_and_day();",
        ),
        migrations.RunSQL(FOLDED, "DROP FUNCTION folded_ip_number(text)"),
        migrations.RunPython(load, migrations.RunPython.noop),
        migrations.RunSQL(PLEDGES_ALIVE, migrations.RunSQL.noop),
    ]
