"""Every address of the desk, in one table."""

from django.urls import path

from holdfast.desk.views.alerts import acknowledge, alerts
from holdfast.desk.views.attendees import attendees
from holdfast.desk.views.board import board, cell
from holdfast.desk.views.booking import booking, change, note
from holdfast.desk.views.bookings import bookings
from holdfast.desk.views.bulk import bulk
from holdfast.desk.views.cards import cards, disconnect_cards
from holdfast.desk.views.closures import closures
from holdfast.desk.views.dates import dates
from holdfast.desk.views.erasures import erase, erasures
from holdfast.desk.views.evidence import evidence
from holdfast.desk.views.export import export
from holdfast.desk.views.extras import extra, extras_list, new_extra, switch_extra
from holdfast.desk.views.hours import hours, together
from holdfast.desk.views.money import money
from holdfast.desk.views.move import move
from holdfast.desk.views.new import new_booking
from holdfast.desk.views.overrides import export_overrides, overrides
from holdfast.desk.views.own_site import own_site
from holdfast.desk.views.payment_options import delete_option, new_option, option, payment_method, payment_options
from holdfast.desk.views.price_rules import delete_rule, move_rule, new_rule, rule, switch_rule
from holdfast.desk.views.price_tariffs import delete_tariff, new_tariff, price_tariff, price_tariffs, put_in_force
from holdfast.desk.views.price_taxes import delete_tax, new_tax, rates, tax, taxes
from holdfast.desk.views.profile import profile
from holdfast.desk.views.promotions import (
    delete_promotion,
    new_promotion,
    promotion,
    promotions,
    switch_promotion,
)
from holdfast.desk.views.reassign import reassign
from holdfast.desk.views.reconciliation import decide, reconciliation
from holdfast.desk.views.series import cancel_series, confirm_series, series
from holdfast.desk.views.series_move import move_series
from holdfast.desk.views.session import choose_language, sign_in, sign_out, switch_organization
from holdfast.desk.views.tariffs import export_tariff, tariffs
from holdfast.desk.views.today import today
from holdfast.desk.views.waiting import add_waiting, offer_waiting, remove_waiting, waiting, waiting_entry
from holdfast.desk.views.week import week
from holdfast.desk.views.why import why

app_name = "desk"
urlpatterns = [
    path("", today, name="today"),
    path("sign-in/", sign_in, name="sign-in"),
    path("sign-out/", sign_out, name="sign-out"),
    path("organization/", switch_organization, name="switch-organization"),
    path("language/", choose_language, name="language"),
    path("board/", board, name="board"),
    path("board/why/", cell, name="cell"),
    path("alerts/", alerts, name="alerts"),
    path("alerts/<uuid:alert_id>/acknowledge/", acknowledge, name="acknowledge"),
    path("erasures/", erasures, name="erasures"),
    path("erasures/<uuid:request_id>/", erase, name="erase"),
    path("bookings/", bookings, name="bookings"),
    path("bookings.csv", export, name="export"),
    path("bookings/new/", new_booking, name="new-booking"),
    path("bookings/bulk/", bulk, name="bulk"),
    path("bookings/why/", why, name="why"),
    path("reports/tariffs/", tariffs, name="tariffs"),
    path("reports/tariffs.csv", export_tariff, name="export-tariff"),
    path("reports/overrides/", overrides, name="overrides"),
    path("reports/overrides.csv", export_overrides, name="export-overrides"),
    path("bookings/<str:reference>/", booking, name="booking"),
    path("series/<uuid:series_id>/", series, name="series"),
    path("bookings/<str:reference>/cancel-series/", cancel_series, name="cancel-series"),
    path("bookings/<str:reference>/confirm-series/", confirm_series, name="confirm-series"),
    path("bookings/<str:reference>/move-series/", move_series, name="move-series"),
    path("bookings/<str:reference>/move/", move, name="move"),
    path("bookings/<str:reference>/reassign/", reassign, name="reassign"),
    path("bookings/<str:reference>/attendees/", attendees, name="attendees"),
    path("bookings/<str:reference>/note/", note, name="note"),
    path("bookings/<str:reference>/money/<slug:act>/", money, name="money"),
    path("bookings/<str:reference>/evidence/", evidence, name="evidence"),
    path("bookings/<str:reference>/<str:action>/", change, name="change"),
    path("waiting/", waiting, name="waiting"),
    path("waiting/new/", add_waiting, name="waiting-new"),
    path("waiting/<uuid:entry_id>/", waiting_entry, name="waiting-entry"),
    path("waiting/<uuid:entry_id>/offer/", offer_waiting, name="waiting-offer"),
    path("waiting/<uuid:entry_id>/remove/", remove_waiting, name="waiting-remove"),
    path("payments/reconciliation/", reconciliation, name="reconciliation"),
    path("payments/reconciliation/<uuid:difference_id>/<slug:way>/", decide, name="reconciliation-decide"),
    path("hours/", hours, name="hours"),
    path("hours/together/", together, name="hours-together"),
    path("hours/<slug:slug>/", week, name="hours-week"),
    path("hours/<slug:slug>/dates/", dates, name="hours-dates"),
    path("hours/<slug:slug>/profile/", profile, name="profile"),
    path("closures/", closures, name="closures"),
    path("settings/own-site/", own_site, name="own-site"),
    path("settings/payments/", cards, name="cards"),
    path("settings/payments/disconnect/", disconnect_cards, name="cards-disconnect"),
    path("prices/tariffs/", price_tariffs, name="price-tariffs"),
    path("prices/tariffs/new/", new_tariff, name="tariff-new"),
    path("prices/tariffs/<uuid:tariff_id>/", price_tariff, name="price-tariff"),
    path("prices/tariffs/<uuid:tariff_id>/put-in-force/", put_in_force, name="tariff-in-force"),
    path("prices/tariffs/<uuid:tariff_id>/delete/", delete_tariff, name="tariff-delete"),
    path("prices/tariffs/<uuid:tariff_id>/rules/new/", new_rule, name="rule-new"),
    path("prices/tariffs/<uuid:tariff_id>/rules/<uuid:rule_id>/", rule, name="rule"),
    path("prices/tariffs/<uuid:tariff_id>/rules/<uuid:rule_id>/move/", move_rule, name="rule-move"),
    path("prices/tariffs/<uuid:tariff_id>/rules/<uuid:rule_id>/switch/", switch_rule, name="rule-switch"),
    path("prices/tariffs/<uuid:tariff_id>/rules/<uuid:rule_id>/delete/", delete_rule, name="rule-delete"),
    path("prices/payment/", payment_options, name="payment-options"),
    path("prices/payment/methods/<slug:method>/", payment_method, name="payment-method"),
    path("prices/payment/<slug:kind>/new/", new_option, name="option-new"),
    path("prices/payment/<slug:kind>/<uuid:option_id>/", option, name="option"),
    path("prices/payment/<slug:kind>/<uuid:option_id>/delete/", delete_option, name="option-delete"),
    path("prices/extras/", extras_list, name="extras"),
    path("prices/extras/new/", new_extra, name="extra-new"),
    path("prices/extras/<uuid:extra_id>/", extra, name="extra"),
    path("prices/extras/<uuid:extra_id>/switch/", switch_extra, name="extra-switch"),
    path("prices/taxes/", taxes, name="taxes"),
    path("prices/taxes/new/", new_tax, name="tax-new"),
    path("prices/taxes/<uuid:tax_id>/", tax, name="tax"),
    path("prices/taxes/<uuid:tax_id>/delete/", delete_tax, name="tax-delete"),
    path("prices/rates/", rates, name="rates"),
    path("prices/promotions/", promotions, name="promotions"),
    path("prices/promotions/new/", new_promotion, name="promotion-new"),
    path("prices/promotions/<uuid:promotion_id>/", promotion, name="promotion"),
    path("prices/promotions/<uuid:promotion_id>/switch/", switch_promotion, name="promotion-switch"),
    path("prices/promotions/<uuid:promotion_id>/delete/", delete_promotion, name="promotion-delete"),
]
