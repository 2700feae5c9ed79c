"""Why a resource that does not serve a service is not on offer in it: what the service asks for."""

from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from holdfast.bookings.availability import explanation
from holdfast.bookings.availability.plan import ServicePlan
from holdfast.bookings.availability.question import Question, Wish, ask
from holdfast.catalog.models import Requirement, Resource
from holdfast.core import clock
from holdfast.core.errors import NotFound


def question_in_full(plan: ServicePlan, wish: Wish) -> Question | None:
    """A question as customers ask it, but also about what only staff can choose; None when it does not serve here.

    Raises what `question.ask` raises, and NotFound when there is no such resource.
    """
    now = clock.now()
    for by_staff in (False, True):
        try:
            return ask(plan, replace(wish, by_staff=by_staff), now).as_customers(now)
        except NotFound:
            if not Resource.objects.filter(slug=wish.resource).exists():
                raise
    return None


def document(plan: ServicePlan, wish: Wish, start: int) -> dict[str, Any]:
    """As `explanation.document` in full: the rules of the service, and of each requirement what it asks for."""
    resource = Resource.objects.get(slug=wish.resource)
    anyone = ask(plan, replace(wish, resource=None), clock.now())
    said = explanation.document(explanation.explain(anyone, start), anyone, in_full=True)
    needs = Requirement.objects.filter(service_id=plan.service_id).select_related("team").order_by("position", "id")
    return said | {
        "offered": False,
        "code": NotFound.code,
        "sentence": _("Does not serve it"),
        "alternatives": [],
        "resources": [
            {
                "requirement": str(need.id),
                "slug": resource.slug,
                "name": resource.name,
                "could_serve": False,
                "rules": [
                    {"rule": "in_use", "holds": resource.is_active},
                    {"rule": "fits", "holds": False, "asks": _asks(need)},
                ],
            }
            for need in needs
        ],
    }


def _asks(need: Requirement) -> dict[str, Any]:
    return {
        "kind": need.kind,
        "team": need.team.slug if need.team else None,
        "skills": sorted(need.skills),
        "attributes": need.attributes,
    }
