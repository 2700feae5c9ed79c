"""What a customer's device keeps of an organization, so that its pages open without a connection."""

from django.urls import path

from holdfast.device import views

app_name = "device"
urlpatterns = [
    path("<slug:org>/manifest.webmanifest", views.manifest, name="manifest"),
    path("<slug:org>/sw.js", views.worker, name="worker"),
    path("<slug:org>/icons/<str:purpose>-<int:size>.png", views.icon, name="icon"),
    path("<slug:org>/device/catalog.json", views.catalog, name="catalog"),
    path("<slug:org>/offline", views.offline, name="offline"),
    path("<slug:org>/offline/mine", views.mine, name="mine"),
    path("<slug:org>/portal/settings", views.settings, name="settings"),
]
