"""The streams in the API's OpenAPI document: a framework that does not serve them cannot know them."""

from typing import Any

PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemOut"}}}
ENVELOPE = "StreamEnvelope"
SCHEMAS = {
    ENVELOPE: {
        "title": ENVELOPE,
        "description": "What one event says; the same over both transports.",
        "type": "object",
        "required": ["id", "kind", "at", "data"],
        "properties": {
            "id": {"type": "integer", "description": "Of the event; the place to go on from."},
            "kind": {
                "type": "string",
                "description": "`availability-updated`, `booking-confirmed`, `payment-received`, …; `hello`, "
                "`heartbeat` and `bye` are said by the stream itself.",
            },
            "at": {"type": "string", "format": "date-time"},
            "data": {"type": "object", "additionalProperties": True},
        },
    }
}
# What only streams are asked by; the rest is as for all operations.
SECURITY_SCHEMES = {
    "customer_session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "customer-{org}",
        "description": "A customer who is signed in at the organization's portal; `{org}` is its address.",
    }
}
REFUSALS = {
    401: "No credentials, or such that are good no more; without any, name a service.",
    403: "Signed in, but not of this organization; or the socket of another site's page.",
    404: "No such organization, service or booking.",
    422: "A date, number or `last_event_id` that is none; `unknown_event`: ask for everything anew.",
    429: "Too many live connections from this network.",
    503: "No more live connections fit here right now.",
}
SAME = (
    "Who listens is said by the request: `service` (the public: dates on which free times may have changed), `token` "
    "(one booking), a customer's session (all that they booked), a key or a session of staff (the organization)."
)


def paths(prefix: str) -> dict[str, Any]:
    """Both addresses below e.g. `/api/v1/{org}`."""
    said = {"schema": {"type": "string", "contentMediaType": "text/event-stream"}}
    text = (
        f"`id:`, `event:` (the kind) and `data:` (a `{ENVELOPE}` as JSON in one line) of each, until the stream ends."
    )
    events = _operation("listen", "What happens, as server-sent events", SAME)
    events["responses"] = {"200": {"description": text, "content": {"text/event-stream": said}}, **_refusals()}
    socket = _operation(
        "listen_by_socket",
        "What happens, over a WebSocket",
        f"{SAME} Each text message is a `{ENVELOPE}`; whatever is sent is answered by a heartbeat. A refusal is told "
        "after the handshake: closed with 4000 and its status, and its code and words as the reason.",
    )
    socket["responses"] = {
        "101": {"description": "A WebSocket from here on (RFC 6455)."},
        "404": {"description": REFUSALS[404], "content": PROBLEM},
    }
    return {f"{prefix}/events": {"get": events}, f"{prefix}/ws": {"get": socket}}


def _operation(name: str, summary: str, description: str) -> dict[str, Any]:
    ways = ("api_key", "manage_token", "manage_token_in_address", "session", "customer_session")
    return {
        "operationId": name,
        "summary": summary,
        "description": description,
        "parameters": [_parameter(*each) for each in PARAMETERS],
        "security": [{}, *({each: []} for each in ways)],
    }


def _refusals() -> dict[str, Any]:
    return {str(status): {"description": words, "content": PROBLEM} for status, words in REFUSALS.items()}


DATE, NUMBER, TEXT = {"type": "string", "format": "date"}, {"type": "integer", "minimum": 0}, {"type": "string"}
PARAMETERS: list[tuple[str, str, dict[str, Any], str]] = [
    ("path", "org", TEXT, "The organization's address."),
    ("query", "service", TEXT, "The public's scope: a service."),
    ("query", "from", DATE, "With `service`: the first date; today where nothing is said."),
    ("query", "days", {"type": "integer", "minimum": 1, "maximum": 92, "default": 31}, "With `service`: how many."),
    (
        "query",
        "scope",
        {"type": "string", "enum": ["customer", "staff"]},
        "By which session, where both are there; staff's where nothing is said.",
    ),
    ("query", "last_event_id", NUMBER, "Go on after this one; 0 is the beginning."),
    ("header", "Last-Event-ID", NUMBER, "The same, as browsers send it; it goes before the address's."),
]


def _parameter(place: str, name: str, schema: dict[str, Any], words: str) -> dict[str, Any]:
    return {"in": place, "name": name, "required": place == "path", "schema": schema, "description": words}
