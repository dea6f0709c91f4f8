"""What the plan leaves open, who answers for a target, and the second person behind every report."""

import json
from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

DATA = Path(__file__).resolve().parent.parent / "data"

#: How often a target is reported where the plan says nothing: by how it is tracked, or each year.
CADENCES = {
    "computed": "",
    "computable_if_recorded": "quarterly",
    "computable_if_registry_loaded": "quarterly",
    "reported": "quarterly",
}
YEARLY = {"annual_flow", "growth"}

#: (table, name) → rule
RULES = {
    ("tasks_targetreport", "report_is_not_dated_in_the_future"):
        "as_of <= (recorded_at AT TIME ZONE 'Asia/Shanghai')::date",
    ("tasks_questionanswer", "answer_is_not_dated_in_the_future"):
        "effective_date <= (recorded_at AT TIME ZONE 'Asia/Shanghai')::date",
}  # fmt: skip

#: Reports that were in force before a second person was asked stay in force, and say that nobody decided.
CARRY_OVER = """
INSERT INTO tasks_targetdecision (report_id, approved, reason, decided_at)
SELECT id, true, '', recorded_at FROM tasks_targetreport
"""

LOCK_REPORT = "PERFORM pg_advisory_xact_lock(hashtextextended('target-report:' || {id}, 0))"

CHECKS = {
    "tasks_targetreport": ("check_target_report", f"""
BEGIN
  IF EXISTS (SELECT FROM tasks_target WHERE code = NEW.target_id AND duplicate_of_id IS NOT NULL) THEN
    RAISE EXCEPTION 'a_metric_is_reported_once' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.corrects_id IS NULL THEN
    RETURN NEW;
  END IF;
  {LOCK_REPORT.format(id="NEW.corrects_id")};
  IF EXISTS (SELECT FROM tasks_targetreport held JOIN tasks_target t ON t.code = held.target_id
              WHERE held.id = NEW.corrects_id
                AND coalesce(t.duplicate_of_id, t.code) <> NEW.target_id) THEN
    RAISE EXCEPTION 'correction_is_of_the_same_target' USING ERRCODE = 'check_violation';
  END IF;
  IF NOT EXISTS (SELECT FROM tasks_targetdecision WHERE report_id = NEW.corrects_id AND approved) THEN
    RAISE EXCEPTION 'only_an_approved_report_is_corrected' USING ERRCODE = 'check_violation';
  END IF;
  IF EXISTS (SELECT FROM tasks_targetreport other LEFT JOIN tasks_targetdecision d ON d.report_id = other.id
              WHERE other.corrects_id = NEW.corrects_id AND d.approved IS NOT FALSE) THEN
    RAISE EXCEPTION 'one_correction_of_a_report_at_a_time' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END"""),
    "tasks_targetdecision": ("check_target_decision", f"""
BEGIN
  {LOCK_REPORT.format(id="NEW.report_id")};
  IF EXISTS (SELECT FROM tasks_targetreport WHERE id = NEW.report_id AND reported_by_id = NEW.decided_by_id) THEN
    RAISE EXCEPTION 'another_person_decides_the_report' USING ERRCODE = 'check_violation';
  END IF;
  IF EXISTS (SELECT FROM tasks_targetreport WHERE id = NEW.report_id AND recorded_at > NEW.decided_at) THEN
    RAISE EXCEPTION 'decision_follows_its_report' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END"""),
    "tasks_targetdocument": ("check_target_document", f"""
BEGIN
  {LOCK_REPORT.format(id="NEW.report_id")};
  IF EXISTS (SELECT FROM tasks_targetdecision WHERE report_id = NEW.report_id) THEN
    RAISE EXCEPTION 'evidence_comes_before_the_decision' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END"""),
    "tasks_questionanswer": ("check_question_answer", """
DECLARE asked text;
BEGIN
  SELECT about INTO asked FROM tasks_openquestion WHERE id = NEW.question_id;
  IF (NEW.lead_unit_id IS NOT NULL) <> (asked = 'lead_unit')
     OR (NEW.deadline IS NOT NULL) <> (asked = 'deadline')
     OR (NEW.yearly IS NOT NULL) <> (asked = 'period')
     OR (NEW.complete IS NOT NULL) <> (asked = 'completeness') THEN
    RAISE EXCEPTION 'answer_decides_what_was_asked' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END"""),
}


def read(name):
    return json.loads((DATA / name).read_text("utf-8"))


def load(apps, schema_editor):
    target, question, unit = (
        apps.get_model("tasks", name) for name in ("Target", "OpenQuestion", "ResponsibleUnit")
    )
    readings = read("target_readings.json")
    for name, name_en in readings["units"].items():
        unit.objects.create(name=name, name_en=name_en)
    for row in read("targets.json")["targets"]:
        said = readings["notes"].get(row["id"], {"zh": "", "en": ""})
        silent = row["kind"] == "context" or row.get("duplicate_of")
        target.objects.filter(pk=row["id"]).update(
            section=row["section"],
            kind=row["kind"],
            cadence="" if silent else "yearly" if row["kind"] in YEARLY else CADENCES[row["tracking"]],
            duplicate_of_id=row.get("duplicate_of"),
            note=said["zh"],
            note_en=said["en"],
        )
    for row in readings["questions"]:
        made = question.objects.create(
            code=row["code"], about=row["about"], text=row["text"], text_en=row["text_en"],
            raised_on=readings["raised_on"], recorded_at=f"{readings['raised_on']}T00:00:00+08:00",
        )
        made.targets.set(target.objects.filter(pk__in=row["targets"]))


def unload(apps, schema_editor):
    """The notes as they were; what else was loaded goes with its tables and columns."""
    target = apps.get_model("tasks", "Target")
    for row in read("targets.json")["targets"]:
        target.objects.filter(pk=row["id"]).update(note=row.get("note") or "", duplicate_of_id=None)


def settled():
    """Nothing stays pending when a table is altered in the transaction that filled it."""
    now = "SET CONSTRAINTS ALL IMMEDIATE"
    return migrations.RunSQL(now, now)


class Migration(migrations.Migration):

    dependencies = [
        ('kernel', '0003_insurers'),
        ('tasks', '0005_risk'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='OpenQuestion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=60, unique=True)),
                ('about', models.CharField(choices=[('lead_unit', 'Lead Unit'), ('deadline', 'Deadline'), ('period', 'Period'), ('completeness', 'Completeness'), ('meaning', 'Meaning')], max_length=12)),
                ('text', models.TextField()),
                ('text_en', models.TextField()),
                ('raised_on', models.DateField()),
                ('recorded_at', models.DateTimeField()),
                ('targets', models.ManyToManyField(related_name='questions', to='tasks.target')),
            ],
            options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('about__in', ['completeness', 'deadline', 'lead_unit', 'meaning', 'period'])), name='question_is_about_something_known'),
                    models.CheckConstraint(condition=models.Q(('text__regex', '\\S'), ('text_en__regex', '\\S')), name='question_is_asked_in_both_languages'),
                ],
            },
        ),
        migrations.CreateModel(
            name='ResponsibleUnit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, unique=True)),
                ('name_en', models.CharField(max_length=120)),
            ],
        ),
        migrations.CreateModel(
            name='QuestionAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', models.CharField(max_length=500)),
                ('document', models.CharField(max_length=200)),
                ('effective_date', models.DateField()),
                ('deadline', models.DateField(null=True)),
                ('yearly', models.BooleanField(null=True)),
                ('complete', models.BooleanField(null=True)),
                ('recorded_at', models.DateTimeField()),
                ('question', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='tasks.openquestion')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('lead_unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tasks.responsibleunit')),
            ],
            options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('words__regex', '\\S')), name='answer_is_given_in_words'),
                    models.CheckConstraint(condition=models.Q(('document__regex', '\\S')), name='answer_names_its_document'),
                ],
            },
        ),
        migrations.CreateModel(
            name='TargetDecision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('approved', models.BooleanField()),
                ('reason', models.CharField(blank=True, default='', max_length=500)),
                ('decided_at', models.DateTimeField()),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('report', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='decision', to='tasks.targetreport')),
            ],
            options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('approved', True), ('reason__regex', '\\S'), _connector='OR'), name='rejection_has_its_reason'),
                ],
            },
        ),
        migrations.CreateModel(
            name='TargetDocument',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(max_length=40, unique=True)),
                ('name', models.CharField(max_length=200)),
                ('sha256', models.CharField(max_length=64)),
                ('size', models.PositiveBigIntegerField()),
                ('media_type', models.CharField(max_length=100)),
                ('recorded_at', models.DateTimeField()),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='tasks.targetreport')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('report', 'sha256'), name='one_copy_of_a_document_per_report'),
                    models.CheckConstraint(condition=models.Q(('sha256__regex', '^[0-9a-f]{64}$')), name='evidence_hash_is_a_sha256'),
                    models.CheckConstraint(condition=models.Q(('size__gt', 0)), name='evidence_is_not_empty'),
                    models.CheckConstraint(condition=models.Q(('name__regex', '^[^-=+@.[:cntrl:]/\\\\][^[:cntrl:]/\\\\]*$')), name='evidence_name_is_a_plain_name'),
                    models.CheckConstraint(condition=models.Q(('media_type__regex', '^[a-z0-9!#$&^_.+-]+/[a-z0-9!#$&^_.+-]+$')), name='evidence_media_type_is_one'),
                ],
            },
        ),
        migrations.CreateModel(
            name='UnitAssignment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('recorded_at', models.DateTimeField()),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.organisation')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to='tasks.responsibleunit')),
            ],
        ),
        migrations.AddField(
            model_name='target',
            name='cadence',
            field=models.CharField(blank=True, choices=[('monthly', 'Monthly'), ('quarterly', 'Quarterly'), ('yearly', 'Yearly')], default='', max_length=10),
        ),
        migrations.AddField(
            model_name='target',
            name='duplicate_of',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='duplicates', to='tasks.target'),
        ),
        migrations.AddField(
            model_name='target',
            name='kind',
            field=models.CharField(choices=[('increment', 'Increment'), ('flow', 'Flow'), ('annual_flow', 'Annual Flow'), ('size', 'Size'), ('growth', 'Growth'), ('ratio', 'Ratio'), ('stock', 'Stock'), ('rank', 'Rank'), ('context', 'Context')], default='increment', max_length=12),
        ),
        migrations.AddField(
            model_name='target',
            name='note_en',
            field=models.TextField(blank=True, default=''),
        ),
        migrations.AddField(
            model_name='target',
            name='section',
            field=models.CharField(default='', max_length=20),
        ),
        migrations.AddField(
            model_name='targetreport',
            name='corrects',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='tasks.targetreport'),
        ),
        # Reports are append-only: their numbers are born with the column.
        migrations.RunSQL(
            [
                "ALTER TABLE tasks_targetreport ADD COLUMN public_id varchar(40) NOT NULL UNIQUE"
                " DEFAULT 'tp_' || translate(gen_random_uuid()::text, '-', '')",
                "ALTER TABLE tasks_targetreport ALTER COLUMN public_id DROP DEFAULT",
            ],
            "ALTER TABLE tasks_targetreport DROP COLUMN public_id",
            state_operations=[
                migrations.AddField(
                    model_name='targetreport',
                    name='public_id',
                    field=models.CharField(max_length=40, unique=True),
                    preserve_default=False,
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name='target',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['annual_flow', 'context', 'flow', 'growth', 'increment', 'rank', 'ratio', 'size', 'stock'])), name='target_kind_is_known'),
        ),
        migrations.AddConstraint(
            model_name='target',
            constraint=models.CheckConstraint(condition=models.Q(('cadence', ''), ('cadence__in', ['monthly', 'quarterly', 'yearly']), _connector='OR'), name='target_cadence_is_known'),
        ),
        migrations.AddConstraint(
            model_name='target',
            constraint=models.CheckConstraint(condition=models.Q(('duplicate_of', None), models.Q(('duplicate_of', models.F('code')), _negated=True), _connector='OR'), name='target_does_not_duplicate_itself'),
        ),
        *(
            migrations.RunSQL(
                f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({rule})",
                f"ALTER TABLE {table} DROP CONSTRAINT {name}",
            )
            for (table, name), rule in RULES.items()
        ),
        migrations.RunSQL(CARRY_OVER, migrations.RunSQL.noop),
        settled(),
        # Not looked for in the rows above: whoever decides from now on is named.
        migrations.RunSQL(
            "ALTER TABLE tasks_targetdecision ADD CONSTRAINT decision_names_who_decides"
            " CHECK (decided_by_id IS NOT NULL) NOT VALID",
            "ALTER TABLE tasks_targetdecision DROP CONSTRAINT decision_names_who_decides",
        ),
        *(
            migrations.RunSQL(
                [
                    f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $${body} $$",
                    f"CREATE TRIGGER {name} BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
                ],
                [f"DROP TRIGGER {name} ON {table}", f"DROP FUNCTION {name}()"],
            )
            for table, (name, body) in CHECKS.items()
        ),
        settled(),
        migrations.RunPython(load, unload),
        settled(),
    ]
