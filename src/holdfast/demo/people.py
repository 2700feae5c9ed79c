"""Customers who do not exist: invented names, example.com addresses, telephone numbers reserved for fiction.

Numbers: France +33 6 39 98 (ARCEP), United Kingdom +44 7700 900 (Ofcom), North America 555-01 (NANPA).
"""

import re
import unicodedata
from dataclasses import dataclass
from random import Random

from holdfast.demo.chance import chance, weighted
from holdfast.demo.spec import Audience, OrganizationSpec

FIRST_NAMES = {
    "french": """Camille Léa Chloé Manon Inès Jade Louise Alice Juliette Élodie Nathalie Sandrine Amélie Margaux Océane
        Hugo Louis Arthur Jules Gabriel Théo Maxime Antoine Nicolas François Guillaume Laurent Olivier Stéphane Yanis
        Mehdi Fatou Aïssata Rokhaya Bastien Clémence Aurélien Solène Gaëlle Benoît""",
    "english": """Emma Olivia Charlotte Amelia Grace Hannah Abigail Megan Rachel Allison Naomi Priscilla Joanna Beth
        James William Henry Oliver Thomas Daniel Matthew Andrew Nathan Marcus Terrence Andre Kevin Brian Peter Graham
        Aisha Kavita Mei Linda Susan Patricia Derek Walter Simone Elaine""",
    "spanish": """María Lucía Carmen Sofía Paula Elena Isabel Ana Valentina Camila Daniela Gabriela Mariana Ximena Pilar
        Javier Carlos Diego Alejandro Miguel Luis Fernando Andrés Rafael Sergio Pablo Mateo Santiago Emilio Joaquín
        Rosa Beatriz Natalia Teresa Ignacio Gonzalo Marisol Itzel Catalina Rodrigo""",
}
LAST_NAMES = {
    "french": """Lefèvre Girard Roussel Marchand Chevalier Gauthier Perrin Masson Delacroix Bonnet Vasseur Rivière
        Lemaire Carpentier Guérin Barbier Aubert Picard Renault Charpentier Maillard Besson Tessier Hamelin Cordier
        Diop Traoré Haddad Mansouri Nguyen Ferreira Rossi Lambert Schmitt Kowalski Berger Colin Faure Royer""",
    "english": """Whitfield Harrison Bennett Caldwell Prescott Thornton Ellsworth Hargrove Lockhart Whitaker Donovan
        Sullivan Callahan Rafferty Ashford Pemberton Kingsley Sinclair Goldberg Feldman Okafor Mensah Chen Kim Patel
        Iyer Nakamura Lindqvist Novak Petrov Jennings Crawford Mercer Holloway Baxter Winslow Draper Keating Munro
        Abernathy""",
    "spanish": """Herrera Mendoza Castillo Vargas Rivera Santana Delgado Cordero Aguilar Fuentes Paredes Salazar Montoya
        Villanueva Ibáñez Quintana Olmedo Carrasco Zamora Bustamante Rosales Escobar Pacheco Lozano Arroyo Marín
        Requena Solís Tapia Valverde Figueroa Cisneros Madrigal Llorente Galindo Peralta Ochoa Bermúdez Cabrera Luna""",
}
DOMAINS = ("example.com", "example.com", "example.org")


@dataclass(frozen=True, slots=True)
class Customer:
    name: str
    email: str
    phone: str
    locale: str
    time_zone: str


def customers_of(spec: OrganizationSpec) -> list[Customer]:
    """The organization's customers, no two with the same address; the first ones come most often."""
    rng = chance(spec.slug, "customers")
    audiences = {number: audience.share for number, audience in enumerate(spec.audiences)}
    taken: set[str] = set()
    return [_invent(rng, spec.audiences[weighted(rng, audiences)], taken) for _ in range(spec.customers)]


def someone(rng: Random, customers: list[Customer]) -> Customer:
    """One of them: a few regulars, many who come once or twice."""
    return customers[int(len(customers) * rng.random() ** 2.2)]


def _invent(rng: Random, audience: Audience, taken: set[str]) -> Customer:
    first = rng.choice(FIRST_NAMES[audience.names].split())
    last = rng.choice(LAST_NAMES[audience.names].split())
    mailbox = base = f"{_plain(first)}.{_plain(last)}"
    while mailbox in taken:
        mailbox = f"{base}{rng.randrange(2, 99)}"
    taken.add(mailbox)
    phone = re.sub("#", lambda _: str(rng.randrange(10)), rng.choice(audience.phones))
    return Customer(
        name=f"{first} {last}",
        email=f"{mailbox}@{rng.choice(DOMAINS)}",
        phone=phone,
        locale=audience.locale,
        time_zone=rng.choice(audience.time_zones),
    )


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return letters.lower().replace("'", "").replace(" ", "-")
