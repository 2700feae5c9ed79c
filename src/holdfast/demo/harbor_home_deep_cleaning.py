"""The service of Harbor Home for which two people come."""

from holdfast.demo.harbor_home_questions import ACCESS, ADDRESS, HOME_SIZE, PETS, cleaning_answers
from holdfast.demo.spec import Demand, RequirementSpec, ServiceSpec

DEEP_CLEANING = ServiceSpec(
    slug="deep-cleaning",
    name={"en": "Deep cleaning", "es": "Limpieza a fondo", "fr": "Grand ménage"},
    summary={
        "en": "Two people at once, every corner, in three hours.",
        "es": "Dos personas a la vez: hasta el último rincón, en tres horas.",
        "fr": "Deux personnes à la fois, jusque dans les coins, en trois heures.",
    },
    description={
        "en": "Before a party, after the painters or when you move: two of us come together and clean inside the oven, "
        "behind the furniture and between the window frames. We bring ladders, machines and supplies.",
        "es": "Antes de una fiesta, después de los pintores o en una mudanza: vamos dos personas juntas y limpiamos el "
        "horno por dentro, detrás de los muebles y los marcos de las ventanas. Llevamos escaleras, máquinas y "
        "productos.",
        "fr": "Avant une fête, après les peintres ou pour un déménagement : nous venons à deux et nettoyons "
        "l’intérieur du four, derrière les meubles et jusqu’aux cadres des fenêtres. Échelles, machines et produits "
        "sont fournis.",
    },
    place={"en": "At your home in Brooklyn", "es": "En su casa, en Brooklyn", "fr": "Chez vous, à Brooklyn"},
    settings={
        "duration_minutes": 180,
        "step_minutes": 30,
        "buffer_before_minutes": 15,
        "buffer_after_minutes": 30,
        "notice_minutes": 1440,
        "horizon_days": 60,
        "price_amount": 28800,
        "price_unit": "booking",
    },
    requirements=(RequirementSpec("person", skills=("deep-cleaning",), team="cleaning", count=2, is_choosable=True),),
    questions=(ADDRESS, HOME_SIZE, ACCESS, PETS),
    answers=cleaning_answers,
    demand=Demand(
        per_day=0.35,
        weekdays=(1.0, 1.0, 1.0, 1.1, 1.3, 0.4, 0.2),
        months=(0.9, 0.9, 1.2, 1.3, 1.2, 1.0, 0.9, 0.8, 1.0, 1.0, 1.2, 1.2),
        hours={9: 8, 10: 4, 11: 2, 12: 2, 13: 5},
        lead_days=15,
        chooses_member=0.2,
        cancelled=0.08,
    ),
    customer_notes={
        "en": ("We move in on the first, the place is empty.", "Painters finish the day before."),
        "es": ("El piso está vacío: nos mudamos el día uno.", "Los pintores terminan el día antes."),
    },
)
