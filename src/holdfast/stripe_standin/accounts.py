"""Keys and accounts. Every key of a test pair `sk_test_X` and `pk_test_X` opens the account that is made of X."""

import base64
import hashlib
import re
from collections.abc import Mapping
from typing import Any

from holdfast.stripe_standin.calls import Call, Route
from holdfast.stripe_standin.refusals import Refusal
from holdfast.stripe_standin.store import Object

_KEY = re.compile(r"(sk|rk|pk)_test_(\w{8,})")


def wrong_key(message: str) -> Refusal:
    return Refusal(message, status=401, remembered=False)


def of_key(headers: Mapping[str, str], values: Mapping[str, Any]) -> tuple[str, bool]:
    """The account, and whether the key was a publishable one. Refuses live keys: this is no place for them."""
    kind, _, given = headers.get("authorization", "").partition(" ")
    if kind.lower() == "basic":
        given = base64.b64decode(given).decode(errors="replace").partition(":")[0]
    key = given or str(values.get("key", ""))
    if not key:
        raise wrong_key("You did not provide an API key.")
    found = _KEY.fullmatch(key)
    if not found:
        raise wrong_key(f"Invalid API Key provided: {key[:8]}{'*' * 8}{key[-4:]}")
    return account_of(found[2]), found[1] == "pk"


def account_of(key: str) -> str:
    """The account's id, from what comes after `sk_test_`."""
    return f"acct_{hashlib.sha256(key.encode()).hexdigest()[:16]}"


def retrieve(call: Call) -> Object:
    return {
        "id": call.account,
        "object": "account",
        "charges_enabled": True,
        "country": "FR",
        "default_currency": "eur",
        "details_submitted": True,
        "email": None,
        "payouts_enabled": True,
        "type": "standard",
    }


ROUTES = [Route("GET", "/v1/account", retrieve)]
