"""Every drawdown names the firm of its contract, held to it by one key over contract, bank and firm.

No step holds a table for long: what is held is filled some thousands at a time, each lot by itself, and the rules are
added first and looked into afterwards. From the moment the rules are there no row without its firm is taken, so that
the second filling is the last.
"""

import django.db.models.deletion
from django.db import migrations, models

_FILL = """
DO $$
DECLARE
  done bigint := 0;
  reached bigint;
BEGIN
  LOOP
    PERFORM set_config('app.scope', 'everything', true);
    SELECT max(id) INTO reached FROM (SELECT id FROM loans_drawdown WHERE id > done ORDER BY id LIMIT 20000) next;
    EXIT WHEN reached IS NULL;
    UPDATE loans_drawdown d SET firm_id = c.firm_id FROM loans_contract c
     WHERE c.id = d.contract_id AND d.id > done AND d.id <= reached AND d.firm_id IS NULL;
    COMMIT;
    done := reached;
  END LOOP;
END $$
"""
_ONE_BANK = "FOREIGN KEY (contract_id, bank_id) REFERENCES loans_contract (id, bank_id)"
_ONE_BANK_AND_FIRM = "FOREIGN KEY (contract_id, bank_id, firm_id) REFERENCES loans_contract (id, bank_id, firm_id)"

#: forwards, backwards
STEPS = (
    ("ALTER TABLE loans_drawdown ADD COLUMN firm_id bigint", "ALTER TABLE loans_drawdown DROP COLUMN firm_id"),
    (
        "CREATE UNIQUE INDEX CONCURRENTLY contract_of_one_bank_and_firm ON loans_contract (id, bank_id, firm_id)",
        "",
    ),
    (
        "ALTER TABLE loans_contract ADD CONSTRAINT contract_of_one_bank_and_firm"
        " UNIQUE USING INDEX contract_of_one_bank_and_firm",
        "ALTER TABLE loans_contract DROP CONSTRAINT contract_of_one_bank_and_firm",
    ),
    (_FILL, ""),
    (
        "ALTER TABLE loans_drawdown ADD CONSTRAINT drawdown_names_its_firm CHECK (firm_id IS NOT NULL) NOT VALID,"
        f" ADD CONSTRAINT drawdown_is_of_its_contracts_bank_and_firm {_ONE_BANK_AND_FIRM} NOT VALID",
        "ALTER TABLE loans_drawdown DROP CONSTRAINT drawdown_is_of_its_contracts_bank_and_firm",
    ),
    (_FILL, ""),
    ("ALTER TABLE loans_drawdown VALIDATE CONSTRAINT drawdown_is_of_its_contracts_bank_and_firm", ""),
    ("ALTER TABLE loans_drawdown VALIDATE CONSTRAINT drawdown_names_its_firm", ""),
    # Rows that a rule has looked into are not looked into again.
    (
        "ALTER TABLE loans_drawdown ALTER COLUMN firm_id SET NOT NULL, DROP CONSTRAINT drawdown_names_its_firm,"
        " DROP CONSTRAINT drawdown_is_of_its_contracts_bank",
        f"ALTER TABLE loans_drawdown ADD CONSTRAINT drawdown_is_of_its_contracts_bank {_ONE_BANK}",
    ),
    (
        "ALTER TABLE loans_contract DROP CONSTRAINT contract_of_one_bank",
        "ALTER TABLE loans_contract ADD CONSTRAINT contract_of_one_bank UNIQUE (id, bank_id)",
    ),
)  # fmt: skip


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('kernel', '0003_insurers'),
        ('loans', '0013_few_are_found_by_index'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL([forwards], [backwards] if backwards else migrations.RunSQL.noop)
                for forwards, backwards in STEPS
            ],
            state_operations=[
                migrations.AddField(
                    model_name='drawdown',
                    name='firm',
                    field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.firm'),
                    preserve_default=False,
                ),
            ],
        ),
    ]
