"""Who stands at the desk, for which organization, and what they may do there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, update_wrapper
from typing import Any, Concatenate, Literal, ParamSpec

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.db import DataError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render, resolve_url
from django.utils import translation

from holdfast.accounts.models import Membership, Role, User
from holdfast.accounts.queries import memberships_of
from holdfast.alerts.models import Alert
from holdfast.alerts.queries import open_emergencies
from holdfast.bookings.models import Booking, BookingState
from holdfast.bookings.steps import Actor
from holdfast.catalog.models import Organization
from holdfast.core import clock
from holdfast.core.errors import NotFound
from holdfast.core.tenancy import transaction_for
from holdfast.desk.middleware import SESSION_KEY, remember

Right = Literal["see", "change", "configure", "own"]
P = ParamSpec("P")
# Every page shows people's names and addresses: no copy of it stays behind on a shared computer.
NOT_KEPT = "private, no-store"


@dataclass(frozen=True)
class Desk:
    """One person's desk in one organization, for one request."""

    request: HttpRequest
    user: User
    membership: Membership
    memberships: list[Membership]

    @property
    def organization(self) -> Organization:
        return self.membership.organization

    @property
    def zone(self) -> str:
        return self.organization.time_zone

    @property
    def may_change(self) -> bool:
        return self.membership.may_change_bookings

    @property
    def may_configure(self) -> bool:
        return self.membership.may_configure

    @property
    def is_owner(self) -> bool:
        return self.membership.role == Role.OWNER

    @property
    def actor(self) -> Actor:
        return Actor("staff", str(self.user))

    @property
    def may_acknowledge(self) -> bool:
        """Whoever works here, a member of the team above all; not who only looks."""
        return self.membership.role != Role.READ_ONLY

    @cached_property
    def open_alerts(self) -> list[Alert]:
        """Emergencies that nobody takes care of yet: they stand above every page."""
        return open_emergencies()

    @cached_property
    def requests_waiting(self) -> int:
        """How many bookings to come wait for approval."""
        return Booking.objects.filter(state=BookingState.REQUESTED, ends_at__gt=clock.now()).count()

    def page(
        self, template: str, context: Mapping[str, Any], *, section: str = "bookings", status: int = 200
    ) -> HttpResponse:
        """Render inside the shell. Asks the database, so inside the organization's transaction."""
        shell = {
            "desk": self,
            "organization": self.organization,
            "organizations": [each.organization for each in self.memberships],
            "membership": self.membership,
            "section": section,
            "attention_count": self.requests_waiting,
            "zone": self.zone,
            "languages": [translation.get_language_info(code) for code, _name in settings.LANGUAGES],
        }
        return render(self.request, template, {**shell, **context}, status=status)


View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]
DeskView = Callable[Concatenate[Desk, P], HttpResponseBase]


REFUSALS: Mapping[Right, str] = {
    "change": "desk/refused.html",
    "configure": "desk/hours_refused.html",
    "own": "desk/owner_refused.html",
}


def desk_view(*, may: Right = "see", transaction: bool = True, refusal: str = "") -> Callable[[DeskView[P]], View[P]]:
    """A page of the desk: for members only, in their language, seeing one organization's rows and no others.

    The view and its rendering run in one transaction of that organization. A view that changes bookings takes
    `transaction=False`: each action has a transaction of its own, and the view opens one to read.
    What the organization does not have is a 404, whatever exists elsewhere. `refusal`: the page for those who may not.
    """

    def decorate(view: DeskView[P]) -> View[P]:
        def wrapped(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            user = request.user
            if not user.is_authenticated:
                return redirect_to_login(request.get_full_path(), resolve_url(settings.LOGIN_URL))
            with translation.override(user.locale):
                refused = refusal or REFUSALS.get(may, "")
                response = _answer(view, request, user, may, refused, transaction, *args, **kwargs)
                response.headers["Content-Language"] = translation.get_language() or ""
            response.headers.setdefault("Cache-Control", NOT_KEPT)
            return response

        update_wrapper(wrapped, view)
        return wrapped

    return decorate


def _answer(
    view: DeskView[P],
    request: HttpRequest,
    user: User,
    may: Right,
    refused: str,
    transaction: bool,
    *args: P.args,
    **kwargs: P.kwargs,
) -> HttpResponseBase:
    memberships = memberships_of(user)
    if not memberships:
        return render(request, "desk/no_organization.html", status=403)
    desk = Desk(request, user, _chosen(request, memberships), memberships)
    if not {"see": True, "change": desk.may_change, "configure": desk.may_configure, "own": desk.is_owner}[may]:
        with transaction_for(desk.organization.id):
            return desk.page(refused, {}, status=403)
    try:
        if not transaction:
            return view(desk, *args, **kwargs)
        with transaction_for(desk.organization.id):
            return view(desk, *args, **kwargs)
    except (NotFound, DataError):  # the latter: U+0000 was sent, which PostgreSQL has no place for
        with transaction_for(desk.organization.id):
            return desk.page("desk/not_found.html", {}, status=404)


def _chosen(request: HttpRequest, memberships: list[Membership]) -> Membership:
    """The membership the session names; anything else it may say is not believed, and the first is taken."""
    wanted = request.session.get(SESSION_KEY)
    chosen = next((each for each in memberships if str(each.organization_id) == wanted), memberships[0])
    remember(request, chosen.organization_id)
    return chosen
