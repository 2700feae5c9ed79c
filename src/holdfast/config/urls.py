"""Every address, in one table."""

from django.urls import include, path

from holdfast.config.admin_site import site as admin_site
from holdfast.config.api import api
from holdfast.config.old_api import bookings as old_bookings

handler404 = "holdfast.config.error_pages.not_found"
handler500 = "holdfast.config.error_pages.failed"

urlpatterns = [
    path("admin/", admin_site.urls),
    path("api/v1/", api.urls),
    path("api/bookings", old_bookings),
    path("demo/", include("holdfast.demo.urls")),
    path("desk/", include("holdfast.desk.urls")),
    path("", include("holdfast.payments.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    # What begins with an organization's own address comes last.
    path("", include("holdfast.device.urls")),
    path("", include("holdfast.portal.urls")),
    path("", include("holdfast.embed.urls")),
    path("", include("holdfast.wizard.urls")),
]
