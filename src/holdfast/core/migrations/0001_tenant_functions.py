"""The functions that every row-security policy asks."""

from django.db import migrations

from holdfast.core.row_security import CreateTenantFunctions


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [CreateTenantFunctions()]
