"""A person may read their own memberships anywhere (to choose where to sign in); all else is the organization's."""

from django.db import migrations

from holdfast.core.row_security import ProtectTable


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial"), ("core", "0003_row_security")]
    operations = [
        ProtectTable("accounts_membership", readable="user_id = (SELECT holdfast_user())"),
        ProtectTable("accounts_apikey"),
    ]
