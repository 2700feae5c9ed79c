from django.db import migrations

from holdfast.core.row_security import ProtectTable


class Migration(migrations.Migration):
    dependencies = [("core", "0002_idempotent_answer")]
    operations = [ProtectTable("core_idempotentanswer")]
