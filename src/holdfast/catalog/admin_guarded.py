"""Saving in the admin tries the change first, and asks before it breaks a booking."""

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict

from holdfast.accounts.tenant_admin import TenantAdmin, organization_of
from holdfast.catalog import guards
from holdfast.core import locking

ACCEPTED, REASON = "keep_bookings", "keep_reason"


class GuardedAdmin(TenantAdmin):
    """For all that decides when a booking may be.

    The change is made in a savepoint (Django's own, around each form); if it breaks bookings, the savepoint is undone
    and the form comes back with their list and a box to keep them as they are. The box holds their references: a
    booking made in the meantime is asked about again.
    """

    change_form_before_template = "catalog/admin/broken_bookings.html"
    delete_confirmation_template = "catalog/admin/delete_confirmation.html"

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except guards.BookingsWouldBreak as refusal:
            request.refused = refusal  # type: ignore[attr-defined]
            return super().changeform_view(request, object_id, form_url, self._context(refusal, extra_context))

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        form.would_break = hasattr(request, "refused")
        return form

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        self._remember(request)
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        self._check(request, form.instance)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        found = self.get_object(request, object_id)
        context = {"bookings_count": self.bookings_count(found) if found else 0, **(extra_context or {})}
        try:
            response: HttpResponse = super().delete_view(request, object_id, context)
        except guards.BookingsWouldBreak as refusal:
            request.method = "GET"
            request.POST = QueryDict()
            response = super().delete_view(request, object_id, self._context(refusal, context))
        return response

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        self._remember(request)
        key = obj.pk
        super().delete_model(request, obj)
        obj.pk = key  # Django forgets it, the event names it
        self._check(request, obj)

    def bookings_count(self, obj: Any) -> int:
        """How many bookings keep a row from being deleted."""
        return 0

    def _remember(self, request: HttpRequest) -> None:
        locking.change_catalog()
        request.broken_before = guards.broken_bookings(organization_of(request).pk)  # type: ignore[attr-defined]

    def _check(self, request: HttpRequest, obj: Any) -> None:
        organization_id = organization_of(request).pk
        kept = guards.check_nothing_breaks(
            organization_id=organization_id,
            before=request.broken_before,  # type: ignore[attr-defined]
            accepted=request.POST.get(ACCEPTED, "").split(),
        )
        if kept:
            guards.record_override(
                organization_id=organization_id,
                subject=obj.pk,
                subject_name=f"{obj._meta.verbose_name} {obj}",
                bookings=kept,
                by=request.user,
                reason=request.POST.get(REASON, "").strip()[:500],
            )

    @staticmethod
    def _context(refusal: guards.BookingsWouldBreak, context: dict[str, Any] | None) -> dict[str, Any]:
        references = " ".join(booking.reference for booking in refusal.bookings)
        return {**(context or {}), "broken_bookings": refusal.bookings, "broken_references": references}
