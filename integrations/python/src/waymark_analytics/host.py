"""The address of the gateway."""

import re
from urllib.parse import urlsplit


def address_of(host: str) -> str:
    """``host`` without a slash or ``/v1`` at its end, which Segment's client adds itself.

    Raises ``ValueError`` unless it is an address alone.
    """
    parts = urlsplit(host.strip())
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"the host {host!r} is no address such as https://events.shop.example")
    if parts.query or parts.fragment or parts.username:
        raise ValueError("the host is an address alone, without a query or credentials")
    path = re.sub(r"/v1$", "", parts.path.rstrip("/"))
    return f"{parts.scheme}://{parts.netloc}{path}"
