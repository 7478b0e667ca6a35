"""Work that is counted, not timed: calls of functions are the same on a busy machine and on an idle one."""

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

PER_FOURFOLD = 5.0  # four times the text: linear is 4, by the square it would be 16


def calls(work: Callable[[], object]) -> int:
    """How many functions, Python's own among them, a piece of work calls."""
    count = 0

    def note(_frame: FrameType, event: str, _about: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count
