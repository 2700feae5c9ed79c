"""One HTTP client for all that tests ask over the network: making one takes longer than most answers."""

import httpx

http = httpx.Client(trust_env=False, timeout=30)
