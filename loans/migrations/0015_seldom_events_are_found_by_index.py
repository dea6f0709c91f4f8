"""Extensions, refinancings and write-offs, of which there are few, found without reading the others."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('loans', '0014_drawdowns_know_their_firm'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='loanevent',
            index=models.Index(condition=models.Q(('record_type__in', ['extension', 'refinancing', 'write_off'])), fields=['record_type', 'value_date'], name='loan_event_seldom'),
        ),
    ]
