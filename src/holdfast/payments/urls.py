"""Addresses of payments."""

from django.urls import path

from holdfast.payments import views

app_name = "payments"
urlpatterns = [path("hooks/<slug:slug>/stripe", views.stripe_notices, name="stripe-notices")]
