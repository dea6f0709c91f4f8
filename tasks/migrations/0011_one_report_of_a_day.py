"""One report of a target and a day stands, until its correction; what is counted in whole things is whole."""

from django.db import migrations

#: Of the same metric and day, neither sent back nor corrected, and not what is corrected itself.
OTHERS = """
  PERFORM pg_advisory_xact_lock(hashtextextended('target-day:' || {report}.target_id || ' ' || {report}.as_of, 0));
  IF EXISTS (SELECT FROM tasks_targetreport other
               JOIN tasks_target t ON t.code = other.target_id
               LEFT JOIN tasks_targetdecision d ON d.report_id = other.id
              WHERE coalesce(t.duplicate_of_id, t.code) = {report}.target_id
                AND other.as_of = {report}.as_of
                AND other.id <> {report}.id AND other.id IS DISTINCT FROM {report}.corrects_id
                AND d.approved IS {standing}
                AND NOT EXISTS (SELECT FROM tasks_targetreport later
                                  JOIN tasks_targetdecision said ON said.report_id = later.id
                                 WHERE later.corrects_id = other.id AND said.approved)) THEN
    RAISE EXCEPTION 'one_report_of_a_day' USING ERRCODE = 'check_violation';
  END IF;
"""

#: Each by a name after that of the table's first trigger: a correction is judged as one before its day is.
CHECKS = {
    "tasks_targetreport": ("check_target_report_of_a_day", f"""
BEGIN
  IF NEW.value <> trunc(NEW.value) AND EXISTS (
       SELECT FROM tasks_target WHERE code = NEW.target_id
          AND unit NOT IN ('percent', 'percent per year', 'CNY', 'CNY per year')) THEN
    RAISE EXCEPTION 'counted_things_are_whole' USING ERRCODE = 'check_violation';
  END IF;
{OTHERS.format(report="NEW", standing="NOT FALSE")}
  RETURN NEW;
END"""),
    "tasks_targetdecision": ("check_target_decision_of_a_day", f"""
DECLARE told record;
BEGIN
  IF NOT NEW.approved THEN
    RETURN NEW;
  END IF;
  SELECT held.id, held.as_of, held.corrects_id, coalesce(t.duplicate_of_id, t.code) AS target_id INTO told
    FROM tasks_targetreport held JOIN tasks_target t ON t.code = held.target_id WHERE held.id = NEW.report_id;
{OTHERS.format(report="told", standing="TRUE")}
  RETURN NEW;
END"""),
}


class Migration(migrations.Migration):

    dependencies = [
        ('tasks', '0010_delivery'),
    ]

    operations = [
        migrations.RunSQL(
            [
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $${body} $$",
                f"CREATE TRIGGER {name} BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
            ],
            [f"DROP TRIGGER {name} ON {table}", f"DROP FUNCTION {name}()"],
        )
        for table, (name, body) in CHECKS.items()
    ]
