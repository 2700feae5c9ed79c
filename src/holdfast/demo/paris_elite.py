"""Paris Élite, a chauffeur company: every ride needs a driver and a vehicle. All of it is invented."""

from holdfast.demo.paris_elite_fleet import DRIVERS, VEHICLES
from holdfast.demo.paris_elite_group_tour import GROUP_TOUR
from holdfast.demo.paris_elite_places import DISTANCES, PLACES, ZONES, transfer
from holdfast.demo.paris_elite_questions import (
    DROP_OFF,
    FLIGHT,
    LUGGAGE,
    PICKUP,
    TOUR_LANGUAGE,
    ride_answers,
    tour_answers,
    transfer_answers,
)
from holdfast.demo.paris_elite_tariffs import EXTRAS, PROMOTIONS, TARIFFS, TAX
from holdfast.demo.spec import (
    Audience,
    ClosureSpec,
    Demand,
    LimitSpec,
    OrganizationSpec,
    PolicySpec,
    RequirementSpec,
    ServiceSpec,
    StaffSpec,
)

DRIVER = RequirementSpec("person", is_choosable=True)
VEHICLE = RequirementSpec("vehicle")

TRANSFER = ServiceSpec(
    slug="airport-transfer",
    name={"en": "Airport transfer", "fr": "Transfert aéroport", "es": "Traslado al aeropuerto"},
    summary={
        "en": "Paris to or from any airport or station, at fixed prices.",
        "fr": "Paris, ses aéroports et ses gares, au prix fixé d’avance.",
        "es": "París y sus aeropuertos y estaciones, a precio cerrado.",
    },
    description={
        "en": "Your driver follows your flight, waits in the arrivals hall with your name and carries your luggage to "
        "the car. Tolls, parking and one hour of waiting at the airport are included. Up to three passengers ride in "
        "a sedan, up to seven in a van, at the same price.",
        "fr": "Votre chauffeur suit votre vol, vous attend à la sortie avec votre nom et porte vos bagages jusqu’à la "
        "voiture. Péages, parking et une heure d’attente à l’aéroport sont compris. Jusqu’à trois passagers en "
        "berline, jusqu’à sept en van, au même prix.",
        "es": "Su conductor sigue el vuelo, le espera en llegadas con su nombre y lleva el equipaje hasta el coche. "
        "Incluye peajes, aparcamiento y una hora de espera en el aeropuerto. Hasta tres pasajeros en berlina y hasta "
        "siete en furgoneta, al mismo precio.",
    },
    place={
        "en": "Anywhere in Paris and its airports",
        "fr": "À Paris et dans ses aéroports",
        "es": "En París y sus aeropuertos",
    },
    settings={
        "assign_by": "least_busy",
        "duration_minutes": 90,
        "step_minutes": 15,
        "buffer_before_minutes": 20,
        "buffer_after_minutes": 25,
        "notice_minutes": 180,
        "horizon_days": 90,
        "largest_party": 7,
        "asks_places": "way",
        "price_amount": 9800,
        "price_unit": "booking",
    },
    requirements=(DRIVER, VEHICLE),
    questions=(FLIGHT, LUGGAGE),
    answers=transfer_answers,
    way=transfer,
    usual=("cdg", "paris-centre"),
    demand=Demand(
        per_day=6.7,
        weekdays=(1.15, 0.9, 0.85, 1.0, 1.25, 0.9, 0.95),
        months=(0.75, 0.8, 0.95, 1.0, 1.1, 1.25, 1.15, 0.85, 1.2, 1.2, 0.9, 1.05),
        hours={
            5: 4,
            6: 8,
            7: 9,
            8: 7,
            9: 6,
            10: 6,
            11: 6,
            12: 5,
            13: 5,
            14: 6,
            15: 6,
            16: 7,
            17: 8,
            18: 7,
            19: 6,
            20: 5,
            21: 4,
            22: 3,
            23: 2,
            0: 1,
            1: 0.5,
            3: 0.5,
            4: 1.5,
        },
        lead_days=12,
        parties={1: 46, 2: 30, 3: 10, 4: 7, 5: 4, 6: 2, 7: 1},
        chooses_member=0.18,
        cancelled=0.09,
        missed=0.015,
    ),
    customer_notes={
        "en": (
            "We travel with a pram.",
            "Please text me when you arrive.",
            "My father walks slowly; thank you for your patience.",
        ),
        "fr": (
            "Nous voyageons avec une poussette.",
            "Merci de m’envoyer un SMS à votre arrivée.",
            "Merci de prévoir de l’eau.",
        ),
        "es": (
            "Viajamos con un cochecito.",
            "Avíseme por mensaje cuando llegue, por favor.",
            "Llevamos dos bolsas de golf.",
        ),
    },
)

HOURLY = ServiceSpec(
    slug="chauffeur-by-the-hour",
    name={"en": "Chauffeur by the hour", "fr": "Chauffeur à l’heure", "es": "Chófer por horas"},
    summary={
        "en": "A car and its driver at your disposal, from two to ten hours.",
        "fr": "Une voiture et son chauffeur à disposition, de deux à dix heures.",
        "es": "Un coche y su conductor a su disposición, de dos a diez horas.",
    },
    description={
        "en": "Meetings across town, fittings, a dinner and the way home: the car stays with you and the plan may "
        "change as you go. Fuel, tolls and 25 km for each hour are included.",
        "fr": "Rendez-vous aux quatre coins de la ville, essayages, dîner et retour : la voiture reste à vos côtés et "
        "le programme peut changer en route. Carburant, péages et 25 km par heure compris.",
        "es": "Reuniones por toda la ciudad, pruebas, una cena y la vuelta: el coche se queda con usted y el plan "
        "puede cambiar sobre la marcha. Incluye combustible, peajes y 25 km por hora.",
    },
    place={
        "en": "Paris and Île-de-France",
        "fr": "Paris et Île-de-France",
        "es": "París e Isla de Francia",
    },
    settings={
        "duration_minutes": 120,
        "longest_duration_minutes": 600,
        "duration_step_minutes": 60,
        "step_minutes": 30,
        "buffer_before_minutes": 20,
        "buffer_after_minutes": 20,
        "notice_minutes": 240,
        "horizon_days": 90,
        "largest_party": 7,
        "price_amount": 7200,
        "price_unit": "hour",
    },
    requirements=(DRIVER, VEHICLE),
    questions=(PICKUP, DROP_OFF, LUGGAGE),
    answers=ride_answers,
    demand=Demand(
        per_day=2.4,
        weekdays=(0.9, 1.1, 1.1, 1.15, 1.2, 1.1, 0.45),
        months=(0.9, 1.0, 1.15, 0.9, 1.05, 1.25, 0.9, 0.5, 1.25, 1.15, 0.9, 1.1),
        hours={8: 6, 9: 9, 10: 6, 11: 3, 12: 3, 13: 4, 14: 6, 15: 3, 16: 3, 17: 4, 18: 7, 19: 8, 20: 5, 21: 3, 22: 1},
        lead_days=9,
        durations={120: 22, 180: 26, 240: 24, 300: 10, 360: 6, 480: 8, 540: 2, 600: 2},
        parties={1: 52, 2: 28, 3: 9, 4: 6, 5: 3, 6: 2},
        chooses_member=0.34,
        cancelled=0.1,
    ),
    customer_notes={
        "en": ("Same driver as last time if possible.", "Three stops; I will tell the driver.", "Please no music."),
        "fr": ("Le même chauffeur que la dernière fois si possible.", "Trois étapes, à préciser sur place."),
        "es": ("El mismo conductor que la última vez, si es posible.", "Habrá tres paradas."),
    },
)

TOUR = ServiceSpec(
    slug="city-tour",
    name={"en": "Private city tour", "fr": "Visite privée de Paris", "es": "Visita privada de París"},
    summary={
        "en": "Three unhurried hours from Montmartre to the Left Bank.",
        "fr": "Trois heures sans se presser, de Montmartre à la rive gauche.",
        "es": "Tres horas sin prisas, de Montmartre a la orilla izquierda.",
    },
    description={
        "en": "A driver who loves this city shows you its great sights and a few it keeps to itself: the passages, a "
        "courtyard in the Marais, the Seine at the right hour. You decide where to stop and for how long.",
        "fr": "Un chauffeur amoureux de sa ville vous montre ses grands monuments et quelques secrets : les passages, "
        "une cour du Marais, la Seine à la bonne heure. Vous choisissez les arrêts et leur durée.",
        "es": "Un conductor enamorado de su ciudad le muestra sus grandes monumentos y algún secreto: los pasajes, un "
        "patio del Marais, el Sena a la hora justa. Usted decide dónde parar y cuánto tiempo.",
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
        "price_amount": 33000,
        "price_unit": "booking",
    },
    requirements=(
        RequirementSpec("person", skills=("tour",), is_choosable=True),
        RequirementSpec("vehicle", skills=("tour",)),
    ),
    questions=(PICKUP, TOUR_LANGUAGE),
    answers=tour_answers,
    demand=Demand(
        per_day=1.3,
        weekdays=(0.7, 0.8, 0.9, 0.9, 1.1, 1.4, 1.2),
        months=(0.5, 0.6, 0.8, 1.1, 1.3, 1.4, 1.3, 1.2, 1.3, 1.1, 0.6, 0.9),
        hours={9: 8, 10: 9, 13: 3, 14: 8, 15: 4, 16: 3, 18: 3, 19: 3},
        lead_days=18,
        parties={1: 6, 2: 48, 3: 14, 4: 17, 5: 8, 6: 5, 7: 2},
        chooses_member=0.22,
        cancelled=0.11,
    ),
    customer_notes={
        "en": ("It is our anniversary.", "We would love to see the Musée Rodin garden.", "First time in Paris!"),
        "fr": ("Nous fêtons les 80 ans de ma mère.", "Nous aimerions finir à Montmartre au coucher du soleil."),
        "es": ("Es nuestro aniversario.", "Nos encantaría parar en los pasajes cubiertos."),
    },
)

PARIS_ELITE = OrganizationSpec(
    slug="paris-elite",
    name="Paris Élite",
    settings={
        "public_attributes": ["seats", "fuel"],
        "tagline": {
            "en": "Private drivers in Paris, day and night",
            "fr": "Chauffeurs privés à Paris, jour et nuit",
            "es": "Conductores privados en París, de día y de noche",
        },
        "about": {
            "en": "A family house of nine drivers and ten cars, in Paris since 1998. You know the price before you "
            "book, your driver is there before you are, and someone answers the telephone at any hour.",
            "fr": "Une maison familiale de neuf chauffeurs et dix voitures, à Paris depuis 1998. Vous connaissez le "
            "prix avant de réserver, votre chauffeur arrive avant vous et quelqu’un vous répond à toute heure.",
            "es": "Una casa familiar con nueve conductores y diez coches, en París desde 1998. Conoce el precio antes "
            "de reservar, su conductor llega antes que usted y siempre hay alguien al teléfono.",
        },
        "time_zone": "Europe/Paris",
        "currency": "EUR",
        "country": "FR",
        "languages": ["fr", "en", "es"],
        "default_language": "fr",
        "email": "bonjour@paris-elite.example",
        "phone": "+33639980100",
        "address": "18 rue de l’Exemple, 75008 Paris",
        "accent": "#1f3a68",
        "hold_minutes": 10,
        "cancellation_notice_minutes": 1440,
    },
    teams={"drivers": "Chauffeurs", "business": "Berlines affaires", "first": "Première classe", "vans": "Vans"},
    resources=(*DRIVERS, *VEHICLES),
    services=(TRANSFER, HOURLY, TOUR, GROUP_TOUR),
    staff=(
        StaffSpec("owner@paris-elite.example", "Hélène Valmont", "owner", "fr"),
        StaffSpec("dispatch@paris-elite.example", "Nadia Cherif", "dispatcher", "fr"),
        StaffSpec("accounts@paris-elite.example", "Paul Besnard", "read_only", "en"),
    ),
    password="bonjour-paris",  # noqa: S106 - printed at every start of the demo; no other database ever has it
    closures=(ClosureSpec(-199, 1, "Séminaire de l’équipe"),),
    limits=(
        LimitSpec("service", 16, service="city-tour", counts="people"),
        LimitSpec("customer", 10, period="rolling", rolling_days=7),
    ),
    tariffs=TARIFFS,
    places=PLACES,
    zones=ZONES,
    distances=DISTANCES,
    extras=EXTRAS,
    promotions=PROMOTIONS,
    tax=TAX,
    tips={"percents": [5, 10, 15], "is_free": True},
    policies=(PolicySpec({1440: "50", 120: "100"}), PolicySpec({1440: "100"}, "city-tour")),
    audiences=(
        Audience(0.42, "fr", "french", ("Europe/Paris",), ("+3363998####",)),
        Audience(
            0.24,
            "en",
            "english",
            ("America/New_York", "America/Chicago", "America/Los_Angeles"),
            ("+121255501##", "+141555501##"),
        ),
        Audience(0.16, "en", "english", ("Europe/London",), ("+447700900###",)),
        Audience(
            0.18,
            "es",
            "spanish",
            ("Europe/Madrid", "America/Mexico_City", "Europe/Paris"),
            ("+3363998####", "+130555501##"),
        ),
    ),
    customers=780,
    cancel_reasons={
        "en": ("My flight was cancelled.", "Our plans changed.", "The meeting was moved.", ""),
        "fr": ("Mon vol est annulé.", "Changement de programme.", "La réunion est reportée.", ""),
        "es": ("Han cancelado mi vuelo.", "Hemos cambiado de planes.", ""),
    },
    staff_cancel_reasons=(
        "Le client a appelé pour annuler",
        "Véhicule en panne, client replacé",
        "Doublon, à la demande du client",
    ),
    staff_notes=(
        "A appelé pour confirmer le terminal.",
        "Client fidèle : eau plate, pas de radio.",
        "Prévoir la pancarte au nom de la société.",
        "Facture à envoyer à la comptabilité.",
        "Deux grandes valises et un étui de violoncelle.",
        "Préfère passer par les quais.",
    ),
)
