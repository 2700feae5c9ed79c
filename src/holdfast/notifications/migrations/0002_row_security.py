from django.db import migrations

from holdfast.core.row_security import ProtectTable


class Migration(migrations.Migration):
    dependencies = [("notifications", "0001_initial"), ("core", "0003_row_security")]
    operations = [ProtectTable("notifications_message")]
