"""Text tables: their encoding, their separator, their cells."""

import csv
import io

from yinuo.kit.sheets.definition import Unreadable

SEPARATORS = ",;\t|，；"
ENCODINGS = ("utf-8-sig", "gb18030")
MOST_CELL = 200_000
csv.field_size_limit(MOST_CELL)


def read(content: bytes) -> tuple[list[list[str]], str, str]:
    """The cells, the encoding and the separator."""
    text, encoding = decoded(content)
    separator = ""
    first, _newline, rest = text.partition("\n")
    if first.lower().startswith("sep=") and len(first.strip()) == 5:
        # Excel's own way to say it. The line keeps its place, so that addresses stay those of Excel.
        separator = first.strip()[4]
        text = f"\n{rest}"
    separator = separator or separator_of(text)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error:
        raise Unreadable("damaged") from None
    return rows, encoding, separator


def decoded(content: bytes) -> tuple[str, str]:
    """The text, whatever program wrote it: UTF-8, UTF-16, or the GBK of Chinese Windows."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _as(content, "utf-16")
    sample = content[:4000]
    if 0 in sample:
        return _as(content, "utf-16-le" if sample[1::2].count(0) >= sample[::2].count(0) else "utf-16-be")
    for encoding in ENCODINGS:
        try:
            return _as(content, encoding)
        except Unreadable:
            continue
    return content.decode("latin-1"), "latin-1"


def _as(content: bytes, encoding: str) -> tuple[str, str]:
    try:
        return content.decode(encoding).removeprefix("\ufeff"), encoding.removesuffix("-sig")
    except UnicodeDecodeError:
        raise Unreadable("damaged") from None


def separator_of(text: str) -> str:
    """The separator that cuts most lines into as many cells each; a comma where none does."""
    best, most = ",", 0.0
    for separator in SEPARATORS:
        counts = []
        try:
            for row in csv.reader(io.StringIO(text[:20_000], newline=""), delimiter=separator):
                if any(row):
                    counts.append(len(row))
                if len(counts) >= 30:
                    break
        except csv.Error:
            continue
        if not counts:
            continue
        usual = max(set(counts), key=counts.count)
        score = counts.count(usual) / len(counts) * min(usual - 1, 20)
        if usual > 1 and score > most:
            best, most = separator, score
    return best
