"""Compares an answer with the types that Stripe's official SDK declares for it, name by name, all the way down."""

import types
import typing
from collections.abc import Iterator
from typing import Any

import stripe
from stripe import ListObject, StripeObject
from stripe._stripe_object import UntypedStripeObject

# What the SDK types as an id or the object in its place.
OBJECTS: dict[str, type] = {
    "payment_intent": stripe.PaymentIntent,
    "setup_intent": stripe.SetupIntent,
    "payment_method": stripe.PaymentMethod,
    "customer": stripe.Customer,
    "charge": stripe.Charge,
    "balance_transaction": stripe.BalanceTransaction,
    "refund": stripe.Refund,
    "dispute": stripe.Dispute,
    "event": stripe.Event,
    "checkout.session": stripe.checkout.Session,
    "webhook_endpoint": stripe.WebhookEndpoint,
}
_PLAIN = (int, str, bool, float)


def differences(body: dict[str, Any]) -> list[str]:
    """A line for each field that is missing, of another type, or unknown to the SDK."""
    return list(_of_object(body, OBJECTS[body["object"]], body["object"]))


def _of_object(body: dict[str, Any], kind: type, path: str) -> Iterator[str]:
    declared = {
        name: each for base in reversed(kind.__mro__) for name, each in getattr(base, "__annotations__", {}).items()
        if issubclass(base, StripeObject) and base is not StripeObject
    }  # fmt: skip
    for name, each in declared.items():
        if typing.get_origin(each) is typing.ClassVar or name.startswith("_"):
            continue
        if name in body:
            yield from _of_value(body[name], each, f"{path}.{name}")
        elif not _may_be_missing(each):
            yield f"{path}.{name} is missing"
    yield from (f"{path}.{name} is unknown" for name in body if name not in declared)


def _may_be_missing(kind: Any) -> bool:
    return type(None) in typing.get_args(kind)


def _of_value(value: Any, kind: Any, path: str) -> Iterator[str]:
    origin = typing.get_origin(kind)
    if origin in (typing.Union, types.UnionType):
        yield from _of_union(value, typing.get_args(kind), path)
    elif origin is list and isinstance(value, list):
        for number, each in enumerate(value):
            yield from _of_value(each, typing.get_args(kind)[0], f"{path}[{number}]")
    elif isinstance(kind, typing.ForwardRef) and isinstance(value, dict):
        yield from _of_object(value, OBJECTS[value["object"]], path)
    elif isinstance(value, dict) and isinstance(kind, type) and kind is not UntypedStripeObject:
        yield from _of_object(value, kind, path)
    elif not _fits(value, kind, origin):
        yield f"{path} is {value!r}, not {kind}"


def _of_union(value: Any, kinds: tuple[Any, ...], path: str) -> Iterator[str]:
    """Nothing if one of them fits; else what keeps it from being the object it looks like, or any."""
    found = [list(_of_value(value, each, path)) for each in kinds]
    if all(found):
        yield from max(found, key=lambda lines: lines[0].count("."))


def _fits(value: Any, kind: Any, origin: Any) -> bool:
    if origin is typing.Literal:
        return value in typing.get_args(kind)
    if origin in (UntypedStripeObject, dict, ListObject) or kind in (dict, Any, UntypedStripeObject):
        return isinstance(value, dict)
    return kind in (*_PLAIN, type(None)) and type(value) is kind
