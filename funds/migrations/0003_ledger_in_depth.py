"""The ledger in depth: what a distribution is and whether it may be called again, calls outside the commitment,
releases, transfers, notices, corrections."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


CHECK_RELATED = """
CREATE FUNCTION check_related_fund_event() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  first record;
BEGIN
  SELECT fund_id, investor_id, kind, nature, recallable, outside_commitment, moved INTO first
    FROM funds_fundevent WHERE id = coalesce(NEW.reverses_id, NEW.corrects_id);
  IF first.moved <> '' THEN
    RAISE EXCEPTION 'a transfer is not taken back row by row' USING ERRCODE = 'FH004';
  END IF;
  IF NEW.reverses_id IS NOT NULL AND (first.nature, first.recallable, first.outside_commitment)
     <> (NEW.nature, NEW.recallable, NEW.outside_commitment) THEN
    RAISE EXCEPTION 'a reversal says the same of itself as its event' USING ERRCODE = 'FH004';
  END IF;
  IF NEW.corrects_id IS NOT NULL AND (first.fund_id, first.investor_id, first.kind)
     IS DISTINCT FROM (NEW.fund_id, NEW.investor_id, NEW.kind) THEN
    RAISE EXCEPTION 'a correction is of the same fund, investor and kind' USING ERRCODE = 'FH004';
  END IF;
  IF NEW.corrects_id IS NOT NULL
     AND NOT EXISTS (SELECT FROM funds_fundevent WHERE reverses_id = NEW.corrects_id) THEN
    RAISE EXCEPTION 'what is corrected has been taken back' USING ERRCODE = 'FH004';
  END IF;
  RETURN NEW;
END $$
"""


class Migration(migrations.Migration):

    dependencies = [
        ('funds', '0002_facts_agree_with_their_parents'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='fundevent',
            name='fund_event_kind_is_known',
        ),
        migrations.RemoveConstraint(
            model_name='fundevent',
            name='capital_events_name_their_investor',
        ),
        migrations.AddField(
            model_name='fundevent',
            name='corrects',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrected_by', to='funds.fundevent'),
        ),
        migrations.AddField(
            model_name='fundevent',
            name='moved',
            field=models.CharField(blank=True, choices=[('out', '转出'), ('in', '转入')], db_default='', default='', max_length=3),
        ),
        migrations.AddField(
            model_name='fundevent',
            name='nature',
            field=models.CharField(blank=True, choices=[('return_of_capital', '返还本金'), ('gain', '收益'), ('income', '股息利息')], db_default='', default='', max_length=20),
        ),
        migrations.AddField(
            model_name='fundevent',
            name='notice',
            field=models.CharField(blank=True, db_default='', default='', max_length=40),
        ),
        migrations.AddField(
            model_name='fundevent',
            name='outside_commitment',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='fundevent',
            name='recallable',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AlterField(
            model_name='fundevent',
            name='kind',
            field=models.CharField(choices=[('commitment', '认缴'), ('call', '催缴'), ('contribution', '实缴'), ('distribution', '分配'), ('fee', '管理费'), ('expense', '费用'), ('release', '认缴减少')], max_length=14),
        ),
        migrations.AddIndex(
            model_name='fundevent',
            index=models.Index(condition=models.Q(('notice', ''), _negated=True), fields=['notice'], name='fund_event_by_notice'),
        ),
        migrations.AddConstraint(
            model_name='fundevent',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['call', 'commitment', 'contribution', 'distribution', 'expense', 'fee', 'release'])), name='fund_event_kind_is_known'),
        ),
        migrations.AddConstraint(
            model_name='fundevent',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('investor__isnull', False), ('kind__in', ['call', 'commitment', 'contribution', 'distribution', 'release'])), models.Q(models.Q(('kind__in', ['call', 'commitment', 'contribution', 'distribution', 'release']), _negated=True), ('investor', None)), _connector='OR'), name='capital_events_name_their_investor'),
        ),
        migrations.AddConstraint(
            model_name='fundevent',
            constraint=models.CheckConstraint(condition=models.Q(('nature', ''), models.Q(('kind', 'distribution'), ('nature__in', ['gain', 'income', 'return_of_capital'])), _connector='OR'), name='only_a_distribution_has_a_nature'),
        ),
        migrations.AddConstraint(
            model_name='fundevent',
            constraint=models.CheckConstraint(condition=models.Q(('recallable', False), ('kind', 'distribution'), _connector='OR'), name='only_a_distribution_is_recallable'),
        ),
        migrations.AddConstraint(
            model_name='fundevent',
            constraint=models.CheckConstraint(condition=models.Q(('outside_commitment', False), ('kind__in', ['call', 'contribution']), _connector='OR'), name='only_calls_and_contributions_stand_outside_the_commitment'),
        ),
        migrations.AddConstraint(
            model_name='fundevent',
            constraint=models.CheckConstraint(condition=models.Q(('moved', ''), models.Q(('kind__in', ['call', 'commitment', 'contribution', 'distribution', 'release']), ('moved__in', ['in', 'out']), ('reverses', None), models.Q(('notice', ''), _negated=True)), _connector='OR'), name='a_transfer_moves_capital_under_a_notice'),
        ),
        migrations.AddConstraint(
            model_name='fundevent',
            constraint=models.CheckConstraint(condition=models.Q(('corrects', None), ('reverses', None), _connector='OR'), name='a_correction_is_no_reversal'),
        ),
        migrations.RunSQL(CHECK_RELATED, "DROP FUNCTION check_related_fund_event()"),
        migrations.RunSQL(
            "CREATE TRIGGER related_events_agree BEFORE INSERT ON funds_fundevent FOR EACH ROW"
            " WHEN (NEW.reverses_id IS NOT NULL OR NEW.corrects_id IS NOT NULL)"
            " EXECUTE FUNCTION check_related_fund_event()",
            "DROP TRIGGER related_events_agree ON funds_fundevent",
        ),
    ]
