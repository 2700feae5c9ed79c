"""What somebody wants of a service, judged against the service's plan: pure, and the same for page, API and commit."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from holdfast.bookings.availability.extras import Chosen, taken
from holdfast.bookings.availability.plan import ServicePlan
from holdfast.bookings.availability.planned import PlannedExtra, PlannedNeed, PlannedResource, TakenExtra
from holdfast.bookings.availability.pools import that_can_be_occupied, with_chosen
from holdfast.bookings.details.paying import check_paying
from holdfast.bookings.errors import EmergencyNotOffered, PartyTooLarge, PromotionInvalid
from holdfast.bookings.stops import judging
from holdfast.bookings.stops.stop import Stop, place_of
from holdfast.core import clock
from holdfast.core.errors import ValidationError
from holdfast.domain import slots
from holdfast.domain.calendar_bits import Window
from holdfast.domain.geography import Place
from holdfast.domain.money import Money
from holdfast.domain.pricing import Price, many, whole
from holdfast.domain.pricing.conditions import Asked, InputMissing, NoPriceForWay
from holdfast.domain.pricing.paying import Tip
from holdfast.domain.pricing.promotions import Promotion, Used
from holdfast.domain.pricing.whole import Choice, Quoted, Terms
from holdfast.pricing.geography import Way
from holdfast.pricing.terms import code_key

NO_WAY = Way()


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants of a service. `resource` is a slug; `duration` None means the service's own."""

    service: str
    resource: str | None = None
    party_size: int = 1
    duration: int | None = None
    type: str = "standard"
    promo_code: str = ""
    pickup: Stop | None = None
    dropoff: Stop | None = None
    # How it is paid, and what is added for who serves: they are lines of the price (domain/pricing/paying.py).
    payment_method: str = ""
    tip: Tip | None = None
    extras: Chosen = ()
    # What is booked or held keeps the extras that it has, whatever is offered now.
    keeps_extras: bool = False
    # Staff may choose any resource and book at any notice; customers only what is public, with notice.
    by_staff: bool = False

    @property
    def stops(self) -> dict[str, Stop | None]:
        """By the API's names."""
        return {"pickup": self.pickup, "dropoff": self.dropoff}

    def between(self, stops: Mapping[str, Stop | None]) -> "Wish":
        """The same from and to these stops, by the API's names."""
        return replace(self, pickup=stops.get("pickup"), dropoff=stops.get("dropoff"))

    def paid_by(self, method: str) -> "Wish":
        """The same, paid by a method."""
        return self if self.payment_method == method else replace(self, payment_method=method)


@dataclass(frozen=True, slots=True)
class Question:
    """A wish judged against a plan: everything the engine needs but the busy calendars.

    `own`: the rules of the resources that do not keep the service's. `chosen`: one that must serve, whichever of the
    needs it fills; None also where the chosen one is the whole pool of a need. `now`: the minute at which it is asked.
    """

    plan: ServicePlan
    wish: Wish
    duration: int
    needs: tuple[PlannedNeed, ...]
    rules: slots.Rules
    own: Mapping[UUID, slots.Rules]
    chosen: UUID | None = None
    now: int = 0
    extras: tuple[TakenExtra, ...] = ()

    @property
    def resources(self) -> tuple[PlannedResource, ...]:
        """Every resource that may serve, once."""
        return tuple({resource.id: resource for need in self.needs for resource in need.pool}.values())

    @property
    def stocks(self) -> tuple[PlannedNeed, ...]:
        """What the chosen extras occupy besides."""
        return tuple(need for each in self.extras if (need := each.need()))

    @property
    def occupied(self) -> tuple[PlannedResource, ...]:
        """Every resource that may be occupied: those that may serve, then the stocks of the chosen extras."""
        return (*self.resources, *(need.pool[0] for need in self.stocks)) if self.extras else self.resources

    def extra_held_as(self, key: object) -> PlannedExtra | None:
        """The chosen extra whose stock this is (the engine's key of its need, or of its resource)."""
        return next((each.extra for each in self.extras if each.extra.stock and each.extra.stock.id == key), None)

    @property
    def all_rules(self) -> tuple[slots.Rules, ...]:
        """The service's first, then those that resources have of their own."""
        return (self.rules, *self.own.values())

    @property
    def reach(self) -> tuple[int, int]:
        """The first and the last minute at which anybody could start."""
        return min(each.earliest for each in self.all_rules), max(each.latest for each in self.all_rules)

    def window(self, start: int, end: int) -> Window:
        """What the engine must see to judge every start in [start, end) minutes."""
        return slots.padded_window(start, end, *self.all_rules)

    def with_rules(self, change: Callable[[slots.Rules], slots.Rules]) -> "Question":
        """The same with all rules changed: the service's and those that resources have of their own."""
        own = {resource: change(rules) for resource, rules in self.own.items()}
        return replace(self, rules=change(self.rules), own=own)

    def as_customers(self, now: datetime) -> "Question":
        """The same with the notice that customers must give: staff's is waived."""
        emergency = self.wish.type == "emergency"
        rules = self.plan.rules(duration=self.duration, now=now, emergency=emergency)
        return replace(self, rules=rules, own=self.plan.own_rules(self.needs, rules, now, emergency=emergency))

    def price(self, start: int) -> Price:
        """What it costs at a start (minutes, UTC), booked now."""
        terms = self.terms
        if self.extras or self.wish.tip or not terms.is_flat:  # too many tips to remember them all
            return self.quoted(start).price
        wish, asked = self.wish, self.asked(0)
        served = wish.resource if asked.serving else None
        key = (self.duration, wish.party_size, wish.type, wish.payment_method, served, *self._ends(terms))
        known = self.plan.flat_prices.get(key)
        if known is None:
            known = self.plan.remember_flat(key, self.quoted(0).price)
        return known.moved(start)

    def _ends(self, terms: Terms) -> tuple[Place | None, ...]:
        """Where it begins and ends, as far as prices ask for it."""
        geography = self.plan.geography
        if not terms.is_of_way:
            return ()
        return place_of(geography, self.wish.pickup), place_of(geography, self.wish.dropoff)

    @property
    def unpriced(self) -> list[dict[str, str]]:
        """What must be said before it has a price: errors, each of a field."""
        return judging.unpriced(self.plan.geography, self.wish.stops) if self.plan.terms.is_of_way else []

    @property
    def terms(self) -> Terms:
        """The plan's, with the promotion whose code is given, and with extras that are kept."""
        promotion, terms = self.promotion, self.plan.terms
        if promotion is not None:
            terms = replace(terms, promotions=(*terms.promotions, promotion))
        if self.extras and self.wish.keeps_extras:
            kept = {each.extra.id: replace(each.extra.priced, most=None) for each in self.extras}
            others = [each for each in terms.extras if each.id not in kept]
            terms = replace(terms, extras=(*others, *kept.values()))
        return terms

    @property
    def promotion(self) -> Promotion | None:
        """What the wish's code stands for; None without a code."""
        return self.plan.codes[code_key(self.wish.promo_code)] if self.wish.promo_code else None

    def quoted(self, start: int, used: Mapping[str, Used] | None = None) -> Quoted:
        """The price with the promotions in it, and why the code's is not; `used`: how often it is used already.

        Raises ValidationError where it depends on what is not said, NoPriceHere.
        """
        with self._priced():
            return whole.quote(self.terms, self.asked(start), self.choice, used)

    def with_usual_stops(self) -> "Question":
        """The same from and to the service's usual places, where a price needs what is not said."""
        geography = self.plan.geography
        usual = {"pickup": geography.usual_pickup, "dropoff": geography.usual_dropoff}
        missing = {each["field"]: Stop(place) for each in self.unpriced if (place := usual[each["field"]])}
        return replace(self, wish=self.wish.between({**self.wish.stops, **missing})) if missing else self

    def check_stops(self) -> None:
        """Before it is booked: what the service asks for is said; staff may leave it open. Raises ValidationError."""
        if not self.wish.by_staff:
            judging.check_complete(self.plan.geography, self.wish.stops)

    @contextmanager
    def _priced(self) -> Iterator[None]:
        """Around whatever needs a price."""
        if errors := self.unpriced:
            raise ValidationError(errors=errors)
        try:
            yield
        except (NoPriceForWay, InputMissing) as why:
            raise judging.refused(why, self.plan.geography, self.plan.organization) from None

    @property
    def nothing(self) -> Money:
        return Money(0, str(self.plan.organization["currency"]))

    @property
    def choice(self) -> Choice:
        wish, extras = self.wish, {each.extra.id: each.count for each in self.extras}
        return Choice(extras=extras, code=wish.promo_code, method=wish.payment_method, tip=wish.tip)

    def flat_price(self) -> Money | None:
        """What it costs at any time; None where that depends on the time."""
        return self.price(0).total if self.terms.is_flat else None

    def amounts(self, starts: Sequence[int]) -> list[int] | None:
        """What it costs at each of these ascending starts, in minor units; None where it is the same at any time."""
        terms = self.terms
        if terms.is_flat or not starts:
            return None
        with self._priced():
            return many.totals(terms, self.asked(starts[0]), starts, self.choice)

    def asked(self, start: int) -> Asked:
        """What the price of a start depends on."""
        plan, terms = self.plan, self.plan.terms
        way = plan.geography.way(*self._ends(terms)) if terms.is_of_way else NO_WAY
        return Asked(
            zone=plan.time_zone,
            start=start,
            end=start + self.duration,
            booked=self.now,
            service=str(plan.service["slug"]),
            type=self.wish.type,
            party=self.wish.party_size,
            serving=plan.serving(self.wish.resource) if terms.is_of_resources else (),
            origin=way.origin,
            destination=way.destination,
            units=way.units,
            holidays=plan.holidays,
        )


def ask(plan: ServicePlan, wish: Wish, now: datetime) -> Question:
    """Check a wish against the service. Raises ValidationError, EmergencyNotOffered or NotFound (the resource)."""
    emergency = wish.type == "emergency"
    judging.check_said(plan.geography, wish.stops)
    if emergency and not plan.service["offers_emergency"]:
        raise EmergencyNotOffered.by(plan.organization)
    if wish.promo_code and code_key(wish.promo_code) not in plan.codes:
        is_elsewhere = code_key(wish.promo_code) in plan.codes_elsewhere
        raise PromotionInvalid.because("wrong_service" if is_elsewhere else "unknown")
    check_paying(plan, wish.payment_method, wish.tip)
    durations = plan.durations()
    duration = wish.duration or durations[0]
    if duration not in durations:
        raise ValidationError(
            errors=[
                {
                    "field": "duration_minutes",
                    "message": _("one of %(choices)s") % {"choices": ", ".join(map(str, durations))},
                }
            ]
        )
    if wish.party_size < 1:
        raise ValidationError(errors=[{"field": "party_size", "message": _("at least 1")}])
    if wish.party_size > int(plan.service["largest_party"]) and not wish.by_staff:
        raise PartyTooLarge(largest_party=int(plan.service["largest_party"]))
    needs, chosen = plan.emergency_needs if emergency else plan.needs, None
    if wish.resource is not None:
        needs, chosen = with_chosen(needs, wish.resource, by_staff=wish.by_staff)
    rules = plan.rules(duration=duration, now=now, notice_waived=wish.by_staff, emergency=emergency)
    own = plan.own_rules(needs, rules, now, notice_waived=wish.by_staff, emergency=emergency)
    extras = taken(plan.extras, wish.extras, kept=wish.keeps_extras) if wish.extras else ()
    needs = that_can_be_occupied(needs, own)
    return Question(plan, wish, duration, needs, rules, own, chosen, clock.to_minute(now), extras)


def check_currency(plan: ServicePlan, currency: str | None) -> None:
    """Refuse what no price can be given in. Raises ValidationError."""
    own = plan.organization["currency"]
    if currency and currency.upper() != own:
        raise ValidationError(
            errors=[{"field": "currency", "message": _("prices are in %(currency)s") % {"currency": own}}]
        )
