"""The API and its OpenAPI document, completed with what a framework cannot know: refusals, and who may ask."""

from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation

from holdfast.live.streams import document as streams

PROBLEM = "application/problem+json"
PROBLEM_SCHEMA = {"$ref": "#/components/schemas/ProblemOut"}
SECURITY_SCHEMES = {
    "api_key": {
        "type": "http",
        "scheme": "bearer",
        "description": "An organization's API key. Those that may write are made so; all may read.",
    },
    "manage_token": {
        "type": "apiKey",
        "in": "header",
        "name": "X-Manage-Token",
        "description": "The signed token of one booking, from its `manage_url`: it lets its bearer see, move, cancel.",
    },
    "manage_token_in_address": {"type": "apiKey", "in": "query", "name": "token", "description": "The same token."},
    "session": {"type": "apiKey", "in": "cookie", "name": "sessionid", "description": "Signed-in staff; reading only."},
}
# An existing booking is shown to whoever proves one of these (bookings/access.py).
ROOT = "/api/v1/{org}"
OF_A_BOOKING = "/bookings/{reference}"


class DocumentedAPI(NinjaAPI):
    """NinjaAPI whose document says what clients meet; `tools/openapi.py` keeps a copy of it in docs/api."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        return operation.view_func.__name__

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        document = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        document["components"]["securitySchemes"] = SECURITY_SCHEMES | streams.SECURITY_SCHEMES
        document["components"]["schemas"] |= streams.SCHEMAS
        for path, operations in document["paths"].items():
            for method, operation in operations.items():
                _say_how_refusals_look(operation)
                if OF_A_BOOKING in path:
                    operation["security"] = _whoever_may(method)
        document["paths"] |= streams.paths(ROOT)
        return document


def _say_how_refusals_look(operation: dict[str, Any]) -> None:
    for status, response in operation["responses"].items():
        if int(status) >= 400:
            response["content"] = {PROBLEM: {"schema": PROBLEM_SCHEMA}}


def _whoever_may(method: str) -> list[dict[str, list[str]]]:
    return [{name: []} for name in SECURITY_SCHEMES if name != "session" or method == "get"]
