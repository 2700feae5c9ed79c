"""Going beyond a limit at the desk: asked for once a limit has refused, and only with a reason."""

from collections.abc import Mapping

from django.http import HttpRequest

from holdfast.bookings.limits.overrides import Override


def goes_beyond(request: HttpRequest) -> bool:
    """Whether the times that only a limit refuses are shown, too (`?beyond=1`), and a reason is asked for."""
    return request.GET.get("beyond") == "1" or "beyond" in request.POST


def asks_for_reason(sent: Mapping[str, str]) -> bool:
    """Whether the form had the field for a reason and it was left empty."""
    return "beyond" in sent and not sent.get("override", "").strip()


def override_of_series(sent: Mapping[str, str]) -> Override | None:
    """For several dates nobody must go beyond a limit: a reason that was left empty leaves their conflicts."""
    reason = sent.get("override", "").strip()[:500]
    return Override(reason) if reason else None


def override_of(sent: Mapping[str, str]) -> Override | None:
    reason = sent.get("override", "").strip()[:500]
    return Override(reason) if "beyond" in sent and reason else None
