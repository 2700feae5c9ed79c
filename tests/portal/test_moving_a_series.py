"""The bearer of a link moves more dates than one: each is shown before any is moved."""

from datetime import time, timedelta

from django.test import Client

from holdfast.bookings.models import Booking
from holdfast.catalog.models import Organization, Service
from holdfast.core.signing import manage_token
from holdfast.core.tenancy import transaction_for
from tests import factories
from tests.desk.test_series import booked
from tests.portal.test_the_link import service
from tests.series.conftest import at

__all__ = ["service"]
HOUR = timedelta(hours=1)


def test_the_following_dates_are_moved_by_the_link_after_a_look_at_each(
    client: Client, organization: Organization, service: Service
) -> None:
    start = factories.local(organization, 10, 14)
    rows = booked(organization, service, start)
    factories.make_booking(organization, service, at(start, 3) + HOUR)
    link, to = f"/salon/manage/{manage_token(rows[1].id)}/", (rows[1].starts_at + HOUR).isoformat()
    look = client.get(f"{link}reschedule", {"at": to}).content.decode()
    assert "Move only this date" in look
    assert f"{link}reschedule-series?scope=following&amp;at=" in look
    shown = client.get(f"{link}reschedule-series", {"scope": "following", "at": to})
    assert [row.status for row in shown.context["rows"]] == ["ok", "ok", "conflict"]
    sent = {"scope": "following", "at": to, "version": rows[1].version, "keep": at(start, 3).date().isoformat()}
    again = client.post(f"{link}reschedule-series", {**sent, "next": "show"}, follow=True)
    assert [row.status for row in again.context["rows"]] == ["ok", "ok", "kept"]
    assert Client().get(f"{link}reschedule-series").status_code == 302
    moved = client.post(
        f"{link}reschedule-series", {**sent, "seen": again.context["wanted"].query(), "next": "go"}, follow=True
    )
    assert "2 dates have new times." in moved.content.decode()
    with transaction_for(organization.id):
        after = [row.starts_at for row in Booking.objects.filter(series__isnull=False).order_by("series_date")]
    assert after == [rows[0].starts_at, rows[1].starts_at + HOUR, rows[2].starts_at + HOUR, rows[3].starts_at]


def test_dates_move_to_dearer_times_only_when_their_price_was_seen(
    client: Client, organization: Organization, service: Service
) -> None:
    rows = booked(organization, service, factories.local(organization, 10, 14))
    dearer = {"effect": "percent", "percent": 50, "from_time": time(16), "until_time": time(20)}
    factories.make_tariff(organization, dearer)
    link, to = f"/salon/manage/{manage_token(rows[0].id)}/reschedule-series", (rows[0].starts_at + 3 * HOUR).isoformat()
    sent = {"scope": "all", "at": to, "version": str(rows[0].version)}
    shown = client.get(link, sent)
    assert '<input type="hidden" name="accept_price" value="60000">' in shown.content.decode()
    confirmed = {**sent, "seen": shown.context["wanted"].query(), "next": "go"}
    for accepted, price in (({}, 10_000), ({"accept_price": "60000"}, 15_000)):
        client.post(link, {**confirmed, **accepted})
        with transaction_for(organization.id):
            assert {row.price_amount for row in Booking.objects.filter(series__isnull=False)} == {price}


def test_another_time_for_one_date_is_one_click_away_and_no_reason_helps_against_a_limit(
    client: Client, organization: Organization, service: Service
) -> None:
    start = factories.local(organization, 10, 14)
    rows = booked(organization, service, start)
    factories.make_booking(organization, service, at(start, 3) + HOUR, details=factories.details_of("eve@example.com"))
    factories.make_limit(organization, kind="service", service=service, most=1)
    link, to = f"/salon/manage/{manage_token(rows[0].id)}/reschedule-series", (rows[0].starts_at + HOUR).isoformat()
    sent = {"scope": "all", "at": to, "version": str(rows[0].version)}
    shown = client.get(link, {**sent, "override": "please"})
    assert [row.status for row in shown.context["rows"]] == ["ok", "ok", "ok", "conflict"]
    assert 'name="override"' not in shown.content.decode()
    value, _words = shown.context["rows"][3].others[0]
    chosen = client.post(link, {**sent, "instead": value}, follow=True)
    assert [row.status for row in chosen.context["rows"]] == ["ok"] * 4
    client.post(link, {**sent, "instead": value, "seen": chosen.context["wanted"].query(), "next": "go"})
    with transaction_for(organization.id):
        last = Booking.objects.filter(series__isnull=False).latest("series_date")
    assert last.starts_at.isoformat() == value.split(" ")[1]
