"""The few rows that were superseded or have gone bad, found without reading the others."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('kernel', '0003_insurers'),
        ('loans', '0012_terms_are_approved_by_somebody'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='loanevent',
            index=models.Index(condition=models.Q(('revision__gt', 1)), fields=['bank', 'external_event_id'], name='loan_event_revised'),
        ),
        migrations.AddIndex(
            model_name='loanposition',
            index=models.Index(condition=models.Q(('revision__gt', 1)), fields=['drawdown', 'month'], name='position_revised'),
        ),
        migrations.AddIndex(
            model_name='loanposition',
            index=models.Index(condition=models.Q(('overdue_days__gt', 90), ('five_tier__in', ['substandard', 'doubtful', 'loss']), _connector='OR'), fields=['drawdown', 'month'], name='position_gone_bad'),
        ),
    ]
