"""A fact more: money or a card came when the time of its booking was gone."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('payments', '0002_guards'),
    ]

    operations = [
        migrations.AlterField(
            model_name='ledgerentry',
            name='kind',
            field=models.CharField(choices=[('owed', 'owed'), ('started', 'started'), ('card_kept', 'card_kept'), ('held', 'held'), ('received', 'received'), ('failed', 'failed'), ('cancelled', 'cancelled'), ('refund_asked', 'refund_asked'), ('refund_pending', 'refund_pending'), ('refunded', 'refunded'), ('refund_failed', 'refund_failed'), ('disputed', 'disputed'), ('dispute_won', 'dispute_won'), ('dispute_lost', 'dispute_lost'), ('too_late', 'too_late'), ('fee', 'fee')], max_length=24),
        ),
    ]
