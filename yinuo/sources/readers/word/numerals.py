"""How a word processor writes the number of a list item: the formats of ECMA-376, part 1, 17.18.59."""

from collections.abc import Callable

DIGITS = "零一二三四五六七八九"
LEGAL = "零壹贰叁肆伍陆柒捌玖"
LEGAL_OLD = "零壹貳參肆伍陸柒捌玖"
STEMS = "甲乙丙丁戊己庚辛壬癸"
BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
ROMAN = [(1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL")]
ROMAN += [(10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")]
RUSSIAN = "абвгдежзиклмнопрстуфхцчшщыэюя"
AIUEO = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲン"
IROHA = "イロハニホヘトチリヌルヲワカヨタレソツネナラムウヰノオクヤマケフコエテアサキユメミシヱヒモセスン"
GANADA = "가나다라마바사아자차카타파하"


def written(value: int, format_: str) -> str:
    """`value` in the format, as the program shows it; decimal where the format is unknown or does not reach so far."""
    if format_ in ("none", "bullet"):
        return ""
    if value < 1 and format_ not in DECIMALS:
        return str(value)
    return FORMATS.get(format_, str)(value)


def roman(value: int) -> str:
    said = ""
    for worth, sign in ROMAN:
        while value >= worth:
            said, value = said + sign, value - worth
    return said


def letters(value: int, alphabet: str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ") -> str:
    """A to Z, then AA, BB …: the letter is repeated, not counted on (as the standard has it)."""
    times, place = divmod(value - 1, len(alphabet))
    return alphabet[place] * (times + 1)


def counted(value: int, digits: str = DIGITS, units: str = "十百千", has_one_before_ten: bool = False) -> str:
    """Chinese numbers with their units: 十, 十二, 二十, 一百零一, 一万二千."""
    if value >= 10_000:
        high, low = divmod(value, 10_000)
        between = digits[0] if 0 < low < 1000 else ""
        return counted(high, digits, units, has_one_before_ten) + "万" + between + (_group(low, digits, units) or "")
    said = _group(value, digits, units)
    if not has_one_before_ten and 10 <= value < 20:
        said = said.removeprefix(digits[1])
    return said or digits[0]


def _group(value: int, digits: str, units: str) -> str:
    said, is_gap = "", False
    for power in (3, 2, 1, 0):
        digit = value // 10**power % 10
        if digit:
            said += (digits[0] if is_gap and said else "") + digits[digit] + (units[power - 1] if power else "")
        is_gap = not digit
    return said


def read_out(value: int, digits: str = "〇一二三四五六七八九") -> str:
    """Digit by digit: 一〇一."""
    return "".join(digits[int(sign)] for sign in str(value))


def counting(value: int) -> str:
    """`chineseCounting`: with units below a hundred, digit by digit from there."""
    return counted(value) if value < 100 else read_out(value, "○一二三四五六七八九")


def _signs(first: str, last: int) -> Callable[[int], str]:
    return lambda value: chr(ord(first) + value - 1) if value <= last else str(value)


def circled(value: int) -> str:
    for first, begin, end in (("①", 1, 20), ("㉑", 21, 35), ("㊱", 36, 50)):
        if begin <= value <= end:
            return chr(ord(first) + value - begin)
    return str(value)


def in_ring(signs: str) -> Callable[[int], str]:
    return lambda value: signs[(value - 1) % len(signs)]


def ordinal(value: int) -> str:
    ending = "th" if value % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(value % 10, "th")
    return f"{value}{ending}"


SMALL = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
SMALL_TH = "- first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth"
CARDINALS = f"{SMALL} seventeen eighteen nineteen".title().split()
ORDINALS = f"{SMALL_TH} fifteenth sixteenth seventeenth eighteenth nineteenth twentieth".title().split()
TENS = ["", "", "Twenty", "Thirty", "Forty", "Fifty", "Sixty", "Seventy", "Eighty", "Ninety"]


def cardinal(value: int) -> str:
    if value < 20:
        return CARDINALS[value]
    if value < 100:
        ten, one = divmod(value, 10)
        return TENS[ten] + (f"-{CARDINALS[one].lower()}" if one else "")
    return str(value)


def ordinal_word(value: int) -> str:
    return ORDINALS[value] if value < len(ORDINALS) else ordinal(value)


FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
DECIMALS = {"decimal", "decimalZero", "decimalHalfWidth", "decimalFullWidth", "decimalFullWidth2", "numberInDash"}
FORMATS: dict[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalHalfWidth": str,
    "decimalZero": lambda value: f"{value:02d}",
    "001": lambda value: f"{value:03d}",
    "0001": lambda value: f"{value:04d}",
    "00001": lambda value: f"{value:05d}",
    "decimalFullWidth": lambda value: str(value).translate(FULL_WIDTH),
    "decimalFullWidth2": lambda value: str(value).translate(FULL_WIDTH),
    "numberInDash": lambda value: f"- {value} -",
    "hex": lambda value: f"{value:X}",
    "upperRoman": roman,
    "lowerRoman": lambda value: roman(value).lower(),
    "upperLetter": letters,
    "lowerLetter": lambda value: letters(value).lower(),
    "russianLower": lambda value: letters(value, RUSSIAN),
    "russianUpper": lambda value: letters(value, RUSSIAN.upper()),
    "ordinal": ordinal,
    "cardinalText": cardinal,
    "ordinalText": ordinal_word,
    "chineseCounting": counting,
    "chineseCountingThousand": counted,
    "japaneseCounting": counted,
    "koreanCounting": counted,
    "koreanDigital": lambda value: read_out(value, "영일이삼사오육칠팔구"),
    "koreanDigital2": lambda value: read_out(value, "零一二三四五六七八九"),
    "taiwaneseCounting": counting,
    "taiwaneseCountingThousand": counted,
    "taiwaneseDigital": lambda value: read_out(value, "○一二三四五六七八九"),
    "japaneseDigitalTenThousand": read_out,
    "ideographDigital": read_out,
    "chineseLegalSimplified": lambda value: counted(value, LEGAL, "拾佰仟", has_one_before_ten=True),
    "ideographLegalTraditional": lambda value: counted(value, LEGAL_OLD, "拾佰仟", has_one_before_ten=True),
    "japaneseLegal": lambda value: counted(value, LEGAL_OLD, "拾百阡", has_one_before_ten=True),
    "ideographTraditional": in_ring(STEMS),
    "ideographZodiac": in_ring(BRANCHES),
    "ideographZodiacTraditional": lambda value: STEMS[(value - 1) % 10] + BRANCHES[(value - 1) % 12],
    "ideographEnclosedCircle": _signs("㊀", 10),
    "decimalEnclosedCircle": circled,
    "decimalEnclosedCircleChinese": circled,
    "decimalEnclosedParen": _signs("⑴", 20),
    "decimalEnclosedFullstop": _signs("⒈", 20),
    "aiueo": in_ring(AIUEO),
    "aiueoFullWidth": in_ring(AIUEO),
    "iroha": in_ring(IROHA),
    "irohaFullWidth": in_ring(IROHA),
    "ganada": in_ring(GANADA),
}
