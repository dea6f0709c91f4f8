"""Insurers report credit insurance as guarantors report guarantees."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('kernel', '0002_request_log'),
    ]

    operations = [
        migrations.AlterField(
            model_name='organisation',
            name='kind',
            field=models.CharField(choices=[('centre', 'Centre'), ('fund_manager', 'Fund Manager'), ('bank', 'Bank'), ('guarantor', 'Guarantor'), ('insurer', 'Insurer'), ('department', 'Department')], max_length=20),
        ),
        migrations.RemoveConstraint(model_name='organisation', name='organisation_kind_is_known'),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['bank', 'centre', 'department', 'fund_manager', 'guarantor', 'insurer'])), name='organisation_kind_is_known'),
        ),
    ]
