"""The people and the room of Harbor Home."""

from holdfast.demo.spec import ResourceSpec, SpecialDay, Texts, TimeOff


def _person(
    slug: str,
    name: str,
    team: str,
    skills: str,
    about: Texts,
    hours: str,
    *,
    rank: int = 0,
    time_off: tuple[TimeOff, ...] = (),
    special_days: tuple[SpecialDay, ...] = (),
    hours_since: int | None = None,
    hours_before: str = "",
    on_call: str = "",
    account: str | None = None,
) -> ResourceSpec:
    return ResourceSpec(
        slug=slug,
        name=name,
        kind="person",
        rank=rank,
        team=team,
        skills=tuple(skills.split()),
        about=about,
        hours=hours,
        hours_since=hours_since,
        hours_before=hours_before,
        is_public=True,
        time_off=time_off,
        special_days=special_days,
        on_call=on_call,
        account=account,
    )


PEOPLE = (
    _person(
        "rosa-medina",
        "Rosa Medina",
        "cleaning",
        "cleaning lang:en lang:es",
        {
            "en": "Kitchens are her pride; with us since the first day.",
            "es": "Las cocinas son su orgullo; con nosotros desde el primer día.",
            "fr": "Les cuisines sont sa fierté ; parmi nous depuis le premier jour.",
        },
        "mon-fri 08:00-16:00",
        time_off=(TimeOff(-102, 10, "Vacation"), TimeOff(12, 1, "Day off")),
    ),
    _person(
        "denise-carter",
        "Denise Carter",
        "cleaning",
        "cleaning lang:en",
        {
            "en": "Quick, thorough, and good with nervous cats.",
            "es": "Rápida, minuciosa y buena con los gatos nerviosos.",
            "fr": "Rapide, minutieuse et douce avec les chats inquiets.",
        },
        "mon-thu 09:00-18:00",
        time_off=(TimeOff(-64, 7, "Vacation"),),
    ),
    _person(
        "tomas-rivas",
        "Tomás Rivas",
        "cleaning",
        "cleaning lang:en lang:es",
        {
            "en": "Windows, floors and the things others miss.",
            "es": "Ventanas, suelos y lo que otros no ven.",
            "fr": "Vitres, sols et ce que les autres oublient.",
        },
        "tue-sat 08:00-16:30",
        time_off=(TimeOff(-180, 8, "Vacation"), TimeOff(22, 5, "Vacation")),
    ),
    _person(
        "mei-tanaka",
        "Mei Tanaka",
        "cleaning",
        "cleaning lang:en lang:ja",
        {
            "en": "Calm order, room by room.",
            "es": "Orden y calma, habitación por habitación.",
            "fr": "L’ordre et le calme, pièce après pièce.",
        },
        "wed-sun 09:00-16:00",
        time_off=(TimeOff(-35, 4, "Vacation"),),
        special_days=(SpecialDay(9, "08:00", "13:00", "Early shift"),),
    ),
    _person(
        "andre-baptiste",
        "Andre Baptiste",
        "cleaning",
        "cleaning lang:en lang:fr",
        {
            "en": "Moves in, moves out, and after the party.",
            "es": "Mudanzas y limpiezas después de la fiesta.",
            "fr": "Emménagements, déménagements et lendemains de fête.",
        },
        "mon-wed 08:00-17:00, sat-sun 09:00-17:00",
        time_off=(TimeOff(-150, 9, "Vacation"),),
    ),
    _person(
        "luz-herrera",
        "Luz Herrera",
        "cleaning",
        "cleaning lang:en lang:es",
        {
            "en": "Joined this summer; her regulars ask for no one else.",
            "es": "Llegó este verano; sus clientes ya no piden a nadie más.",
            "fr": "Arrivée cet été ; ses habitués ne demandent qu’elle.",
        },
        "mon-fri 09:00-15:00",
        hours_since=140,
    ),
    _person(
        "walt-kowalczyk",
        "Walt Kowalczyk",
        "plumbing",
        "plumbing lang:en lang:pl",
        {
            "en": "Master plumber; thirty years of old pipes.",
            "es": "Maestro fontanero; treinta años de tuberías viejas.",
            "fr": "Maître plombier ; trente ans de vieilles conduites.",
        },
        "mon-fri 08:00-17:00",
        on_call="mon-tue 17:00-23:00, sat 07:00-11:00",
        account="walt@harbor-home.example",
        time_off=(TimeOff(-85, 10, "Vacation"), TimeOff(17, 2, "Trade fair")),
    ),
    _person(
        "nia-freeman",
        "Nia Freeman",
        "plumbing",
        "plumbing advice lang:en",
        {
            "en": "Finds the leak, explains it, fixes it.",
            "es": "Encuentra la fuga, la explica y la repara.",
            "fr": "Trouve la fuite, l’explique, la répare.",
        },
        "tue-sat 08:00-17:00",
        hours_before="tue-sat 10:00-18:00",
        hours_since=75,  # came earlier since the autumn
        rank=1,
        on_call="wed-fri 17:00-23:00",
        account="nia@harbor-home.example",
        time_off=(TimeOff(-210, 8, "Vacation"),),
    ),
    _person(
        "hector-salinas",
        "Héctor Salinas",
        "plumbing",
        "plumbing lang:en lang:es",
        {
            "en": "Evenings and Sundays, when pipes prefer to burst.",
            "es": "Tardes y domingos, cuando revientan las tuberías.",
            "fr": "Le soir et le dimanche, quand les tuyaux éclatent.",
        },
        "thu-sun 11:00-20:00, mon 11:00-20:00",
        on_call="mon-sun 23:00-07:00, sat-sun 20:00-23:00",
        account="hector@harbor-home.example",
        time_off=(TimeOff(-120, 7, "Vacation"),),
    ),
    _person(
        "priya-raman",
        "Priya Raman",
        "advice",
        "advice lang:en",
        {
            "en": "Architect by training; likes small bathrooms.",
            "es": "Arquitecta de formación; le gustan los baños pequeños.",
            "fr": "Architecte de formation ; elle aime les petites salles de bains.",
        },
        "mon-thu 09:00-12:00, mon-thu 13:00-18:30, sun 10:00-14:00",
        time_off=(TimeOff(-56, 5, "Vacation"),),
    ),
    _person(
        "carlos-beltran",
        "Carlos Beltrán",
        "advice",
        "advice lang:en lang:es",
        {
            "en": "Answers in English or Spanish, with a pencil in hand.",
            "es": "Responde en inglés o en español, lápiz en mano.",
            "fr": "Répond en anglais ou en espagnol, crayon en main.",
        },
        "wed-fri 12:00-19:00, sat 09:00-13:00",
        time_off=(TimeOff(10, 1, "Family day"),),
    ),
)

# Only the room is occupied by a workshop: its twelve places are the capacity, and the session has two fixed starts.
ROOMS = (
    ResourceSpec(
        slug="workshop",
        name="Workshop",
        kind="room",
        rank=0,
        skills=("workbench",),
        lanes=12,
        about={"en": "Twelve workbenches", "es": "Doce bancos de trabajo", "fr": "Douze établis"},
        hours="sat 10:00-12:30, sat 14:00-16:30",
    ),
)
