"""A price as JSON: what a booking keeps of it forever, and what the API answers."""

from typing import Any

from holdfast.domain.money import Money
from holdfast.domain.pricing import Line


def line_document(line: Line) -> dict[str, Any]:
    """One line: its key and params, exact quantity, amounts in minor units, the minutes it is for, its part of tax."""
    document: dict[str, Any] = {
        "key": line.key,
        "kind": line.kind,
        "rule": line.rule,
        "quantity": str(line.quantity),
        "unit_amount": line.unit.amount,
        "amount": line.amount.amount,
        **line.params,
    }
    if line.spans:
        document["spans"] = [list(span) for span in line.spans]
    if line.net is not None and line.tax is not None:
        document |= {"net": line.net.amount, "tax": line.tax.amount, "tax_rate": line.tax_rate, "taxed": line.taxed}
    return document


def money_document(money: Money) -> dict[str, Any]:
    return {"amount": money.amount, "currency": money.currency}
