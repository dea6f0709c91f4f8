from django.db import migrations, models
from django.db.models.functions import Now

#: Whoever stands in the books without a moment was known when first entered upon, or with the fund.
BACKFILL = """
UPDATE funds_investor investor SET recorded_at = coalesce(
    (SELECT min(event.recorded_at) FROM funds_fundevent event WHERE event.investor_id = investor.id),
    (SELECT fund.recorded_at FROM funds_fund fund WHERE fund.id = investor.fund_id))
"""


class Migration(migrations.Migration):
    dependencies = [
        ('funds', '0008_reinvestment'),
    ]
    operations = [
        migrations.AddField(
            model_name='investor',
            name='recorded_at',
            field=models.DateTimeField(db_default=Now()),
        ),
        migrations.RunSQL(BACKFILL, migrations.RunSQL.noop),
    ]
