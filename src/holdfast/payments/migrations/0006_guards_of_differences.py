"""Other organizations' runs and differences are not there."""

from django.db import migrations

from holdfast.core.row_security import ProtectTable


class Migration(migrations.Migration):
    dependencies = [("payments", "0005_what_differs")]
    operations = [ProtectTable("payments_reconciliation"), ProtectTable("payments_difference")]
