"""The step "Repeat" in plain forms: a rule, what each date gets, a choice for each conflict, one total, one booking."""

from datetime import timedelta

import pytest
from django.test import Client

from holdfast.bookings.models import Booking
from holdfast.catalog.models import Closure, Organization, Service
from holdfast.core.signing import manage_token
from holdfast.core.tenancy import transaction_for
from holdfast.web import formats
from tests import factories
from tests.series.conftest import at
from tests.wizard.conftest import Customer


def allow(organization: Organization, service: Service) -> None:
    with transaction_for(organization.id):
        Service.objects.filter(id=service.id).update(allows_series=True)
    organization.refresh_from_db()


def test_six_weeks_with_one_date_moved_are_booked_together_and_the_rest_cancelled_by_the_link(
    customer: Customer, client: Client
) -> None:
    organization, service = customer.organization, customer.service
    allow(organization, service)
    start = factories.local(organization, 10, 14)
    factories.make_booking(organization, service, at(start, 2))
    taken = customer.take(start)
    assert taken.headers["Location"].startswith("/salon/booking/repeat?service=massage")
    page = client.get(taken.headers["Location"])
    assert [step.name for step in page.context["steps"]] == [
        "Service",
        "Team member",
        "Date and time",
        "Repeat",
        "Details",
        "Payment",
        "Confirmation",
    ]
    rule = {"how": "week", "end": "count", "count": "6"}
    shown = client.post("/salon/booking/repeat", {**rule, "next": "show"}, follow=True)
    preview = shown.context["preview"]
    assert [each["status"] for each in preview["dates"]] == ["ok", "ok", "conflict", "ok", "ok", "ok"]
    stuck = client.post("/salon/booking/repeat", {**rule, "next": "go"})
    assert stuck.headers["Location"].startswith("/salon/booking/repeat")
    other = preview["dates"][2]["alternatives"][0]["starts_at"]
    choice = {f"on-{at(start, 2).date()}": f"move {other}"}
    on = client.post("/salon/booking/repeat", {**rule, **choice, "next": "go"})
    assert on.headers["Location"].startswith("/salon/booking/details")
    customer.tell()
    payment = client.get("/salon/booking/payment")
    assert payment.context["amount"] == 60_000
    assert not payment.context["on_site_only"]
    assert "€600.00" in payment.content.decode()
    shown_dates = [at(start, week) for week in range(6)]
    shown_dates[2] -= timedelta(hours=1)
    assert payment.context["series_dates"] == shown_dates
    for each in shown_dates:
        assert formats.moment(each, organization.time_zone, "when") in payment.content.decode()
    booked = customer.book({"key": payment.context["key"], "amount": "60000"})
    assert booked.headers["Location"].startswith("/salon/booking/confirmation"), booked.headers
    with transaction_for(organization.id):
        rows = list(Booking.objects.filter(series__isnull=False).order_by("series_date"))
    assert [row.series_date for row in rows] == [at(start, week).date() for week in range(6)]
    assert rows[2].starts_at == at(start, 2) - timedelta(hours=1)
    confirmation = client.get(booked.headers["Location"])
    assert len(confirmation.context["dates"]) == 6
    assert "€600.00" in confirmation.content.decode(), "what all dates cost together"

    link = f"/salon/manage/{manage_token(rows[3].id)}/cancel"
    asked = client.get(link)
    assert [scope.value for scope in asked.context["scopes"]] == ["this", "following", "all"]
    client.post(link, {"version": rows[3].version, "scope": "following"})
    with transaction_for(organization.id):
        rows = list(Booking.objects.filter(series__isnull=False).order_by("series_date"))
    assert [row.state for row in rows] == ["confirmed"] * 3 + ["cancelled"] * 3
    left = client.get(f"/salon/manage/{manage_token(rows[0].id)}/").content.decode()
    assert "€300.00" in left, "what the dates cost that are left"


def test_just_once_goes_on_as_ever(customer: Customer, client: Client) -> None:
    allow(customer.organization, customer.service)
    customer.take(factories.local(customer.organization, 3, 10))
    assert (
        client.post("/salon/booking/repeat", {"how": "once", "next": "go"})
        .headers["Location"]
        .startswith("/salon/booking/details")
    )
    customer.tell()
    customer.book()
    (booking,) = customer.bookings()
    assert (booking.state, booking.series_id) == ("confirmed", None)


def test_what_cannot_be_read_is_said_and_nothing_is_lost(customer: Customer, client: Client) -> None:
    allow(customer.organization, customer.service)
    customer.take(factories.local(customer.organization, 3, 10))
    page = client.post("/salon/booking/repeat", {"how": "week", "count": "many", "next": "go"}, follow=True)
    assert "Say how many times in whole numbers, 1…104." in page.content.decode()
    odd = client.post(
        "/salon/booking/repeat", {"how": "nonsense", "day": "99", "count": "2", "next": "show"}, follow=True
    )
    assert odd.status_code == 200


def test_a_service_that_is_not_repeated_has_no_such_step(customer: Customer, client: Client) -> None:
    taken = customer.take(factories.local(customer.organization, 3, 10))
    assert taken.headers["Location"].startswith("/salon/booking/details")
    assert client.get("/salon/booking/repeat").headers["Location"].startswith("/salon/booking/details")


def test_who_meets_their_own_limit_is_shown_which_dates_and_books_the_others(
    customer: Customer, client: Client
) -> None:
    organization, service = customer.organization, customer.service
    allow(organization, service)
    factories.make_limit(organization, kind="customer", most=2, period="rolling", rolling_days=7)
    customer.take(factories.monday(organization, 14))
    rule = {"how": "day", "end": "count", "count": "3"}
    client.post("/salon/booking/repeat", {**rule, "next": "show"})
    client.post("/salon/booking/repeat", {**rule, "next": "go"})
    customer.tell()
    payment = client.get("/salon/booking/payment")
    back = customer.book({"key": payment.context["key"], "amount": str(payment.context["amount"])})
    assert back.headers["Location"].startswith("/salon/booking/repeat")
    dates = client.get("/salon/booking/repeat").context["preview"]["dates"]
    assert [each["code"] for each in dates] == [None, None, "customer_limit"]
    left_out = {f"on-{dates[2]['date']}": "skip"}
    client.post("/salon/booking/repeat", {**rule, **left_out, "next": "go"})
    payment = client.get("/salon/booking/payment")
    booked = customer.book({"key": payment.context["key"], "amount": "20000"})
    assert booked.headers["Location"].startswith("/salon/booking/confirmation"), booked.headers
    with transaction_for(organization.id):
        assert Booking.objects.filter(series__isnull=False, state="confirmed").count() == 2


def test_only_a_taken_date_can_be_waited_for_and_a_moved_one_says_instead_of_which(
    customer: Customer, client: Client
) -> None:
    organization, service = customer.organization, customer.service
    allow(organization, service)
    start = factories.local(organization, 10, 14)
    factories.make_booking(organization, service, at(start, 1))
    closed = at(start, 2).date()
    with transaction_for(organization.id):
        Closure.objects.create(organization=organization, starts_on=closed, ends_on=closed, reason="works")
    customer.take(start)
    days = [at(start, week).date() for week in range(3)]
    sent = {"how": "week", "end": "count", "count": "3", "next": "show"}
    rows = client.post("/salon/booking/repeat", sent, follow=True).context["rows"]
    assert [[value for value, _words in row["options"] if value in ("wait", "skip")] for row in rows[1:]] == [
        ["wait", "skip"],
        ["skip"],
    ]
    later = (at(start, 1) + timedelta(hours=1)).isoformat()
    sent |= {f"on-{days[1]}": f"move {later}", f"on-{days[2]}": "wait"}
    shown = client.post("/salon/booking/repeat", sent, follow=True)
    moved, waited = shown.context["rows"][1:]
    assert (moved["status"], waited["status"], waited["chosen"]) == ("ok", "conflict", "")
    text = shown.content.decode()
    assert f"instead of {formats.moment(at(start, 1), organization.time_zone, 'when')}" in text


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"end": "count", "count": "200"}, "At most 104 dates are booked at once: choose fewer."),
        ({"end": "until", "until": ""}, "Choose the date on which the series ends."),
        ({"end": "until", "until": "2001-01-01"}, "The series would end before its first date: choose a later end."),
    ],
)
def test_what_is_wrong_with_the_choices_is_said_without_the_words_of_a_rule(
    customer: Customer, client: Client, sent: dict[str, str], said: str
) -> None:
    allow(customer.organization, customer.service)
    customer.take(factories.local(customer.organization, 3, 10))
    page = client.post("/salon/booking/repeat", {"how": "day", **sent, "next": "show"}, follow=True)
    assert page.context["problem"] == said


def test_who_waits_for_a_date_is_told_so_before_paying_for_the_others(customer: Customer, client: Client) -> None:
    organization, service = customer.organization, customer.service
    allow(organization, service)
    start = factories.local(organization, 10, 14)
    factories.make_booking(organization, service, at(start, 1))
    customer.take(start)
    sent = {"how": "week", "end": "count", "count": "3", f"on-{at(start, 1).date()}": "wait"}
    client.post("/salon/booking/repeat", {**sent, "next": "show"})
    assert (
        client.post("/salon/booking/repeat", {**sent, "next": "go"})
        .headers["Location"]
        .startswith("/salon/booking/details")
    )
    customer.tell()
    payment = client.get("/salon/booking/payment")
    assert payment.context["series_dates"] == [at(start, 0), at(start, 2)]
    assert "You wait for 1 more date: we write to you when it becomes free." in payment.content.decode()
