"""The details as far as they were typed: the form that shows or judges them, and whose limits they let us ask."""

from typing import Any

from holdfast.bookings.availability import plan_cache
from holdfast.bookings.details.columns import Customer
from holdfast.bookings.stops.fields import asked_stops
from holdfast.catalog.models import Organization
from holdfast.wizard.flow import Flow
from holdfast.wizard.forms import DetailsForm


def customer_of(organization: Organization, flow: Flow) -> Customer | None:
    """Who books, as soon as an address was typed. Inside the tenant's transaction."""
    if flow.draft is None or not flow.selection.service:
        return None
    form = form_of(organization, flow, judge=True)
    form.is_valid()
    email, phone = (form.cleaned_data.get(name) or "" for name in ("email", "phone"))
    return Customer(name=form.cleaned_data.get("name") or "", email=email, phone=phone) if email else None


def form_of(organization: Organization, flow: Flow, *, judge: bool) -> DetailsForm:
    plan = plan_cache.plan_for(organization.id, organization.catalog_version, flow.selection.service)
    asked: dict[str, Any] = {
        "organization": organization,
        "questions": plan.questions,
        "is_emergency": bool(flow.selection.type),
        "asked_attendees": plan.service["attendees"],
        "party_size": flow.selection.party,
        "stops": asked_stops(plan, flow.selection.wish()),
    }
    typed = flow.draft
    return DetailsForm(typed or {}, **asked) if judge else DetailsForm(**asked, typed=typed)  # type: ignore[arg-type]
