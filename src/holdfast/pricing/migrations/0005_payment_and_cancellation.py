"""What paying adds to a price and takes at once, and what cancelling late costs."""

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import holdfast.core.keys
from django.db import migrations, models

from holdfast.core.row_security import ProtectTable

TABLES = ("pricing_cancellationpolicy", "pricing_cancellationstep", "pricing_deposit", "pricing_tipchoices")


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0011_public_attributes'),
        ('pricing', '0004_free_extras_and_tax_classes'),
    ]

    operations = [
        migrations.CreateModel(
            name='CancellationPolicy',
            fields=[
                ('id', models.UUIDField(default=holdfast.core.keys.uuid7, editable=False, primary_key=True, serialize=False)),
                ('percent', models.DecimalField(blank=True, decimal_places=3, max_digits=6, null=True, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(100)], verbose_name='not coming costs, in percent')),
                ('amount', models.PositiveBigIntegerField(blank=True, null=True, verbose_name='not coming costs')),
            ],
            options={
                'verbose_name': 'cancellation policy',
                'verbose_name_plural': 'cancellation policies',
                'ordering': ['service', 'id'],
            },
        ),
        migrations.CreateModel(
            name='CancellationStep',
            fields=[
                ('id', models.UUIDField(default=holdfast.core.keys.uuid7, editable=False, primary_key=True, serialize=False)),
                ('within', models.PositiveIntegerField(validators=[django.core.validators.MinValueValidator(1)], verbose_name='within (minutes before)')),
                ('percent', models.DecimalField(blank=True, decimal_places=3, max_digits=6, null=True, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(100)], verbose_name='percent of the price')),
                ('amount', models.PositiveBigIntegerField(blank=True, null=True, verbose_name='amount')),
            ],
            options={
                'verbose_name': 'step',
                'verbose_name_plural': 'steps',
                'ordering': ['-within'],
            },
        ),
        migrations.CreateModel(
            name='Deposit',
            fields=[
                ('id', models.UUIDField(default=holdfast.core.keys.uuid7, editable=False, primary_key=True, serialize=False)),
                ('percent', models.DecimalField(blank=True, decimal_places=3, max_digits=6, null=True, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(100)], verbose_name='percent')),
                ('amount', models.PositiveBigIntegerField(blank=True, null=True, verbose_name='amount')),
                ('whole_within', models.PositiveIntegerField(default=0, help_text='Who books at less notice than this pays all of it at once.', verbose_name='all at once within (minutes before)')),
            ],
            options={
                'verbose_name': 'deposit',
                'verbose_name_plural': 'deposits',
                'ordering': ['service', 'id'],
            },
        ),
        migrations.CreateModel(
            name='TipChoices',
            fields=[
                ('id', models.UUIDField(default=holdfast.core.keys.uuid7, editable=False, primary_key=True, serialize=False)),
                ('percents', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(100)]), blank=True, default=list, help_text='Of the price with its tax, such as 5, 10, 15.', size=5, verbose_name='percentages')),
                ('is_free', models.BooleanField(default=True, help_text='Customers may also say an amount.', verbose_name='any amount')),
            ],
            options={
                'verbose_name': 'tips',
                'verbose_name_plural': 'tips',
            },
        ),
        migrations.AddField(
            model_name='paymentoption',
            name='fee_borne_by',
            field=models.CharField(choices=[('business', 'The business'), ('customer', 'The customer, as a line of the price')], db_default='business', default='business', help_text='In the European Economic Area customers may not be charged for paying by an ordinary card (Directive (EU) 2015/2366, article 62).', max_length=16, verbose_name='borne by'),
        ),
        migrations.AddField(
            model_name='paymentoption',
            name='fee_fixed',
            field=models.PositiveBigIntegerField(db_default=0, default=0, verbose_name='fixed fee'),
        ),
        migrations.AddField(
            model_name='paymentoption',
            name='fee_of_all',
            field=models.BooleanField(db_default=False, default=False, help_text='The customer is asked for as much as leaves the whole price after the percentage is taken.', verbose_name='taken of the fee, too'),
        ),
        migrations.AddField(
            model_name='paymentoption',
            name='fee_percent',
            field=models.DecimalField(db_default=0, decimal_places=3, default=0, help_text='What the card company takes of a payment.', max_digits=6, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(50)], verbose_name='fee in percent'),
        ),
        migrations.AddConstraint(
            model_name='paymentoption',
            constraint=models.CheckConstraint(condition=models.Q(('fee_percent__gte', 0), ('fee_percent__lte', 50)), name='payment_fee_is_a_share'),
        ),
        migrations.AddConstraint(
            model_name='paymentoption',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('method', 'on_site'), _negated=True), models.Q(('fee_fixed', 0), ('fee_percent', 0)), _connector='OR'), name='payment_on_site_without_fee'),
        ),
        migrations.AddField(
            model_name='cancellationpolicy',
            name='organization',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalog.organization'),
        ),
        migrations.AddField(
            model_name='cancellationpolicy',
            name='service',
            field=models.ForeignKey(blank=True, help_text='Left empty: all that have none of their own.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalog.service', verbose_name='service'),
        ),
        migrations.AddField(
            model_name='cancellationstep',
            name='organization',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalog.organization'),
        ),
        migrations.AddField(
            model_name='cancellationstep',
            name='policy',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='pricing.cancellationpolicy', verbose_name='cancellation policy'),
        ),
        migrations.AddField(
            model_name='deposit',
            name='organization',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalog.organization'),
        ),
        migrations.AddField(
            model_name='deposit',
            name='service',
            field=models.ForeignKey(blank=True, help_text='Left empty: all that have none of their own.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalog.service', verbose_name='service'),
        ),
        migrations.AddField(
            model_name='tipchoices',
            name='organization',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalog.organization'),
        ),
        migrations.AddConstraint(
            model_name='cancellationpolicy',
            constraint=models.UniqueConstraint(fields=('organization', 'service'), name='cancellation_policy_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='cancellationpolicy',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('amount__isnull', True), ('percent__gte', 0), ('percent__isnull', False), ('percent__lte', 100)), models.Q(('amount__gte', 0), ('amount__isnull', False), ('percent__isnull', True)), _connector='OR'), name='no_show_is_a_share'),
        ),
        migrations.AddConstraint(
            model_name='cancellationstep',
            constraint=models.UniqueConstraint(fields=('policy', 'within'), name='cancellation_step_once'),
        ),
        migrations.AddConstraint(
            model_name='cancellationstep',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(models.Q(('amount__isnull', True), ('percent__gte', 0), ('percent__isnull', False), ('percent__lte', 100)), models.Q(('amount__gte', 0), ('amount__isnull', False), ('percent__isnull', True)), _connector='OR'), ('within__gte', 1)), name='cancellation_step_is_a_share'),
        ),
        migrations.AddConstraint(
            model_name='deposit',
            constraint=models.UniqueConstraint(fields=('organization', 'service'), name='deposit_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='deposit',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(models.Q(('amount__isnull', True), ('percent__gte', 0), ('percent__isnull', False), ('percent__lte', 100)), models.Q(('amount__gte', 0), ('amount__isnull', False), ('percent__isnull', True)), _connector='OR'), models.Q(('amount__isnull', True), ('percent', 0), _negated=True), models.Q(('amount', 0), ('percent__isnull', True), _negated=True)), name='deposit_is_a_share'),
        ),
        migrations.AddConstraint(
            model_name='tipchoices',
            constraint=models.UniqueConstraint(fields=('organization',), name='tip_choices_once'),
        ),
        *(ProtectTable(table) for table in TABLES),
        *(
            migrations.RunSQL(
                f"CREATE TRIGGER raise_catalog_version AFTER INSERT OR UPDATE OR DELETE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION holdfast_raise_catalog_version();",
                f"DROP TRIGGER raise_catalog_version ON {table};",
            )
            for table in TABLES
        ),
    ]
