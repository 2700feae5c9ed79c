from django.apps import AppConfig


class LegacyConfig(AppConfig):
    name = "holdfast.legacy"
    label = "legacy"
    default_auto_field = "django.db.models.BigAutoField"
