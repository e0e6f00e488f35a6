"""Makes every call of Segment's Python client once, against the gateway named on the command line.

Usage: python-client.py HOST WRITE_KEY plain|gzip
"""

import sys
from datetime import datetime, timezone

from segment.analytics.client import Client

MOMENT = datetime(2026, 3, 4, 5, 6, 7, 89000, tzinfo=timezone.utc)


def main(host: str, write_key: str, encoding: str) -> int:
    """Sends the calls; answers the number of errors the client reported."""
    errors = []
    client = Client(
        write_key,
        host=host,
        gzip=encoding == "gzip",
        on_error=lambda error, batch: errors.append(error),
    )

    def common(call: str) -> dict:
        return {
            "timestamp": MOMENT,
            "message_id": f"{encoding}-{call}",
            "context": {"locale": "nb-NO"},
        }

    client.identify(
        "python-user", {"email": "ann@example.org", "since": MOMENT}, **common("identify")
    )
    client.track(
        "python-user",
        "Order Completed",
        {"total": 148.5, "products": [{"sku": "å"}], "coupon": None},
        anonymous_id="python-anon",
        **common("track"),
    )
    client.page("python-user", "Shop", "Cart", {"url": "x:/"}, **common("page"))
    client.screen("python-user", "Shop", "Cart", {"depth": 2}, **common("screen"))
    client.group("python-user", "acme", {"seats": 3}, **common("group"))
    client.alias("python-anon", "python-user", **common("alias"))
    client.flush()
    client.join()
    for error in errors:
        print(error, file=sys.stderr)
    return len(errors)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:4]))
