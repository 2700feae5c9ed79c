"""One request of the API: who asks, with which parameters, and the few words a handler needs to answer it."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from holdfast.stripe_standin.refusals import Refusal, missing_parameter, no_such, wrong_parameter
from holdfast.stripe_standin.store import Object, Store

# Parameters that are kept as they came, and shown.
KEPT = ("description", "receipt_email", "statement_descriptor_suffix", "transfer_group")


@dataclass
class Call:
    """`account` is the one the key belongs to; `base` the stand-in's own address, for links; `public`: asked with a
    publishable key, which may do little; `values` the decoded parameters, `path` the parts of the address in braces.
    """

    store: Store
    account: str
    base: str
    values: dict[str, Any]
    path: dict[str, str] = field(default_factory=dict)
    public: bool = False
    request_id: str | None = None
    idempotency_key: str | None = None
    afterwards: list[Callable[[], object]] = field(default_factory=list)

    def text(self, name: str, default: str | None = None) -> str | None:
        """None for what was not sent, and for what was sent empty: that is how Stripe unsets."""
        value = self.values.get(name, default)
        if value is not None and not isinstance(value, str):
            raise wrong_parameter(name, f"Invalid string: {value!r}", "parameter_invalid_string_blank")
        return value or None

    def needed(self, name: str) -> str:
        value = self.text(name)
        if value is None:
            raise missing_parameter(name)
        return value

    def whole(self, name: str) -> int | None:
        value = self.text(name)
        if value is None:
            return None
        if not re.fullmatch(r"-?\d{1,15}", value):
            raise wrong_parameter(name, f"Invalid integer: {value}", "parameter_invalid_integer")
        return int(value)

    def flag(self, name: str, default: bool = False) -> bool:
        value = self.text(name)
        if value is None:
            return default
        if value not in {"true", "false"}:
            raise wrong_parameter(name, f"Invalid boolean: {value}")
        return value == "true"

    def choice(self, name: str, choices: tuple[str, ...], default: str | None = None) -> str | None:
        value = self.text(name, default)
        if value is not None and value not in choices:
            raise wrong_parameter(name, f"Invalid {name}: must be one of {', '.join(choices)}")
        return value

    def mapping(self, name: str) -> dict[str, Any]:
        value = self.values.get(name) or {}
        if not isinstance(value, dict):
            raise wrong_parameter(name, f"Invalid object: {value}")
        return value

    def metadata(self, before: dict[str, str] | None = None) -> dict[str, str]:
        """What was there with what was sent; a key sent empty goes, and all of them for `metadata=`."""
        if self.values.get("metadata") == "":
            return {}
        merged = {**(before or {}), **self.mapping("metadata")}
        if len(merged) > 50 or any(len(key) > 40 or len(str(text)) > 500 for key, text in merged.items()):
            raise wrong_parameter("metadata", "Metadata holds 50 keys of 40 characters, values of 500.")
        return {key: text for key, text in merged.items() if text != ""}

    def keep(self, body: Object) -> None:
        """Take over the parameters that are only kept."""
        for name in KEPT:
            if name in self.values:
                body[name] = self.text(name)
        if "metadata" in self.values:
            body["metadata"] = self.metadata(body.get("metadata"))

    def load(self, kind: str, identifier: str, param: str = "id") -> Object:
        body = self.store.get(self.account, kind, identifier)
        if body is None:
            raise no_such(kind, identifier, param)
        return body

    def load_own(self, kind: str, name: str = "id") -> Object:
        """The object of the address; with a publishable key only for whoever knows its client secret."""
        body = self.load(kind, self.path[name], param="intent" if kind.endswith("intent") else name)
        if self.public and self.values.get("client_secret") != body.get("client_secret"):
            raise Refusal(
                "The client_secret provided does not match any associated intent on this account.",
                code="resource_missing", param="client_secret", status=404,
            )  # fmt: skip
        return body


Handler = Callable[[Call], Object]


@dataclass(frozen=True, slots=True)
class Route:
    """`allowed` names the parameters this stand-in knows; any other is refused, so that nothing is ignored in silence.

    `public` routes may be asked with a publishable key.
    """

    method: str
    path: str
    handler: Handler
    allowed: str = ""
    public: bool = False
