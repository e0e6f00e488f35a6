"""Turns what a shop's code has into what JSON has.

Segment's client leaves out a member whose type it does not know, such as a UUID, and writes NaN,
for which a server refuses the whole batch.
"""

import dataclasses
import math
import numbers
from collections.abc import Mapping, Set
from datetime import date, datetime
from enum import Enum
from typing import Any

from waymark_analytics.limits import DEPTH_MAX


def plain(value: object, depth: int = 0) -> Any:
    """The value of JSON for ``value``; what has none becomes its text.

    Raises ``ValueError`` when it is nested too deeply, as a cycle is.
    """
    if depth > DEPTH_MAX:
        raise ValueError(f"a value is nested deeper than {DEPTH_MAX} levels")
    if isinstance(value, Enum):
        return plain(value.value, depth)
    if value is None or isinstance(value, (bool, str, int)):
        return value
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, numbers.Integral):
        return int(value)
    if isinstance(value, numbers.Number) and hasattr(value, "__float__"):
        number = float(value)
        return number if math.isfinite(number) else None
    if isinstance(value, Mapping):
        return {str(name): plain(member, depth + 1) for name, member in value.items()}
    if isinstance(value, (list, tuple, Set)):
        return [plain(member, depth + 1) for member in value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = dataclasses.fields(value)
        return {field.name: plain(getattr(value, field.name), depth + 1) for field in fields}
    if callable(dump := getattr(value, "model_dump", None)):
        return plain(dump(), depth)
    if isinstance(value, (bytes, bytearray)):
        return value.decode("utf-8", "replace")
    return str(value)


def plain_dict(values: Mapping[str, Any] | None) -> dict[str, Any]:
    """A new dictionary of JSON's values, empty for ``None``."""
    return {str(name): plain(value, 1) for name, value in (values or {}).items()}
