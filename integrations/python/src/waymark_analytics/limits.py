"""Every limit and time, each with its unit and its reason."""

DEPTH_MAX = 90
"""Levels that a value may be nested: the gateway takes 100 for a whole event."""

RETRIES_MAX = 1_000_000
"""Attempts of a batch. Segment's ten are over after three minutes; time bounds them instead."""

OUTAGE_MAX_S = 43_200.0
"""Seconds a batch is tried again: twelve hours, as Segment's client has it."""

SHUTDOWN_MAX_S = 30.0
"""Seconds that ``shutdown`` waits by default: as long as most hosts wait before they kill."""

FLUSH_REQUEST_MAX_S = 10.0
"""Seconds that the route ``/flush`` waits, so that a request has an end while a gateway is down."""

BODY_MAX_BYTES = 64 * 1024
"""Bytes of a route's body: twice the largest event that the gateway takes."""
