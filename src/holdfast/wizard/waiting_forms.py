"""Joining the waiting list, and the few things still asked when an offered time is booked."""

from collections.abc import Iterable
from datetime import date

from django.http import QueryDict
from django.utils.translation import gettext as _

from holdfast.bookings.details.columns import Customer, Details
from holdfast.bookings.stops.fields import AskedStop
from holdfast.catalog.models import Organization
from holdfast.waiting.forms import TimesForm
from holdfast.waiting.models import WaitingEntry
from holdfast.wizard.forms import DetailsForm, Question


class JoinForm(TimesForm, DetailsForm):
    """When it would suit, and who waits. `times()` and `customer()` once it is valid."""

    def __init__(self, data: QueryDict | None = None, *, organization: Organization, first: date) -> None:
        super().__init__(data, organization=organization, questions=())
        self.initial.update(first=first, last=first)
        del self.fields["note"]
        self.fields["email"].help_text = _("When a time becomes free, we write to you here.")
        self.fields["email"].error_messages["required"] = _("Please give your email address.")
        self.fields["phone"].help_text = ""
        self.order_fields(["first", "last", "since", "until", "name", "email", "phone"])

    def customer(self, *, locale: str, time_zone: str) -> Customer:
        given = self.cleaned_data
        return Customer(given["name"], given["email"], given["phone"], locale, time_zone)


class ClaimForm(DetailsForm):
    """The service's questions, who comes and a note: who books is known from the waiting list."""

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        organization: Organization,
        questions: Iterable[Question],
        asked_attendees: str,
        entry: WaitingEntry,
        stops: Iterable[AskedStop] = (),
    ) -> None:
        super().__init__(
            data,
            organization=organization,
            questions=questions,
            asked_attendees=asked_attendees,
            party_size=entry.party_size,
            stops=stops,
        )
        self._entry = entry
        for known in ("name", "email", "phone"):
            del self.fields[known]

    def details(self, *, locale: str, time_zone: str, payment_method: str) -> Details:
        entry = self._entry
        self.cleaned_data |= {
            "name": entry.customer_name,
            "email": entry.customer_email,
            "phone": entry.customer_phone,
        }
        return super().details(locale=locale, time_zone=time_zone, payment_method=payment_method)
