"""Harbor Home, a home-service company with teams and a workshop room. All of it is invented."""

from holdfast.demo.harbor_home_deep_cleaning import DEEP_CLEANING
from holdfast.demo.harbor_home_extras import EXTRAS
from holdfast.demo.harbor_home_questions import (
    ACCESS,
    ADDRESS,
    EXPERIENCE,
    HOME_SIZE,
    PETS,
    PROBLEM,
    SHUT_OFF,
    TOPIC,
    cleaning_answers,
    consultation_answers,
    plumbing_answers,
    workshop_answers,
)
from holdfast.demo.harbor_home_team import PEOPLE, ROOMS
from holdfast.demo.spec import (
    Audience,
    ClosureSpec,
    Demand,
    LimitSpec,
    OrganizationSpec,
    RequirementSpec,
    ServiceSpec,
    StaffSpec,
)

CLEANING = ServiceSpec(
    slug="home-cleaning",
    name={"en": "Home cleaning", "es": "Limpieza del hogar", "fr": "Ménage à domicile"},
    summary={
        "en": "One person you know by name, two to six hours.",
        "es": "Una persona que conoce por su nombre, de dos a seis horas.",
        "fr": "Une personne que vous connaissez, de deux à six heures.",
    },
    description={
        "en": "Kitchen, bathrooms, floors and dust, in the order you like. We bring supplies that are kind to children "
        "and animals. If something is not right, tell us within a day and we come back at no charge.",
        "es": "Cocina, baños, suelos y polvo, en el orden que prefiera. Traemos productos respetuosos con niños y "
        "animales. Si algo no queda bien, avísenos en un día y volvemos sin coste.",
        "fr": "Cuisine, salles de bains, sols et poussière, dans l’ordre que vous préférez. Nous apportons des "
        "produits doux pour les enfants et les animaux. Un oubli ? Dites-le-nous sous un jour, nous "
        "revenons sans frais.",
    },
    place={"en": "At your home in Brooklyn", "es": "En su casa, en Brooklyn", "fr": "Chez vous, à Brooklyn"},
    settings={
        "assign_by": "round_robin",
        "duration_minutes": 120,
        "longest_duration_minutes": 360,
        "duration_step_minutes": 60,
        "step_minutes": 30,
        "buffer_before_minutes": 15,
        "buffer_after_minutes": 30,
        "notice_minutes": 720,
        "horizon_days": 60,
        "price_amount": 4800,
        "price_unit": "hour",
        "allows_series": True,
    },
    requirements=(RequirementSpec("person", skills=("cleaning",), team="cleaning", is_choosable=True),),
    questions=(ADDRESS, HOME_SIZE, ACCESS, PETS),
    answers=cleaning_answers,
    demand=Demand(
        per_day=5.6,
        weekdays=(1.05, 0.95, 1.0, 1.1, 1.35, 1.0, 0.45),
        months=(0.85, 0.9, 1.1, 1.2, 1.2, 1.0, 0.9, 0.85, 1.0, 1.05, 1.25, 1.2),
        hours={8: 6, 9: 9, 10: 7, 11: 4, 12: 4, 13: 7, 14: 5, 15: 3, 16: 1},
        lead_days=13,
        durations={120: 24, 180: 40, 240: 24, 300: 7, 360: 5},
        chooses_member=0.42,
        cancelled=0.09,
        missed=0.012,
    ),
    customer_notes={
        "en": (
            "The key is with the doorman.",
            "Please mind the cat, she is an escape artist.",
            "The oven too, please.",
        ),
        "es": (
            "La llave la tiene el portero.",
            "Cuidado con la gata, por favor: se escapa.",
            "También el horno, por favor.",
        ),
    },
)

PLUMBING = ServiceSpec(
    slug="plumbing-repair",
    name={"en": "Plumbing repair", "es": "Reparación de fontanería", "fr": "Dépannage plomberie"},
    summary={
        "en": "A licensed plumber, first hour and small parts included.",
        "es": "Fontanero titulado, con la primera hora y las piezas pequeñas incluidas.",
        "fr": "Un plombier agréé, première heure et petites pièces comprises.",
    },
    description={
        "en": "Tell us what is wrong; we read it, confirm the visit and come with the right parts. Larger repairs are "
        "quoted on the spot, and nothing begins before you say yes.",
        "es": "Cuéntenos qué ocurre; lo leemos, confirmamos la visita y llegamos con las piezas adecuadas. Las "
        "reparaciones mayores se presupuestan allí mismo y nada empieza sin su visto bueno.",
        "fr": "Dites-nous ce qui ne va pas ; nous lisons, confirmons la visite et venons avec les bonnes pièces. Les "
        "réparations plus importantes font l’objet d’un devis sur place, et rien ne commence sans votre accord.",
    },
    place={"en": "At your home in Brooklyn", "es": "En su casa, en Brooklyn", "fr": "Chez vous, à Brooklyn"},
    settings={
        "duration_minutes": 90,
        "step_minutes": 30,
        "buffer_before_minutes": 15,
        "buffer_after_minutes": 30,
        "notice_minutes": 240,
        "horizon_days": 30,
        "price_amount": 16500,
        "price_unit": "booking",
        "needs_approval": True,
        "offers_emergency": True,
        "emergency_notice_minutes": 45,
        "emergency_horizon_hours": 18,
        "emergency_surcharge_percent": 60,
    },
    requirements=(RequirementSpec("person", skills=("plumbing",), team="plumbing"),),
    questions=(ADDRESS, PROBLEM, SHUT_OFF, ACCESS),
    answers=plumbing_answers,
    demand=Demand(
        per_day=3.4,
        weekdays=(1.35, 1.1, 1.0, 0.95, 1.0, 0.8, 0.45),
        months=(1.35, 1.3, 1.0, 0.9, 0.85, 0.85, 0.9, 0.85, 0.9, 1.0, 1.1, 1.2),
        hours={8: 9, 9: 8, 10: 7, 11: 5, 12: 3, 13: 5, 14: 6, 15: 5, 16: 4, 17: 3},
        lead_days=3.2,
        cancelled=0.06,
    ),
    customer_notes={
        "en": ("Please ring twice, the bell is faint.", "I can send photos."),
        "es": ("Llame dos veces, el timbre suena poco.", "Puedo enviar fotos."),
    },
)

CONSULTATION = ServiceSpec(
    slug="consultation",
    name={"en": "Free consultation", "es": "Consulta gratuita", "fr": "Consultation gratuite"},
    summary={
        "en": "Thirty minutes by video with someone who knows houses.",
        "es": "Treinta minutos por vídeo con alguien que conoce las casas.",
        "fr": "Trente minutes en vidéo avec quelqu’un qui connaît les maisons.",
    },
    description={
        "en": "Show us the room, the stain or the plan. You get an honest opinion, a rough price and the next step, "
        "which may well be that you do not need us.",
        "es": "Muéstrenos la habitación, la mancha o el plano. Recibirá una opinión sincera, un precio aproximado y el "
        "siguiente paso, que bien puede ser que no nos necesita.",
        "fr": "Montrez-nous la pièce, la tache ou le plan. Vous recevez un avis honnête, un ordre de prix et l’étape "
        "suivante, qui est parfois que vous n’avez pas besoin de nous.",
    },
    place={
        "en": "By video; we send you the link beforehand",
        "es": "Por vídeo; le enviamos el enlace antes de la cita",
        "fr": "En vidéo ; nous vous envoyons le lien avant le rendez-vous",
    },
    settings={
        "duration_minutes": 30,
        "step_minutes": 30,
        "buffer_after_minutes": 10,
        "notice_minutes": 120,
        "horizon_days": 30,
        "price_amount": 0,
        "price_unit": "booking",
    },
    requirements=(RequirementSpec("person", skills=("advice",), is_choosable=True),),
    questions=(TOPIC,),
    answers=consultation_answers,
    demand=Demand(
        per_day=2.6,
        weekdays=(1.2, 1.2, 1.2, 1.1, 0.9, 0.6, 0.3),
        months=(1.1, 1.0, 1.1, 1.1, 1.0, 0.9, 0.8, 0.8, 1.1, 1.1, 1.0, 0.9),
        hours={9: 5, 10: 7, 11: 7, 12: 4, 13: 4, 14: 6, 15: 6, 16: 6, 17: 6, 18: 5},
        lead_days=4,
        chooses_member=0.3,
        cancelled=0.07,
        missed=0.06,
        is_started=False,
    ),
)

WORKSHOP = ServiceSpec(
    slug="fix-it-yourself",
    name={"en": "Fix-it-yourself workshop", "es": "Taller «Arréglelo usted»", "fr": "Atelier « Je répare »"},
    summary={
        "en": "Saturdays, twelve places: faucets, walls and squeaky doors.",
        "es": "Los sábados, doce plazas: grifos, paredes y puertas que chirrían.",
        "fr": "Le samedi, douze places : robinets, murs et portes qui grincent.",
    },
    description={
        "en": "Two and a half hours at the workbench with tools in your own hands: change a washer, patch a wall, hang "
        "a shelf that stays. Tools, materials and coffee are included; beginners are the rule.",
        "es": "Dos horas y media en el banco de trabajo con las herramientas en sus manos: cambiar una junta, reparar "
        "una pared, colgar un estante que aguante. Herramientas, materiales y café incluidos; casi todos "
        "empiezan de cero.",
        "fr": "Deux heures et demie à l’établi, les outils en main : changer un joint, reboucher un mur, poser une "
        "étagère qui tient. Outils, matériel et café compris ; les débutants sont la règle.",
    },
    place={
        "en": "Harbor Home workshop, 100 Example Street, Brooklyn",
        "es": "Taller de Harbor Home, 100 Example Street, Brooklyn",
        "fr": "Atelier Harbor Home, 100 Example Street, Brooklyn",
    },
    settings={
        "duration_minutes": 150,
        "step_minutes": 30,
        "notice_minutes": 720,
        "horizon_days": 60,
        "largest_party": 4,
        "attendees": "optional",
        "price_amount": 5500,
        "price_unit": "person",
    },
    requirements=(RequirementSpec("room", skills=("workbench",), per_person=True),),
    questions=(EXPERIENCE,),
    answers=workshop_answers,
    demand=Demand(
        per_day=8.4,
        weekdays=(0, 0, 0, 0, 0, 1, 0),
        months=(1.1, 1.1, 1.1, 1.0, 0.9, 0.8, 0.7, 0.8, 1.0, 1.1, 1.2, 1.2),
        hours={10: 6, 14: 5},
        lead_days=14,
        parties={1: 44, 2: 40, 3: 10, 4: 6},
        cancelled=0.08,
        missed=0.05,
        is_started=False,
    ),
    customer_notes={
        "en": ("My daughter (14) is coming along.", "I am left-handed, if that matters."),
        "es": ("Vengo con mi hija de 14 años.", "Soy zurdo, por si importa."),
    },
)

HARBOR_HOME = OrganizationSpec(
    slug="harbor-home",
    name="Harbor Home",
    settings={
        "tagline": {
            "en": "Good hands for your home",
            "es": "Buenas manos para su casa",
            "fr": "De bonnes mains pour votre maison",
        },
        "about": {
            "en": "Cleaners, plumbers and teachers from the neighborhood, employed and insured. You choose the time, "
            "you see the price, and the person you booked is the person who comes.",
            "es": "Personal de limpieza, fontaneros y formadores del barrio, contratados y asegurados. Usted elige la "
            "hora, ve el precio, y viene la persona que ha reservado.",
            "fr": "Agents d’entretien, plombiers et formateurs du quartier, salariés et assurés. Vous choisissez "
            "l’heure, vous voyez le prix, et c’est la personne réservée qui vient.",
        },
        "time_zone": "America/New_York",
        "currency": "USD",
        "country": "US",
        "observes_holidays": True,
        "languages": ["en", "es"],
        "default_language": "en",
        "email": "hello@harbor-home.example",
        "phone": "+17185550100",
        "address": "100 Example Street, Brooklyn, NY 11201",
        "accent": "#0f6b62",
        "hold_minutes": 10,
        "cancellation_notice_minutes": 720,
    },
    teams={"cleaning": "Cleaning crew", "plumbing": "Plumbing", "advice": "Advice and teaching"},
    resources=(*PEOPLE, *ROOMS),
    extras=EXTRAS,
    services=(CLEANING, DEEP_CLEANING, PLUMBING, CONSULTATION, WORKSHOP),
    staff=(
        StaffSpec("owner@harbor-home.example", "Grace Okonjo", "owner", "en"),
        StaffSpec("manager@harbor-home.example", "Rafael Quiñones", "manager", "es"),
        StaffSpec("walt@harbor-home.example", "Walt Kowalczyk", "member", "en"),
        StaffSpec("nia@harbor-home.example", "Nia Freeman", "member", "en"),
        StaffSpec("hector@harbor-home.example", "Héctor Salinas", "member", "es"),
        StaffSpec("books@harbor-home.example", "Ellen Marsh", "read_only", "en"),
    ),
    password="harbor-lights",  # noqa: S106 - printed at every start of the demo; no other database ever has it
    works_holidays=1,
    closures=(ClosureSpec(-138, 2, "Moving to the new workshop"), ClosureSpec(19, 1, "Team training day")),
    limits=(LimitSpec("team", 8, team="cleaning"), LimitSpec("customer", 4, period="week")),
    deposits=({"percent": "30", "whole_within": 2880},),
    audiences=(
        Audience(0.72, "en", "english", ("America/New_York",), ("+171855501##", "+134755501##", "+191755501##")),
        Audience(0.28, "es", "spanish", ("America/New_York",), ("+171855501##", "+164655501##")),
    ),
    customers=640,
    cancel_reasons={
        "en": ("Something came up at work.", "We fixed it ourselves after all.", "We are out of town that day.", ""),
        "es": ("Me ha surgido un imprevisto.", "Ese día estamos de viaje.", ""),
    },
    staff_cancel_reasons=(
        "Customer called to cancel",
        "Outside our area; referred to a colleague",
        "Duplicate request",
    ),
    staff_notes=(
        "Called ahead; gate code confirmed.",
        "Bring the long ladder.",
        "Prefers unscented products.",
        "Parking behind the building, ask the super.",
        "Very kind dog, very large.",
        "Wants an invoice for the landlord.",
    ),
)
