"""Characters that stand for something only in a certain font (Symbol, Wingdings): what they show."""

import re

SYMBOL = dict(zip(range(0x41, 0x5B), "ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ", strict=True))
SYMBOL |= dict(zip(range(0x61, 0x7B), "αβχδεφγηιϕκλμνοπθρστυϖωξψζ", strict=True))
SYMBOL |= dict(zip(range(0xA2, 0xA6), "′≤⁄∞", strict=True))
SYMBOL |= dict(zip(range(0xAB, 0xBD), "↔←↑→↓°±″≥×∝∂•÷≠≡≈…", strict=True))
SYMBOL |= {0x22: "∀", 0x24: "∃", 0x2D: "−", 0xC6: "∅", 0xCE: "∈", 0xD0: "∠", 0xD1: "∇", 0xD6: "√", 0xDE: "⇒"}
SYMBOL |= {0xE0: "◊", 0xE5: "∑"}
WINGDINGS = dict(zip(range(0x6C, 0x79), "●❍■□❐❑❒⬧⧫◆❖⬥⌧", strict=True))
WINGDINGS |= {0x46: "☞", 0x9F: "•", 0xA7: "▪", 0xA8: "□", 0xAB: "★", 0xB5: "✪", 0xD8: "➢", 0xF0: "⇨"}
WINGDINGS |= dict(zip(range(0xDF, 0xE3), "←→↑↓", strict=True))
WINGDINGS |= dict(zip(range(0xFB, 0x100), "✗✓☒☑⊞", strict=True))
WINGDINGS_2 = {0x50: "✓", 0x4F: "✗", 0x52: "☑", 0x53: "☒", 0xA3: "□", 0x98: "●", 0x97: "•", 0xA2: "■"}
WINGDINGS_3 = {0x70: "▲", 0x71: "▼", 0x72: "△", 0x73: "▽", 0x75: "▶", 0x76: "◀", 0x7D: "▶"}
USUAL = {0xA7: "▪", 0xB7: "•", 0xD8: "➢", 0xFC: "✓"}  # bullets, whatever the font calls itself
FAMILY = re.compile(r"(symbol|wingdings ?[23]?)?")
FONTS = {"symbol": SYMBOL, "wingdings": WINGDINGS, "wingdings 2": WINGDINGS_2, "wingdings 3": WINGDINGS_3}


def shown(code: str, font: str) -> str:
    """The character that a `w:sym` shows: hexadecimal code and font name → text; unknown ones stay as they are."""
    try:
        value = int(code, 16)
    except ValueError:
        return ""
    known = FONTS.get(font.lower().strip())
    if known is not None and value & 0xFF in known and (value < 0x100 or value >= 0xF000):
        return known[value & 0xFF]
    if value < 0x20 or 0xD800 <= value < 0xE000 or value > 0x10FFFF:
        return ""
    return chr(value)


def is_private(text: str) -> bool:
    """Whether a text holds characters that no standard gives a meaning."""
    return any("\ue000" <= sign <= "\uf8ff" for sign in text)


def plain(text: str, font: str) -> str:
    """Private characters of a run as what they show in its font; those of unknown fonts stay."""
    if not is_private(text):
        return text
    known = FONTS.get(FAMILY.match(font.lower().strip())[0], USUAL)  # type: ignore[index]
    return "".join(known.get(ord(sign) & 0xFF, sign) if "\uf000" <= sign <= "\uf0ff" else sign for sign in text)
