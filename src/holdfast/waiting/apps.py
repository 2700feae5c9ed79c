from django.apps import AppConfig


class WaitingConfig(AppConfig):
    name = "holdfast.waiting"
    label = "waiting"
    default_auto_field = "django.db.models.BigAutoField"
