"""What a booking's columns say of its slot, its price and its customer."""

from dataclasses import dataclass, field
from typing import Any

from holdfast.bookings import emergency
from holdfast.bookings.availability.plan import ServicePlan
from holdfast.bookings.availability.question import Question
from holdfast.bookings.details import extras
from holdfast.bookings.details.answers import check_answers
from holdfast.bookings.details.attendees import check_attendees
from holdfast.bookings.details.terms import terms_of
from holdfast.bookings.places.placing import Placement
from holdfast.bookings.stops.stop import document_of
from holdfast.core.errors import ValidationError
from holdfast.pricing.documents import line_document
from holdfast.pricing.models import PaymentMethod


@dataclass(frozen=True, slots=True)
class Customer:
    """Who books, as they said; checked by the API's schema or the form."""

    name: str
    email: str
    phone: str = ""
    locale: str = "en"
    time_zone: str = ""


@dataclass(frozen=True, slots=True)
class Details:
    """All of a booking but its time and place."""

    customer: Customer
    answers: dict[str, Any] = field(default_factory=dict)
    note: str = ""
    payment_method: str = PaymentMethod.ON_SITE
    emergency_reason: str = ""
    attendees: list[dict[str, str]] = field(default_factory=list)
    # Not what a customer sent: one of our own pages chose it among those it shows, or a key that may write said so.
    method_is_given: bool = False

    def is_paid_as_chosen_by(self, kind: str) -> bool:
        """Whether it is the choice of a customer (the `kind` of an actor), who has those on offer."""
        return kind == "customer" and not self.method_is_given


def slot_columns(placement: Placement) -> dict[str, Any]:
    """Service, type, time, party, who serves, where, what is taken besides, and price."""
    question = placement.question
    chosen = question.wish.resource
    return {
        "service_id": question.plan.service_id,
        "type": question.wish.type,
        "starts_at": placement.starts_at,
        "ends_at": placement.ends_at,
        "party_size": question.wish.party_size,
        "chosen_resource_id": next((each.id for each in question.resources if each.slug == chosen), None),
        "assigned": placement.assigned,
        **stop_columns(question),
        "extras": extras.entries_of(question.extras),
        **price_columns(question, placement.start),
    }


def stop_columns(question: Question) -> dict[str, Any]:
    """Where it begins and ends, in words that outlive the named places."""
    geography = question.plan.geography
    return {name: document_of(geography, stop) for name, stop in question.wish.stops.items()}


def said_stops(question: Question) -> dict[str, Any]:
    """Of those, what the wish says itself: the rest stays as the held booking has it."""
    kept = stop_columns(question)
    said = {name for name, stop in question.wish.stops.items() if stop and (stop.point is None or stop.address)}
    return {name: kept[name] for name in said}


def price_columns(question: Question, start: int) -> dict[str, Any]:
    """What a start costs, booked now, with the code that is given, and what is agreed with it."""
    price = question.price(start)
    return {
        "price_amount": price.total.amount,
        "price_currency": price.total.currency,
        "price_lines": [line_document(line) for line in price.lines],
        "promo_code": question.promotion.code if question.promotion else "",
        "terms": terms_of(question, start, price),
    }


def details_columns(
    plan: ServicePlan,
    details: Details,
    type: str = "standard",  # noqa: A002
    *,
    party_size: int,
) -> dict[str, Any]:
    """Customer, answers, attendees, payment method of a booking of that type for so many.

    Raises ValidationError for answers that do not fit their questions, attendees that do not fit the party, and for
    what an emergency must say.
    """
    customer = details.customer
    wrong = emergency.problems(type=type, phone=customer.phone, reason=details.emergency_reason)
    answers: dict[str, Any] = {}
    attendees: list[dict[str, str]] = []
    try:
        answers = check_answers(plan.questions, details.answers)
    except ValidationError as refused:
        wrong = [*wrong, *refused.extra["errors"]]
    try:
        attendees = check_attendees(plan.service["attendees"], party_size, details.attendees)
    except ValidationError as refused:
        wrong = [*wrong, *refused.extra["errors"]]
    if wrong:
        raise ValidationError(errors=wrong)
    return {
        "customer_name": customer.name,
        "customer_email": customer.email,
        "customer_phone": customer.phone,
        "customer_locale": customer.locale,
        "customer_time_zone": customer.time_zone,
        "customer_note": details.note,
        "answers": answers,
        "attendees": attendees,
        "payment_method": details.payment_method,
        "emergency_reason": details.emergency_reason,
    }
