"""Addresses of payments."""

from django.urls import path

from holdfast.payments import views

app_name = "payments"
urlpatterns = [path("webhooks/stripe/<slug:slug>", views.stripe_notices, name="stripe-notices")]
