"""A mail as a tree of parts: each with its own lines and the very bytes between its boundaries.

Bounded: so deep, so many, so large, and what lies beyond is named, never read. Whatever bytes come in, a part comes
out.
"""

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from yinuo.letters.definition import Fault, Remark
from yinuo.letters.readers import charsets, headers

LARGEST = 50 * 1024 * 1024
MOST_COPIED = 6 * LARGEST  # bytes cut out of one another, level by level
DEEPEST = 20
MOST_PARTS = 1000
MOST_LINES = 2000
NAME = re.compile(rb"([!-9;-~]{1,200})[ \t]*:")
GUESSED_BOUNDARY = re.compile(rb"^--(\S[^\r\n]{0,69}?)[ \t]*\r?\n(?=[A-Za-z][A-Za-z-]*:)", re.MULTILINE)


@dataclass
class Part:
    """One part: its lines (names in small letters), its body as it lies there, and the parts inside it."""

    lines: list[tuple[str, bytes]]
    body: bytes
    media_type: str = "text/plain"
    parameters: dict[str, str] = field(default_factory=dict)
    disposition: str = ""
    disposition_parameters: dict[str, str] = field(default_factory=dict)
    parts: list["Part"] = field(default_factory=list)

    def line(self, name: str) -> bytes:
        """The first line of this name."""
        return next((value for known, value in self.lines if known == name), b"")

    def all(self, name: str) -> list[bytes]:
        return [value for known, value in self.lines if known == name]

    @property
    def file_name(self) -> str:
        said = self.disposition_parameters.get("filename") or self.parameters.get("name") or ""
        return headers.file_name(said)

    @property
    def is_attachment(self) -> bool:
        return self.disposition == "attachment" or bool(self.file_name)

    def walk(self) -> Iterator["Part"]:
        """This part and all inside it, in their order."""
        yield self
        for each in self.parts:
            yield from each.walk()


class Splitter:
    """Takes one mail apart; `remarks` tell what was wrong."""

    def __init__(self) -> None:
        self.remarks: list[Remark] = []
        self.count = 0
        self.copied = 0

    def remark(self, fault: Fault, about: str = "") -> None:
        it = Remark(fault, about)
        if it not in self.remarks:
            self.remarks.append(it)

    def part(self, content: bytes, depth: int = 0, usual: str = "text/plain") -> Part:
        """The part that these bytes are, with all parts inside it."""
        self.count += 1
        lines, body = split_lines(content)
        it = Part(lines, body)
        said = it.line("content-type")
        it.media_type, it.parameters = headers.parameters(said) if said else (usual, {})
        if not re.fullmatch(r"[\w.+-]{1,80}/[\w.+-]{1,100}", it.media_type):
            it.media_type = usual if not it.media_type.startswith("multipart") else "multipart/mixed"
        it.disposition, it.disposition_parameters = headers.parameters(it.line("content-disposition"))
        if it.media_type.startswith("multipart/"):
            self._inside(it, depth)
        return it

    def _inside(self, it: Part, depth: int) -> None:
        self.copied += len(it.body)
        if depth >= DEEPEST or self.copied > MOST_COPIED:
            self.remark(Fault.TOO_DEEP)
            it.media_type = "application/octet-stream"
            return
        usual = "message/rfc822" if it.media_type == "multipart/digest" else "text/plain"
        for piece in self._pieces(it):
            if self.count >= MOST_PARTS:
                self.remark(Fault.TOO_MANY_PARTS)
                return
            it.parts.append(self.part(piece, depth + 1, usual))
        if not it.parts:
            self.remark(Fault.BROKEN_PARTS)
            it.media_type = "text/plain"
        else:
            it.body = b""

    def _pieces(self, it: Part) -> Iterator[bytes]:
        """The bytes between the boundaries; a boundary nobody declared is looked for."""
        boundary = it.parameters.get("boundary", "").encode("latin-1", "replace")
        content = it.body
        if not boundary or b"--" + boundary not in content:
            guess = GUESSED_BOUNDARY.search(content)
            if guess is None:
                return
            self.remark(Fault.BROKEN_PARTS)
            boundary = guess[1]
        line = re.compile(rb"^--" + re.escape(boundary) + rb"(--)?[ \t]*\r?$\n?", re.MULTILINE)
        start = None
        for found in line.finditer(content):
            if start is not None:
                yield _without_last_break(content[start : found.start()])
            start = None if found[1] else found.end()
            if found[1]:
                return
        if start is not None:
            self.remark(Fault.UNCLOSED_PARTS)
            yield content[start:]

    def content(self, it: Part) -> bytes:
        """The body of a part with its transfer coding undone."""
        said = headers.line(it.line("content-transfer-encoding").decode("latin-1")).lower()
        way = re.split(r"[\s;(]", said.strip("\"'"), maxsplit=1)[0]
        if way == "base64":
            content, is_whole = headers.base64(it.body)
            if not is_whole:
                self.remark(Fault.CODING_BROKEN, it.file_name)
            return content
        if way == "quoted-printable":
            return binascii.a2b_qp(it.body)
        if way in ("x-uuencode", "uuencode", "x-uue", "uue"):
            return _uudecoded(it.body)
        if way not in ("", "7bit", "8bit", "binary"):
            self.remark(Fault.CODING_BROKEN, way[:40])
        return it.body

    def text(self, it: Part, content: bytes, declared: str = "") -> str:
        """A text part as text with plain line ends."""
        text, remark = charsets.decode(content, declared or it.parameters.get("charset", ""))
        if remark is not None:
            self.remark(remark.fault, remark.about)
        return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")


def split_lines(content: bytes) -> tuple[list[tuple[str, bytes]], bytes]:
    """The lines on top and the body below; what is no line of a mail begins the body."""
    lines: list[tuple[str, bytes]] = []
    at = 0
    while at < len(content) and len(lines) < MOST_LINES:
        end = content.find(b"\n", at)
        end = len(content) if end < 0 else end + 1
        line = content[at:end]
        if not line.strip(b"\r\n"):
            return lines, content[end:]
        if line[:1] in b" \t" and lines:
            name, value = lines[-1]
            if len(value) < headers.LONGEST:  # beyond it nobody reads
                lines[-1] = (name, value + line)
        elif found := NAME.match(line):
            lines.append((found[1].decode("ascii").lower(), line[found.end() :]))
        elif lines or at or line[:5] not in (b"From ", b">From"):
            return lines, content[at:]
        at = end
    return lines, content[at:]


def prepared(content: bytes) -> bytes:
    """The bytes of a whole mail without what stands before it: byte marks, empty lines, the line of a mailbox file."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        content = content.decode("utf-16", "replace").encode()
    content = content.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n\x00 \t")
    if b"\n" not in content and b"\r" in content:
        content = content.replace(b"\r", b"\n")
    return content


def _without_last_break(piece: bytes) -> bytes:
    return piece.removesuffix(b"\n").removesuffix(b"\r")


def _uudecoded(body: bytes) -> bytes:
    found = []
    is_inside = False
    for line in body.splitlines():
        if not is_inside:
            is_inside = line.startswith(b"begin ")
        elif line.strip() in (b"end", b"`", b""):
            if line.strip() == b"end":
                break
        else:
            try:
                found.append(binascii.a2b_uu(line))
            except binascii.Error:
                length = (((line[0] - 32) & 63) * 4 + 5) // 3  # programs that count the last line too long
                try:
                    found.append(binascii.a2b_uu(line[:length]))
                except binascii.Error:
                    continue
    return b"".join(found)
