"""The lines on top of a mail: words, names and addresses, parameters, dates, as their writers meant them.

Encoded words are joined before they are decoded: many programs cut them in the middle of a character. Eight-bit lines
that should not be there are read as what they most likely are.
"""

import binascii
import re
import unicodedata
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz
from urllib.parse import unquote_to_bytes

from yinuo.letters.definition import Address
from yinuo.letters.readers import charsets

LONGEST = 16_000  # bytes of one line that are read
MOST_ADDRESSES = 500
ENCODED = re.compile(rb"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*(?:\?(?!=)[^?]*)*)\?=")
FOLD = re.compile(rb"\r?\n(?=[ \t])|[\r\n]+")
PARAMETER = re.compile(rb";\s*([^\s=;\"]+)\s*=\s*(\"(?:\\.|[^\"\\])*\"?|[^;]*)", re.DOTALL)
INVISIBLE = dict.fromkeys(
    [*range(32), 0x7F, *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200B, 0x200E, 0x200F, 0xFEFF]
)
IDS = re.compile(r"<([^<>\s]{1,250})>")
ADDRESS = re.compile(r"[^\s<>\[\]()\",;:]+@[^\s<>\[\]()\",;:]+")


def words(value: bytes) -> str:
    """A line of free text: the subject, a name."""
    value = FOLD.sub(b"", value[:LONGEST])
    found: list[str] = []
    waiting: list[tuple[bytes, str, bytes]] = []
    end = 0
    for match in ENCODED.finditer(value):
        between = value[end : match.start()]
        if between.strip() or not waiting:
            found += [_joined(waiting), charsets.decode(between)[0]]
            waiting = []
        waiting.append((match[1].lower(), match[2].decode("ascii").lower(), match[3]))
        end = match.end()
    found += [_joined(waiting), charsets.decode(value[end:])[0]]
    return line("".join(found))


def line(text: str) -> str:
    """One line of text without what cannot be seen: control characters, and marks that turn the writing round."""
    text = re.sub(r"[\t\r\n]+", " ", text).translate(INVISIBLE)
    return "".join(char for char in text if not 0xD800 <= ord(char) <= 0xDFFF).strip()


def _joined(pieces: list[tuple[bytes, str, bytes]]) -> str:
    """Neighbouring encoded words; those of one character set become one run of bytes first."""
    runs: list[tuple[bytes, bytearray]] = []
    uncoded: dict[int, bytes] = {}  # base64 that stops within a group of four goes on in the next word
    for index, (charset, way, text) in enumerate(pieces):
        if way == "b":
            text = uncoded.pop(index, b"") + text
            rest = len(text.rstrip(b"=")) % 4
            following = pieces[index + 1] if index + 1 < len(pieces) else None
            if rest and not text.endswith(b"=") and following and following[:2] == (charset, "b"):
                uncoded[index + 1] = text[-rest:]
                text = text[:-rest]
            content = base64(text)[0]
        else:
            content = binascii.a2b_qp(text.replace(b" ", b"_"), header=True)
        if runs and runs[-1][0] == charset:
            runs[-1][1].extend(content)
        else:
            runs.append((charset, bytearray(content)))
    return "".join(charsets.decode(bytes(content), charset.decode("latin-1"))[0] for charset, content in runs)


NOT_BASE64 = bytes(set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="))


def base64(text: bytes) -> tuple[bytes, bool]:
    """Decoded as far as it goes, and whether nothing was missing. Padding in the middle begins a new run."""
    clean = text.translate(None, NOT_BASE64)
    is_whole = True
    found = []
    for run in re.findall(rb"[^=]+=*", clean):
        bare = run.rstrip(b"=")
        if len(bare) % 4 == 1:
            bare, is_whole = bare[:-1], False
        found.append(binascii.a2b_base64(bare + b"=" * (-len(bare) % 4)))
    return b"".join(found), is_whole


# Addresses -----------------------------------------------------------------------------------------------------------


def addresses(value: bytes) -> tuple[Address, ...]:
    """Everybody in a line of addresses. Split first and decoded then: decoded names may contain commas."""
    value = FOLD.sub(b"", value[:LONGEST])
    if b"@" not in value and b"=?" in value:
        value = words(value).encode()
    found = [_address(piece) for piece in _pieces(value)[:MOST_ADDRESSES]]
    return tuple(each for each in found if each is not None)


def _pieces(value: bytes) -> list[bytes]:
    """Cut at commas and semicolons that stand outside quotes, comments and angle brackets."""
    found, start, depth, quoted, angle = [], 0, 0, False, False
    index = 0
    while index < len(value):
        char = value[index]
        if char == 0x5C:  # backslash
            index += 1
        elif char == 0x22 and depth == 0:
            quoted = not quoted
        elif not quoted:
            depth += (char == 0x28) - (char == 0x29 and depth > 0)
            angle = char == 0x3C or (angle and char != 0x3E)
            if char in b",;" and not depth and not angle:
                found.append(value[start:index])
                start = index + 1
        index += 1
    found.append(value[start:])
    if (quoted or depth or angle) and len(found) == 1:  # a quote that never closes hides nobody
        return re.split(rb"[,;]", value)
    return found


def _address(piece: bytes) -> Address | None:
    group = re.match(rb"[^\"<@:]{0,200}:(?!//)", piece)
    if group:
        piece = piece[group.end() :]
    name, angle, rest = piece.rpartition(b"<")
    if angle:
        address = rest.partition(b">")[0]
    else:
        comment = re.search(rb"\(([^()]*)\)", piece)
        address = re.sub(rb"\([^()]*\)", b"", piece)
        name = comment[1] if comment else b""
    read = words(address).strip("\"' ").removeprefix("mailto:").removeprefix("MAILTO:")
    if "@" not in read:
        bare = ADDRESS.search(words(piece))
        if bare is None:
            read = words(piece).strip("\"' :<>;,")
            return Address(name=read[:200]) if read and not read.lower().startswith("undisclosed") else None
        read = bare[0]
    shown = words(re.sub(rb"\\(.)", rb"\1", name.strip().strip(b"\"'")))
    return Address(name="" if shown == read else shown[:200], address=mailbox(read))


def mailbox(text: str) -> str:
    """A mail address as addresses are compared: without spaces, the domain in small letters."""
    local, at, domain = line(text).replace(" ", "").rpartition("@")
    return f"{local}{at}{domain.lower()}"[:254]


def ids(value: bytes) -> tuple[str, ...]:
    """The message numbers in a line, in order, each once."""
    text = line(FOLD.sub(b" ", value[:LONGEST]).decode("latin-1"))
    found = IDS.findall(text)
    if not found and text and " " not in text:
        found = [text[:250]]
    return tuple(dict.fromkeys(found))


# Parameters ----------------------------------------------------------------------------------------------------------


def parameters(value: bytes) -> tuple[str, dict[str, str]]:
    """`text/plain; charset=gbk; name*0*=…` as its first word and its parameters, continued and encoded ones whole."""
    value = FOLD.sub(b"", value[:LONGEST])
    first = line(value.partition(b";")[0].decode("latin-1")).lower()
    simple: dict[str, bytes] = {}
    parts: dict[str, dict[int, tuple[bool, bytes]]] = {}
    for raw_name, raw in PARAMETER.findall(value):
        content = raw.strip()
        if content[:1] == b'"':
            content = re.sub(rb"\\([\"\\])", rb"\1", content[1:].removesuffix(b'"'))
        name, star, number = raw_name.decode("latin-1").lower().partition("*")
        if not star:
            simple.setdefault(name, content)
            continue
        place = number.rstrip("*")
        if place == "" or (place.isascii() and place.isdigit() and len(place) < 5):
            is_encoded = number.endswith("*") or place == ""
            parts.setdefault(name, {})[int(place or 0)] = (is_encoded, content)
    found = {name: words(content) for name, content in simple.items()}
    found |= {name: _continued(pieces) for name, pieces in parts.items()}
    return first, found


def _continued(pieces: dict[int, tuple[bool, bytes]]) -> str:
    """RFC 2231: pieces in their order, percent signs undone in the encoded ones, the character set of the first."""
    charset, found, was_encoded = "", b"", False
    for index, place in enumerate(sorted(pieces)):
        is_encoded, content = pieces[place]
        if is_encoded and index == 0 and content.count(b"'") >= 2:
            said, _language, content = content.split(b"'", 2)
            charset = said.decode("latin-1")
        found += content if is_encoded else content.replace(b"%", b"%25")  # programs cut within a percent sign's digits
        was_encoded = was_encoded or is_encoded
    joined = unquote_to_bytes(found)
    return line(charsets.decode(joined, charset)[0]) if was_encoded else words(joined)


def file_name(text: str) -> str:
    """A name that is only a name: no folders, nothing invisible, at most 150 characters with its ending kept."""
    name = unicodedata.normalize("NFC", re.split(r"[/\\]", line(text))[-1]).strip(". ")
    name = re.sub(r"[<>:\"|?*]", "_", name)
    if len(name) > 150:
        stem, dot, ending = name.rpartition(".")
        name = f"{stem[: 149 - len(ending)]}.{ending}" if dot and len(ending) < 12 else name[:150]
    return name


# Dates ---------------------------------------------------------------------------------------------------------------

ZH_DATE = re.compile(
    r"(\d{4})\s*[年./-]\s*(\d{1,2})\s*[月./-]\s*(\d{1,2})\s*日?\s*(?:\(?(?:星期|周|週|禮拜)[一二三四五六日天]\)?)?(?:\s*(?:GMT|UTC)[+-]\d{1,2}(?::?\d\d)?)?[,，\s]*"
    r"(?:(上午|下午|凌晨|中午|晚上|早上|AM|PM)\s*)?(?:(\d{1,2})\s*[:：时点]\s*(\d{1,2})(?:\s*[:：分]\s*(\d{1,2}))?)?\s*(AM|PM)?",
    re.IGNORECASE,
)
MONTHS = {
    name: number
    for number, names in enumerate(
        [
            "jan januar january", "feb februar february", "mar märz march mrz", "apr april", "may mai", "jun juni june",
            "jul juli july", "aug august", "sep september sept", "oct oktober october okt", "nov november",
            "dec dezember december dez",
        ],
        1,
    )
    for name in names.split()
}  # fmt: skip
WORD_DATE = re.compile(
    r"([^\W\d_]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})|(\d{1,2})\.?\s+([^\W\d_]{3,9})\.?,?\s+(\d{4})"
)
CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([AaPp])?\.?[Mm]?")
ZONE = re.compile(r"(?:GMT|UTC)\s?([+-])(\d{1,2})(?::?(\d{2}))?\b|(?<=\s)([+-])(\d{2}):?(\d{2})\b")
HOP = re.compile(r"\bby\s+([\w.-]{1,253})")
CHINA = timezone(timedelta(hours=8))


def date(value: bytes) -> datetime | None:
    """The moment in a Date line, with its zone; None when nobody can tell."""
    return _standard(line(FOLD.sub(b" ", value[:500]).decode("latin-1")), UTC)


def hops(values: list[bytes]) -> tuple[tuple[str, datetime], ...]:
    """Which server took it when, by its Received lines, the last one first."""
    found = []
    for value in values[:100]:
        said = line(FOLD.sub(b" ", value[:4000]).decode("latin-1"))
        moment = date(said.rpartition(";")[2].encode("latin-1", "replace"))
        by = HOP.search(said)
        if moment is not None:
            found.append((by[1].lower() if by else "", moment))
    return tuple(found)


def date_in_words(text: str, zone: timezone | None = None) -> datetime | None:
    """A moment as programs write it into forwarded mails, in Chinese, English or German; without a zone in `zone`."""
    text = line(text)[:200]
    where = zone or CHINA
    if (said := ZONE.search(text)) is not None:
        minutes = int(said[2] or said[5]) * 60 + int(said[3] or said[6] or 0)
        if minutes < 24 * 60:
            where = timezone(timedelta(minutes=-minutes if "-" in (said[1], said[4]) else minutes))
    found = ZH_DATE.search(text)
    if found is not None:
        year, month, day, half, hour, minute, second, half_after = found.groups()
        return _moment(year, month, day, _hour(hour or "0", half or half_after or ""), minute, second, where)
    named = WORD_DATE.search(text)
    if named is None:
        return _standard(text, where)
    month_name, day, year = (named[1], named[2], named[3]) if named[1] else (named[5], named[4], named[6])
    clock = CLOCK.search(text, named.end()) or CLOCK.search(text)
    hour, minute, second, half = clock.groups() if clock else ("0", "0", "0", "")
    month_number = MONTHS.get(month_name.lower())
    if month_number is None:
        return None
    return _moment(year, month_number, day, _hour(hour, f"{half}m" if half else ""), minute, second, where)


def _hour(hour: str, half: str) -> int:
    number = int(hour)
    if half.lower() in ("pm", "下午", "晚上", "中午") and number < 12:
        return number + 12 if not (half == "中午" and number == 11) else number
    return 0 if half.lower() in ("am", "凌晨", "上午") and number == 12 else number


def _moment(
    year: str | int, month: str | int, day: str | int, hour: int, minute: str | None, second: str | None, zone: timezone
) -> datetime | None:
    try:
        return datetime(int(year), int(month), int(day), hour, int(minute or 0), int(second or 0), tzinfo=zone)
    except ValueError:
        return None


def _standard(text: str, zone: timezone) -> datetime | None:
    try:
        found = parsedate_tz(text)
        if found is None:
            return None
        year, month, day, hour, minute, second = found[:6]
        offset = found[9]
        where = zone if offset is None else timezone(timedelta(seconds=offset))
        moment = datetime(year, month, day, hour, minute, min(second, 59), tzinfo=where)
    except Exception:  # the standard library stumbles over some lines in ways of its own
        return None
    return moment if moment.year >= 1970 else None
