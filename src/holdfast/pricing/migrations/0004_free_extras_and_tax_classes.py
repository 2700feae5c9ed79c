"""Promotions that give an extra, and tax rates of classes that extras name."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0012_extras'),
        ('pricing', '0003_payment_options'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='promotion',
            name='promotion_takes_something_off',
        ),
        migrations.AddField(
            model_name='promotion',
            name='extra',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.extra', verbose_name='extra'),
        ),
        migrations.AddField(
            model_name='promotion',
            name='extra_count',
            field=models.PositiveSmallIntegerField(db_default=1, default=1, verbose_name='so many of it'),
        ),
        migrations.AddField(
            model_name='taxrate',
            name='tax_class',
            field=models.CharField(blank=True, db_default='', default='', help_text='A word that extras can name, such as drinks; the rate is theirs alone.', max_length=40, verbose_name='tax class'),
        ),
        migrations.AlterField(
            model_name='promotion',
            name='benefit',
            field=models.CharField(choices=[('percent', 'A percentage off'), ('amount', 'An amount off'), ('extra', 'An extra for nothing')], max_length=16, verbose_name='takes off'),
        ),
        migrations.AddConstraint(
            model_name='promotion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('amount', None), ('benefit', 'percent'), ('extra', None), ('percent__gt', 0), ('percent__isnull', False), ('percent__lte', 100)), models.Q(('amount__gt', 0), ('amount__isnull', False), ('benefit', 'amount'), ('extra', None), ('most', None), ('percent', None)), models.Q(('amount', None), ('benefit', 'extra'), ('extra__isnull', False), ('extra_count__gte', 1), ('most', None), ('percent', None)), _connector='OR'), name='promotion_takes_something_off'),
        ),
        migrations.AddConstraint(
            model_name='taxrate',
            constraint=models.CheckConstraint(condition=models.Q(('service', None), ('tax_class', ''), _connector='OR'), name='tax_rate_of_one_or_the_other'),
        ),
    ]
