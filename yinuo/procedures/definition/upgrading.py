"""Bringing older formats up to the present one, step by step, so that an edition once published can always be read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

FORMAT = 1

UPGRADERS: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {}
"""From a format to the next one: UPGRADERS[1] turns format 1 into format 2 once there is a format 2."""


def upgraded(data: Any, upgraders: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] | None = None) -> Any:
    """The data in the newest format it can be brought to; what is no mapping or has no format is left as it is."""
    steps = UPGRADERS if upgraders is None else upgraders
    while isinstance(data, dict):
        number = data.get("format")
        if isinstance(number, bool) or not isinstance(number, int) or number not in steps:
            break
        data = {**steps[number](data), "format": number + 1}
    return data
