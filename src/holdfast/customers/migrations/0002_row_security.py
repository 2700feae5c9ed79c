from django.db import migrations

from holdfast.core.row_security import ProtectTable

TABLES = ["customeraccount", "signinlink", "customersession", "passkey", "challenge", "signintry", "erasurerequest"]


class Migration(migrations.Migration):
    dependencies = [("customers", "0001_initial"), ("core", "0003_row_security")]
    operations = [ProtectTable(f"customers_{table}") for table in TABLES]
