"""The drivers and vehicles of Paris Élite."""

from holdfast.demo.spec import ResourceSpec, SpecialDay, Texts, TimeOff


def _driver(
    slug: str,
    name: str,
    languages: str,
    about: Texts,
    hours: str,
    *,
    tours: bool = False,
    time_off: tuple[TimeOff, ...] = (),
    special_days: tuple[SpecialDay, ...] = (),
    hours_since: int | None = None,
    hours_before: str = "",
) -> ResourceSpec:
    return ResourceSpec(
        slug=slug,
        name=name,
        kind="person",
        rank=0,
        team="drivers",
        about=about,
        skills=(*(f"lang:{language}" for language in languages.split()), *(("tour",) if tours else ())),
        hours=hours,
        hours_since=hours_since,
        hours_before=hours_before,
        is_public=True,
        time_off=time_off,
        special_days=special_days,
    )


DRIVERS = (
    _driver(
        "karim-benali",
        "Karim Benali",
        "fr en ar",
        {
            "en": "Early mornings and airports, for nineteen years.",
            "fr": "L’aube et les aéroports, depuis dix-neuf ans.",
            "es": "Madrugadas y aeropuertos, desde hace diecinueve años.",
        },
        "mon-fri 05:00-13:00",
        time_off=(TimeOff(-108, 14, "Congés d’été"), TimeOff(13, 2, "Congé")),
    ),
    _driver(
        "sophie-laurent",
        "Sophie Laurent",
        "fr en",
        {
            "en": "Knows every courtyard of the Marais and its story.",
            "fr": "Connaît chaque cour du Marais et son histoire.",
            "es": "Conoce cada patio del Marais y su historia.",
        },
        "mon-thu 07:00-15:30, sat 08:00-14:00",
        tours=True,
        time_off=(TimeOff(-95, 14, "Congés d’été"), TimeOff(-27, 3, "Formation")),
    ),
    _driver(
        "etienne-moreau",
        "Étienne Moreau",
        "fr en de",
        {
            "en": "Calm at the wheel, exact to the minute.",
            "fr": "Calme au volant, exact à la minute.",
            "es": "Tranquilo al volante, puntual al minuto.",
        },
        "tue-fri 09:30-18:30, sat 09:00-20:00",
        tours=True,
        time_off=(TimeOff(-250, 7, "Congés"), TimeOff(20, 4, "Congés")),
    ),
    _driver(
        "ines-ortega",
        "Inés Ortega",
        "fr es en",
        {
            "en": "From Seville to Paris; tours in three languages.",
            "fr": "De Séville à Paris ; des visites en trois langues.",
            "es": "De Sevilla a París; visitas en tres idiomas.",
        },
        "wed-sun 12:00-20:30",
        tours=True,
        time_off=(TimeOff(-72, 10, "Congés"),),
        special_days=(SpecialDay(6, "09:00", "17:00", "Horaires décalés"),),
    ),
    _driver(
        "mamadou-diallo",
        "Mamadou Diallo",
        "fr en",
        {
            "en": "The night shift, and always a good word.",
            "fr": "Le service de nuit, et toujours un mot aimable.",
            "es": "El turno de noche, y siempre una palabra amable.",
        },
        "mon-fri 20:00-04:30",
        time_off=(TimeOff(-160, 12, "Congés"), TimeOff(9, 1, "Repos compensateur")),
    ),
    _driver(
        "claire-fontaine",
        "Claire Fontaine",
        "fr en it",
        {
            "en": "Evenings at the opera, weekends until late.",
            "fr": "Les soirs d’opéra, le week-end jusque tard.",
            "es": "Noches de ópera, fines de semana hasta tarde.",
        },
        "mon 18:00-02:00, fri-sun 18:00-03:00",
        tours=True,
        time_off=(TimeOff(-130, 9, "Congés"),),
    ),
    _driver(
        "thomas-weber",
        "Thomas Weber",
        "fr en de",
        {
            "en": "Weekends from six; Versailles and Giverny by heart.",
            "fr": "Le week-end dès six heures ; Versailles et Giverny par cœur.",
            "es": "Fines de semana desde las seis; Versalles y Giverny de memoria.",
        },
        "mon-tue 11:00-20:00, sat-sun 06:00-16:00",
        tours=True,
        time_off=(TimeOff(-46, 4, "Congés"), TimeOff(16, 1, "Visite médicale")),
    ),
    _driver(
        "lucia-navarro",
        "Lucía Navarro",
        "es fr en",
        {
            "en": "Business afternoons, smooth and discreet.",
            "fr": "Les après-midi d’affaires, en douceur et en discrétion.",
            "es": "Tardes de negocios, con suavidad y discreción.",
        },
        "mon-fri 13:00-22:00",
        tours=True,
        time_off=(TimeOff(-115, 14, "Congés d’été"),),
    ),
    _driver(
        "julien-caron",
        "Julien Caron",
        "fr en",
        {
            "en": "The youngest of the house, and the most careful.",
            "fr": "Le plus jeune de la maison, et le plus prudent.",
            "es": "El más joven de la casa, y el más prudente.",
        },
        "mon-fri 09:30-18:30",
        hours_since=152,  # joined five months ago
        time_off=(TimeOff(-60, 2, "Formation"),),
        special_days=(SpecialDay(8, "07:00", "15:00", "Remplacement"),),
    ),
)


def _vehicle(
    slug: str,
    name: str,
    team: str,
    rank: int,
    seats: int,
    *,
    tours: bool,
    workshop: tuple[int, ...] = (),
    fuel: str = "hybrid",
    buffer_after: int | None = None,
) -> ResourceSpec:
    return ResourceSpec(
        slug=slug,
        name=name,
        kind="vehicle",
        rank=rank,
        team=team,
        skills=(f"class:{team}", *(("tour",) if tours else ())),
        largest_party=seats,
        attributes={"seats": seats, "fuel": fuel},
        buffer_after=buffer_after,
        time_off=tuple(TimeOff(day, 1, "Contrôle technique et entretien") for day in workshop),
    )


# The smallest car that fits is given out first.
VEHICLES = (
    _vehicle("business-1", "Mercedes Classe E · GA-118-PE", "business", 0, 3, tours=False, workshop=(-170, 11)),
    _vehicle("business-2", "Mercedes Classe E · GA-119-PE", "business", 0, 3, tours=False, workshop=(-163,)),
    _vehicle("business-3", "BMW Série 5 · FT-402-PE", "business", 0, 3, tours=False, workshop=(-31,)),
    _vehicle("business-4", "Audi A6 · FW-951-PE", "business", 0, 3, tours=False, workshop=(-204, 18)),
    _vehicle("first-1", "Mercedes Classe S · GB-007-PE", "first", 1, 3, tours=True, workshop=(-88,)),
    _vehicle("first-2", "Mercedes Classe S · GB-008-PE", "first", 1, 3, tours=True),
    _vehicle("first-3", "BMW Série 7 · GC-333-PE", "first", 1, 3, tours=True, workshop=(-12,)),
    _vehicle("van-1", "Mercedes Classe V · FX-271-PE", "vans", 2, 7, tours=True, workshop=(-140,)),
    _vehicle("van-2", "Mercedes Classe V · FX-272-PE", "vans", 2, 7, tours=True, workshop=(15,)),
    # Electric: it goes to the charger between two rides.
    _vehicle("van-3", "Mercedes EQV · GD-640-PE", "vans", 2, 7, tours=True, fuel="electric", buffer_after=60),
)
