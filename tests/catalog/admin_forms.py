"""What a browser would send: the fields of an admin page as it was shown, and inline rows in their counted form."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Model
from django.test import Client


def shown(client: Client, address: str) -> dict[str, str]:
    """Everything the page's form would post unchanged."""
    response = client.get(address)
    assert response.status_code == 200, response.status_code
    context = response.context
    forms = [context["adminform"].form]
    for inline in context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    posted: dict[str, str] = {}
    for form in forms:
        for bound in form:
            _put(posted, bound.html_name, bound.value(), bound.field)
    return posted


def rows(prefix: str, given: Sequence[Mapping[str, Any]], kept: Sequence[Model] = ()) -> dict[str, str]:
    """Inline rows: first changes of `kept` rows (their fields must be given whole), then new ones."""
    posted = {f"{prefix}-TOTAL_FORMS": str(len(given)), f"{prefix}-INITIAL_FORMS": str(len(kept))}
    for number, row in enumerate(given):
        posted |= {f"{prefix}-{number}-{name}": str(value) for name, value in row.items()}
        if number < len(kept):
            posted[f"{prefix}-{number}-id"] = str(kept[number].pk)
    return posted


def _put(posted: dict[str, str], name: str, value: Any, field: Any) -> None:
    """A widget of several inputs posts one value for each."""
    if hasattr(field.widget, "widgets_names"):
        for suffix, part in zip(field.widget.widgets_names, field.widget.decompress(value), strict=True):
            posted[name + suffix] = part
        return
    if isinstance(value, bool):
        if value:
            posted[name] = "on"
        return
    if hasattr(field.widget, "format_value") and not isinstance(value, list):
        value = field.widget.format_value(value)
    if isinstance(value, list):
        value = value[0] if len(value) == 1 else value
    posted[name] = "" if value is None else value
