"""The whole way in plain forms: what the pages promise when nothing but HTML works."""

from datetime import timedelta

import pytest
from django.test import Client

from holdfast.catalog.models import HoursException, Organization, Resource, Service
from holdfast.core import clock
from holdfast.core.tenancy import transaction_for
from tests import factories
from tests.wizard.conftest import Customer, ask


def test_a_time_taken_told_and_priced_becomes_a_booking(customer: Customer) -> None:
    start = factories.local(customer.organization, 3, 10)
    taken = customer.take(start)
    assert taken.status_code == 302
    assert taken.headers["Location"].startswith("/salon/booking/details?service=massage")
    assert customer.states() == ["held"]
    told = customer.tell(phone="01 99 00 12 34", note="Ring twice")
    assert told.headers["Location"].startswith("/salon/booking/payment?service=massage")
    booked = customer.book()
    (booking,) = customer.bookings()
    assert booked.headers["Location"] == f"/salon/booking/confirmation?reference={booking.reference}"
    assert (booking.state, booking.starts_at) == ("confirmed", start)
    assert (booking.customer_name, booking.customer_email) == ("Ana Reyes", "ana@example.com")
    assert (booking.customer_phone, booking.customer_note) == ("+33199001234", "Ring twice")
    assert (booking.payment_method, booking.price_amount) == ("on_site", 10_000)
    page = customer.client.get(booked.headers["Location"]).content.decode()
    assert booking.reference in page
    assert "/salon/manage/" in page
    assert f"/api/v1/salon/bookings/{booking.reference}.ics?token=" in page


def test_the_first_day_with_a_free_time_is_open_and_its_times_are_in_the_page(
    client: Client, organization: Organization, service: Service
) -> None:
    with transaction_for(organization.id):
        Service.objects.filter(id=service.id).update(notice_minutes=3 * 24 * 60)
    page = client.get("/salon/booking?service=massage")
    month = page.context["month"]
    assert month.chosen == month.times()[0].starts_at.date()
    assert month.chosen >= factories.local(organization, 3, 0).date()
    html = page.content.decode()
    for group in month.groups():
        for each in group[2]:
            assert f'name="at" value="{each.value}"' in html


def test_a_day_without_free_times_cannot_be_chosen_and_says_which_is_next(
    client: Client, organization: Organization, service: Service
) -> None:
    day = factories.local(organization, 4, 0)
    with transaction_for(organization.id):
        lea = Resource.objects.get(slug="lea")
        HoursException.objects.create(organization=organization, resource=lea, date=day.date())
    page = client.get(f"/salon/booking?service=massage&date={day.date()}")
    html = page.content.decode()
    assert page.context["month"].next_free == (day + timedelta(days=1)).date()
    assert f'value="{day.date()}" aria-label=' in html
    cell = next(each for week in page.context["month"].weeks() for each in week if each and each.date == day.date())
    assert cell.free == 0
    assert cell.label.endswith("no free times")


def test_a_hold_is_replaced_by_the_next_one(customer: Customer) -> None:
    customer.take(factories.local(customer.organization, 3, 10))
    customer.take(factories.local(customer.organization, 3, 14))
    assert customer.states() == ["held"]


def test_ones_own_held_time_is_still_shown_to_oneself(customer: Customer) -> None:
    start = factories.local(customer.organization, 3, 10)
    customer.take(start)
    page = customer.client.get(f"/salon/booking?service=massage&date={start.date()}")
    value = page.context["script"]["held"]
    assert value in [each.value for each in page.context["month"].times()]
    stranger = Client().get(f"/salon/booking?service=massage&date={start.date()}")
    assert value not in [each.value for each in stranger.context["month"].times()]


def test_a_request_is_called_a_request(customer: Customer) -> None:
    with transaction_for(customer.organization.id):
        Service.objects.filter(id=customer.service.id).update(needs_approval=True)
    customer.take(factories.local(customer.organization, 3, 10))
    customer.tell()
    page = customer.client.get(customer.book().headers["Location"])
    assert customer.states() == ["requested"]
    assert "We have your request" in page.content.decode()


@pytest.mark.parametrize(
    ("question", "answer", "kept"),
    [
        ({"kind": "text"}, "Large", "Large"),
        ({"kind": "number", "largest": 5}, "3", 3),
        ({"kind": "yes_no"}, "no", False),
        ({"kind": "date"}, "2026-12-24", "2026-12-24"),
        ({"kind": "choice", "choices": [{"value": "t1", "label": {"en": "One"}}]}, "t1", "t1"),
    ],
)
def test_every_kind_of_question_is_asked_and_its_answer_kept(
    customer: Customer, question: dict[str, object], answer: str, kept: object
) -> None:
    ask(customer.service, **question)
    customer.take(factories.local(customer.organization, 3, 10))
    assert "check=1" in customer.tell().headers["Location"]
    customer.tell(answer_size=answer)
    customer.book()
    assert customer.bookings()[0].answers == {"size": kept}


@pytest.mark.parametrize(
    ("name", "taken"),
    [
        ("علی\u200cرضا رضایی", True),
        ("Ana \U0001f469\u200d\U0001f467", True),
        ("\u200fאברהם\u200e", True),
        ("Ana\u202eseyeR", False),  # would turn the rest of every line it stands in
        ("Ana\x07", False),
    ],
)
def test_a_name_is_taken_in_every_script_and_nothing_that_hides_is(customer: Customer, name: str, taken: bool) -> None:
    customer.take(factories.local(customer.organization, 3, 10))
    is_refused = "check=1" in customer.tell(name=name).headers["Location"]
    assert is_refused is not taken


def test_what_does_not_fit_is_said_at_the_field_and_nothing_typed_is_lost(customer: Customer) -> None:
    ask(customer.service, kind="number", largest=5)
    customer.take(factories.local(customer.organization, 3, 10))
    refused = customer.tell(email="ana@", answer_size="9", note="Ring twice")
    form = customer.client.get(refused.headers["Location"]).context["form"]
    assert form.errors == {
        "email": ["This is not a whole email address, such as name@example.com."],
        "answer_size": ["Please answer with 5 or less."],
    }
    again = customer.client.get("/salon/booking/details").content.decode()
    for typed in ('value="Ana Reyes"', 'value="ana@"', 'value="9"', "Ring twice"):
        assert typed in again
    assert "aria-invalid" not in again


def test_a_hold_that_ran_out_is_held_again_if_nobody_took_the_time(customer: Customer) -> None:
    customer.take(factories.local(customer.organization, 3, 10))
    customer.tell()
    with clock.stopped(clock.now() + timedelta(minutes=customer.organization.hold_minutes + 1)):
        sent = customer.price_page()
        customer.book(sent)
    assert [each.state for each in customer.bookings()] == ["confirmed"]


def test_a_lost_time_is_explained_with_the_nearest_free_ones(customer: Customer) -> None:
    start = factories.local(customer.organization, 3, 10)
    factories.make_booking(customer.organization, customer.service, start)
    refused = customer.take(start)
    page = customer.client.get(refused.headers["Location"])
    assert "has just been taken" in page.content.decode()
    offered = [each.starts_at for each in page.context["lost"]["alternatives"]]
    assert start - timedelta(hours=1) in offered
    assert start + timedelta(hours=1) in offered
    assert len(offered) == 5


def test_a_time_lost_while_paying_leads_to_alternatives(customer: Customer) -> None:
    start = factories.local(customer.organization, 3, 10)
    customer.take(start)
    customer.tell()
    sent = customer.price_page()
    with clock.stopped(clock.now() + timedelta(minutes=customer.organization.hold_minutes + 1)):
        factories.make_booking(customer.organization, customer.service, start)
        refused = customer.book(sent)
        assert "lost=" in refused.headers["Location"]
        page = customer.client.get(refused.headers["Location"])
    assert page.context["lost"]["starts_at"] == start
    assert len(customer.bookings()) == 1
