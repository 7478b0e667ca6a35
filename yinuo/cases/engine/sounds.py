"""Sounds that browsers play, and the part of one that a player asks for."""

import re
from dataclasses import dataclass

# What the bytes say → what the browser is told. WeChat's own voice files are not played by browsers, only downloaded.
PLAYED = {
    "audio/mpeg": "audio/mpeg",
    "audio/mp4": "audio/mp4",
    "audio/aac": "audio/aac",
    "audio/ogg": "audio/ogg",
    "audio/x-wav": "audio/wav",
    "audio/x-flac": "audio/flac",
    "video/webm": "audio/webm",
    "video/mp4": "audio/mp4",
}
MOST = 4 * 1024 * 1024  # given at once; players ask for the rest
ASKED = re.compile(r"bytes=(\d{1,15})-(\d{0,15})")


@dataclass(frozen=True)
class Part:
    """From which byte, and how many."""

    first: int
    length: int


def part_of(header: str, size: int) -> Part | None:
    """The part that a `Range` header asks for; None for the whole: no header, several parts, or counted from the end.

    Raises `ValueError` for a part beyond the end.
    """
    found = ASKED.fullmatch(header.strip())
    if found is None:
        return None
    first = int(found[1])
    last = min(int(found[2]) if found[2] else size - 1, size - 1, first + MOST - 1)
    if first > last:
        raise ValueError(header)
    return Part(first, last - first + 1)
