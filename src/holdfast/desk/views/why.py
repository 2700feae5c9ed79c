"""Why a time is free or not: every rule, every resource, and the booking or date that is responsible."""

from django.http import HttpResponseBase

from holdfast.bookings.availability import explanation
from holdfast.bookings.availability.plan_cache import plan_for, question_of
from holdfast.catalog.models import Service
from holdfast.core import clock
from holdfast.core.errors import HoldfastError
from holdfast.desk.access import Desk, desk_view
from holdfast.desk.forms import WhyForm
from holdfast.desk.reasons import reason, resource_reasons
from holdfast.domain import hours


@desk_view(may="see")
def why(desk: Desk) -> HttpResponseBase:
    """The address asks: `service`, `type`, `duration`, `party_size`, `resource`, `time` on the local clock."""
    services = list(Service.objects.filter(is_active=True))
    wanted = desk.request.GET.get("service", "")
    known = any(service.slug == wanted for service in services)
    plan = plan_for(desk.organization.id, desk.organization.catalog_version, wanted) if known else None
    form = WhyForm(desk.request.GET, services, plan)
    context: dict[str, object] = {"form": form}
    wish = form.wish()
    if wish is not None and form.cleaned_data.get("time"):
        start = hours.to_minute(desk.zone, form.cleaned_data["time"])
        try:
            question = question_of(desk.organization, wish, clock.now())
        except HoldfastError as error:
            errors = error.extra.get("errors") or [{"message": str(error.detail)}]
            context["impossible"] = " ".join(str(each["message"]) for each in errors)
        else:
            # Staff may ask about anybody, and hear what customers meet: their notice is not waived.
            found = explanation.explain(question.as_customers(clock.now()), start)
            context |= {
                "found": found,
                "starts_at": clock.from_minute(start),
                "rules": [reason(verdict, desk.zone) for verdict in found.verdicts],
                "resources": [resource_reasons(each, desk.zone) for each in found.resources],
            }
    return desk.page("desk/why.html", context)
