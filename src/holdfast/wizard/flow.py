"""What one customer is in the middle of, kept in the session, for each organization apart."""

import hashlib
import secrets
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.http import HttpRequest, QueryDict

from holdfast.bookings import unpaid as waiting_for_a_card
from holdfast.bookings.availability.question import Wish
from holdfast.bookings.details.columns import Details
from holdfast.bookings.errors import HoldExists, HoldExpired
from holdfast.bookings.holds import actions as holds
from holdfast.bookings.holds.holders import Holder
from holdfast.bookings.models import Booking, BookingState
from holdfast.catalog.models import Organization
from holdfast.core import clock
from holdfast.core.addresses import network_of
from holdfast.core.errors import HoldfastError, ValidationError
from holdfast.core.tenancy import transaction_for
from holdfast.domain.pricing.paying import Tip
from holdfast.wizard.selection import Selection

_SESSION_KEY = "wizard"
NOT_CHOSEN: tuple[str, Tip | None] = ("", None)
_MOST_REMEMBERED = 20
_NEVER_KEPT = frozenset({"csrfmiddlewaretoken"})
# Whoever sits down next at a shared device is shown nobody's booking: its link changes it, and it is in the mail.
SHOWN_FOR = timedelta(minutes=30)


class Flow:
    """The session's part for an organization: the selection, the hold, what was typed, what was booked."""

    def __init__(self, request: HttpRequest, organization: Organization) -> None:
        self._session, self._organization = request.session, organization
        self._network = network_of(request)
        self.is_framed = bool(getattr(request, "framed", False))  # inside another site's page (embed/cookies.py)
        self._kept: dict[str, Any] = dict(request.session.get(_SESSION_KEY, {}).get(organization.slug, {}))

    @property
    def selection(self) -> Selection:
        return Selection.read(self._kept.get("selection", {}))

    @property
    def hold_id(self) -> UUID | None:
        found = self._kept.get("hold")
        return UUID(found) if found else None

    @property
    def series(self) -> dict[str, Any] | None:
        """How the held time is to be repeated (`series/choices.py:Choices`); None: once."""
        kept = self._kept.get("series")
        return kept if kept and kept.get("how") != "once" else None

    def repeat(self, choices: dict[str, Any]) -> None:
        """Remember it; what is booked is then another thing, with a key of its own."""
        self._keep(series=choices, key=secrets.token_urlsafe(24))

    @property
    def key(self) -> str:
        """The idempotency key of the booking in preparation: a new one for each hold and each change of details."""
        return str(self._kept.get("key", ""))

    @property
    def draft(self) -> QueryDict | None:
        """What was typed into the details, as it was sent; None before anything was."""
        typed = self._kept.get("draft")
        return None if typed is None else QueryDict(typed)

    @property
    def draft_version(self) -> str:
        """Changes with each draft that is sent; "" before the first."""
        typed = self._kept.get("draft")
        return "" if typed is None else hashlib.blake2b(typed.encode(), digest_size=8).hexdigest()

    @property
    def booked(self) -> dict[str, str]:
        """Idempotency key → reference of what was booked in this session, latest last."""
        return dict(self._kept.get("booked", {}))

    def is_of_another_page(self, shown: Selection) -> bool:
        """Whether a page shows another service or time than this browser has chosen last, in another tab."""
        chosen = self.selection
        return bool(shown.at) and (shown.service, shown.at) != (chosen.service, chosen.at)

    def hold(self, selection: Selection) -> Booking:
        """Hold the selection's time; a former hold moves here. Raises what `holds.hold` raises."""
        starts_at = selection.starts_at
        assert starts_at is not None  # noqa: S101 - the view asked
        try:
            held = self._hold(selection.wish(), starts_at, self.hold_id)
        except HoldExists as other:  # a tap on another page of this browser was faster: its hold moves here
            held = self._hold(selection.wish(), starts_at, UUID(other.extra["hold"]))
        same = asdict(selection) == self._kept.get("selection")
        again = {"series": self._kept["series"]} if same and "series" in self._kept else {"series": None}
        typed = {"draft": self._kept["again"]["draft"]} if "draft" in self._kept.get("again", {}) else {}
        typed |= {"draft": self._kept["draft"]} if "draft" in self._kept else {}
        self._keep(selection=asdict(selection), hold=str(held.id), key=secrets.token_urlsafe(24), **again, **typed)
        if self.paying != NOT_CHOSEN:
            with suppress(ValidationError):  # not offered any more, or not for this service: then it is chosen anew
                return self.pay_by(*self.paying)
            self._keep(paying=None)
        return held

    def _hold(self, wish: Wish, starts_at: datetime, replaces: UUID | None) -> Booking:
        if not self._session.session_key:
            self._session.create()  # its key tells this browser's holds from others'
        holder = Holder.of(f"session {self._session.session_key}", address=self._network)
        return holds.hold(
            organization=self._organization, wish=wish, starts_at=starts_at, replaces=replaces, holder=holder
        )

    def held(self) -> Booking | None:
        """The hold that stands, inside the tenant's transaction; None when there is none or it has run out."""
        if self.hold_id is None:
            return None
        return (
            Booking.objects.select_related("service", "chosen_resource")
            .filter(id=self.hold_id, state=BookingState.HELD, hold_expires_at__gt=clock.now())
            .first()
        )

    def held_again(self) -> Booking | None:
        """The hold that stands, or the same time held anew if the hold has run out; None when nothing was chosen.

        Raises what `holds.hold` raises.
        """
        with transaction_for(self._organization.id):
            held = self.held()
        if held is not None or self.selection.starts_at is None:
            return held
        return self.hold(self.selection)

    def give_code(self, code: str, details: Details | None) -> None:
        """Price the held time with a promotion's code, or without one. Raises HoldExpired, PromotionInvalid."""
        if self.hold_id is None:
            raise HoldExpired
        customer = details.customer if details else None
        method, tip = self.paying
        holds.give_code(
            organization=self._organization, hold_id=self.hold_id, code=code, customer=customer, method=method, tip=tip
        )
        self._keep(key=secrets.token_urlsafe(24))

    def refuse_code(self, typed: str, why: str) -> None:
        """Remember a code that is not given, until its field is shown again."""
        self._keep(refused_code=[typed, why])

    def refused_code(self) -> tuple[str, str]:
        """(what was typed, why it is refused), told once: who loads the page again has read it."""
        if "refused_code" not in self._kept:
            return "", ""
        typed, why = self._kept.pop("refused_code")
        self._save()
        return typed, why

    @property
    def paying(self) -> tuple[str, Tip | None]:
        """The payment method and the tip that were chosen."""
        kept = self._kept.get("paying")
        if not kept:
            return NOT_CHOSEN
        method, amount, percent = kept
        return method, Tip(amount, Fraction(percent)) if amount or percent else None

    def pay_by(self, method: str, tip: Tip | None) -> Booking:
        """Price the held time paid like this. Raises HoldExpired, ValidationError for what is not offered."""
        if self.hold_id is None:
            raise HoldExpired
        held = holds.choose_paying(organization=self._organization, hold_id=self.hold_id, method=method, tip=tip)
        chosen = [method, tip.amount if tip else 0, int(tip.percent) if tip else 0]
        self._keep(paying=chosen, key=secrets.token_urlsafe(24))
        return held

    def extend(self) -> datetime | None:
        """Keep the time a little longer, holding it anew if need be; until when. Raises what `holds.hold` raises."""
        held = self.held_again()
        if held is None:
            return None
        extended = holds.extend_hold(organization=self._organization, hold_id=held.id)
        return extended.hold_expires_at

    def type(self, sent: QueryDict) -> None:
        """Remember what was typed, right or wrong."""
        kept = sent.copy()
        for name in _NEVER_KEPT & set(kept):
            del kept[name]
        self._keep(draft=kept.urlencode(), key=secrets.token_urlsafe(24))

    def finish(self, key: str, reference: str, *, unpaid: bool = False) -> None:
        """The booking is made: forget the selection and what was typed, remember the reference.

        `unpaid`: its time still waits for a card, so it may be that all is chosen anew.
        """
        booked = [*self.booked.items(), (key, reference)][-_MOST_REMEMBERED:]
        done = {"service": self.selection.service, "at": self.selection.at}
        again = {name: self._kept[name] for name in ("selection", "draft") if name in self._kept} if unpaid else {}
        longest = SHOWN_FOR + waiting_for_a_card.LONGEST if unpaid else SHOWN_FOR
        until = {**self._kept.get("shown_until", {}), reference: (clock.now() + longest).isoformat()}
        shown_until = {each: until[each] for _key, each in booked if each in until}
        self._kept = {"booked": dict(booked), "shown_until": shown_until, "done": done, "again": again}
        self._save()

    def settle(self, reference: str) -> None:
        """No card is waited for any more: what was typed for it goes, and it is shown no longer than others are."""
        if self._kept.get("again") and reference == self.latest:
            until = (clock.now() + SHOWN_FOR).isoformat()
            self._keep(again={}, shown_until={**self._kept.get("shown_until", {}), reference: until})

    def forget(self) -> None:
        """Give the held time back, and keep nothing more of this organization; what was booked stays booked."""
        if self.hold_id is not None:
            with suppress(HoldfastError):  # it became a booking, or is gone
                holds.release_hold(organization=self._organization, hold_id=self.hold_id)
        self._kept = {}
        others = {
            slug: kept for slug, kept in self._session.get(_SESSION_KEY, {}).items() if self._organization.slug != slug
        }
        if others:
            self._session[_SESSION_KEY] = others
        else:
            self._session.pop(_SESSION_KEY, None)

    @property
    def latest(self) -> str:
        """The reference of what was booked last in this session; "" for nothing."""
        return next(reversed(self.booked.values()), "")

    def shows(self, reference: str) -> bool:
        """Whether it was booked in this session, and not so long ago that somebody else may sit here by now."""
        until = clock.read(self._kept.get("shown_until", {}).get(reference, ""))
        return until is not None and clock.now() < until

    @property
    def given_back(self) -> Selection | None:
        """What was chosen for the booking that waits for its card; None when none does."""
        kept = self._kept.get("again", {}).get("selection")
        return Selection.read(kept) if kept else None

    def has_just_booked(self, asked: Selection) -> bool:
        """Whether a step is asked for whose booking is made: somebody went back, or asks for no time in particular."""
        done = self._kept.get("done") if self.shows(self.latest) else None
        return done is not None and (not asked.service or done == {"service": asked.service, "at": asked.at})

    def _keep(self, **more: Any) -> None:
        self._kept |= more
        self._save()

    def _save(self) -> None:
        self._session[_SESSION_KEY] = {**self._session.get(_SESSION_KEY, {}), self._organization.slug: self._kept}
