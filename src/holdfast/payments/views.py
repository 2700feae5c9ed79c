"""Where the card company sends its notices."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from holdfast.catalog.queries import organization_by_slug
from holdfast.core.errors import NotFound
from holdfast.payments import inbox
from holdfast.payments.errors import BadSignature, GatewayNotSetUp


@csrf_exempt  # signed by its sender
@require_POST
def stripe_notices(request: HttpRequest, slug: str) -> HttpResponse:
    """200 as soon as it is kept; whatever goes wrong later is ours to repair, and not Stripe's to send again."""
    try:
        organization = organization_by_slug(slug)
        inbox.receive(
            organization=organization, payload=request.body, signature=request.headers.get("Stripe-Signature", "")
        )
    except (NotFound, GatewayNotSetUp):
        return HttpResponse(status=404)
    except BadSignature:
        return HttpResponse(status=400)
    return HttpResponse(status=200)
