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
TARIFFS = (
    TariffSpec("Tarif en vigueur", (NIGHT, SUNDAY, HOLIDAY)),
    TariffSpec("Projet : nuit plus chère", ({**NIGHT, "percent": "25"}, SUNDAY, HOLIDAY), in_force=False),
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
