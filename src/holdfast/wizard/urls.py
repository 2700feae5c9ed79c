"""The customer's way: /{organization}/ → /booking (→ /team, /repeat) → /details → /payment → /confirmation."""

from django.urls import path

from holdfast.wizard import (
    code_views,
    forgetting,
    pay_views,
    paying,
    payment_views,
    repeat_views,
    team_views,
    views,
    waiting,
)

app_name = "wizard"
urlpatterns = [
    path("", views.front, name="front"),
    path("<slug:org>/", views.organization, name="organization"),
    path("<slug:org>/booking", views.choose, name="choose"),
    path("<slug:org>/booking/team", team_views.team, name="team"),
    path("<slug:org>/booking/repeat", repeat_views.repeat, name="repeat"),
    path("<slug:org>/booking/details", views.details, name="details"),
    path("<slug:org>/booking/payment", payment_views.payment, name="payment"),
    path("<slug:org>/booking/pay", pay_views.pay, name="pay"),
    path("<slug:org>/booking/pay/again", pay_views.again, name="pay-again"),
    path("<slug:org>/booking/paying", paying.choose, name="paying"),
    path("<slug:org>/booking/code", code_views.code, name="code"),
    path("<slug:org>/booking/confirmation", views.confirmation, name="confirmation"),
    path("<slug:org>/booking/forget", forgetting.forget, name="forget"),
    path("<slug:org>/booking/keep", views.keep, name="keep"),
    path("<slug:org>/booking/waiting", waiting.join, name="waiting"),
    path("<slug:org>/booking/offer/<str:token>/", waiting.claim, name="offer"),
    path("<slug:org>/booking/offer/<str:token>/decline", waiting.decline, name="decline"),
    # People type and remember the short ones.
    path("<slug:org>/team", views.moved, {"to": "team"}),
    path("<slug:org>/repeat", views.moved, {"to": "repeat"}),
    path("<slug:org>/details", views.moved, {"to": "details"}),
    path("<slug:org>/payment", views.moved, {"to": "payment"}),
    path("<slug:org>/confirmation", views.moved, {"to": "confirmation"}),
]
