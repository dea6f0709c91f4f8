"""What one row cannot check alone: an event's investor, and the event that a reversal takes back."""

from django.db import migrations

SAME = (
    ("funds_investor", "investor_of_one_fund", "UNIQUE (id, fund_id)"),
    (
        "funds_fundevent",
        "investor_is_of_the_same_fund",
        "FOREIGN KEY (investor_id, fund_id) REFERENCES funds_investor (id, fund_id)",
    ),
    ("funds_fundevent", "fund_event_of_one_kind_and_amount", "UNIQUE (id, fund_id, kind, amount)"),
    ("funds_fundevent", "fund_event_of_one_investor", "UNIQUE (id, investor_id)"),
    (
        "funds_fundevent",
        "reversal_repeats_the_fund_event",
        "FOREIGN KEY (reverses_id, fund_id, kind, amount)"
        " REFERENCES funds_fundevent (id, fund_id, kind, amount)",
    ),
    (
        "funds_fundevent",
        "reversal_repeats_the_investor",
        "FOREIGN KEY (reverses_id, investor_id) REFERENCES funds_fundevent (id, investor_id)",
    ),
    ("funds_holdingevent", "holding_event_of_one_kind_and_amount", "UNIQUE (id, holding_id, kind, cash, cost)"),
    (
        "funds_holdingevent",
        "reversal_repeats_the_holding_event",
        "FOREIGN KEY (reverses_id, holding_id, kind, cash, cost)"
        " REFERENCES funds_holdingevent (id, holding_id, kind, cash, cost)",
    ),
)
REVERSED = ("funds_fundevent", "funds_holdingevent")

CHECK_REVERSAL = """
CREATE FUNCTION check_reversal() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  itself_a_reversal boolean;
  happened date;
BEGIN
  EXECUTE format('SELECT reverses_id IS NOT NULL, effective_date FROM %I WHERE id = $1', TG_TABLE_NAME)
    INTO itself_a_reversal, happened USING NEW.reverses_id;
  IF itself_a_reversal THEN
    RAISE EXCEPTION 'a reversal is not reversed' USING ERRCODE = 'FH002';
  END IF;
  IF NEW.effective_date < happened THEN
    RAISE EXCEPTION 'a reversal does not precede its event' USING ERRCODE = 'FH003';
  END IF;
  RETURN NEW;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("funds", "0001_initial")]

    operations = [
        *(
            migrations.RunSQL(
                f"ALTER TABLE {table} ADD CONSTRAINT {name} {rule}",
                f"ALTER TABLE {table} DROP CONSTRAINT {name}",
            )
            for table, name, rule in SAME
        ),
        migrations.RunSQL(CHECK_REVERSAL, "DROP FUNCTION check_reversal()"),
        *(
            migrations.RunSQL(
                f"CREATE TRIGGER reversal_follows_a_plain_event BEFORE INSERT ON {table}"
                " FOR EACH ROW WHEN (NEW.reverses_id IS NOT NULL) EXECUTE FUNCTION check_reversal()",
                f"DROP TRIGGER reversal_follows_a_plain_event ON {table}",
            )
            for table in REVERSED
        ),
    ]
