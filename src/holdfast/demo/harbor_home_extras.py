"""What Harbor Home brings along besides: two machines, and the work that is charged by itself."""

from holdfast.demo.spec import ExtraSpec

CLEANING = ("home-cleaning", "deep-cleaning")
EXTRAS = (
    ExtraSpec(
        "carpet-cleaner",
        {"en": "Carpet cleaner", "es": "Limpiadora de alfombras", "fr": "Shampouineuse à tapis"},
        {
            "en": "A machine that washes and dries up to four rugs",
            "es": "Una máquina que lava y seca hasta cuatro alfombras",
            "fr": "Une machine qui lave et sèche jusqu’à quatre tapis",
        },
        {"amount": 3500, "most": 1, "stock": 2},
        share=0.05,
        services=CLEANING,
    ),
    ExtraSpec(
        "oven",
        {"en": "Inside of the oven", "es": "Interior del horno", "fr": "Intérieur du four"},
        {},
        {"amount": 2500, "most": 2},
        share=0.07,
        services=CLEANING,
    ),
)
