"""Outlook's own files, built byte by byte from the published formats, so that nothing foreign lies in this tree."""

import struct

SECTOR = 512
FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
STORAGE, STREAM, ROOT = 1, 2, 5

Tree = dict[str, "bytes | Tree"]


def compound(tree: Tree) -> bytes:
    """A compound file (MS-CFB) that holds these streams and folders; streams are padded with zeros to 4096 bytes."""
    entries: list[list[object]] = [["Root Entry", ROOT, FREE, FREE, END, 0]]  # name, kind, right, child, start, size
    sectors: list[bytes] = []
    fat: list[int] = []

    def put(content: bytes) -> int:
        first = len(sectors)
        pieces = [content[at : at + SECTOR] for at in range(0, len(content), SECTOR)]
        for index, piece in enumerate(pieces):
            sectors.append(piece.ljust(SECTOR, b"\0"))
            fat.append(first + index + 1 if index + 1 < len(pieces) else END)
        return first

    def fill(parent: int, inside: Tree) -> None:
        before = None
        for name, content in sorted(inside.items(), key=lambda each: (len(each[0]), each[0].upper())):
            number = len(entries)
            if before is None:
                entries[parent][3] = number
            else:
                entries[before][2] = number
            before = number
            if isinstance(content, bytes):
                padded = content.ljust(4096, b"\0")
                entries.append([name, STREAM, FREE, FREE, put(padded), len(padded)])
            else:
                entries.append([name, STORAGE, FREE, FREE, 0, 0])
                fill(number, content)

    fill(0, tree)
    table = b""
    for name, kind, right, child, start, size in entries:
        text = str(name).encode("utf-16-le")
        table += text.ljust(64, b"\0") + struct.pack("<HBB", len(text) + 2, kind, 1)
        table += struct.pack("<III", FREE, right, child) + bytes(36) + struct.pack("<IQ", start, size)
    table += bytes(-len(table) % SECTOR)
    directory = put(table)
    count = -(-(len(fat) + 8) // 128)
    first_fat = len(sectors)
    fat += [FAT] * count
    fat += [FREE] * (count * 128 - len(fat))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIII", 0, count, directory, 0, 4096, END, 0, END, 0)
    places = [first_fat + index for index in range(count)]
    head += b"".join(struct.pack("<I", each) for each in places + [FREE] * (109 - count))
    return head + b"".join(sectors) + struct.pack(f"<{len(fat)}I", *fat)


def stream(key: int, value: "str | bytes") -> tuple[str, bytes]:
    """One property of a message as a stream of its own."""
    if isinstance(value, str):
        return f"__substg1.0_{key:04X}001F", value.encode("utf-16-le")
    return f"__substg1.0_{key:04X}0102", value


def properties(head: int, values: dict[int, tuple[int, int]]) -> tuple[str, bytes]:
    """The stream of properties of fixed width: key → (kind, value)."""
    content = bytes(head)
    for key, (kind, value) in values.items():
        content += struct.pack("<HHIq", kind, key, 6, value)
    return "__properties_version1.0", content


def tnef(message: dict[int, tuple[int, bytes]], files: list[tuple[bytes, bytes]], *, code_page: int = 936) -> bytes:
    """winmail.dat with these properties (key → kind, content) and files (title, content)."""
    found = struct.pack("<IH", 0x223E9F78, 1)

    def attribute(level: int, name: int, kind: int, content: bytes) -> bytes:
        return (
            struct.pack("<BHHI", level, name, kind, len(content)) + content + struct.pack("<H", sum(content) & 0xFFFF)
        )

    found += attribute(1, 0x9007, 6, struct.pack("<II", code_page, 0))
    packed = struct.pack("<I", len(message))
    for key, (kind, content) in message.items():
        packed += struct.pack("<HHII", kind, key, 1, len(content)) + content + bytes(-len(content) % 4)
    found += attribute(1, 0x9003, 6, packed)
    for title, content in files:
        found += attribute(2, 0x9002, 6, bytes(14)) + attribute(2, 0x8010, 1, title + b"\0")
        found += attribute(2, 0x800F, 6, content)
    return found
