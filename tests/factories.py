"""Small worlds to test in: real rows, made the way the product makes them where that matters."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, time, timedelta
from fractions import Fraction
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from holdfast.accounts.actions import create_api_key
from holdfast.accounts.models import Membership, Role, User
from holdfast.bookings import actions
from holdfast.bookings.availability.question import Wish
from holdfast.bookings.details.columns import Customer, Details
from holdfast.bookings.models import Booking
from holdfast.bookings.steps import Actor
from holdfast.catalog import actions as catalog_actions
from holdfast.catalog.models import (
    Extra,
    HoursKind,
    Limit,
    NamedPlace,
    Organization,
    Requirement,
    Resource,
    Service,
    Team,
    WorkingHours,
)
from holdfast.core import clock
from holdfast.core.keys import uuid7
from holdfast.core.signing import manage_token
from holdfast.core.tenancy import transaction_for
from holdfast.domain.money import Money
from holdfast.domain.pricing.paying import Tip
from holdfast.payments import actions as payments
from holdfast.payments import ledger
from holdfast.payments.facts import Fact
from holdfast.payments.models import Payment, PaymentKind
from holdfast.pricing.models import (
    CancellationPolicy,
    CancellationStep,
    Deposit,
    PaymentOption,
    Promotion,
    PromotionService,
    Tariff,
    TariffRule,
    TaxRate,
    TipChoices,
    Zone,
    ZonePrice,
)

_numbers = count(1)
CUSTOMER = Customer(name="Ana Reyes", email="ana@example.com", phone="+33199001234", locale="en")
DETAILS = Details(customer=CUSTOMER)
STAFF = Actor("staff", "Sam")


def make_organization(**fields: Any) -> Organization:
    """Europe/Paris, EUR, en/fr/es unless told otherwise."""
    number = next(_numbers)
    given: dict[str, Any] = {
        "id": uuid7(),
        "slug": f"org-{number}",
        "name": f"Organization {number}",
        "time_zone": "Europe/Paris",
        "currency": "EUR",
        "country": "FR",
        "languages": ["en", "fr", "es"],
        "email": "hello@example.com",
        "created_at": clock.now(),
    }
    organization = Organization(**{**given, **fields})
    with transaction_for(organization.id):
        organization.save(force_insert=True)
    return organization


def make_resource(organization: Organization, **fields: Any) -> Resource:
    """A person who works every day from 08:00 to 20:00; `hours` = (from, until) or None."""
    number = next(_numbers)
    hours = fields.pop("hours", (time(8), time(20)))
    given: dict[str, Any] = {"slug": f"resource-{number}", "name": f"Resource {number}", "kind": "person"}
    with transaction_for(organization.id):
        resource = Resource.objects.create(organization=organization, **{**given, **fields})
        if hours:
            WorkingHours.objects.bulk_create(
                WorkingHours(organization=organization, resource=resource, weekday=day, starts=hours[0], ends=hours[1])
                for day in range(7)
            )
    organization.refresh_from_db()
    return resource


def put_on_call(resource: Resource, starts: time, ends: time, days: Iterable[int] = range(7)) -> None:
    """On-call hours on these weekdays, beside the regular ones."""
    with transaction_for(resource.organization_id):
        WorkingHours.objects.bulk_create(
            WorkingHours(
                organization_id=resource.organization_id,
                resource=resource,
                kind=HoursKind.ON_CALL,
                weekday=day,
                starts=starts,
                ends=ends,
            )
            for day in days
        )


def make_service(organization: Organization, *, needs: Any = ({"kind": "person"},), **fields: Any) -> Service:
    """An hour, a start every 30 minutes, no notice, 100.00; `needs` are requirements' fields."""
    number = next(_numbers)
    given: dict[str, Any] = {
        "slug": f"service-{number}",
        "name": {"en": "Massage", "fr": "Massage", "es": "Masaje"},
        "duration_minutes": 60,
        "notice_minutes": 0,
        "price_amount": 10_000,
    }
    with transaction_for(organization.id):
        service = Service.objects.create(organization=organization, **{**given, **fields})
        for position, need in enumerate(needs):
            Requirement.objects.create(organization=organization, service=service, position=position, **need)
    organization.refresh_from_db()
    return service


def make_team(organization: Organization, **fields: Any) -> Team:
    number = next(_numbers)
    slug = fields.pop("slug", f"team-{number}")
    with transaction_for(organization.id):
        team = Team.objects.create(organization=organization, slug=slug, name=slug.capitalize(), **fields)
    organization.refresh_from_db()
    return team


def make_limit(organization: Organization, **fields: Any) -> Limit:
    """`kind` team, service or customer; a day unless a `period` is given."""
    with transaction_for(organization.id):
        limit = Limit.objects.create(organization=organization, **fields)
    organization.refresh_from_db()
    return limit


def make_tariff(organization: Organization, *rules: Mapping[str, Any], in_force: bool = True, **fields: Any) -> Tariff:
    """With these rules, in their order."""
    with transaction_for(organization.id):
        tariff = Tariff.objects.create(organization=organization, **{"name": "Summer", "in_force": in_force, **fields})
        for position, rule in enumerate(rules):
            given = {"name": {"en": f"Rule {position}"}, "position": position, **rule}
            TariffRule.objects.create(organization=organization, tariff=tariff, **given)
    organization.refresh_from_db()
    return tariff


SQUARES = {"centre": (2, 3), "airport": (4, 5)}


PLACES = {
    "louvre": ("48.5", "2.5"),
    "opera": ("48.6", "2.6"),
    "terminal": ("48.5", "4.5"),
    "castle": ("48.5", "6.5"),
}


def make_places(organization: Organization) -> None:
    """Two zones, squares of a degree at 48° north, and places: by slug their latitude and longitude."""
    with transaction_for(organization.id):
        for number, (name, (west, east)) in enumerate(SQUARES.items()):
            ring = [[west, 48], [east, 48], [east, 49], [west, 49], [west, 48]]
            area = json.dumps({"type": "MultiPolygon", "coordinates": [[ring]]})
            names = {"en": name.title(), "fr": {"centre": "Centre", "airport": "Aéroport"}[name]}
            Zone.objects.create(organization=organization, name=names, area=area, position=number)
        for slug, (latitude, longitude) in PLACES.items():
            NamedPlace.objects.create(
                organization=organization, slug=slug, name={"en": slug.title()}, latitude=latitude, longitude=longitude
            )
    organization.refresh_from_db()


def make_ways(organization: Organization, *, only: bool = False, back: int | None = None) -> TariffRule:
    """70.00 from the centre to the airport and 20.00 within the centre; `back`: the way back, if it differs."""
    with transaction_for(organization.id):
        tariff = Tariff.objects.filter(in_force=True).first()
    tariff = tariff or make_tariff(organization)
    with transaction_for(organization.id):
        zones = {name: Zone.objects.get(name__en=name.title()) for name in SQUARES}
        rule = TariffRule.objects.create(
            organization=organization, tariff=tariff, name={"en": "Fixed price"}, effect="by_zones", instead=True,
            zones_only=only, position=5,
        )  # fmt: skip
        table = {("centre", "airport"): 7000, ("centre", "centre"): 2000}
        if back is not None:
            table["airport", "centre"] = back
        for (origin, destination), amount in table.items():
            ZonePrice.objects.create(
                organization=organization,
                rule=rule,
                origin=zones[origin],
                destination=zones[destination],
                amount=amount,
            )
    organization.refresh_from_db()
    return rule


def make_promotion(organization: Organization, *services: Service, **fields: Any) -> Promotion:
    """10 % off with the code SPRING, for every service, unless told otherwise."""
    given: dict[str, Any] = {"name": {"en": "Spring", "fr": "Printemps"}, "code": "SPRING", "benefit": "percent"}
    if fields.get("benefit", "percent") == "percent":
        given["percent"] = "10"
    with transaction_for(organization.id):
        promotion = Promotion.objects.create(organization=organization, **{**given, **fields})
        for service in services:
            PromotionService.objects.create(organization=organization, promotion=promotion, service=service)
    organization.refresh_from_db()
    return promotion


def make_extra(organization: Organization, *services: Service, **fields: Any) -> Extra:
    """15.00 each, with every service unless some are named; `stock` None unless given."""
    number = next(_numbers)
    given: dict[str, Any] = {"slug": f"extra-{number}", "name": {"en": "Child seat", "fr": "Siège enfant"}}
    with transaction_for(organization.id):
        extra = Extra(organization=organization, **{**given, "amount": 1500, "most": 2, **fields})
        catalog_actions.save_extra(extra=extra, language="en")
        catalog_actions.offer_with(extra=extra, services=services)
    organization.refresh_from_db()
    return extra


def make_tax(organization: Organization, percent: str, **fields: Any) -> TaxRate:
    with transaction_for(organization.id):
        rate = TaxRate.objects.create(organization=organization, name={"en": "VAT"}, percent=percent, **fields)
    organization.refresh_from_db()
    return rate


def make_policy(organization: Organization, *steps: tuple[int, str | int], **fields: Any) -> CancellationPolicy:
    """Each step: within how many minutes, and what it costs: a percentage as text, or an amount. No-show: all of it."""
    given = fields if "amount" in fields else {"percent": "100", **fields}
    with transaction_for(organization.id):
        policy = CancellationPolicy.objects.create(organization=organization, **given)
        for within, cost in steps:
            share = {"percent": cost} if isinstance(cost, str) else {"amount": cost}
            CancellationStep.objects.create(organization=organization, policy=policy, within=within, **share)
    organization.refresh_from_db()
    return policy


def make_tips(organization: Organization, *percents: int, is_free: bool = True) -> TipChoices:
    """5, 10 and 15 % unless told otherwise, and any amount."""
    with transaction_for(organization.id):
        tips = TipChoices.objects.create(organization=organization, percents=percents or (5, 10, 15), is_free=is_free)
    organization.refresh_from_db()
    return tips


def tip(percent: int = 0, amount: int = 0) -> Tip:
    return Tip(amount, Fraction(percent))


def make_option(organization: Organization, method: str, **fields: Any) -> PaymentOption:
    """A payment method that is offered."""
    with transaction_for(organization.id):
        option = PaymentOption.objects.create(organization=organization, method=method, **fields)
    organization.refresh_from_db()
    return option


def make_deposit(organization: Organization, **fields: Any) -> Deposit:
    with transaction_for(organization.id):
        deposit = Deposit.objects.create(organization=organization, **fields)
    organization.refresh_from_db()
    return deposit


def token_of(booking: Booking) -> str:
    """What the customer's link to a booking carries."""
    return manage_token(booking.id)


def make_payment(booking: Booking, *facts: Fact, kind: PaymentKind = PaymentKind.PREPAID) -> Payment:
    """A payment of the price at the card company, and what was learned of it."""
    amount = Money(booking.price_amount, booking.price_currency)
    payment = payments.begin_payment(booking=booking, kind=kind, amount=amount)
    learn(booking, *facts, payment=payment)
    return payment


def learn(booking: Booking, *facts: Fact, payment: Payment) -> None:
    """More news of a payment."""
    with transaction_for(booking.organization_id):
        Payment.objects.filter(id=payment.id).update(gateway_id=f"pi_{payment.id}")
        ledger.add(booking=ledger.lock_booking(booking.id), payment=payment, facts=facts)


def make_staff(organization: Organization, role: str = Role.OWNER, password: str = "a good password") -> User:
    user = User.objects.create_user(f"staff-{next(_numbers)}@example.com", password, name="Sam Owner")
    with transaction_for(organization.id):
        Membership.objects.create(organization=organization, user=user, role=role)
    return user


def details_of(email: str) -> Details:
    """The usual details, of another customer."""
    return replace(DETAILS, customer=replace(CUSTOMER, email=email))


def make_booking(organization: Organization, service: Service, starts_at: datetime, **wish: Any) -> Booking:
    """Booked as a customer would."""
    details = wish.pop("details", DETAILS)
    return actions.book(
        organization=organization, wish=Wish(service=service.slug, **wish), starts_at=starts_at, details=details
    )


def make_emergency(organization: Organization, service: Service, starts_at: datetime, **wish: Any) -> Booking:
    """Booked as a customer would whose pipe has burst."""
    details = Details(customer=CUSTOMER, emergency_reason="The pipe under the sink has burst.")
    return make_booking(organization, service, starts_at, type="emergency", details=details, **wish)


def wish(service: str, **fields: Any) -> Wish:
    return Wish(service=service, **fields)


def make_key(organization: Organization) -> str:
    """The secret of a key that may change bookings."""
    return create_api_key(organization_id=organization.id, name="Front desk", may_write=True)[1]


def book_once(organization: Organization, service: Service, starts_at: datetime) -> Booking:
    """One attempt to book, inside the caller's transaction of the organization."""
    return actions.book_once(
        organization=organization, wish=Wish(service=service.slug), starts_at=starts_at, details=DETAILS
    )


def monday(organization: Organization, hour: int) -> datetime:
    """The wall-clock hour on the Monday after next."""
    today = local(organization, 0, hour)
    return local(organization, 14 - today.weekday(), hour)


def local(organization: Organization, days: int, hour: int, minute: int = 0) -> datetime:
    """A wall-clock time in the organization's zone, `days` from today."""
    zone = ZoneInfo(organization.time_zone)
    day = clock.now().astimezone(zone).date() + timedelta(days=days)
    return datetime.combine(day, time(hour, minute), zone)
