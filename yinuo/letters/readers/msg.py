"""Outlook's .msg files (MS-OXMSG): a small file system in a file; its streams are the properties of a message."""

import io
import struct
from typing import Any

import olefile

from yinuo.letters.readers import mapi

DEEPEST = 5
MOST_STREAMS = 20_000
FIXED = {0x0002: "<h", 0x0003: "<i", 0x000B: "<H", 0x0014: "<q", 0x0040: "<Q"}
TOP_HEAD, NESTED_HEAD, OTHER_HEAD = 32, 24, 8  # bytes before the first property
EMBEDDED = "__substg1.0_3701000D"


class NotReadable(Exception):
    """The file is damaged, or no message of Outlook."""


def is_msg(content: bytes) -> bool:
    return content[:8] == olefile.MAGIC


def read(content: bytes) -> mapi.Message:
    """The message in a .msg file. Raises NotReadable."""
    try:
        with olefile.OleFileIO(io.BytesIO(content)) as file:
            entries = [tuple(entry) for entry in file.listdir()[:MOST_STREAMS]]
            if not any(entry[0] == "__properties_version1.0" for entry in entries):
                raise NotReadable
            return _Reader(file, entries).message((), TOP_HEAD, 0)
    except NotReadable:
        raise
    except Exception as error:  # whatever a damaged file system makes the library stumble over
        raise NotReadable from error


class _Reader:
    def __init__(self, file: olefile.OleFileIO, entries: list[tuple[str, ...]]) -> None:
        self.file = file
        self.below: dict[tuple[str, ...], list[str]] = {}
        for entry in entries:
            for depth in range(len(entry)):
                inside = self.below.setdefault(entry[:depth], [])
                if entry[depth] not in inside[-1:]:
                    inside.append(entry[depth])

    def message(self, at: tuple[str, ...], head: int, depth: int) -> mapi.Message:
        names = list(dict.fromkeys(self.below.get(at, ())))
        found = mapi.Message(properties=self.properties(at, head))
        for name in names:
            if name.startswith("__recip_version1.0_"):
                found.recipients.append(self.properties((*at, name), OTHER_HEAD))
            elif name.startswith("__attach_version1.0_"):
                found.files.append(self.properties((*at, name), OTHER_HEAD))
                inner = (*at, name, EMBEDDED)
                if inner in self.below and depth < DEEPEST:
                    found.nested.append(self.message(inner, NESTED_HEAD, depth + 1))
        page = found.properties.get(mapi.MESSAGE_PAGE)
        for each in (*found.recipients, *found.files):
            each.setdefault(mapi.MESSAGE_PAGE, page)
        return found

    def properties(self, at: tuple[str, ...], head: int) -> mapi.Properties:
        """Properties of fixed width lie in one stream, all others in a stream of their own."""
        found: dict[int, Any] = {}
        for name in self.below.get(at, ()):
            if name == "__properties_version1.0":
                found |= self._fixed(self._stream((*at, name))[head:])
            elif name.startswith("__substg1.0_") and len(name) == 20:
                try:
                    key, kind = int(name[12:16], 16), int(name[16:20], 16)
                except ValueError:
                    continue
                if kind in (mapi.STRING8, mapi.BINARY):
                    found[key] = self._stream((*at, name))
                elif kind == mapi.UNICODE:
                    found[key] = self._stream((*at, name)).decode("utf-16-le", "replace").rstrip("\x00")
        return found

    def _fixed(self, data: bytes) -> mapi.Properties:
        found: mapi.Properties = {}
        for at in range(0, len(data) - 15, 16):
            kind, key = struct.unpack_from("<HH", data, at)
            if kind in FIXED:
                found[key] = struct.unpack_from(FIXED[kind], data, at + 8)[0]
        return found

    def _stream(self, path: tuple[str, ...]) -> bytes:
        with self.file.openstream(list(path)) as stream:
            content: bytes = stream.read()
        return content
