"""An approval of a tolerance has its day and its person: neither stands alone."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('funds', '0009_investors_are_known_from_a_moment'),
        ('tasks', '0006_targets_depth'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='tolerancerule',
            name='another_person_approves_the_limit',
        ),
        migrations.AddConstraint(
            model_name='tolerancerule',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('approved_at', None), ('approved_by', None)), models.Q(('approved_at__isnull', False), ('approved_by__isnull', False), models.Q(('approved_by', models.F('proposed_by')), _negated=True)), _connector='OR'), name='another_person_approves_the_limit'),
        ),
    ]
