from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "holdfast.payments"
    label = "payments"
    default_auto_field = "django.db.models.BigAutoField"
