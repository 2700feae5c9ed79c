"""The hot reads, as raw ASGI without an ORM: availability now, live streams later."""
