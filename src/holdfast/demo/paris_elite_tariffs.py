"""What Paris Élite charges at night and on Sundays, and what it thinks of charging."""

from datetime import time

from holdfast.demo.spec import ExtraSpec, TariffSpec

NIGHT = {
    "name": {"en": "Night rate", "fr": "Tarif de nuit", "es": "Tarifa nocturna"},
    "effect": "percent",
    "percent": "15",
    "from_time": time(22),
    "until_time": time(6),
}
SUNDAY = {
    "name": {"en": "Sundays", "fr": "Dimanches", "es": "Domingos"},
    "effect": "percent",
    "percent": "10",
    "weekdays": [6],
}
HOLIDAY = {
    "name": {"en": "Public holidays", "fr": "Jours fériés", "es": "Festivos"},
    "effect": "percent",
    "percent": "10",
    "holidays": "only",
}
TRANSFER = "airport-transfer"
# By the kilometre, at least so much; between the zones of ZONES at a fixed price instead.
BY_DISTANCE = {
    "name": {"en": "By distance", "fr": "À la distance", "es": "Por distancia"},
    "effect": "per_km",
    "amount": 260,
    "instead": True,
    "service": TRANSFER,
}
AT_LEAST = {
    "name": {"en": "Shortest ride", "fr": "Course minimum", "es": "Trayecto mínimo"},
    "effect": "minimum",
    "amount": 6000,
    "service": TRANSFER,
}
FIXED = {
    "name": {"en": "Fixed price", "fr": "Prix fixe", "es": "Precio cerrado"},
    "effect": "by_zones",
    "instead": True,
    "service": TRANSFER,
    "zone_prices": {
        ("paris", "cdg"): 9800,
        ("paris", "orly"): 8200,
        ("cdg", "orly"): 13_500,
        ("paris", "paris"): 6000,
    },
}
WAYS = (BY_DISTANCE, FIXED, AT_LEAST)
TARIFFS = (
    TariffSpec("Tarif en vigueur", (*WAYS, NIGHT, SUNDAY, HOLIDAY)),
    TariffSpec("Projet : nuit plus chère", (*WAYS, {**NIGHT, "percent": "25"}, SUNDAY, HOLIDAY), in_force=False),
)
PROMOTIONS = (
    {
        "name": {"en": "Welcome to Paris", "fr": "Bienvenue à Paris", "es": "Bienvenida a París"},
        "code": "BIENVENUE",
        "benefit": "percent",
        "percent": "10",
        "most": 2500,
        "uses": 500,
        "uses_each": 1,
    },
    {
        "name": {"en": "With the family", "fr": "En famille", "es": "En familia"},
        "code": "FAMILLE",
        "benefit": "extra",
        "extra": "child-seat",
        "extra_count": 2,
        "uses": 200,
        "combinable": True,
    },
)
EXTRAS = (
    ExtraSpec(
        "child-seat",
        {"en": "Child seat", "fr": "Siège enfant", "es": "Silla infantil"},
        {
            "en": "Tell us the ages in the note",
            "fr": "Précisez les âges dans la note",
            "es": "Indique las edades en la nota",
        },
        {"amount": 800, "most": 2, "stock": 3},
        share=0.06,
    ),
)
TAX = ({"en": "VAT on transport", "fr": "TVA sur le transport", "es": "IVA del transporte"}, "10")
