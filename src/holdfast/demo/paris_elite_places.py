"""Where Paris Élite drives: places with a name, the zones of its fixed prices, and a few distances by road."""

from random import Random

from holdfast.bookings.stops.stop import Stop
from holdfast.demo.spec import DistanceSpec, PlaceSpec, ZoneSpec

# Latitude and longitude of each.
PLACES = (
    PlaceSpec(
        "cdg",
        {
            "en": "Charles de Gaulle airport (CDG)",
            "fr": "Aéroport Charles-de-Gaulle (CDG)",
            "es": "Aeropuerto Charles de Gaulle (CDG)",
        },
        "49.0097", "2.5479",
    ),
    PlaceSpec(
        "orly", {"en": "Orly airport (ORY)", "fr": "Aéroport d’Orly (ORY)", "es": "Aeropuerto de Orly (ORY)"},
        "48.7262", "2.3652",
    ),
    PlaceSpec(
        "paris-centre",
        {
            "en": "Paris: Louvre, Marais, Opéra",
            "fr": "Paris : Louvre, Marais, Opéra",
            "es": "París: Louvre, Marais, Ópera",
        },
        "48.8637", "2.3412",
    ),
    PlaceSpec(
        "champs-elysees",
        {
            "en": "Paris: Champs-Élysées, west",
            "fr": "Paris : Champs-Élysées, ouest",
            "es": "París: Campos Elíseos, oeste",
        },
        "48.8698", "2.3028",
    ),
    PlaceSpec(
        "left-bank", {"en": "Paris: Left Bank", "fr": "Paris : rive gauche", "es": "París: orilla izquierda"},
        "48.8462", "2.3372",
    ),
    PlaceSpec(
        "montmartre",
        {"en": "Paris: Montmartre, north", "fr": "Paris : Montmartre, nord", "es": "París: Montmartre, norte"},
        "48.8867", "2.3431",
    ),
    PlaceSpec("paris-east", {"en": "Paris: east", "fr": "Paris : est", "es": "París: este"}, "48.8530", "2.3900"),
    PlaceSpec("gare-du-nord", {"en": "Gare du Nord", "fr": "Gare du Nord", "es": "Gare du Nord"}, "48.8809", "2.3553"),
    PlaceSpec("gare-de-lyon", {"en": "Gare de Lyon", "fr": "Gare de Lyon", "es": "Gare de Lyon"}, "48.8443", "2.3744"),
    PlaceSpec("la-defense", {"en": "La Défense", "fr": "La Défense", "es": "La Défense"}, "48.8920", "2.2370"),
    PlaceSpec("versailles", {"en": "Versailles", "fr": "Versailles", "es": "Versalles"}, "48.8049", "2.1204"),
)  # fmt: skip
# Longitude comes first, as GeoJSON has it: Paris along its ring road, gate to gate; the airports around their fences.
ZONES = (
    ZoneSpec(
        "paris",
        {"en": "Paris", "fr": "Paris", "es": "París"},
        (
            (2.2825, 48.8780), (2.2925, 48.8858), (2.3135, 48.8945), (2.3290, 48.8985), (2.3595, 48.9010),
            (2.3858, 48.8985), (2.3985, 48.8885), (2.4085, 48.8770), (2.4135, 48.8640), (2.4155, 48.8470),
            (2.4030, 48.8320), (2.3920, 48.8265), (2.3695, 48.8195), (2.3600, 48.8165), (2.3440, 48.8165),
            (2.3255, 48.8200), (2.3050, 48.8260), (2.2870, 48.8310), (2.2560, 48.8370), (2.2555, 48.8480),
            (2.2665, 48.8600), (2.2735, 48.8720),
        ),
    ),
    ZoneSpec(
        "cdg",
        {"en": "CDG airport", "fr": "Aéroport CDG", "es": "Aeropuerto CDG"},
        (
            (2.4980, 49.0250), (2.5250, 49.0300), (2.5900, 49.0290), (2.6150, 49.0160), (2.6120, 48.9960),
            (2.5600, 48.9870), (2.5050, 48.9930),
        ),
    ),
    ZoneSpec(
        "orly",
        {"en": "Orly airport", "fr": "Aéroport d’Orly", "es": "Aeropuerto de Orly"},
        (
            (2.3150, 48.7350), (2.3480, 48.7480), (2.3900, 48.7440), (2.4100, 48.7230), (2.3800, 48.7060),
            (2.3350, 48.7080),
        ),
    ),
)  # fmt: skip
DISTANCES = (
    DistanceSpec("cdg", "la-defense", 32_500),
    DistanceSpec("cdg", "versailles", 49_000),
    DistanceSpec("orly", "la-defense", 29_500),
    DistanceSpec("orly", "versailles", 25_000),
)

TERMINALS = {
    "cdg": ("Terminal 1", "Terminal 2E", "Terminal 2F"),
    "orly": ("Orly 1", "Orly 4"),
    "gare-du-nord": ("Eurostar",),
}
STREETS = {
    "paris-centre": ("8 place Vendôme, 75001", "41 rue de Rivoli, 75004", "5 rue des Francs-Bourgeois, 75003"),
    "champs-elysees": ("14 rue de Marignan, 75008", "27 avenue Montaigne, 75008", "63 avenue Foch, 75116"),
    "left-bank": ("112 boulevard Saint-Germain, 75006", "2 place du Panthéon, 75005", "30 rue du Bac, 75007"),
    "montmartre": ("19 rue Lepic, 75018", "77 boulevard Haussmann, 75009"),
    "la-defense": ("9 parvis de la Défense, 92800",),
    "versailles": ("16 boulevard de la Reine, 78000",),
}


def transfer(rng: Random) -> dict[str, Stop | None]:
    """To or from an airport or a station, and a street somewhere in Paris; seldom farther out."""
    far = rng.choices(list(TERMINALS), (6, 3, 1))[0]
    near = rng.choices(list(STREETS), (5, 5, 4, 3, 1, 0.5))[0]
    ends = [Stop(far, rng.choice(TERMINALS[far])), Stop(near, rng.choice(STREETS[near]))]
    if rng.random() < 0.45:
        ends.reverse()
    return {"pickup": ends[0], "dropoff": ends[1]}
