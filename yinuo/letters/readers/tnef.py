"""winmail.dat: what Outlook wraps letter and files into for its own kind (TNEF, MS-OXTNEF)."""

import struct
from typing import Any

from yinuo.letters.readers import mapi

SIGNATURE = 0x223E9F78
LARGEST_COUNT = 20_000
SUBJECT, BODY, MESSAGE_PROPERTIES, MESSAGE_CODE_PAGE = 0x8004, 0x800C, 0x9003, 0x9007
FILE_BEGINS, FILE_TITLE, FILE_DATA, FILE_PROPERTIES = 0x9002, 0x8010, 0x800F, 0x9005
WIDTHS = {0x0002: 2, 0x0003: 4, 0x0004: 4, 0x0005: 8, 0x0006: 8, 0x0007: 8, 0x000A: 4, 0x000B: 2, 0x0014: 8, 0x0040: 8}
FIXED = {0x0002: "<h", 0x0003: "<i", 0x000B: "<H", 0x0014: "<q", 0x0040: "<Q"}
OF_VARIABLE_LENGTH = (mapi.OBJECT, mapi.STRING8, mapi.UNICODE, mapi.BINARY)


class Damaged(Exception):
    """It stops in the middle or contradicts itself."""


def read(content: bytes) -> tuple[mapi.Message, bool]:
    """The message inside, as far as it can be read, and whether all of it could."""
    message = mapi.Message()
    is_whole = _fill(message, content)
    for each in message.files:
        each.setdefault(mapi.MESSAGE_PAGE, message.properties.get(mapi.MESSAGE_PAGE))
    return message, is_whole


def _fill(message: mapi.Message, content: bytes) -> bool:
    if len(content) < 6 or struct.unpack_from("<I", content)[0] != SIGNATURE:
        return False
    at = 6
    while at + 9 <= len(content):
        _level, attribute, _kind, length = struct.unpack_from("<BHHI", content, at)
        data = content[at + 9 : at + 9 + length]
        if len(data) < length:
            return False
        try:
            _attribute(message, attribute, data)
        except (Damaged, struct.error):
            return False
        at += 9 + length + 2
    return True


def _attribute(message: mapi.Message, attribute: int, data: bytes) -> None:
    if attribute == SUBJECT:
        message.properties.setdefault(mapi.SUBJECT, data)
    elif attribute == BODY:
        message.properties.setdefault(mapi.BODY, data)
    elif attribute == MESSAGE_CODE_PAGE and len(data) >= 4:
        message.properties[mapi.MESSAGE_PAGE] = struct.unpack_from("<I", data)[0]
    elif attribute == MESSAGE_PROPERTIES:
        message.properties |= properties(data)
    elif attribute == FILE_BEGINS:
        if len(message.files) >= LARGEST_COUNT // 20:
            raise Damaged
        message.files.append({})
    elif message.files:
        _of_file(message, attribute, data)


def _of_file(message: mapi.Message, attribute: int, data: bytes) -> None:
    it = message.files[-1]
    if attribute == FILE_TITLE:
        it.setdefault(mapi.FILE_NAME, data)
    elif attribute == FILE_DATA:
        it[mapi.DATA] = data
    elif attribute == FILE_PROPERTIES:
        found = properties(data)
        inner = found.pop(mapi.DATA, None)
        it |= found
        if isinstance(inner, bytes) and inner[16:20] == struct.pack("<I", SIGNATURE):  # a message, after its class id
            message.nested.append(read(inner[16:])[0])
        elif isinstance(inner, bytes):
            it.setdefault(mapi.DATA, inner)


def properties(data: bytes) -> mapi.Properties:
    """A run of properties. Raises Damaged where it cannot go on."""
    reader = _Reader(data)
    found: mapi.Properties = {}
    for _index in range(min(reader.number(), LARGEST_COUNT)):
        kind, key = reader.take("<HH")
        if key >= 0x8000:
            reader.skip_name()
        value = reader.value(kind)
        if value is not None:
            found[key] = value
    return found


class _Reader:
    """Reads on, never beyond the end."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def take(self, layout: str) -> tuple[Any, ...]:
        found = struct.unpack_from(layout, self.data, self.at)
        self.at += struct.calcsize(layout)
        return found

    def number(self) -> int:
        return int(self.take("<I")[0])

    def bytes(self, length: int) -> bytes:
        if length > len(self.data) - self.at:
            raise Damaged
        found = self.data[self.at : self.at + length]
        self.at += length + (-length % 4)
        return found

    def skip_name(self) -> None:
        self.bytes(16)
        if self.number() == 0:
            self.number()
        else:
            self.bytes(self.number())

    def value(self, kind: int) -> Any:
        """One value; of several the first. Values of kinds nobody asks for are passed over."""
        several, kind = kind & 0x1000, kind & 0x0FFF
        count = self.number() if several or kind in OF_VARIABLE_LENGTH else 1
        if count > LARGEST_COUNT:
            raise Damaged
        found = [self._one(kind) for _index in range(count)]
        return found[0] if found else None

    def _one(self, kind: int) -> Any:
        if kind in OF_VARIABLE_LENGTH:
            data = self.bytes(self.number())
            return data.decode("utf-16-le", "replace").rstrip("\x00") if kind == mapi.UNICODE else data
        if kind == 0x0048:
            return self.bytes(16) and None
        if kind not in WIDTHS:
            raise Damaged
        data = self.bytes(max(WIDTHS[kind], 4))
        return struct.unpack_from(FIXED[kind], data)[0] if kind in FIXED else None
