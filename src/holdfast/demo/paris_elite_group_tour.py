"""The tour of Paris Élite for a group: a van of at least six seats, and a driver who speaks Spanish."""

from holdfast.demo.paris_elite_questions import LUGGAGE, PICKUP, ride_answers
from holdfast.demo.spec import Demand, RequirementSpec, ServiceSpec

GROUP_TOUR = ServiceSpec(
    slug="group-tour-in-spanish",
    name={
        "en": "Group tour in Spanish",
        "fr": "Visite de groupe en espagnol",
        "es": "Visita en grupo en español",
    },
    summary={
        "en": "Three hours by van with a driver who speaks Spanish, up to seven people.",
        "fr": "Trois heures en van avec un chauffeur hispanophone, jusqu’à sept personnes.",
        "es": "Tres horas en furgoneta con un conductor que habla español, hasta siete personas.",
    },
    description={
        "en": "The whole family in one van, and every story told in Spanish: the islands, the Marais, Montmartre "
        "and a stop for hot chocolate. You decide how long to stay at each place.",
        "fr": "Toute la famille dans un seul van, et chaque histoire racontée en espagnol : les îles, le Marais, "
        "Montmartre, et une pause pour un chocolat chaud. Vous décidez du temps passé à chaque étape.",
        "es": "Toda la familia en una sola furgoneta y cada historia contada en español: las islas, el Marais, "
        "Montmartre y una parada para un chocolate caliente. Usted decide cuánto se queda en cada sitio.",
    },
    place={
        "en": "Pickup at your hotel or any address in Paris",
        "fr": "Départ de votre hôtel ou de toute adresse à Paris",
        "es": "Salida desde su hotel o cualquier dirección de París",
    },
    settings={
        "duration_minutes": 180,
        "step_minutes": 30,
        "buffer_before_minutes": 20,
        "buffer_after_minutes": 20,
        "notice_minutes": 1440,
        "horizon_days": 120,
        "largest_party": 7,
        "price_amount": 39000,
        "price_unit": "booking",
    },
    requirements=(
        RequirementSpec("person", skills=("tour", "lang:es"), is_choosable=True),
        RequirementSpec("vehicle", attributes={"seats": 6}),
    ),
    questions=(PICKUP, LUGGAGE),
    answers=ride_answers,
    demand=Demand(
        per_day=0.22,
        weekdays=(0.7, 0.8, 0.9, 0.9, 1.1, 1.3, 1.2),
        months=(0.5, 0.6, 0.8, 1.2, 1.2, 1.2, 1.4, 1.4, 1.1, 1.1, 0.6, 1.1),
        hours={13: 6, 14: 8, 15: 5, 16: 3, 17: 2},
        lead_days=20,
        parties={4: 20, 5: 30, 6: 30, 7: 20},
        chooses_member=0.2,
        cancelled=0.08,
    ),
    customer_notes={
        "en": ("My parents only speak Spanish.",),
        "fr": ("Nos amis viennent de Buenos Aires.",),
        "es": ("Viajamos con los abuelos.", "Es el cumpleaños de mi madre."),
    },
)
