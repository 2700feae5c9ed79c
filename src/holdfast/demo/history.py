"""What becomes of a booking: the steps that the real actions would have taken, with their times and reasons."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from holdfast.bookings.details.columns import Customer, Details, details_columns, slot_columns
from holdfast.bookings.details.paying import agree
from holdfast.bookings.places.placing import Placement
from holdfast.bookings.steps import CUSTOMER, SYSTEM, Actor
from holdfast.core import clock
from holdfast.demo.chance import chance, key_at, reference
from holdfast.demo.demand import Asked
from holdfast.demo.spec import OrganizationSpec, ServiceSpec
from holdfast.domain.lifecycle import Action, State
from holdfast.pricing.models import PaymentMethod

BY_TELEPHONE = 0.12
DECLINED = 0.05
WITH_A_CUSTOMERS_NOTE = 0.12
WITH_A_STAFF_NOTE = 0.07
NO_SHOW_AFTER = timedelta(minutes=20)


@dataclass(frozen=True, slots=True)
class Step:
    """One transition, and when, by whom and why."""

    action: Action
    source: str
    target: State
    actor: Actor
    at: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Story:
    """A booking and its steps so far. `version` is the one before the first step; `columns` only for a new booking."""

    booking_id: UUID
    reference: str
    version: int
    steps: tuple[Step, ...]
    columns: dict[str, Any] = field(default_factory=dict)
    placement: Placement | None = None
    note: tuple[str, str, datetime] | None = None  # author, text, when

    @property
    def state(self) -> State:
        return self.steps[-1].target

    def so_far(self, now: datetime) -> "Story":
        """Without what lies in the future."""
        note = self.note if self.note and self.note[2] <= now else None
        return replace(self, steps=tuple(step for step in self.steps if step.at <= now), note=note)


def tell(spec: OrganizationSpec, asked: Asked, placement: Placement) -> Story:
    """The whole story of a placed wish, future included."""
    rng = asked.rng
    created = clock.from_minute(asked.created)
    notes = asked.spec.customer_notes.get(asked.customer.locale, ())
    person = asked.customer
    details = Details(
        customer=Customer(person.name, person.email, person.phone, person.locale, person.time_zone),
        answers=asked.spec.answers(rng, person.email, person.locale),
        note=rng.choice(notes) if notes and rng.random() < WITH_A_CUSTOMERS_NOTE else "",
        payment_method=PaymentMethod.ON_SITE if asked.plan.service["price_amount"] else PaymentMethod.NONE,
    )
    noted = created + timedelta(minutes=rng.randrange(20, 60 * 24))
    has_note = rng.random() < WITH_A_STAFF_NOTE
    return Story(
        booking_id=key_at(created, rng),
        reference=reference(rng),
        version=0,
        steps=tuple(_steps(spec, asked, placement, created)),
        columns={
            **slot_columns(placement),
            **details_columns(
                asked.plan, details, placement.question.wish.type, party_size=placement.question.wish.party_size
            ),
            "time_zone": asked.plan.time_zone,
        },
        placement=placement,
        note=(_dispatcher(spec).name, rng.choice(spec.staff_notes), noted) if has_note else None,
    )


def finish(
    spec: OrganizationSpec,
    *,
    key: UUID,
    reference: str,
    version: int,
    state: str,
    service: ServiceSpec | None,
    starts_at: datetime,
    ends_at: datetime,
    now: datetime,
) -> Story | None:
    """What happened to a booking whose time has come while the demo was stopped; None if nothing is due."""
    rng, staff = chance("finish", key), _dispatcher(spec)
    steps: list[Step] = []
    if state == State.REQUESTED:
        steps.append(Step(Action.CONFIRM, state, State.CONFIRMED, staff, starts_at - timedelta(minutes=30)))
    is_started = service is None or service.demand.is_started
    if is_started and state != State.IN_PROGRESS:
        steps.append(Step(Action.START, State.CONFIRMED, State.IN_PROGRESS, staff, starts_at))
    done = ends_at + timedelta(minutes=rng.randrange(1, 12))
    source = steps[-1].target if steps else State(state)
    steps.append(Step(Action.COMPLETE, source, State.COMPLETED, staff if is_started else SYSTEM, done))
    story = Story(key, reference, version, tuple(steps)).so_far(now)
    return story if story.steps else None


def _steps(spec: OrganizationSpec, asked: Asked, placement: Placement, created: datetime) -> list[Step]:
    rng, demand = asked.rng, asked.spec.demand
    staff = _dispatcher(spec)
    first = agree(asked.plan, PaymentMethod.ON_SITE, 0).state
    by_telephone = first == State.CONFIRMED and rng.random() < BY_TELEPHONE
    steps = [Step(Action.BOOK, "", first, staff if by_telephone else CUSTOMER, created)]
    lead = placement.starts_at - created
    if first == State.REQUESTED:
        answered = created + min(timedelta(minutes=rng.randrange(8, 420)), lead * 0.8)
        if rng.random() < DECLINED:
            reason = rng.choice(spec.staff_cancel_reasons)
            return [*steps, Step(Action.CANCEL, first, State.CANCELLED, staff, answered, reason)]
        steps.append(Step(Action.CONFIRM, first, State.CONFIRMED, staff, answered))
    if rng.random() < demand.cancelled:
        at = max(created + lead * rng.uniform(0.05, 0.97), steps[-1].at + timedelta(minutes=1))
        return [*steps, _cancellation(spec, asked, placement, at)]
    return [*steps, *_service_day(asked, placement, staff)]


def _cancellation(spec: OrganizationSpec, asked: Asked, placement: Placement, at: datetime) -> Step:
    """By the customer while they may, afterwards by staff."""
    rng = asked.rng
    notice = timedelta(minutes=int(asked.plan.organization["cancellation_notice_minutes"]))
    by_customer = at <= placement.starts_at - notice and rng.random() < 0.85
    words = spec.cancel_reasons.get(asked.customer.locale, ("",)) if by_customer else spec.staff_cancel_reasons
    actor = CUSTOMER if by_customer else _dispatcher(spec)
    return Step(Action.CANCEL, State.CONFIRMED, State.CANCELLED, actor, at, rng.choice(words))


def _service_day(asked: Asked, placement: Placement, staff: Actor) -> list[Step]:
    rng, demand = asked.rng, asked.spec.demand
    if rng.random() < demand.missed:
        at = placement.starts_at + NO_SHOW_AFTER
        return [Step(Action.NO_SHOW, State.CONFIRMED, State.NO_SHOW, staff, at)]
    done = placement.ends_at + timedelta(minutes=rng.randrange(1, 12))
    if not demand.is_started:
        return [Step(Action.COMPLETE, State.CONFIRMED, State.COMPLETED, SYSTEM, done)]
    begun = placement.starts_at + timedelta(minutes=rng.randrange(4))
    return [
        Step(Action.START, State.CONFIRMED, State.IN_PROGRESS, staff, begun),
        Step(Action.COMPLETE, State.IN_PROGRESS, State.COMPLETED, staff, done),
    ]


def _dispatcher(spec: OrganizationSpec) -> Actor:
    """The person who runs the day."""
    runs_the_day = [person for person in spec.staff if person.role in ("dispatcher", "manager")]
    return Actor("staff", runs_the_day[0].name)
