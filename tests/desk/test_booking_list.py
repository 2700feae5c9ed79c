"""The list: everything can be found, the address says what is shown, and it costs the same however long it is."""

import csv
import re
from collections.abc import Callable
from io import StringIO
from urllib.parse import parse_qsl

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from holdfast.bookings import actions
from holdfast.bookings.availability.question import Wish
from holdfast.bookings.details.columns import Customer, Details
from holdfast.bookings.holds import actions as holds
from holdfast.bookings.models import Booking
from holdfast.bookings.steps import Actor
from holdfast.core import clock
from holdfast.core.tenancy import transaction_for
from holdfast.desk.filters import Filters
from holdfast.desk.spreadsheets import harmless
from holdfast.domain.money import Money
from holdfast.payments import on_site
from tests import factories
from tests.desk.conftest import World

SignIn = Callable[..., Client]
STAFF = Actor("staff", "Sam Owner")
# Session and person (2), memberships in a transaction of their own (5), the tenant's transaction around the page (4);
# in it: counts by state and by payment, the page, its resources, all services, all resources, requests waiting, open
# alerts (8).
QUERIES_OF_THE_LIST = 19


def named(name: str, email: str = "someone@example.com", phone: str = "") -> Details:
    return Details(customer=Customer(name=name, email=email, phone=phone))


def found(browser: Client, query: str) -> list[str]:
    """The references listed, in order."""
    body = browser.get(f"/desk/bookings/{query}").content.decode()
    return re.findall(r"<code>(\w{8})</code>", body)


def chips(browser: Client, query: str, about: str = "State") -> dict[str, int]:
    body = browser.get(f"/desk/bookings/{query}").content.decode()
    body = body.partition(f'class="chips" aria-label="{about}"')[2].partition("</nav>")[0]
    shown = re.findall(r'class="chip" href="[^"]*"[^>]*>([^<>]+) <span class="count">(\d+)', body)
    return {word: int(count) for word, count in shown}


@pytest.mark.parametrize(
    "words",
    [
        "{reference}",
        "{reference_small_start}",
        "marlow",
        "MARLOW",
        "eve.m@",
        "+33 1 99 00 44 55",
        "0199004455",
        "004455",
    ],
)
def test_a_booking_is_found_by_reference_name_email_and_phone(signed_in: SignIn, world: World, words: str) -> None:
    world.book(hour=9)
    wanted = world.book(hour=11, details=named("Eve Marlow", "eve.m@example.com", "+33199004455"))
    words = words.format(reference=wanted.reference, reference_small_start=wanted.reference[:6].lower())
    browser = signed_in(world)
    assert re.findall(r"<code>(\w{8})</code>", browser.get("/desk/bookings/", {"q": words}).content.decode()) == [
        wanted.reference
    ]


@pytest.mark.parametrize(
    "words", ["%", "_", "\\", "' OR 1=1 --", "<script>alert(1)</script>", "\x00", "{}", "x" * 5000]
)
def test_strange_words_find_nothing_and_break_nothing(signed_in: SignIn, world: World, words: str) -> None:
    world.book()
    response = signed_in(world).get("/desk/bookings/", {"q": words, "period": "all"})
    body = response.content.decode()
    assert response.status_code == 200
    assert "<script>alert" not in body
    assert len(re.findall(r"<code>(\w{8})</code>", body)) == (1 if words == "\x00" else 0)


def test_upcoming_is_shown_first_and_a_search_looks_everywhere(signed_in: SignIn, world: World) -> None:
    booking = world.book(days=1)
    browser = signed_in(world)
    with clock.stopped(factories.local(world.organization, 2, 12)):
        assert found(browser, "") == []
        assert found(browser, "?period=past") == [booking.reference]
        assert found(browser, f"?q={booking.reference}") == [booking.reference]


def test_filters_narrow_together_and_stay_in_the_address(signed_in: SignIn, world: World) -> None:
    with_ines = world.book(days=1, hour=9, resource="ines")
    world.book(days=1, hour=9, resource="karim")
    world.book(days=5, hour=9, resource="ines")
    world.book(days=1, hour=14, approve=True, resource="ines")
    day = factories.local(world.organization, 1, 0).date()
    query = f"?service=massage&resource=ines&from={day}&to={day}&state=confirmed&payment=due"
    browser = signed_in(world)
    assert found(browser, query) == [with_ines.reference]
    body = browser.get(f"/desk/bookings/{query}").content.decode()
    without = f"?state=confirmed&amp;resource=ines&amp;payment=due&amp;from={day}&amp;to={day}"
    assert f'class="chip chip-set" href="{without}"' in body
    assert found(browser, "?payment=nothing_due") == []


def test_each_states_chip_counts_what_it_would_show(signed_in: SignIn, world: World) -> None:
    world.book(hour=9)
    world.book(hour=11)
    world.book(hour=13, approve=True)
    gone = world.book(hour=15)
    actions.cancel(organization=world.organization, booking_id=gone.id, version=gone.version, actor=STAFF)
    held = holds.hold(
        organization=world.organization,
        wish=Wish(service="massage"),
        starts_at=factories.local(world.organization, 1, 17),
    )
    browser = signed_in(world)
    expected = {"All": 4, "Confirmed": 2, "To approve": 1, "Cancelled": 1, "Held": 1}
    assert chips(browser, "") == expected
    assert chips(browser, "?state=requested") == expected
    assert held.reference not in found(browser, "")
    assert found(browser, "?state=held") == [held.reference]


def test_each_payment_chip_counts_what_it_would_show(signed_in: SignIn, world: World) -> None:
    paid, owing = world.book(hour=9), world.book(hour=11)
    cash = Money(paid.price_amount, "EUR")
    on_site.record_received(booking=paid, amount=cash, how="cash", receipt="A1", actor=STAFF)
    browser = signed_in(world)
    expected = {"Paid": 1, "To be paid": 1}
    assert chips(browser, "", "Payment") == expected
    assert chips(browser, "?payment=paid", "Payment") == expected
    assert found(browser, "?payment=paid") == [paid.reference]
    assert found(browser, "?payment=due") == [owing.reference]
    listed = browser.get("/desk/bookings/").content.decode()
    assert re.findall(r'data-payment="(\w+)"', listed) == ["paid", "unpaid"]


def test_columns_sort_both_ways(signed_in: SignIn, world: World) -> None:
    bea = world.book(hour=9, details=named("Bea"))
    ana = world.book(hour=11, details=named("Ana"))
    cleo = world.book(hour=13, details=named("Cleo"))
    browser = signed_in(world)
    assert found(browser, "") == [bea.reference, ana.reference, cleo.reference]
    assert found(browser, "?sort=-when") == [cleo.reference, ana.reference, bea.reference]
    assert found(browser, "?sort=customer") == [ana.reference, bea.reference, cleo.reference]
    assert 'aria-sort="ascending"' in browser.get("/desk/bookings/?sort=customer").content.decode()


@pytest.mark.parametrize(
    "nonsense", ["?state=lost", "?sort=drop", "?from=yesterday", "?period=soon", "?page=x", "?page=-1"]
)
def test_nonsense_in_the_address_is_left_out(signed_in: SignIn, world: World, nonsense: str) -> None:
    booking = world.book()
    assert found(signed_in(world), nonsense) == [booking.reference]


def test_a_full_page_costs_as_many_queries_as_a_short_one(signed_in: SignIn, world: World) -> None:
    world.book(days=1, hour=9)
    browser = signed_in(world)
    browser.get("/desk/bookings/")  # the session remembers the organization

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            browser.get("/desk/bookings/")
        return len(asked)

    few = queries()
    copies = 60
    for number in range(copies):
        world.book(days=2 + number // 10, hour=8 + number % 10)
    assert len(found(browser, "")) == 50
    assert len(found(browser, "?page=2")) == copies + 1 - 50
    assert (few, queries()) == (QUERIES_OF_THE_LIST, QUERIES_OF_THE_LIST)


def test_the_export_is_the_filtered_list(signed_in: SignIn, world: World) -> None:
    booking = world.book(hour=9, details=named("Eve Marlow", "eve@example.com", "+33199004455"), resource="ines")
    world.book(hour=11, approve=True)
    response = signed_in(world).get("/desk/bookings.csv?state=confirmed")
    text = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    rows = list(csv.DictReader(StringIO(text)))
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert re.fullmatch(
        r'attachment; filename="salon-bookings-[\d-]{10}\.csv"', response.headers["Content-Disposition"]
    )
    day = factories.local(world.organization, 1, 9)
    assert rows == [
        {
            "Reference": booking.reference,
            "State": "Confirmed",
            "Starts": f"{day:%Y-%m-%d} 09:00",
            "Ends": f"{day:%Y-%m-%d} 10:00",
            "Time zone": "Europe/Paris",
            "Service": "Massage",
            "Resources": "Inés Ortega",
            "People": "1",
            "Extras": "",
            "Name": "Eve Marlow",
            "Email": "eve@example.com",
            "Phone": "'+33199004455",
            "Price": "100.00",
            "Currency": "EUR",
            "Payment": "On site",
            "Payment status": "To be paid",
            "Outstanding": "100.00",
            "Booked": rows[0]["Booked"],
        }
    ]


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "＝1+1"])
def test_no_cell_of_the_export_is_a_formula(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"


def test_harmless_cells_stay_as_they_are() -> None:
    assert [harmless(cell) for cell in ("Ana", "a=b", 7, "")] == ["Ana", "a=b", 7, ""]


def test_a_filter_that_is_read_and_written_again_is_the_same(db: None) -> None:
    sent = {"q": "ana & co", "state": "confirmed", "from": "2026-03-01", "sort": "-price", "period": "past"}
    filters = Filters.read(sent)
    assert dict(parse_qsl(filters.query().removeprefix("?"))) == sent


def test_row_security_holds_even_where_no_filter_names_the_organization(world: World, rival: World) -> None:
    rival.book()
    with transaction_for(world.organization.id):
        assert Booking.objects.count() == 0
