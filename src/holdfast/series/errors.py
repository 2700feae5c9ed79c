"""Why a series can be refused. Codes are those of the API contract."""

from django.utils.translation import gettext_lazy as _

from holdfast.core.errors import HoldfastError


class SeriesConflict(HoldfastError):
    """`preview`: every date as it is now. Nothing was written."""

    code, status, title = (
        "series_conflict",
        409,
        _("Some of the dates cannot be had as asked; nothing was changed. Choose what to do about each"),
    )


class SeriesNotOffered(HoldfastError):
    code, status, title = "series_not_offered", 422, _("This service is booked one time at a time")


class SeriesCannotMoveSo(HoldfastError):
    code, status, title = (
        "series_cannot_move_so",
        422,
        _("The dates of this series keep their day; choose another time of day, or move the dates one by one"),
    )


class NothingToChange(HoldfastError):
    """`kept`: each date that stays as it is, and why."""

    code, status, title = "nothing_to_change", 409, _("None of these dates can be changed any more")
