"""How often a promotion was used, by whom, and what was earned with it: counted from its uses.

A cancelled booking gives its use back, so it counts for nothing here; amounts are minor units of the organization's
currency.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import CharField, Count, F, Max, Q, QuerySet, Sum
from django.db.models.expressions import Value
from django.db.models.functions import Coalesce, Lower, NullIf

from holdfast.bookings.models import BookingState, PromotionUse

GIVEN_BACK = (BookingState.CANCELLED, BookingState.EXPIRED)
MOST_CUSTOMERS = 100


@dataclass(frozen=True, slots=True)
class Usage:
    """`revenue`: the prices of the bookings that stand; `taken_off`: by how much they would have been higher.

    `given_back`: uses of bookings that were cancelled since.
    """

    times: int = 0
    customers: int = 0
    revenue: int = 0
    taken_off: int = 0
    given_back: int = 0

    @property
    def is_unused(self) -> bool:
        return not self.times and not self.given_back


@dataclass(frozen=True, slots=True)
class CustomerUsage:
    """One customer, as for limits: who shares an email address, or without one a telephone number."""

    name: str
    contact: str
    times: int
    revenue: int
    taken_off: int


def usage_of(promotion_ids: Iterable[UUID]) -> dict[UUID, Usage]:
    """By promotion; those that nobody used are there too. Inside the tenant's transaction."""
    wanted = list(promotion_ids)
    stands = ~Q(booking__state__in=GIVEN_BACK)
    found = _uses(wanted).values("promotion_id").annotate(
        times=Count("id", filter=stands),
        customers=Count("customer", filter=stands, distinct=True),
        revenue=Sum("booking__price_amount", filter=stands, default=0),
        off=Sum("taken_off", filter=stands, default=0),
        given_back=Count("id", filter=~stands),
    )  # fmt: skip
    counted = {
        row["promotion_id"]: Usage(row["times"], row["customers"], row["revenue"], row["off"], row["given_back"])
        for row in found
    }
    return {each: counted.get(each, Usage()) for each in wanted}


def by_customer(promotion_id: UUID) -> list[CustomerUsage]:
    """Those who used it most, the most often first, at most MOST_CUSTOMERS. Inside the tenant's transaction."""
    stand = _uses([promotion_id]).exclude(booking__state__in=GIVEN_BACK)
    found = stand.values("customer").annotate(
        name=Max("booking__customer_name"),
        times=Count("id"),
        revenue=Sum("booking__price_amount"),
        off=Sum("taken_off"),
    )  # fmt: skip
    return [
        CustomerUsage(row["name"], row["customer"], row["times"], row["revenue"], row["off"])
        for row in found.order_by("-times", "-revenue", "customer")[:MOST_CUSTOMERS]
    ]


def _uses(promotion_ids: list[UUID]) -> QuerySet[Any]:
    """With the `customer` that each is of."""
    email = NullIf(Lower("booking__customer_email"), Value(""), output_field=CharField())
    return (
        PromotionUse.objects.filter(promotion_id__in=promotion_ids)
        .order_by()
        .annotate(customer=Coalesce(email, F("booking__customer_phone"), output_field=CharField()))
    )
