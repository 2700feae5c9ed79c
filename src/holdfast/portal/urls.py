"""The page of one booking, for the bearer of its link."""

from django.urls import path

from holdfast.portal import alerts, attendees, pay, series_move, views, waiting

app_name = "portal"
urlpatterns = [
    path("<slug:org>/alerts/<str:token>/", alerts.alert, name="alert"),
    path("<slug:org>/waiting/<str:token>/", waiting.waiting, name="waiting"),
    path("<slug:org>/manage/<str:token>/", views.booking, name="booking"),
    path("<slug:org>/manage/<str:token>/reschedule", views.reschedule, name="reschedule"),
    path("<slug:org>/manage/<str:token>/reschedule-series", series_move.reschedule_series, name="reschedule-series"),
    path("<slug:org>/manage/<str:token>/attendees", attendees.attendees, name="attendees"),
    path("<slug:org>/manage/<str:token>/pay/", pay.pay, name="pay"),
    path("<slug:org>/manage/<str:token>/cancel", views.cancel, name="cancel"),
]
