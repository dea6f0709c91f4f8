"""Cash that a holding brings without releasing cost, and carried interest that is paid to the manager."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('funds', '0004_terms_and_holders'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='fundevent',
            name='fund_event_kind_is_known',
        ),
        migrations.RemoveConstraint(
            model_name='holdingevent',
            name='cash_and_cost_fit_the_kind',
        ),
        migrations.AlterField(
            model_name='fundevent',
            name='kind',
            field=models.CharField(choices=[('commitment', '认缴'), ('call', '催缴'), ('contribution', '实缴'), ('distribution', '分配'), ('fee', '管理费'), ('expense', '费用'), ('release', '认缴减少'), ('carry', '收益分成')], max_length=14),
        ),
        migrations.AlterField(
            model_name='holdingevent',
            name='kind',
            field=models.CharField(choices=[('investment', '投资'), ('exit', '退出'), ('write_off', '核销'), ('recovery', '核销后收回'), ('income', '股息利息')], max_length=12),
        ),
        migrations.AddConstraint(
            model_name='fundevent',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['call', 'carry', 'commitment', 'contribution', 'distribution', 'expense', 'fee', 'release'])), name='fund_event_kind_is_known'),
        ),
        migrations.AddConstraint(
            model_name='holdingevent',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('cash', models.F('cost')), ('cost__gt', 0), ('kind', 'investment')), models.Q(('cost__gt', 0), ('kind', 'exit')), models.Q(('cash', 0), ('cost__gt', 0), ('kind', 'write_off')), models.Q(('cash__gt', 0), ('cost', 0), ('kind__in', ['income', 'recovery'])), _connector='OR'), name='cash_and_cost_fit_the_kind'),
        ),
    ]
