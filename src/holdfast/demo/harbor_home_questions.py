"""What Harbor Home asks its customers, and what they answer."""

from random import Random
from typing import Any

from holdfast.demo.chance import chance
from holdfast.demo.spec import QuestionSpec

ADDRESS = QuestionSpec(
    "address",
    "text",
    {"en": "Address", "es": "Dirección", "fr": "Adresse"},
    {
        "en": "Street, number and apartment",
        "es": "Calle, número y apartamento",
        "fr": "Rue, numéro et appartement",
    },
    is_required=True,
    largest=160,
)
ACCESS = QuestionSpec(
    "access",
    "text",
    {"en": "How do we get in?", "es": "¿Cómo entramos?", "fr": "Comment entrons-nous ?"},
    {
        "en": "Somebody is home, doorman, lockbox …",
        "es": "Habrá alguien en casa, portero, caja de llaves…",
        "fr": "Quelqu’un sera là, gardien, boîte à clés…",
    },
    largest=160,
)
HOME_SIZE = QuestionSpec(
    "home_size",
    "choice",
    {"en": "Size of the home", "es": "Tamaño de la vivienda", "fr": "Taille du logement"},
    choices=(
        ("studio", {"en": "Studio or one bedroom", "es": "Estudio o un dormitorio", "fr": "Studio ou une chambre"}),
        ("two", {"en": "Two bedrooms", "es": "Dos dormitorios", "fr": "Deux chambres"}),
        ("three", {"en": "Three or more bedrooms", "es": "Tres dormitorios o más", "fr": "Trois chambres ou plus"}),
    ),
    is_required=True,
)
PETS = QuestionSpec("pets", "yes_no", {"en": "Are there pets?", "es": "¿Hay mascotas?", "fr": "Y a-t-il des animaux ?"})
PROBLEM = QuestionSpec(
    "problem",
    "long_text",
    {"en": "What is wrong?", "es": "¿Qué ocurre?", "fr": "Quel est le problème ?"},
    {
        "en": "What you see, and since when. The more we know, the better our van is packed.",
        "es": "Qué observa y desde cuándo. Cuanto más sepamos, mejor cargaremos la furgoneta.",
        "fr": "Ce que vous voyez, et depuis quand. Plus nous en savons, mieux nous serons équipés.",
    },
    is_required=True,
    largest=1000,
)
SHUT_OFF = QuestionSpec(
    "water_is_off",
    "yes_no",
    {"en": "Is the water turned off?", "es": "¿Está cerrada el agua?", "fr": "L’eau est-elle coupée ?"},
)
TOPIC = QuestionSpec(
    "topic",
    "text",
    {
        "en": "What would you like to talk about?",
        "es": "¿De qué le gustaría hablar?",
        "fr": "De quoi souhaitez-vous parler ?",
    },
    is_required=True,
    largest=160,
)
EXPERIENCE = QuestionSpec(
    "experience",
    "choice",
    {"en": "Your experience with tools", "es": "Su experiencia con herramientas", "fr": "Votre expérience des outils"},
    choices=(
        ("none", {"en": "None yet", "es": "Ninguna todavía", "fr": "Aucune pour l’instant"}),
        ("some", {"en": "I have hung a shelf", "es": "He colgado un estante", "fr": "J’ai déjà posé une étagère"}),
        ("much", {"en": "I fix most things myself", "es": "Arreglo casi todo", "fr": "Je répare presque tout"}),
    ),
)

STREETS = (
    "Atlantic Ave",
    "Court St",
    "Henry St",
    "Bergen St",
    "Smith St",
    "Union St",
    "Clinton St",
    "Degraw St",
    "Van Brunt St",
)
PROBLEMS = {
    "en": (
        "The kitchen faucet drips all night, for about two weeks.",
        "The shower drains very slowly.",
        "No hot water since this morning.",
        "The toilet keeps running after each flush.",
        "There is a damp patch under the bathroom sink.",
        "The washing machine needs a new shut-off valve.",
        "Low pressure in the whole apartment since the weekend.",
    ),
    "es": (
        "El grifo de la cocina gotea toda la noche.",
        "La ducha desagua muy despacio.",
        "No hay agua caliente desde esta mañana.",
        "Hay una mancha de humedad debajo del lavabo.",
    ),
}
ACCESSES = {
    "en": ("I will be home.", "The doorman has a key.", "Lockbox at the gate; I will text the code."),
    "es": ("Estaré en casa.", "El portero tiene una llave.", "Caja de llaves en la verja; enviaré el código."),
}
TOPICS = {
    "en": (
        "Weekly cleaning for a family of five",
        "Renovating a small bathroom",
        "Getting the house ready for winter",
        "A quote for our office",
    ),
    "es": ("Limpieza semanal para una familia", "Reformar un baño pequeño", "Preparar la casa para el invierno"),
}


def _address(email: str) -> str:
    """The same home every time."""
    home = chance("home", email)
    number, street = home.randrange(12, 640), home.choice(STREETS)
    return f"{number} {street}, Apt {home.randrange(1, 6)}{home.choice('ABCD')}, Brooklyn, NY"


def cleaning_answers(rng: Random, email: str, locale: str) -> dict[str, Any]:
    home = chance("rooms", email)
    size, pets = home.choice(("studio", "two", "two", "three")), home.random() < 0.35
    answers: dict[str, Any] = {"address": _address(email), "home_size": size, "pets": pets}
    return answers | ({"access": rng.choice(ACCESSES[locale])} if rng.random() < 0.3 else {})


def plumbing_answers(rng: Random, email: str, locale: str) -> dict[str, Any]:
    problem = rng.choice(PROBLEMS.get(locale, PROBLEMS["en"]))
    return {"address": _address(email), "problem": problem, "water_is_off": rng.random() < 0.2}


def consultation_answers(rng: Random, email: str, locale: str) -> dict[str, Any]:
    return {"topic": rng.choice(TOPICS.get(locale, TOPICS["en"]))}


def workshop_answers(rng: Random, email: str, locale: str) -> dict[str, Any]:
    return {"experience": rng.choice(("none", "none", "some", "some", "much"))}
