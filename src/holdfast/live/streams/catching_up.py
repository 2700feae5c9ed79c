"""Where a listener goes on who was away: nothing is missed, and nothing comes twice."""

from dataclasses import dataclass

from holdfast.live.streams.envelopes import Customer, Listening, Public, SignedIn
from holdfast.live.streams.errors import UnknownEvent
from holdfast.live.streams.feed import Feed
from holdfast.live.streams.follower import Follower
from holdfast.live.streams.log import Subject


@dataclass(frozen=True, slots=True)
class Start:
    """After which event, and how that is caught up with that the feed does not keep.

    `is_lost`: what was missed is not looked up, for it takes one envelope to say that everything may have changed.
    """

    after: int
    subject: Subject = None
    is_lost: bool = False


async def start_of(follower: Follower, feed: Feed, listening: Listening, last_event_id: int | None) -> Start:
    """Raises UnknownEvent, psycopg.OperationalError."""
    if last_event_id is None:
        return Start(feed.settled)
    if not await follower.exists(last_event_id):
        raise UnknownEvent
    if feed.number_after(last_event_id) is None and isinstance(listening, Public):
        return Start(feed.settled, is_lost=True)
    return Start(last_event_id, subject=_subject_of(listening))


def _subject_of(listening: Listening) -> Subject:
    match listening:
        case Customer(booking=booking):
            return booking
        case SignedIn(email=email):
            return email
        case _:
            return None
