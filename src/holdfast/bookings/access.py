"""Who may see and change a booking: its signed link's bearer, a key, or staff. To everyone else it does not exist."""

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest

from holdfast.accounts.queries import find_api_key, membership_in
from holdfast.bookings.models import Booking
from holdfast.bookings.steps import CUSTOMER, Actor
from holdfast.core.errors import Forbidden, NotFound
from holdfast.core.signing import read_manage_token

TOKEN_HEADER = "X-Manage-Token"  # noqa: S105 - the header's name


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, and what they may do with the booking they asked for."""

    actor: Actor
    # Whoever may only look is given no link that changes, either.
    may_change: bool
    # A session is sent by the browser unasked, so it may only read here; the desk's own forms write.
    by_session: bool = False
    # Which key or account it is, whatever it is called: `key:<id>`, `user:<id>`.
    who: str = ""


def caller_of(request: HttpRequest, booking: Booking) -> Caller:
    """Inside the tenant's transaction. Raises NotFound for strangers, to whom no booking exists."""
    token = request.headers.get(TOKEN_HEADER) or request.GET.get("token", "")
    if token and read_manage_token(token) == booking.id:
        return Caller(CUSTOMER, may_change=True)
    caller = staff_caller(request, booking.organization_id)
    if caller is None:
        raise NotFound
    return caller


def staff_caller(request: HttpRequest, organization_id: UUID) -> Caller | None:
    """The organization's key or staff who ask, inside its transaction; None for everybody else."""
    secret = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
    if secret and (key := find_api_key(secret)):
        return Caller(Actor("staff", key.name), may_change=key.may_write, who=f"key:{key.id}")
    if request.user.is_authenticated and (membership := membership_in(request.user, organization_id)):
        return Caller(
            Actor("staff", str(request.user)),
            membership.may_change_bookings,
            by_session=True,
            who=f"user:{request.user.pk}",
        )
    return None


def is_key_that_writes(request: HttpRequest, organization_id: UUID) -> bool:
    """Inside the tenant's transaction. Of a request without a key nothing is asked of the database."""
    if "Authorization" not in request.headers:
        return False
    caller = staff_caller(request, organization_id)
    return caller is not None and caller.may_change and not caller.by_session


def find_booking(request: HttpRequest, reference: str) -> tuple[Booking, Caller]:
    """A booking the caller may read. Raises NotFound."""
    booking = booking_by_reference(reference)
    return booking, caller_of(request, booking)


def find_changeable(request: HttpRequest, reference: str) -> tuple[Booking, Caller]:
    """A booking the caller may change, here or by the desk's forms: for saying what a change would do, which writes
    nothing. Raises NotFound, Forbidden.
    """
    booking, caller = find_booking(request, reference)
    if not caller.may_change:
        raise Forbidden
    return booking, caller


def find_writable(request: HttpRequest, reference: str) -> tuple[Booking, Caller]:
    """A booking the caller may change by the API. Raises NotFound, Forbidden."""
    booking, caller = find_changeable(request, reference)
    if caller.by_session:
        raise Forbidden
    return booking, caller


def booking_by_reference(reference: str) -> Booking:
    """Raises NotFound."""
    found = Booking.objects.select_related("service", "chosen_resource").filter(reference=reference.upper()).first()
    if found is None:
        raise NotFound
    return found
