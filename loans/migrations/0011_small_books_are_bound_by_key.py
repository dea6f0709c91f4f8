"""A small book is tied to its parents by looking them up, not by reading through all that is held of all banks.

The planner's usual price of a random page is that of a disk with a moving arm.
"""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('loans', '0010_products_and_prices'),
    ]

    operations = [
        migrations.RunSQL(
            "ALTER FUNCTION bind_position_book(bigint, date) SET random_page_cost = 1.1",
            "ALTER FUNCTION bind_position_book(bigint, date) RESET random_page_cost",
        ),
    ]
