"""Using a promotion's code: exactly as often as it may be used, however many want it at once.

Nothing is stored but who used it: a use counts as long as its booking is not cancelled, so cancelling gives it back
(docs/algorithms/pricing.md).
"""

from collections.abc import Iterable, Mapping
from uuid import UUID

from holdfast.bookings.availability.question import Question
from holdfast.bookings.details.columns import Customer
from holdfast.bookings.errors import PromotionInvalid
from holdfast.bookings.models import Booking, PromotionUse
from holdfast.core import clock, locking, statements
from holdfast.core.rows import insert
from holdfast.domain.pricing.promotions import Promotion, Used
from holdfast.pricing.terms import code_key

USED_UP = ("used_up", "used_up_by_customer")
# By everybody, and by who shares the email address or the telephone number: the same customer as for limits.
USED = """
SELECT count(*), count(*) FILTER (WHERE lower(b.customer_email) = lower(%(email)s)
    OR (b.customer_phone <> '' AND b.customer_phone = %(phone)s))
FROM bookings_promotionuse u JOIN bookings_booking b ON b.id = u.booking_id
WHERE u.promotion_id = %(promotion)s AND b.state NOT IN ('cancelled', 'expired')
"""


def check(question: Question, start: int, customer: Customer | None = None) -> None:
    """Before a time is booked: whether its code would be given, as far as is known by now. Raises PromotionInvalid."""
    if question.promotion is not None:
        email, phone = (customer.email, customer.phone) if customer else ("", "")
        _refuse_unless_given(question, start, _used(question.promotion, email, phone))


def redeem(question: Question, start: int, customer: Customer, *, quoted: bool = False) -> Promotion | None:
    """The promotion of the wish's code, for whoever books: from here to the commit nobody else can use it.

    `quoted`: it was promised, and only that it is used up can be said against it.
    After the limits' locks and before any place is claimed (core/locking.py). Without a code nothing is asked of the
    database. Raises PromotionInvalid.
    """
    promotion = question.promotion
    if promotion is None:
        return None
    if promotion.uses is not None or promotion.uses_each is not None:
        locking.lock_limits([locking.number_of("promotion", promotion.id)])
    _refuse_unless_given(question, start, _used(promotion, customer.email, customer.phone), quoted=quoted)
    return promotion


def use_again(booking: Booking, codes: Mapping[str, Promotion]) -> None:
    """Before an expired booking stands again, which gave its code's use back: whether one is left for it.

    It keeps the price it was promised, so only that is asked; a code that is gone limits nothing. Locks as `redeem`.
    Raises PromotionInvalid.
    """
    promotion = codes.get(code_key(booking.promo_code)) if booking.promo_code else None
    if promotion is None or (promotion.uses is None and promotion.uses_each is None):
        return
    locking.lock_limits([locking.number_of("promotion", promotion.id)])
    used = _used(promotion, booking.customer_email, booking.customer_phone)
    if promotion.uses is not None and used.by_all >= promotion.uses:
        raise PromotionInvalid.because("used_up", {"uses": promotion.uses})
    if promotion.uses_each is not None and used.by_customer >= promotion.uses_each:
        raise PromotionInvalid.because("used_up_by_customer", {"uses": promotion.uses_each})


def record(booking: Booking, promotion: Promotion | None) -> None:
    """Write down which promotions a booking used, in its transaction: the one of its code, and those for everybody.

    A booking whose price has none asks nothing of the database.
    """
    if found := _uses_of(booking, promotion):
        insert(*found)


def record_anew(booking: Booking, promotion: Promotion | None) -> None:
    """The same of a booking whose price is another now: what it has used stays used, as it was, and counts once."""
    if found := _uses_of(booking, promotion):
        PromotionUse.objects.bulk_create(found, ignore_conflicts=True)


def record_all(bookings: Iterable[Booking]) -> None:
    """The same for a series, which takes no code."""
    PromotionUse.objects.bulk_create([use for booking in bookings for use in _uses_of(booking, None)])


def _uses_of(booking: Booking, promotion: Promotion | None) -> list[PromotionUse]:
    taken_off = {promotion.id: 0} if promotion else {}
    codes = {promotion.id: promotion.code} if promotion else {}
    for line in booking.price_lines:
        if line["kind"] == "promotion":
            taken_off[line["rule"]] = taken_off.get(line["rule"], 0) - line["amount"]
    return [
        PromotionUse(
            organization_id=booking.organization_id,
            booking_id=booking.id,
            promotion_id=UUID(promotion_id),
            code=codes.get(promotion_id, ""),
            taken_off=amount,
            at=clock.now(),
        )
        for promotion_id, amount in taken_off.items()
    ]


def _used(promotion: Promotion, email: str, phone: str) -> Used:
    if promotion.uses is None and promotion.uses_each is None:
        return Used()
    row = statements.one(USED, {"promotion": UUID(promotion.id), "email": email, "phone": phone})
    return Used(*row) if row else Used()


def _refuse_unless_given(question: Question, start: int, used: Used, *, quoted: bool = False) -> None:
    promotion = question.promotion
    if promotion is None:
        return
    refused = question.quoted(start, {promotion.id: used}).refused
    if refused and (not quoted or refused[0].reason in USED_UP):
        raise PromotionInvalid.because(refused[0].reason, refused[0].params)
