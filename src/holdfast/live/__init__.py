"""What is asked most and what stays open, as raw ASGI without an ORM: availability and live streams."""
