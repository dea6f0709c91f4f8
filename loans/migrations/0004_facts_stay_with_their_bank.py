"""One bank's rows hang on the same bank's rows: a key over bank and parent, instead of one for each."""

import django.db.models.deletion
from django.db import migrations, models


#: table, name, rule
TOGETHER = (
    ("loans_contract", "contract_of_one_bank", "UNIQUE (id, bank_id)"),
    ("loans_drawdown", "drawdown_of_one_bank", "UNIQUE (id, bank_id)"),
    ("loans_loanreportbatch", "batch_of_one_bank", "UNIQUE (id, bank_id)"),
    (
        "loans_drawdown",
        "drawdown_is_of_its_contracts_bank",
        "FOREIGN KEY (contract_id, bank_id) REFERENCES loans_contract (id, bank_id)",
    ),
    (
        "loans_pledge",
        "pledge_is_of_its_drawdowns_bank",
        "FOREIGN KEY (drawdown_id, bank_id) REFERENCES loans_drawdown (id, bank_id)",
    ),
    (
        "loans_loanevent",
        "event_is_of_its_drawdowns_bank",
        "FOREIGN KEY (drawdown_id, bank_id) REFERENCES loans_drawdown (id, bank_id)",
    ),
    (
        "loans_loanevent",
        "event_is_of_its_batchs_bank",
        "FOREIGN KEY (batch_id, bank_id) REFERENCES loans_loanreportbatch (id, bank_id)",
    ),
    (
        "loans_loanposition",
        "position_is_of_its_drawdowns_bank",
        "FOREIGN KEY (drawdown_id, bank_id) REFERENCES loans_drawdown (id, bank_id)",
    ),
    (
        "loans_loanposition",
        "position_is_of_its_batchs_bank",
        "FOREIGN KEY (batch_id, bank_id) REFERENCES loans_loanreportbatch (id, bank_id)",
    ),
    (
        "loans_rowoutcome",
        "outcome_is_of_its_batchs_bank",
        "FOREIGN KEY (batch_id, bank_id) REFERENCES loans_loanreportbatch (id, bank_id)",
    ),
)


class Migration(migrations.Migration):

    dependencies = [
        ('kernel', '0001_initial'),
        ('loans', '0003_outcomes_in_file_order'),
    ]

    operations = [
        migrations.AlterField(
            model_name='contract',
            name='bank',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='contracts', to='kernel.organisation'),
        ),
        migrations.AlterField(
            model_name='drawdown',
            name='bank',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.organisation'),
        ),
        migrations.AlterField(
            model_name='drawdown',
            name='contract',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='drawdowns', to='loans.contract'),
        ),
        migrations.AlterField(
            model_name='loanevent',
            name='bank',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.organisation'),
        ),
        migrations.AlterField(
            model_name='loanevent',
            name='batch',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='loans.loanreportbatch'),
        ),
        migrations.AlterField(
            model_name='loanevent',
            name='drawdown',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='loans.drawdown'),
        ),
        migrations.AlterField(
            model_name='loanposition',
            name='bank',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.organisation'),
        ),
        migrations.AlterField(
            model_name='loanposition',
            name='batch',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='positions', to='loans.loanreportbatch'),
        ),
        migrations.AlterField(
            model_name='loanposition',
            name='drawdown',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='positions', to='loans.drawdown'),
        ),
        migrations.AlterField(
            model_name='pledge',
            name='bank',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.organisation'),
        ),
        migrations.AlterField(
            model_name='pledge',
            name='drawdown',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='pledges', to='loans.drawdown'),
        ),
        migrations.AlterField(
            model_name='rowoutcome',
            name='bank',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.organisation'),
        ),
        migrations.AlterField(
            model_name='rowoutcome',
            name='batch',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='outcomes', to='loans.loanreportbatch'),
        ),
        *(
            migrations.RunSQL(
                f"ALTER TABLE {table} ADD CONSTRAINT {name} {rule}",
                f"ALTER TABLE {table} DROP CONSTRAINT {name}",
            )
            for table, name, rule in TOGETHER
        ),
    ]
