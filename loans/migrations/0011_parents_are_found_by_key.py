"""Parents are found by their keys: those of one row, and those of a small book.

An index over a bank alone is smaller than one over a row's key. Where statistics know nothing of a bank, the check of
a foreign key takes the smaller one and reads through all rows of the bank for each new row.

A book is tied to its parents at once; the planner's usual price of a random page, that of a disk with a moving arm,
would have it read all that is held of all banks for a small one.
"""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('kernel', '0001_initial'),
        ('loans', '0010_products_and_prices'),
    ]

    operations = [
        migrations.AlterField(
            model_name='drawdown',
            name='bank',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.organisation'),
        ),
        migrations.AlterField(
            model_name='loanreportbatch',
            name='bank',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='loan_report_batches', to='kernel.organisation'),
        ),
        migrations.AddIndex(
            model_name='drawdown',
            index=models.Index(fields=['bank', 'id'], name='drawdown_by_bank'),
        ),
        migrations.RunSQL(
            "ALTER FUNCTION bind_position_book(bigint, date) SET random_page_cost = 1.1",
            "ALTER FUNCTION bind_position_book(bigint, date) RESET random_page_cost",
        ),
    ]
