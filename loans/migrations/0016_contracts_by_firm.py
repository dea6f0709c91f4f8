"""A contract is found by its firm and itself: looked up by the firm alone, a drawdown's parent would be one of many."""

import django.db.models.deletion
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('kernel', '0003_insurers'),
        ('loans', '0015_seldom_events_are_found_by_index'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='contract',
            index=models.Index(fields=['firm', 'id'], name='contract_by_firm'),
        ),
        migrations.AlterField(
            model_name='contract',
            name='firm',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='contracts', to='kernel.firm'),
        ),
    ]
