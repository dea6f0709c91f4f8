"""Positions are kept in books, a partition for each bank and month.

A bank's new month is written into a table of its own, indexed and tied to its parents at once, and
then attached: a fraction of the time that a million rows take one by one. The functions run as the
owner, because the service owns nothing; they take numbers and dates and touch no caller's table.

Not reversible: the digests of the rows, which the former table kept, are not kept any more.
"""

from decimal import Decimal

import django.db.models.deletion
from django.db import migrations, models

FUNCTIONS = """
CREATE FUNCTION open_position_book(of_bank bigint, of_month date) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  book text := format('loans_loanposition_%s_%s', of_bank, to_char(of_month, 'YYYYMM'));
BEGIN
  IF to_regclass(book) IS NOT NULL THEN
    RETURN NULL;
  END IF;
  EXECUTE format('CREATE TABLE %I (LIKE loans_loanposition INCLUDING DEFAULTS INCLUDING CONSTRAINTS,'
                 ' CONSTRAINT position_is_in_its_book CHECK (bank_id = %s AND month = %L))',
                 book, of_bank, of_month);
  EXECUTE format('GRANT SELECT, INSERT ON %I TO %I', book, session_user);
  RETURN book;
END $$;

CREATE FUNCTION bind_position_book(of_bank bigint, of_month date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET maintenance_work_mem = '64MB'
SET lock_timeout = '10min' AS $$
DECLARE
  shelf text := format('loans_loanposition_%s', of_bank);
  book text := format('%s_%s', shelf, to_char(of_month, 'YYYYMM'));
BEGIN
  EXECUTE format('ALTER TABLE %I ADD CONSTRAINT %I PRIMARY KEY (drawdown_id, month, revision, bank_id)',
                 book, 'one_position_per_month_and_revision' || substr(book, length('loans_loanposition') + 1));
  EXECUTE format('CREATE INDEX ON %I (batch_id, row_number)', book);
  EXECUTE format('ANALYZE %I (drawdown_id, overdue_days, five_tier)', book);
  IF to_regproc('refuse_rewriting') IS NOT NULL THEN
    EXECUTE format('CREATE TRIGGER rewriting_refused BEFORE UPDATE OR DELETE OR TRUNCATE ON %I'
                   ' FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting()', book);
  END IF;
  EXECUTE format('REVOKE ALL ON %I FROM %I', book, session_user);
  -- Attaching checks the foreign keys, for all rows at once, and makes writers of the parents wait until this
  -- transaction ends. Whoever writes loans comes to its batch last: locked in that order, nobody waits in a circle.
  LOCK TABLE loans_drawdown, loans_loanreportbatch IN SHARE ROW EXCLUSIVE MODE;
  IF to_regclass(shelf) IS NULL THEN
    -- Attached rather than created in its place: readers of other banks' books go on.
    EXECUTE format('CREATE TABLE %I (LIKE loans_loanposition INCLUDING DEFAULTS INCLUDING CONSTRAINTS)'
                   ' PARTITION BY LIST (month)', shelf);
    EXECUTE format('ALTER TABLE loans_loanposition ATTACH PARTITION %I FOR VALUES IN (%s)', shelf, of_bank);
  END IF;
  EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES IN (%L)', shelf, book, of_month);
END $$;

REVOKE EXECUTE ON FUNCTION open_position_book(bigint, date) FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION bind_position_book(bigint, date) FROM PUBLIC;
"""

PARTITIONED = """
ALTER TABLE loans_loanposition RENAME TO loans_loanposition_whole;
ALTER TABLE loans_loanposition_whole DROP CONSTRAINT one_position_per_month_and_revision;
DROP INDEX position_by_batch;
CREATE TABLE loans_loanposition (LIKE loans_loanposition_whole INCLUDING DEFAULTS INCLUDING CONSTRAINTS)
  PARTITION BY LIST (bank_id);
ALTER TABLE loans_loanposition DROP COLUMN id, DROP COLUMN content_sha256;
ALTER TABLE loans_loanposition
  ADD CONSTRAINT one_position_per_month_and_revision PRIMARY KEY (drawdown_id, month, revision, bank_id),
  ADD CONSTRAINT position_is_of_its_drawdowns_bank
      FOREIGN KEY (drawdown_id, bank_id) REFERENCES loans_drawdown (id, bank_id),
  ADD CONSTRAINT position_is_of_its_batchs_bank
      FOREIGN KEY (batch_id, bank_id) REFERENCES loans_loanreportbatch (id, bank_id);
CREATE INDEX position_by_batch ON loans_loanposition (batch_id, row_number);
"""

#: Row-level security holds for the owner too, who is nobody's bank.
MOVED = """
ALTER TABLE loans_loanposition_whole NO FORCE ROW LEVEL SECURITY;
SELECT set_config('app.scope', 'everything', true);
DO $$
DECLARE
  held record;
  book text;
BEGIN
  FOR held IN SELECT DISTINCT bank_id, month FROM loans_loanposition_whole ORDER BY 1, 2 LOOP
    book := open_position_book(held.bank_id, held.month);
    EXECUTE format(
      'INSERT INTO %I (row_number, client_row_id, month, revision, balance, overdue_days, overdue_principal,'
      ' overdue_interest, five_tier, recorded_at, bank_id, drawdown_id, batch_id)'
      ' SELECT row_number, client_row_id, month, revision, balance, overdue_days, overdue_principal,'
      ' overdue_interest, five_tier, recorded_at, bank_id, drawdown_id, batch_id'
      ' FROM loans_loanposition_whole WHERE bank_id = %s AND month = %L', book, held.bank_id, held.month);
    PERFORM bind_position_book(held.bank_id, held.month);
  END LOOP;
END $$;
DROP TABLE loans_loanposition_whole;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('kernel', '0001_initial'),
        ('loans', '0004_facts_stay_with_their_bank'),
    ]

    operations = [
        migrations.AlterField(
            model_name='drawdown',
            name='product',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='loans.loanproduct'),
        ),
        migrations.AddField(
            model_name='loanreportbatch',
            name='repeats',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='loans.loanreportbatch'),
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(PARTITIONED), migrations.RunSQL(FUNCTIONS), migrations.RunSQL(MOVED)],
            state_operations=[
                migrations.DeleteModel('LoanPosition'),
                migrations.CreateModel(
                    name='LoanPosition',
                    fields=[
                        ('pk', models.CompositePrimaryKey('drawdown_id', 'month', 'revision', 'bank_id', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('bank', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.organisation')),
                        ('batch', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='positions', to='loans.loanreportbatch')),
                        ('row_number', models.PositiveIntegerField()),
                        ('client_row_id', models.CharField(blank=True, default='', max_length=64)),
                        ('drawdown', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='positions', to='loans.drawdown')),
                        ('month', models.DateField()),
                        ('revision', models.PositiveIntegerField()),
                        ('balance', models.DecimalField(decimal_places=2, max_digits=18)),
                        ('overdue_days', models.PositiveIntegerField()),
                        ('overdue_principal', models.DecimalField(decimal_places=2, default=0, max_digits=18)),
                        ('overdue_interest', models.DecimalField(decimal_places=2, default=0, max_digits=18)),
                        ('five_tier', models.CharField(max_length=16)),
                        ('recorded_at', models.DateTimeField()),
                    ],
                    options={
                        'indexes': [models.Index(fields=['batch', 'row_number'], name='position_by_batch')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('month__day', 1)), name='position_month_is_a_first'), models.CheckConstraint(condition=models.Q(('balance__gte', 0), ('balance__lt', Decimal('10000000000000000'))), name='balance_is_not_negative'), models.CheckConstraint(condition=models.Q(('overdue_principal__gte', 0), ('overdue_principal__lt', Decimal('10000000000000000'))), name='overdue_principal_is_not_negative'), models.CheckConstraint(condition=models.Q(('overdue_interest__gte', 0), ('overdue_interest__lt', Decimal('10000000000000000'))), name='overdue_interest_is_not_negative'), models.CheckConstraint(condition=models.Q(('five_tier', 'loss'), models.Q(('five_tier', 'doubtful'), ('overdue_days__lte', 360)), models.Q(('five_tier', 'substandard'), ('overdue_days__lte', 270)), models.Q(('five_tier__in', ['normal', 'special_mention']), ('overdue_days__lte', 90)), _connector='OR'), name='five_tier_is_not_better_than_its_floor')],
                    },
                ),
            ],
        ),
    ]
