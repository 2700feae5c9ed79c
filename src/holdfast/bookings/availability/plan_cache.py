"""Plans in memory, each as long as the catalog is unchanged."""

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from uuid import UUID

from holdfast.bookings.availability.document import document_of
from holdfast.bookings.availability.plan import ServicePlan, compile_plan
from holdfast.bookings.availability.question import Question, Wish, ask
from holdfast.catalog.models import Organization
from holdfast.core import clock
from holdfast.core.errors import NotFound

KEPT_IN_MEMORY = 512


class PlanCache:
    """The plans used last, by organization and service; one is used only for the catalog version it was made from."""

    def __init__(self) -> None:
        self._plans: OrderedDict[tuple[UUID, str], ServicePlan] = OrderedDict()

    def get(self, organization_id: UUID, service: str, version: int, today: date) -> ServicePlan | None:
        plan = self._plans.get((organization_id, service))
        if plan is None or plan.version != version or plan.compiled_on != today:
            return None
        return plan

    def newest(self, organization_id: UUID, service: str, today: date) -> ServicePlan | None:
        """The plan of today, whatever version: for whoever compares versions afterwards."""
        plan = self._plans.get((organization_id, service))
        return plan if plan is not None and plan.compiled_on == today else None

    def put(self, organization_id: UUID, service: str, plan: ServicePlan) -> None:
        self._plans[organization_id, service] = plan
        self._plans.move_to_end((organization_id, service))
        while len(self._plans) > KEPT_IN_MEMORY:
            self._plans.popitem(last=False)


plans = PlanCache()
_tentative: ContextVar[PlanCache | None] = ContextVar("tentative_plans", default=None)


def plan_for(organization_id: UUID, version: int, service: str) -> ServicePlan:
    """The service's plan, from memory if the catalog is unchanged. Inside a tenant's transaction. Raises NotFound."""
    today = clock.now().date()
    kept = _tentative.get() or plans
    plan = kept.get(organization_id, service, version, today)
    if plan is None:
        document = document_of(service)
        if document is None:
            raise NotFound
        plan = compile_plan(document, today)
        kept.put(organization_id, service, plan)
    return plan


@contextmanager
def tentative_plans() -> Iterator[None]:
    """Around a transaction that changes the catalog and may roll back: its plans are made anew and forgotten after it.

    The version that such a plan was made from goes back with the change, and the next change gets the same number.
    """
    token = _tentative.set(PlanCache())
    try:
        yield
    finally:
        _tentative.reset(token)


def question_of(organization: Organization, wish: Wish, now: datetime) -> Question:
    """A wish judged against the service as it is now. Raises NotFound (the service) and what `ask` raises."""
    return ask(plan_for(organization.id, organization.catalog_version, wish.service), wish, now)
