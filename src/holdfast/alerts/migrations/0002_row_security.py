from django.db import migrations

from holdfast.core.row_security import ProtectTable


class Migration(migrations.Migration):
    dependencies = [("alerts", "0001_initial"), ("core", "0003_row_security")]
    operations = [ProtectTable("alerts_alert"), ProtectTable("alerts_alertnotice")]
