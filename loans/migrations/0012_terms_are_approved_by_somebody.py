"""An approval of terms or of a pool's limits has its day and its person: a comparison with nobody is no refusal."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('loans', '0011_parents_are_found_by_key'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='agreementterms',
            name='another_person_approves_the_terms',
        ),
        migrations.RemoveConstraint(
            model_name='poollimits',
            name='another_person_approves_the_pool_limits',
        ),
        migrations.AddConstraint(
            model_name='agreementterms',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('approved_at', None), ('approved_by', None)), models.Q(('approved_at__isnull', False), ('approved_by__isnull', False), models.Q(('approved_by', models.F('proposed_by')), _negated=True)), _connector='OR'), name='another_person_approves_the_terms'),
        ),
        migrations.AddConstraint(
            model_name='poollimits',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('approved_at', None), ('approved_by', None)), models.Q(('approved_at__isnull', False), ('approved_by__isnull', False), models.Q(('approved_by', models.F('proposed_by')), _negated=True)), _connector='OR'), name='another_person_approves_the_pool_limits'),
        ),
    ]
