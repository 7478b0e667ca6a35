"""Outlook's own bodies: compressed RTF (MS-OXRTFCP) undone, and the words or the HTML that lie wrapped in it."""

import re
import struct

from yinuo.letters.readers import charsets

LARGEST = 8 * 1024 * 1024
PRESET = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor MS Sans "
    rb"SerifSymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0"
    b"\r\n"
    rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)
TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})?[ ]?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z'])|([{}])|[\r\n]+|([^\\{}\r\n]+)|\\",
    re.DOTALL,
)
SILENT = frozenset(
    {b"fonttbl", b"colortbl", b"stylesheet", b"info", b"pict", b"object", b"listtable", b"listoverridetable",
     b"generator", b"themedata", b"colorschememapping", b"datastore", b"latentstyles", b"header", b"footer"}
)  # fmt: skip
CODE_PAGES = {"936": "gb18030", "950": "big5", "949": "cp949", "932": "cp932", "65001": "utf-8"}


def uncompressed(content: bytes) -> bytes:
    """The RTF in a compressed body; empty when it is none."""
    if len(content) < 16:
        return b""
    _size, raw_size, kind = struct.unpack_from("<III", content)
    if kind == 0x414C454D:  # "MELA": not compressed
        return content[16 : 16 + min(raw_size, LARGEST)]
    if kind != 0x75465A4C:
        return b""
    window = bytearray(4096)
    window[: len(PRESET)] = PRESET
    write = len(PRESET)
    found = bytearray()
    at = 16
    while at < len(content) and len(found) < LARGEST:
        control = content[at]
        at += 1
        for bit in range(8):
            if at >= len(content):
                break
            if control >> bit & 1:
                if at + 2 > len(content):
                    break
                token = content[at] << 8 | content[at + 1]
                at += 2
                offset, length = token >> 4, (token & 15) + 2
                if offset == write:
                    return bytes(found)
                piece = bytearray()
                for step in range(length):
                    byte = window[(offset + step) % 4096]
                    piece.append(byte)
                    window[write] = byte
                    write = (write + 1) % 4096
                found += piece
            else:
                found.append(content[at])
                window[write] = content[at]
                write = (write + 1) % 4096
                at += 1
    return bytes(found)


def words(content: bytes) -> tuple[str, bool]:
    """The words of RTF, and whether they are HTML that was wrapped in it (MS-OXRTFEX)."""
    content = content[:LARGEST]
    is_html = b"\\fromhtml" in content[:2000]
    page = re.search(rb"\\ansicpg(\d{1,5})", content[:2000])
    name = page[1].decode() if page else "936"
    return _Reader(CODE_PAGES.get(name, f"cp{name}"), is_html).read(content), is_html


class _Reader:
    """Walks through RTF once; what is in a silent group or, with HTML wrapped in, switched off is not said."""

    def __init__(self, charset: str, is_html: bool) -> None:
        self.charset = charset
        self.is_html = is_html
        self.found: list[str] = []
        self.waiting = bytearray()
        self.stack: list[tuple[bool, bool, int]] = []
        self.is_silent = False
        self.is_off = False  # \htmlrtf: only for programs that show RTF
        self.skip = 1  # characters that stand in for one \u
        self.to_skip = 0
        self.is_star = False

    def read(self, content: bytes) -> str:
        for match in TOKEN.finditer(content):
            word, number, code, mark, brace, text = match.groups()
            if brace:
                self._brace(brace)
            elif word:
                self._word(word.lower(), int(number) if number else None)
            elif code:
                self._bytes(bytes([int(code, 16)]))
            elif mark:
                self._mark(mark)
            elif text:
                self._bytes(text)
        self._flush()
        return "".join(self.found)

    def _brace(self, brace: bytes) -> None:
        self._flush()
        if brace == b"{" and len(self.stack) < 10_000:
            self.stack.append((self.is_silent, self.is_off, self.skip))
        elif brace == b"}" and self.stack:
            self.is_silent, self.is_off, self.skip = self.stack.pop()
        self.is_star = False
        self.to_skip = 0

    def _word(self, word: bytes, number: int | None) -> None:
        if self.is_star:
            self.is_star = False
            if word == b"htmltag":
                self._flush()
                self.is_silent = False
                return
            self.is_silent = True
        if word in SILENT:
            self.is_silent = True
        elif word == b"htmlrtf":
            self._flush()
            self.is_off = number != 0
        elif word == b"uc":
            self.skip = max(0, min(number or 0, 8))
        elif word == b"u" and number is not None:
            self._say(chr(number & 0xFFFF))
            self.to_skip = self.skip
        elif word in (b"par", b"line", b"row"):
            self._say("\n")
        elif word in (b"tab", b"cell"):
            self._say("\t")

    def _mark(self, mark: bytes) -> None:
        if mark == b"*":
            self.is_star = True
        elif mark in b"\\{}":
            self._bytes(mark)
        elif mark == b"~":
            self._say(" ")

    def _bytes(self, content: bytes) -> None:
        if self.to_skip:
            dropped = min(self.to_skip, len(content))
            self.to_skip -= dropped
            content = content[dropped:]
        if content and not self.is_silent and not self.is_off:
            self.waiting += content

    def _say(self, text: str) -> None:
        self._flush()
        if not self.is_silent and not self.is_off:
            self.found.append(text)

    def _flush(self) -> None:
        if self.waiting:
            self.found.append(charsets.decode(bytes(self.waiting), self.charset)[0])
            self.waiting.clear()
