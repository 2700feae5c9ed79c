"""The page of one booking, for the bearer of its link; and all of somebody's, for whoever is signed in."""

from django.urls import path

from holdfast.portal import account, alerts, attendees, mine, passkeys, pay, series_move, sign_in, views, waiting

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
    path("<slug:org>/portal/", mine.home, name="home"),
    path("<slug:org>/portal/waiting", mine.waiting_list, name="waiting-list"),
    path("<slug:org>/portal/sign-in", sign_in.sign_in, name="sign-in"),
    path("<slug:org>/portal/sign-in/password", sign_in.sign_in_by_password, name="sign-in-password"),
    path("<slug:org>/portal/sign-in/passkey", passkeys.sign_in, name="sign-in-passkey"),
    path("<slug:org>/portal/sign-in/passkey/options", passkeys.ask_to_sign_in, name="sign-in-passkey-options"),
    path("<slug:org>/portal/sign-in/<str:token>/", sign_in.follow_link, name="sign-in-link"),
    path("<slug:org>/portal/sign-out", sign_in.sign_out, name="sign-out"),
    path("<slug:org>/portal/account", account.account, name="account"),
    path("<slug:org>/portal/account/password", account.password, name="account-password"),
    path("<slug:org>/portal/account/passkeys", passkeys.register, name="passkeys"),
    path("<slug:org>/portal/account/passkeys/options", passkeys.ask_to_register, name="passkeys-options"),
    path("<slug:org>/portal/account/passkeys/<uuid:passkey_id>", account.passkey, name="passkey"),
]
