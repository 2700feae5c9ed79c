"""In which language somebody is refused: one of the organization's, as everywhere else (catalog/asked.py)."""

from holdfast.core.languages import first_spoken
from holdfast.live.asgi import language_of
from holdfast.live.database import Database

LANGUAGES = "SELECT languages, default_language FROM catalog_organization WHERE slug = %(slug)s"


async def spoken(database: Database, slug: str, headers: dict[str, str]) -> str:
    """The first that the reader asks for, else the organization's default; one that we speak where there is none."""
    row = await database.read(None, LANGUAGES, {"slug": slug})
    if row is None:
        return language_of(headers) or "en"
    return first_spoken(headers.get("accept-language", ""), row[0]) or str(row[1])
