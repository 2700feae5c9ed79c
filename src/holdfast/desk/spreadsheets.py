"""Lists as files for spreadsheets."""

import csv
from collections.abc import Iterable
from decimal import Decimal
from io import StringIO

from django.http import HttpResponse

from holdfast.desk import times
from holdfast.desk.access import Desk
from holdfast.domain.money import exponent

# A cell that begins like this is a formula to a spreadsheet (OWASP, CSV injection), full-width forms included.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
BYTE_ORDER_MARK = "\ufeff"  # so that spreadsheets read UTF-8


def spreadsheet(desk: Desk, name: str, lines: Iterable[Iterable[object]]) -> HttpResponse:
    """A file with these lines, the head first; `name` is part of what it is called."""
    return HttpResponse(
        BYTE_ORDER_MARK + "".join(map(line, lines)), content_type="text/csv; charset=utf-8", headers=named(desk, name)
    )


def named(desk: Desk, name: str) -> dict[str, str]:
    file = f"{desk.organization.slug}-{name}-{times.today(desk.organization)}.csv"
    return {"Content-Disposition": f'attachment; filename="{file}"'}


def line(cells: Iterable[object]) -> str:
    out = StringIO()
    csv.writer(out).writerow([harmless(cell) for cell in cells])
    return out.getvalue()


def amount(minor_units: int, currency: str) -> Decimal:
    """In the currency's major unit: 95.00 for 9500 cents; a number, so below nothing is no formula."""
    return Decimal(minor_units).scaleb(-exponent(currency))


def harmless(cell: object) -> object:
    """Text that a spreadsheet would calculate gets an apostrophe, which makes it text again."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
