"""How a booking is to be paid; and what was paid late may be given its time again."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('bookings', '0013_promotion_uses'),
    ]

    operations = [
        migrations.AddField(
            model_name='booking',
            name='terms',
            field=models.JSONField(blank=True, db_default={}, default=dict),
        ),
        migrations.AlterField(
            model_name='booking',
            name='payment_method',
            field=models.CharField(choices=[('card', 'Card, in advance'), ('checkout', 'Payment page'), ('card_on_file', 'Card kept, charged later'), ('on_site', 'On site'), ('none', 'None')], default='on_site', max_length=16),
        ),
        migrations.RunSQL(
            "INSERT INTO bookings_legal_transition VALUES ('expired', 'confirmed');",
            "DELETE FROM bookings_legal_transition WHERE from_state = 'expired';",
        ),
    ]
