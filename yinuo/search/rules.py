"""What is indexed of a document, how text becomes tokens, and how hits are marked.

Chinese, Japanese and Korean runs become overlapping pairs of characters plus the last character alone, so every
character begins a token; all else becomes lower-cased words. Full width becomes half width (NFKC); Traditional
characters stay as they are. Tokens have positions, and a query for a run asks for its pairs side by side: 密封性 does
not match 密封 … 封性 apart. A part number such as `38140-AB.01` is one token and also its parts; `720h` is found as
`720 h` and the other way round.
"""

import math
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from rapidfuzz import fuzz

TOKENIZER = 1  # raise it whenever `tokens` gives other tokens for a text: the index is then built anew at set-up
HIT_START, HIT_END = "\ue000", "\ue001"
MAX_TOKENS = 16_000  # PostgreSQL keeps positions up to 16,383
MAX_TOKEN = 80
MAX_PARTS = 12
MAX_TERMS = 16
SNIPPET = 120

_CJK = "\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
_RUN = re.compile(f"([{_CJK}]+)|([^\\W_{_CJK}]+(?:[-./_+#&][^\\W_{_CJK}]+)*)")
_PART = re.compile(r"\d+|[^\W\d_]+")
_UNSAFE = re.compile("[\x00\ue000\ue001\ud800-\udfff]")


@dataclass(frozen=True)
class Document:
    """What an upper room gives to the index for one subject.

    `label` is its number or short name, `title` its heading, `text` everything else worth finding, `url` a local
    address, `at` when it came about. `kind` groups hits on the search page: the name of an index source, the type
    itself when empty.
    """

    type: str
    id: int
    title: str
    label: str
    text: str
    url: str
    scope_id: int | None
    site_id: int | None
    at: datetime
    kind: str = ""


@dataclass(frozen=True)
class Hit:
    """One found document; hits in `label`, `title` and `snippet` stand between U+E000 and U+E001.

    `key` is its place in the index, for the next page.
    """

    type: str
    id: int
    kind: str
    label: str
    title: str
    snippet: str
    url: str
    at: datetime
    key: int


@dataclass(frozen=True)
class Similar:
    """One similar document; `percent` is its similarity, 0 to 100."""

    type: str
    id: int
    kind: str
    label: str
    title: str
    url: str
    at: datetime
    percent: int


@dataclass(frozen=True)
class Term:
    """One thing a query asks for: tokens side by side; `is_open`: the last one may go on."""

    tokens: tuple[str, ...]
    is_open: bool = False


@dataclass(frozen=True)
class Span:
    """A token and where it stands in the text it came from."""

    token: str
    start: int
    end: int


# Tokens --------------------------------------------------------------------------------------------------------------


def storable(text: str) -> str:
    """The text without characters that a database refuses or that mark hits."""
    return _UNSAFE.sub("", unicodedata.normalize("NFC", text))


def normal(text: str) -> str:
    """Half width and lower case."""
    return unicodedata.normalize("NFKC", text).casefold()


def tokens(text: str) -> list[str]:
    """The tokens of a text in the order of their positions, at most `MAX_TOKENS`."""
    found: list[str] = []
    for match in _RUN.finditer(normal(text)):
        run, word = match.groups()
        if run:
            found += [run[i : i + 2] for i in range(len(run))]
        else:
            found += _words_of(word)
        if len(found) > MAX_TOKENS:
            return found[:MAX_TOKENS]
    return found


def document_tokens(label: str, title: str, text: str) -> list[str]:
    """What the index holds of a document."""
    return tokens(f"{label}\n{title}\n{text}")


def _words_of(word: str) -> list[str]:
    """A word by its parts; one of three parts or more (a part number) also as a whole, before them."""
    parts = [part[:MAX_TOKEN] for part in _PART.findall(word)]
    if len(parts) == 1:
        return parts
    whole = word[:MAX_TOKEN]
    if len(parts) > MAX_PARTS:
        return [whole]
    return parts if len(parts) == 2 else [whole, *parts]


def terms(text: str, *, is_open: bool = False) -> list[Term]:
    """What a query asks for, all of it. `is_open`: the last word is still being typed."""
    found: list[Term] = []
    for match in _RUN.finditer(normal(text[:500])):
        run, word = match.groups()
        if run:
            term = Term((run,), True) if len(run) == 1 else Term(tuple(run[i : i + 2] for i in range(len(run) - 1)))
        else:
            words = _words_of(word)
            term = Term((words[0],) if len(words) > 2 else tuple(words))
        if term not in found:
            found.append(term)
    if is_open and found and found[-1].tokens:
        found[-1] = Term(found[-1].tokens, True)
    return found[:MAX_TERMS]


def loosened(asked: Sequence[Term]) -> list[Term]:
    """The same query for a second try: words may go on, part numbers are taken by their parts."""
    return [Term(tuple(_PART.findall(term.tokens[0])) if _is_whole(term) else term.tokens, True) for term in asked]


def _is_whole(term: Term) -> bool:
    return len(term.tokens) == 1 and len(_PART.findall(term.tokens[0])) > 1


# Query languages -----------------------------------------------------------------------------------------------------


def as_fts5(asked: Iterable[Term]) -> str:
    """The query for SQLite's FTS5; every term quoted, so no input is syntax."""
    return " AND ".join(
        '"' + " ".join(term.tokens).replace('"', '""') + '"' + (" *" if term.is_open else "") for term in asked
    )


def as_tsquery(asked: Iterable[Term]) -> str:
    """The query for PostgreSQL's tsquery; every token quoted, so no input is syntax."""
    phrases = []
    for term in asked:
        quoted = [_quoted(token) for token in term.tokens]
        if term.is_open:
            quoted[-1] += ":*"
        phrases.append("(" + " <-> ".join(quoted) + ")")
    return " & ".join(phrases)


def as_tsvector(found: Sequence[str]) -> str:
    """Tokens with positions as PostgreSQL's tsvector literal."""
    positions: dict[str, list[str]] = {}
    for position, token in enumerate(found, start=1):
        positions.setdefault(token, []).append(str(position))
    return " ".join(f"{_quoted(token)}:{','.join(at)}" for token, at in positions.items())


def _quoted(token: str) -> str:
    return "'" + token.replace("\\", "\\\\").replace("'", "''") + "'"


# Marks ---------------------------------------------------------------------------------------------------------------


def spans(text: str) -> list[Span]:
    """The tokens of a text with their places in it."""
    flat = normal(text)
    places: Sequence[int] = range(len(text))
    if len(flat) != len(text):
        # Some character became several (㎜) or several became one: normalise each alone and keep where it stood.
        letters = [(each, place) for place, letter in enumerate(text) for each in normal(letter)]
        flat = "".join(each for each, _place in letters)
        places = [place for _each, place in letters]
    return [
        Span(token, places[start], places[end - 1] + 1)
        for match in _RUN.finditer(flat)
        for token, start, end in _places(match)
    ]


def _places(match: "re.Match[str]") -> Iterator[tuple[str, int, int]]:
    """Tokens of one run or word with start and end; the same tokens as `tokens` gives."""
    run, word = match.groups()
    begin = match.start()
    if run:
        for i in range(len(run)):
            yield run[i : i + 2], begin + i, begin + min(i + 2, len(run))
        return
    made = _words_of(word)
    parts = list(_PART.finditer(word))
    if len(made) != len(parts):
        yield made[0], begin, match.end()
    if len(made) >= len(parts):
        for part in parts:
            yield part.group()[:MAX_TOKEN], begin + part.start(), begin + part.end()


def places_of(text: str, asked: Iterable[Term]) -> list[tuple[int, int]]:
    """Where the terms stand in the text, in order, overlaps joined."""
    found = spans(text)
    words = [span.token for span in found]
    places = []
    for term in asked:
        size = len(term.tokens)
        for i in range(len(words) - size + 1):
            if tuple(words[i : i + size - 1]) == term.tokens[:-1] and (
                words[i + size - 1] == term.tokens[-1]
                or (term.is_open and words[i + size - 1].startswith(term.tokens[-1]))
            ):
                end = found[i + size - 1].end
                if term.is_open and size == 1 and len(term.tokens[0]) == 1 and len(words[i]) == 2:
                    end = found[i].start + 1  # one character asked for: the pair's second one is no hit
                places.append((found[i].start, end))
    joined: list[tuple[int, int]] = []
    for start, end in sorted(places):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def marked(text: str, asked: Iterable[Term]) -> str:
    """The text with every hit between U+E000 and U+E001."""
    parts, done = [], 0
    for start, end in places_of(text, asked):
        parts += [text[done:start], HIT_START, text[start:end], HIT_END]
        done = end
    return "".join([*parts, text[done:]])


def snippet(text: str, asked: Sequence[Term], size: int = SNIPPET) -> str:
    """A piece of the text around its first hit, marked; its beginning when nothing in it is hit."""
    text = " ".join(text[:200_000].split())
    first = next(iter(places_of(text[:20_000], asked)), (0, 0))[0]
    start = max(0, first - size // 3)
    if start:
        pause = max(text.rfind(sign, start - 20, first) for sign in " 。；，、;,.") + 1
        start = pause or start
    piece = text[start : start + size]
    return ("…" if start else "") + marked(piece, asked) + ("…" if start + size < len(text) else "")


# Resemblance ---------------------------------------------------------------------------------------------------------


def comparable(text: str, size: int = 3000) -> str:
    """The text as letters and digits only, for comparing."""
    return "".join(c for c in normal(text) if c.isalnum())[:size]


def likeness(asked: str, title: str, text: str) -> int:
    """How much two comparable texts resemble each other, 0 to 100; a short text may resemble a part of a long one."""
    whole = title + text
    best = max(fuzz.ratio(asked, title), fuzz.ratio(asked, text), fuzz.ratio(asked, whole))
    if len(asked) >= 6 and len(asked) * 1.4 < len(whole):
        best = max(best, 0.9 * fuzz.partial_ratio(asked, whole))
    return round(best)


def rarest(found: Iterable[str], shares: dict[str, float], count: int) -> list[tuple[str, float]]:
    """The rarest tokens with weights; single characters and words in every fifth document say too little."""
    telling = {token for token in found if len(token) > 1 and shares.get(token, 0.0) <= 0.2}
    chosen = sorted(telling, key=lambda token: (shares.get(token, 0.0), -len(token), token))[:count]
    return [(token, -math.log(shares.get(token, 0.0) + 1e-5)) for token in chosen]


def telling(share: float) -> float:
    """How telling a word is, 0 to 1, by the share of documents that have it: one in a hundred tells most of it."""
    return max(0.0, min(1.0, -math.log(share + 1e-4) / math.log(100)))
