"""What Paris Élite asks its customers, and what they answer."""

from random import Random
from typing import Any

from holdfast.demo.chance import chance
from holdfast.demo.spec import QuestionSpec

FLIGHT = QuestionSpec(
    "flight_number",
    "text",
    {"en": "Flight or train number", "fr": "Numéro de vol ou de train", "es": "Número de vuelo o de tren"},
    {
        "en": "For example AF 1234. We follow your arrival and wait if it is late.",
        "fr": "Par exemple AF 1234. Nous suivons votre arrivée et vous attendons en cas de retard.",
        "es": "Por ejemplo, AF 1234. Seguimos su llegada y le esperamos si se retrasa.",
    },
    largest=20,
)
PICKUP = QuestionSpec(
    "pickup_address",
    "text",
    {"en": "Pickup address", "fr": "Adresse de prise en charge", "es": "Dirección de recogida"},
    {
        "en": "Street and number, hotel or terminal",
        "fr": "Rue et numéro, hôtel ou terminal",
        "es": "Calle y número, hotel o terminal",
    },
    is_required=True,
    largest=160,
)
DROP_OFF = QuestionSpec(
    "drop_off_address",
    "text",
    {"en": "Destination", "fr": "Destination", "es": "Destino"},
    {
        "en": "Leave it empty if you would rather tell your driver",
        "fr": "Laissez vide si vous préférez l’indiquer au chauffeur",
        "es": "Déjelo vacío si prefiere indicárselo al conductor",
    },
    largest=160,
)
LUGGAGE = QuestionSpec(
    "luggage",
    "number",
    {"en": "Pieces of luggage", "fr": "Nombre de bagages", "es": "Número de maletas"},
    {
        "en": "Suitcases and anything large; hand luggage does not count",
        "fr": "Valises et objets volumineux ; les bagages à main ne comptent pas",
        "es": "Maletas y objetos voluminosos; el equipaje de mano no cuenta",
    },
    smallest=0,
    largest=12,
)
TOUR_LANGUAGE = QuestionSpec(
    "tour_language",
    "choice",
    {"en": "Language of the tour", "fr": "Langue de la visite", "es": "Idioma de la visita"},
    choices=(
        ("fr", {"en": "French", "fr": "Français", "es": "Francés"}),
        ("en", {"en": "English", "fr": "Anglais", "es": "Inglés"}),
        ("es", {"en": "Spanish", "fr": "Espagnol", "es": "Español"}),
    ),
    is_required=True,
)

ADDRESSES = (
    "14 rue de Marignan, 75008 Paris",
    "27 avenue Montaigne, 75008 Paris",
    "8 place Vendôme, 75001 Paris",
    "41 rue de Rivoli, 75004 Paris",
    "112 boulevard Saint-Germain, 75006 Paris",
    "5 rue des Francs-Bourgeois, 75003 Paris",
    "63 avenue Foch, 75116 Paris",
    "19 rue Lepic, 75018 Paris",
    "2 place du Panthéon, 75005 Paris",
    "30 rue du Bac, 75007 Paris",
    "77 boulevard Haussmann, 75009 Paris",
    "9 parvis de la Défense, 92800 Puteaux",
    "22 avenue Charles-de-Gaulle, 92200 Neuilly-sur-Seine",
    "16 boulevard de la Reine, 78000 Versailles",
)
FLIGHTS = (
    "AF 1381",
    "AF 007",
    "BA 308",
    "LH 1050",
    "IB 3442",
    "DL 264",
    "UA 57",
    "KL 1233",
    "AA 44",
    "U2 4821",
    "TO 3011",
)


def _address(rng: Random, email: str) -> str:
    """Mostly where they live or stay."""
    return chance("home", email).choice(ADDRESSES) if rng.random() < 0.7 else rng.choice(ADDRESSES)


def transfer_answers(rng: Random, email: str, locale: str) -> dict[str, Any]:
    answers: dict[str, Any] = {"luggage": rng.randrange(1, 5)}
    return answers | ({"flight_number": rng.choice(FLIGHTS)} if rng.random() < 0.6 else {})


def ride_answers(rng: Random, email: str, locale: str) -> dict[str, Any]:
    return {"pickup_address": _address(rng, email), "luggage": rng.choice((0, 0, 0, 1, 2))}


def tour_answers(rng: Random, email: str, locale: str) -> dict[str, Any]:
    return {"pickup_address": _address(rng, email), "tour_language": locale}
