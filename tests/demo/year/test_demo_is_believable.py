"""The demo's year: complete, within every rule that holds for real bookings, alive today and free tomorrow."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from django.db.models import Count, F

from holdfast.accounts.models import Membership, User
from holdfast.bookings.availability import engine, plan_cache, reading
from holdfast.bookings.availability.kept import wish_kept
from holdfast.bookings.availability.question import Wish, ask
from holdfast.bookings.availability.span import Span, window_of
from holdfast.bookings.models import Allocation, Booking, BookingState, Transition
from holdfast.catalog.models import STOCK, Organization, Service
from holdfast.core import clock
from holdfast.core.tenancy import transaction_for
from holdfast.demo.actions import DemoLogin
from holdfast.domain import slots
from holdfast.domain.lifecycle import ACTIVE, initial, pairs
from holdfast.events.models import Event
from holdfast.notifications.models import Message
from holdfast.payments.models import LedgerEntry
from holdfast.payments.statuses import StatusOf
from tests.demo.year.conftest import NOW
from tests.demo.year.wall_clock import WallClock

SLUGS = ["paris-elite", "harbor-home"]

pytestmark = pytest.mark.usefixtures("demo")


@contextmanager
def tenant(slug: str) -> Iterator[Organization]:
    organization = Organization.objects.get(slug=slug)
    with transaction_for(organization.id):
        yield organization


@pytest.mark.parametrize("slug", SLUGS)
def test_a_year_of_bookings_in_every_state_of_life(slug: str) -> None:
    with tenant(slug):
        by_state = Counter(Booking.objects.values_list("state", flat=True))
        assert 3000 <= sum(by_state.values()) <= 6000
        assert by_state["completed"] > 2500
        assert by_state["cancelled"] > 150
        assert by_state["no_show"] > 20
        assert by_state["confirmed"] > 80
        assert Booking.objects.filter(starts_at__lt=NOW - timedelta(days=350)).count() > 20
        assert by_state["requested"] == (3 if slug == "harbor-home" else 0)


@pytest.mark.parametrize("slug", SLUGS)
def test_every_booking_lies_within_the_hours_of_all_its_resources(slug: str) -> None:
    with tenant(slug) as organization:
        clock = WallClock(organization)
        serving = Allocation.objects.exclude(resource__kind=STOCK)
        rows = serving.values_list("resource_id", "booking__starts_at", "booking__ends_at").distinct()
        outside = [row for row in rows if not clock.works(*row)]
        assert outside == []


@pytest.mark.parametrize("slug", SLUGS)
def test_nobody_is_in_two_places_at_once(slug: str) -> None:
    with tenant(slug):
        lanes = defaultdict(list)
        for resource, lane, start, end in Allocation.objects.filter(active=True).values_list(
            "resource_id", "lane", "start_minute", "end_minute"
        ):
            lanes[resource, lane].append((start, end))
        for periods in lanes.values():
            periods.sort()
            assert all(before[1] <= after[0] for before, after in pairwise(periods))


def test_every_ride_has_a_driver_and_a_car_with_enough_seats() -> None:
    with tenant("paris-elite"):
        kinds = defaultdict(list)
        for booking, kind, party, seats in Allocation.objects.exclude(resource__kind=STOCK).values_list(
            "booking_id", "resource__kind", "booking__party_size", "resource__largest_party"
        ):
            kinds[booking].append(kind)
            assert seats is None or party <= seats
        assert set(map(tuple, map(sorted, kinds.values()))) == {("person", "vehicle")}
        assert len(kinds) == Booking.objects.count()


@pytest.mark.parametrize(("slug", "extra"), [("paris-elite", "child-seat"), ("harbor-home", "carpet-cleaner")])
def test_what_was_taken_besides_is_claimed_from_its_stock(slug: str, extra: str) -> None:
    with tenant(slug):
        claimed = Counter(
            Allocation.objects.filter(resource__slug=f"{STOCK}:{extra}").values_list("booking", flat=True)
        )
        taken = {
            booking: each["count"]
            for booking, extras in Booking.objects.values_list("id", "extras")
            for each in extras
            if each["slug"] == extra
        }
        assert claimed == taken
        assert len(taken) > 20


def test_a_workshop_has_at_most_twelve_people_each_at_a_bench() -> None:
    with tenant("harbor-home"):
        workshops = Booking.objects.filter(service__slug="fix-it-yourself")
        assert not workshops.annotate(places=Count("allocations")).exclude(places=F("party_size")).exists()
        sessions: Counter[datetime] = Counter()
        for starts_at, party in workshops.exclude(state="cancelled").values_list("starts_at", "party_size"):
            sessions[starts_at] += party
        assert 9 <= max(sessions.values()) <= 12
        local = {moment.astimezone(ZoneInfo("America/New_York")) for moment in sessions}
        assert {(moment.weekday(), moment.hour, moment.minute) for moment in local} == {(5, 10, 0), (5, 14, 0)}


@pytest.mark.parametrize(
    ("slug", "changes"),
    [
        ("paris-elite", {date(2026, 3, 29): "+0200", date(2026, 10, 25): "+0100"}),
        ("harbor-home", {date(2026, 3, 8): "-0400", date(2026, 11, 1): "-0500"}),
    ],
)
def test_the_days_of_the_clock_change_keep_wall_clock_time(slug: str, changes: dict[date, str]) -> None:
    with tenant(slug) as organization:
        zone, seen = ZoneInfo(organization.time_zone), Counter[date]()
        for starts_at, step in Booking.objects.values_list("starts_at", "service__step_minutes"):
            local = starts_at.astimezone(zone)
            assert (local.hour * 60 + local.minute) % step == 0
            if local.date() in changes and local.hour >= 4:
                seen[local.date()] += 1
                assert local.strftime("%z") == changes[local.date()]
        assert set(seen) == set(changes)


@pytest.mark.parametrize("slug", SLUGS)
def test_every_booking_was_made_in_time_and_not_too_early(slug: str) -> None:
    with tenant(slug):
        rows = Booking.objects.values_list(
            "starts_at", "created_at", "service__notice_minutes", "service__horizon_days"
        )
        for starts_at, created_at, notice, horizon in rows:
            assert timedelta(minutes=notice) < starts_at - created_at <= timedelta(days=horizon)
            assert created_at <= NOW


@pytest.mark.parametrize("slug", SLUGS)
def test_history_is_what_the_real_actions_would_have_written(slug: str) -> None:
    with tenant(slug):
        steps = defaultdict(list)
        legal = {("", state) for state in initial()} | set(pairs())
        for booking, source, target, at in Transition.objects.values_list("booking_id", "from_state", "to_state", "at"):
            assert (source, target) in legal
            steps[booking].append((source, target))
            assert at <= NOW
        events = Counter(Event.objects.filter(kind__startswith="booking.").values_list("subject", flat=True))
        for key, state, version in Booking.objects.values_list("id", "state", "version"):
            assert len(steps[key]) == events[key] == version
            assert steps[key][0][0] == ""
            assert steps[key][-1][1] == state
        active = Allocation.objects.values_list("active", "booking__state").distinct()
        assert all(is_active == (state in ACTIVE) for is_active, state in active)
        assert not Message.objects.exists()


@pytest.mark.parametrize("slug", SLUGS)
def test_prices_are_the_domains(slug: str) -> None:
    with tenant(slug) as organization:
        for booking in Booking.objects.select_related("service", "chosen_resource").order_by("?")[:300]:
            wish = replace(wish_kept(booking), resource=None)
            asked = plan_cache.question_of(organization, wish, booking.created_at)
            due = asked.price(clock.to_minute(booking.starts_at)).total
            assert (booking.price_amount, booking.price_currency) == (due.amount, due.currency)
            assert sum(line["amount"] for line in booking.price_lines) == due.amount
            assert booking.payment_method == ("on_site" if due.amount else "none")


@pytest.mark.parametrize("slug", SLUGS)
def test_nearly_all_that_is_over_was_paid_on_site_with_a_receipt_of_its_own(slug: str) -> None:
    with tenant(slug):
        over = Booking.objects.filter(state="completed", price_amount__gt=0)
        money = Counter(over.values_list(StatusOf(), flat=True))
        receipts = LedgerEntry.objects.filter(kind="received").values_list("details__receipt", flat=True)
        assert len(set(receipts)) == len(receipts) == money["paid"]
    assert set(money) == {"paid", "unpaid"}
    assert money["unpaid"] < 0.05 * money["paid"]


@pytest.mark.parametrize("slug", SLUGS)
def test_customers_are_invented_and_cannot_be_reached(slug: str) -> None:
    fictional = ("+3363998", "+447700900", "+1")
    with tenant(slug) as organization:
        rows = set(Booking.objects.values_list("customer_email", "customer_phone", "customer_locale"))
        assert len(rows) > 300
        for email, phone, locale in rows:
            assert email.split("@")[1] in ("example.com", "example.org")
            assert phone.startswith(fictional)
            assert not phone.startswith("+1") or phone[5:10] == "55501"
            assert locale in organization.languages


@pytest.mark.parametrize("slug", SLUGS)
def test_today_is_alive(slug: str) -> None:
    with tenant(slug) as organization:
        midnight = NOW.astimezone(ZoneInfo(organization.time_zone)).replace(hour=0, minute=0)
        today = Booking.objects.filter(starts_at__gte=midnight, starts_at__lt=midnight + timedelta(days=1))
        assert today.filter(state=BookingState.COMPLETED).count() >= 2
        assert today.filter(starts_at__lte=NOW, ends_at__gt=NOW).exclude(state="cancelled").count() >= 2
        assert today.filter(state=BookingState.CONFIRMED, starts_at__gt=NOW).count() >= 4
        assert not Booking.objects.filter(state=BookingState.CONFIRMED, ends_at__lte=NOW - timedelta(hours=1)).exists()


@pytest.mark.parametrize("slug", SLUGS)
def test_the_coming_weeks_thin_out_and_leave_plenty_of_times(slug: str) -> None:
    with tenant(slug) as organization:
        weeks = [
            Booking.objects.filter(
                state__in=["confirmed", "requested"],
                starts_at__gte=NOW + timedelta(days=7 * week),
                starts_at__lt=NOW + timedelta(days=7 * week + 7),
            ).count()
            for week in range(3)
        ]
        assert weeks[0] > weeks[1] > weeks[2] >= 8
        for service in Service.objects.all():
            plan = plan_cache.plan_for(organization.id, organization.catalog_version, service.slug)
            question = ask(plan, Wish(service.slug), NOW)
            span = Span(NOW.date(), 21, organization.time_zone)
            window = window_of(question, span)
            _, packed = reading.busy(question, window, NOW)
            free = slots.offered(engine.build_request(question, window, packed)).bits.bit_count()
            idle = slots.offered(engine.build_request(question, window, None)).bits.bit_count()
            assert free >= 0.4 * idle > 0


def test_staff_sign_in_to_their_own_organization_only(demo: list[DemoLogin]) -> None:
    members = ["member", "member", "member"]
    paris, harbor = ["owner", "dispatcher", "read_only"], ["owner", "manager", *members, "read_only"]
    assert [login.role for login in demo] == [*paris, *harbor]
    for login in demo:
        user = User.objects.get(email=login.email)
        assert user.check_password(login.password)
        for slug in SLUGS:
            with tenant(slug):
                assert Membership.objects.filter(user=user).count() == (slug == login.slug)


@pytest.mark.parametrize("slug", SLUGS)
def test_catalog_is_complete_in_every_language(slug: str) -> None:
    with tenant(slug) as organization:
        organization.full_clean()
        assert all(set(organization.languages) <= set(text) for text in (organization.tagline, organization.about))
        for service in Service.objects.prefetch_related("questions", "requirements"):
            service.full_clean()
            for text in (service.name, service.summary, service.description, service.place):
                assert all(text.get(language) for language in organization.languages)
            for question in service.questions.all():
                question.full_clean()
                assert all(question.label.get(language) for language in organization.languages)
            assert service.requirements.all()
