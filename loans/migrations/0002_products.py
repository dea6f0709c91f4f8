"""The four products of the plan, as data."""

from django.db import migrations

PRODUCTS = [
    ("investment_linked", "投融贷", "Investment-linked loan", 1),
    ("rd", "研发贷", "R&D loan", 2),
    ("incubation", "孵化贷", "Incubation loan", 3),
    ("ip_pledge", "知识产权质押贷", "IP-pledge loan", 4),
]


def load(apps, schema_editor):
    product = apps.get_model("loans", "LoanProduct")
    for code, name, name_en, position in PRODUCTS:
        product.objects.create(code=code, name=name, name_en=name_en, position=position)


def unload(apps, schema_editor):
    codes = [code for code, *_ in PRODUCTS]
    apps.get_model("loans", "LoanProduct").objects.filter(code__in=codes).delete()


class Migration(migrations.Migration):
    dependencies = [("loans", "0001_initial")]
    operations = [migrations.RunPython(load, unload)]
