"""A business built for one row of the covering array, and how a booking of it is made."""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from holdfast.bookings import actions
from holdfast.bookings.availability.question import Wish
from holdfast.bookings.details.columns import Customer, Details
from holdfast.bookings.holds import actions as holds
from holdfast.bookings.models import Booking
from holdfast.bookings.steps import CUSTOMER, Actor
from holdfast.bookings.stops.stop import Stop
from holdfast.catalog.models import Closure, Organization, Service, Team
from holdfast.catalog.models.limits import Limit
from holdfast.core.tenancy import transaction_for
from holdfast.series import actions as series
from holdfast.series import asked
from holdfast.waiting import actions as waiting
from holdfast.waiting import offering
from holdfast.waiting.models import WaitingOffer
from tests import factories
from tests.composition.features import Row

# One child seat, in cents.
EXTRA = 1500
PARIS = ZoneInfo("Europe/Paris")
STAFF = Actor("staff", "Sam")
WHOLE_DAY = (time(0), time(0))
# Sundays on which the clocks of Paris are changed; what begins in the odd hour is the point.
STARTS = {
    "ordinary": datetime(2027, 3, 10, 10, tzinfo=PARIS),
    "clocks forward": datetime(2027, 3, 28, 1, 30, tzinfo=PARIS),
    "clocks back": datetime(2027, 10, 31, 2, 30, tzinfo=PARIS),
    "across midnight": datetime(2027, 3, 10, 23, 30, tzinfo=PARIS),
}
NEEDS: dict[str, list[dict[str, Any]]] = {
    "one person": [{"kind": "person"}],
    "a person and a vehicle": [{"kind": "person"}, {"kind": "vehicle"}],
    "two people": [{"kind": "person", "count": 2}],
    "a vehicle with 6 seats": [{"kind": "vehicle", "attributes": {"seats": 6}}],
}
POLICIES = {"priority": "priority", "round robin": "round_robin", "least busy": "least_busy", "last seen": "last_seen"}


@dataclass
class World:
    """What a row of features became."""

    row: Row
    organization: Organization = field(init=False)
    service: Service = field(init=False)

    @property
    def start(self) -> datetime:
        return STARTS[self.row["day"]]

    @property
    def now(self) -> datetime:
        """A few days before; an emergency is never booked long before."""
        return self.start - (timedelta(hours=5) if self.row["type"] == "emergency" else timedelta(days=5))

    @property
    def actor(self) -> Actor:
        return STAFF if self.row["actor"] == "staff" else CUSTOMER

    @property
    def wish(self) -> Wish:
        return Wish(
            service=self.service.slug,
            resource=self._preferred if self.row["choice"] == "a preferred member" else None,
            party_size=3 if self.row["party"] == "three, a place each" else 1,
            duration=90 if self.row["duration"] == "chosen" else None,
            type=self.row["type"],
            promo_code="ONCE" if self.row["promotion"] == "with a code, once" else "",
            extras=(("child-seat", 2),) if self.row["extras"] == "two of five" else (),
            pickup=Stop("louvre", "Pyramid") if self.goes else None,
            dropoff=Stop("48.5, 4.5") if self.goes else None,
            by_staff=self.row["actor"] == "staff",
        )

    @property
    def goes(self) -> bool:
        """From the centre to the airport, for 70.00."""
        return self.row["places"] == "priced from zone to zone"

    @property
    def details(self) -> Details:
        named = self.row["attendees"] == "named"
        people = [{"name": f"Guest {number}", "email": ""} for number in range(self.wish.party_size)]
        return Details(
            customer=Customer(name="Ana Reyes", email="ana@example.com", phone="+33199001234"),
            attendees=people if named else [],
            emergency_reason="Water everywhere" if self.row["type"] == "emergency" else "",
        )

    @property
    def _preferred(self) -> str:
        return "van-2" if self.row["resources"] == "a vehicle with 6 seats" else "person-2"

    def build(self) -> None:
        """The business, inside the time that `now` names."""
        self.organization = factories.make_organization(cancellation_notice_minutes=0)
        with transaction_for(self.organization.id):
            team = Team.objects.create(organization=self.organization, slug="crew", name="Crew")
        own = {"buffer_before_minutes": 20, "buffer_after_minutes": 40} if self._own_buffers else {}
        for number in range(1, 4):
            shared = {"hours": WHOLE_DAY, "lanes": 6, "team": team, "is_public": True, "weight": number, **own}
            factories.make_resource(self.organization, kind="person", slug=f"person-{number}", **shared)
            factories.make_resource(
                self.organization, kind="vehicle", slug=f"van-{number}", attributes={"seats": 4 + number}, **shared
            )
        self.service = self._make_service()
        factories.make_extra(self.organization, slug="child-seat", stock=5)
        self._make_limit(team)
        self._make_prices()
        self.organization.refresh_from_db()

    @property
    def _own_buffers(self) -> bool:
        return self.row["buffers"] == "of the resource"

    def _make_service(self) -> Service:
        per_person = self.row["party"] == "three, a place each"
        choosable = {"is_choosable": True, "per_person": per_person}
        first, *others = NEEDS[self.row["resources"]]
        chosen = self.row["duration"] == "chosen"
        return factories.make_service(
            self.organization,
            needs=[{**first, **choosable}, *({**each, "per_person": per_person} for each in others)],
            buffer_before_minutes=10,
            buffer_after_minutes=15,
            largest_party=3,
            longest_duration_minutes=120 if chosen else None,
            duration_step_minutes=30,
            needs_approval=self.row["approval"] == "by staff",
            assign_by=POLICIES[self.row["assignment"]],
            attendees="required" if self.row["attendees"] == "named" else "none",
            offers_emergency=self.row["type"] == "emergency",
            allows_series=True,
            asks_places="way" if self.goes else "none",
        )

    @property
    def price(self) -> int:
        """What a booking costs: 100.00 (70.00 for the way) and its extras, 5.00 more at night, a tenth of it off."""
        at_night = self.row["tariff"] == "dearer at night" and not 6 <= self.start.hour < 22
        whole = (
            (7000 if self.goes else 10_000)
            + (500 if at_night else 0)
            + EXTRA * sum(count for _slug, count in self.wish.extras)
        )
        return whole if self.row["promotion"] == "none" else whole * 9 // 10

    def _make_prices(self) -> None:
        """A code that is good for one booking: booked again after a cancellation, it was given back."""
        if self.row["tariff"] == "dearer at night":
            night = {"from_time": time(22), "until_time": time(6), "covers": "start"}
            factories.make_tariff(self.organization, {"effect": "add", "amount": 500, **night})
        if self.goes:
            factories.make_places(self.organization)
            factories.make_ways(self.organization, only=True)
        if self.row["promotion"] == "for everybody":
            factories.make_promotion(self.organization, code="")
        elif self.row["promotion"] == "with a code, once":
            factories.make_promotion(self.organization, code="ONCE", uses=1)

    def _make_limit(self, team: Team) -> None:
        """Tight: the booking (or the series' booking of the day or week) is all that it leaves room for."""
        kinds: dict[str, dict[str, Any]] = {
            "of the team and day": {"kind": "team", "team": team},
            "of the service and day": {"kind": "service", "service": self.service},
            "of the customer and week": {"kind": "customer", "period": "week"},
        }
        if self.row["limit"] in kinds:
            with transaction_for(self.organization.id):
                Limit.objects.create(organization=self.organization, most=1, **kinds[self.row["limit"]])

    def book(self) -> list[Booking]:
        """By the row's way; several only for a series."""
        ways = {
            "directly": self._directly,
            "through a hold": self._through_a_hold,
            "from the waiting list": self._from_the_waiting_list,
            "a series of four": self._as_a_series,
        }
        return ways[self.row["way"]]()

    def try_again(self) -> Booking:
        """The same once more: what a limit must refuse."""
        return actions.book(**self._asked, details=self.details, actor=self.actor)

    @property
    def _asked(self) -> dict[str, Any]:
        return {"organization": self.organization, "wish": self.wish, "starts_at": self.start}

    def _directly(self) -> list[Booking]:
        return [self.try_again()]

    def _through_a_hold(self) -> list[Booking]:
        held = holds.hold(**self._asked, actor=self.actor)
        return [actions.book(**self._asked, details=self.details, hold_id=held.id, actor=self.actor)]

    def _from_the_waiting_list(self) -> list[Booking]:
        """The day is closed when somebody asks; it is opened, and the time is offered to them and claimed."""
        day, minute = self.start.date(), self.start.hour * 60 + self.start.minute
        with transaction_for(self.organization.id):
            closure = Closure.objects.create(
                organization=self.organization, starts_on=day, ends_on=day + timedelta(days=1)
            )
        self.organization.refresh_from_db()
        waiting.join(
            organization=self.organization,
            wish=self.wish,
            times=waiting.Times(day, day, minute, minute + 1),
            customer=self.details.customer,
            actor=self.actor,
        )
        with transaction_for(self.organization.id):
            closure.delete()
        self.organization.refresh_from_db()
        assert offering.offer_to_all(organization_id=self.organization.id) == 1
        with transaction_for(self.organization.id):
            offer = WaitingOffer.objects.get()
        return [waiting.claim(organization=self.organization, offer_id=offer.id, details=self.details)]

    def _as_a_series(self) -> list[Booking]:
        recurrence = {"rrule": "FREQ=WEEKLY;COUNT=4"}
        wanted = asked.read(wish=self.wish, starts_at=self.start, zone="Europe/Paris", recurrence=recurrence)
        made = series.book(organization=self.organization, asked=wanted, details=self.details, actor=self.actor)
        return made.bookings
