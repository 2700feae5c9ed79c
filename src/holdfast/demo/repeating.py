"""A weekly cleaning at one organization: eight weeks, one date moved to another hour and one cancelled."""

from datetime import datetime, timedelta

from holdfast.bookings import actions as bookings
from holdfast.bookings.availability.question import Wish
from holdfast.bookings.details.columns import Customer, Details
from holdfast.bookings.steps import CUSTOMER
from holdfast.catalog.models import Organization
from holdfast.core import clock
from holdfast.demo.chance import chance
from holdfast.demo.people import customers_of
from holdfast.demo.spec import OrganizationSpec
from holdfast.domain import hours
from holdfast.series import actions, asked, judging

SERVICE, WEEKS, FIRST_IN_DAYS, HOUR = "home-cleaning", 8, 9, 10
BOOKED_AGO = timedelta(days=3)
MOVED, CANCELLED = 3, 5


def repeat_some(spec: OrganizationSpec, organization: Organization, now: datetime) -> int:
    """Book the series three days ago, what is taken left out; returns how many of its dates were booked."""
    if not any(service.slug == SERVICE for service in spec.services):
        return 0
    zone = organization.time_zone
    today = hours.from_minute(zone, clock.to_minute(now)).replace(tzinfo=None)
    first = (today + timedelta(days=FIRST_IN_DAYS)).replace(hour=HOUR, minute=0)
    with clock.stopped(now - BOOKED_AGO):
        details = _details(spec)
        wanted = _free_or_resolved(organization, first, zone, details.customer)
        booked = actions.book_once(organization=organization, asked=wanted, details=details).bookings
    with clock.stopped(now - BOOKED_AGO / 3):
        gone = booked[min(CANCELLED, len(booked) - 1)]
        bookings.cancel(organization=organization, booking_id=gone.id, version=gone.version, actor=CUSTOMER)
    return len(booked)


def _free_or_resolved(organization: Organization, first: datetime, zone: str, customer: Customer) -> asked.Asked:
    """The first of a few days that this customer may still have; of the rest, what is not is left out, one is moved."""
    for ahead in range(14):
        start = first + timedelta(days=ahead)
        wanted = _asked(start, zone, [])
        found = judging.judge(organization, wanted, customer=customer)
        if found[0].status != "ok":
            continue
        resolutions = [{"date": each.date, "action": "skip"} for each in found if each.status == "conflict"]
        spare = next((each for each in found[MOVED:] if each.status == "ok"), None)
        if spare:
            later = clock.from_minute(spare.start + 60)
            moved = [*resolutions, {"date": spare.date, "action": "move", "starts_at": later}]
            again = judging.judge(organization, _asked(start, zone, moved), customer=customer, offer=False)
            resolutions = resolutions if judging.unresolved(again) else moved
        return _asked(start, zone, resolutions)
    raise RuntimeError("no day of two weeks has a free time for the demo's series")


def _asked(start: datetime, zone: str, resolutions: list[dict[str, object]]) -> asked.Asked:
    return asked.read(
        wish=Wish(service=SERVICE, by_staff=True),
        starts_at=clock.from_minute(hours.to_minute(zone, start)),
        zone=zone,
        recurrence={"rrule": f"FREQ=WEEKLY;COUNT={WEEKS}", "resolutions": resolutions},
    )


def _details(spec: OrganizationSpec) -> Details:
    who = customers_of(spec)[0]
    service = next(each for each in spec.services if each.slug == SERVICE)
    answers = service.answers(chance(spec.slug, "series"), who.email, who.locale)
    customer = Customer(who.name, who.email, who.phone, who.locale, who.time_zone)
    return Details(customer=customer, answers=answers)
