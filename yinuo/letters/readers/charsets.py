"""Bytes in whatever character set, declared rightly, wrongly or not at all, as text.

Chinese programs declare gb2312 and write GBK; both are read as GB 18030, of which they are parts. What is undeclared,
or cannot be what it is declared to be, is guessed: each candidate is read and the likeliest text wins.
"""

import codecs
import re
from functools import lru_cache

from yinuo.letters.definition import Fault, Remark

ALIASES = {
    "gb2312": "gb18030", "gb_2312-80": "gb18030", "gb_2312": "gb18030", "csgb2312": "gb18030", "euc-cn": "gb18030",
    "x-euc-cn": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "cp936": "gb18030", "ms936": "gb18030",
    "windows-936": "gb18030", "gb18030": "gb18030", "chinese": "gb18030", "gb": "gb18030", "gb2312-1980": "gb18030",
    "hz": "hz", "hz-gb-2312": "hz", "big5": "big5hkscs", "big-5": "big5hkscs", "x-x-big5": "big5hkscs",
    "cn-big5": "big5hkscs", "csbig5": "big5hkscs", "cp950": "big5hkscs", "big5-hkscs": "big5hkscs",
    "euc-kr": "cp949", "ks_c_5601-1987": "cp949", "ks_c_5601": "cp949", "cp949": "cp949", "shift_jis": "cp932",
    "shift-jis": "cp932", "sjis": "cp932", "x-sjis": "cp932", "windows-31j": "cp932", "iso-2022-jp": "iso2022_jp_ext",
    "iso-2022-cn": "iso-2022-cn", "iso-8859-1": "cp1252", "latin1": "cp1252", "us-ascii": "ascii", "ascii": "ascii",
    "utf8": "utf-8", "utf-8": "utf-8", "unicode-1-1-utf-7": "utf-7", "utf-8-sig": "utf-8", "utf8mb4": "utf-8",
}  # fmt: skip
SAYS_NOTHING = frozenset({"", "ascii", "unknown-8bit", "x-unknown", "unknown", "8bit", "binary", "default", "none"})
NOT_TEXT = frozenset({"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem"})
CHINESE = ("gb18030", "big5hkscs")
CANDIDATES = ("gb18030", "big5hkscs", "cp949", "cp932", "cp1252")
SEVEN_BIT = frozenset(
    {"hz", "utf-7", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "iso-2022-cn", "iso2022_jp_ext", "iso2022_kr"}
)
DOUBTFUL = 0.45  # what reads less likely than this is compared with other readings
SAMPLE = 4000  # characters beyond ASCII that decide a guess
FREQUENT = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所"
    "民得经三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那"
    "社义事平形相全表间样与关各重新线内数正心反你明看原又利比或但质气第向道此变条只没结解问意建月公无系军很情者最立代想已通并"
    "提直题程展五果料象员位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别手角期根论运指几九区强放决干做"
    "先回则任取据处南给色光门保治北造百规热领七海口东导器压志世金增争济阶油思术极交受联认共权收证改清美再采转更单打白教速花带安"
    "场身车例真务具万每目至达积示议声报完类八离华名确才科张信马节话整空元况集温传土许步需段研界拉林律且究观越装影算低持音众书布复"
    "容儿须际商非验连断深难近千周委素技备半办列习响约支般史感便团往市克何除消构称太准精值号率维划选标写存毛快效院查江型眼按格养"
    "易置派层片始却专状厂京识适属火住调满局照参红细引听该铁价您请贵司好谢附尺寸图纸零件供应商客户要求"
    "這個國為們時來對說會發產種後學經進電從業應開還與關間樣數變條沒結問無實現體機點請貴"
)


def decode(content: bytes, declared: str = "") -> tuple[str, Remark | None]:
    """The text, and what was wrong with the declared character set."""
    name = declared.strip().strip("\"'").lower().partition("*")[0]
    codec = _codec(name)
    if codec in SAYS_NOTHING or name in SAYS_NOTHING:
        return _undeclared(content)
    if codec is None:
        return _undeclared(content)[0], Remark(Fault.CHARSET_UNKNOWN, name[:40])
    if content.isascii() and codec not in SEVEN_BIT:
        return _undeclared(content) if b"\x1b" in content else (content.decode("ascii"), None)
    text, is_whole = _read(content, codec)
    if is_whole and not _is_doubtful(content, codec, text):
        return text, None
    other, is_other_whole = _guess(content, CHINESE if codec in CHINESE else CANDIDATES)
    if not is_whole or (is_other_whole and _is_likelier(other, text, codec)):
        return (other if likeness(other) > likeness(text) else text), Remark(Fault.CHARSET_WRONG, name[:40])
    return text, None


def _is_likelier(other: str, text: str, codec: str) -> bool:
    """Whether another reading puts a declared one in the wrong, which itself can be read: only when it is far off."""
    if codec == "cp1252":
        return likeness(text) < 0.4 and likeness(other) > 0.6
    if likeness(text) > likeness(other) - 0.1:
        return False
    is_long = len({char for char in other[:400] if char > "\x7f"}) >= 6
    return likeness(other) > 0.75 and is_long and likeness(text) < DOUBTFUL


def _undeclared(content: bytes) -> tuple[str, Remark | None]:
    if content.isascii():
        for mark, codec in ((b"~{", "hz"), (b"\x1b$)C", "iso2022_kr"), (b"\x1b$", "iso2022_jp_ext")):
            if mark in content:
                text, is_whole = _read(content, codec)
                if is_whole and not text.isascii():
                    return text, Remark(Fault.CHARSET_GUESSED, codec)
        return content.decode("ascii"), None
    text, is_whole = _read(content, "utf-8")
    return (text, None) if is_whole else (_guess(content)[0], Remark(Fault.CHARSET_GUESSED))


@lru_cache(maxsize=256)
def _codec(name: str) -> str | None:
    """Python's codec for a character set; None when nobody knows it. Codecs that are no character set do not count."""
    if name in ALIASES:
        return ALIASES[name]
    if not name:
        return ""
    try:
        found = codecs.lookup(name)
        if not found._is_text_encoding or found.name in NOT_TEXT:
            return None
        b"".decode(name)
    except Exception:
        return None
    known = ALIASES.get(found.name, found.name)
    return {"iso8859-1": "cp1252", "iso2022_jp": "iso2022_jp_ext"}.get(known, known)


def _read(content: bytes, codec: str) -> tuple[str, bool]:
    """The content in one codec and whether all of it is; a last character cut in the middle does not count."""
    if codec == "iso-2022-cn":
        content, codec = _from_iso_2022_cn(content), "gb18030"
    try:
        return _tidy(content.decode(codec)), True
    except UnicodeDecodeError as error:
        if error.start >= len(content) - 3 and error.start > 3:
            try:
                return _tidy(content[: error.start].decode(codec)), True
            except UnicodeError:
                pass
    except Exception:  # codecs of rare sets fail in ways of their own
        return content.decode("latin-1"), False
    if codec == "cp1252":
        return content.decode("latin-1"), True
    try:
        return _tidy(content.decode(codec, "replace")), False
    except Exception:
        return content.decode("latin-1"), False


def _tidy(text: str) -> str:
    return text.removeprefix("\ufeff").replace("\ue5e5", "\u3000")  # an ideographic space of old Chinese programs


def _from_iso_2022_cn(content: bytes) -> bytes:
    """Shifted seven-bit GB 2312 as eight-bit."""
    plain = re.sub(rb"\x1b[$(]?[)*+]?[A-Z]", b"", content)

    def high(found: re.Match[bytes]) -> bytes:
        return bytes(byte | 0x80 if byte > 0x20 else byte for byte in found[1])

    return re.sub(rb"\x0e([^\x0f\n]*)\x0f?", high, plain)


def _is_doubtful(content: bytes, codec: str, text: str) -> bool:
    """Whether bytes that can be read as declared may yet be something else: GBK often is as it says, or is UTF-8."""
    if codec == "utf-8" or content.isascii():
        return False
    if codec in ("cp1252", "iso8859-15", "latin-1"):
        return _comes_in_pairs(content[: SAMPLE * 3])
    return codec in CANDIDATES and (likeness(text) < DOUBTFUL or _read(content, "utf-8")[1])


def _comes_in_pairs(content: bytes) -> bool:
    """Whether bytes beyond ASCII stand together as in Chinese, and not alone as in é or ü."""
    runs = [len(run) for run in re.findall(rb"[\x80-\xff]+", content)]
    return sum(runs) >= 4 and sum(run for run in runs if run > 1) >= 0.8 * sum(runs)


def _guess(content: bytes, candidates: tuple[str, ...] = CANDIDATES) -> tuple[str, bool]:
    """The likeliest text among the candidates, and whether it is whole."""
    sample = content[: SAMPLE * 3]
    readings = [(codec, *_read(sample, codec)) for codec in ("utf-8", *candidates)]
    best = max(readings, key=lambda each: likeness(each[1]) + (0.3 if each[0] == "utf-8" and each[2] else 0))
    return _read(content, best[0])


def likeness(text: str) -> float:
    """How likely somebody wrote this: from -1 (rubble) to 1 (frequent Chinese), over the characters beyond ASCII."""
    odd = [char for char in text if char > "\x7f"][:SAMPLE]
    if not odd:
        return 1.0
    return sum(map(_weight, odd)) / len(odd)


@lru_cache(maxsize=20_000)
def _weight(char: str) -> float:
    code = ord(char)
    if char in FREQUENT or 0x3000 <= code <= 0x3002 or char in "，。：；！？（）《》“”、—…":
        return 1.0
    if 0xAC00 <= code <= 0xD7A3 or 0x3040 <= code <= 0x30FF:
        return 0.8
    if 0x4E00 <= code <= 0x9FFF:
        return 0.55 if _is_common(char, "gb2312", 0xB0, 0xD7) or _is_common(char, "big5", 0xA4, 0xC6) else 0.1
    if 0xFF01 <= code <= 0xFF5E or 0x3003 <= code <= 0x303F or 0x2010 <= code <= 0x2200:
        return 0.6
    if char.isalpha() and code < 0x250:
        return 0.35
    if code < 0xA0 or 0xE000 <= code <= 0xF8FF or code == 0xFFFD or 0xFF61 <= code <= 0xFF9F:
        return -1.0
    return 0.0


def _is_common(char: str, codec: str, first: int, last: int) -> bool:
    try:
        return first <= char.encode(codec)[0] <= last
    except UnicodeEncodeError:
        return False
