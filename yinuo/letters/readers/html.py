"""Foreign HTML: cleaned so that it runs nothing and loads nothing, and as plain text with its lines kept."""

import re
from html.parser import HTMLParser

import nh3

LONGEST = 1_000_000  # characters that are cleaned
DEEPEST = 300  # elements inside one another that still are a letter
TAGS = {
    "a", "abbr", "b", "blockquote", "br", "caption", "center", "code", "col", "colgroup", "dd", "del", "div",
    "dl", "dt", "em", "font", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "li", "ol", "p",
    "pre", "s", "small", "span", "strike", "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th",
    "thead", "tr", "tt", "u", "ul",
}  # fmt: skip
ATTRIBUTES = {
    "a": {"href", "title"}, "img": {"alt", "width", "height"}, "td": {"colspan", "rowspan", "align", "valign"},
    "th": {"colspan", "rowspan", "align", "valign"}, "ol": {"start", "type"}, "col": {"span"}, "font": {"color"},
}  # fmt: skip
SILENT = {"script", "style", "head", "title", "template", "noscript", "iframe", "object", "textarea", "svg", "math"}
PICTURE = re.compile(r"<img\b[^<>]{0,2000}", re.IGNORECASE)
REMOTE = re.compile(r"src\s{0,9}=\s{0,9}[\"']?\s{0,9}(?:https?:|//|ftp:)", re.IGNORECASE)
BACKGROUND = re.compile(r"url\(\s{0,9}[\"']?(?:https?:|//)", re.IGNORECASE)
META = re.compile(rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
BLOCKS = frozenset({
    "p", "div", "table", "tr", "ul", "ol", "li", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre",
    "hr", "dl", "dt", "dd", "caption", "center", "thead", "tbody", "tfoot",
})  # fmt: skip


def charset(content: bytes) -> str:
    """The character set that the HTML names for itself."""
    found = META.search(content[:4096])
    return found[1].decode("ascii") if found else ""


def loads_from_outside(text: str) -> bool:
    """Whether it shows pictures of other servers, by which a sender learns who reads when."""
    text = text[:LONGEST]
    return BACKGROUND.search(text) is not None or any(REMOTE.search(each[0]) for each in PICTURE.finditer(text))


def clean(text: str) -> str:
    """What may be shown: words, tables and links. Pictures leave their words; nothing loads, nothing runs."""
    if _depth(text[:LONGEST]) > DEEPEST:
        return ""
    return nh3.clean(
        text[:LONGEST],
        tags=TAGS,
        clean_content_tags=SILENT,
        attributes=ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
    )


def _depth(text: str) -> int:
    """How deep elements lie inside one another, at most; void ones and ends count as they stand."""
    depth = deepest = 0
    for found in re.finditer(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)", text):
        if found[2].lower() in (
            "br",
            "img",
            "hr",
            "meta",
            "link",
            "input",
            "col",
            "p",
            "li",
            "td",
            "tr",
            "th",
            "option",
        ):
            continue
        depth = max(0, depth - 1) if found[1] else depth + 1
        deepest = max(deepest, depth)
    return deepest


def as_text(text: str) -> str:
    """The words of HTML, line by line as they are seen; cells of a row stand on one line."""
    reader = _Words()
    reader.feed(clean(text) or _without_tags(text[:LONGEST]))
    reader.close()
    said = "".join(reader.found).replace("\xa0", " ")
    said = re.sub(r"[ \t]+", " ", said)
    said = re.sub(r" ?\n ?", "\n", said)
    return re.sub(r"\n{3,}", "\n\n", said).strip()


def _without_tags(text: str) -> str:
    return re.sub(r"<[^<>]{0,5000}>", " ", text).replace("<", "&lt;")


class _Words(HTMLParser):
    """Collects words; asked only for what was cleaned before."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.is_kept_as_is = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in BLOCKS or tag == "br":
            self._break()
        elif tag in ("td", "th"):
            self.found.append(" ")
        elif tag == "img" and (shown := dict(attrs).get("alt")):
            self.found.append(f"[{shown}]")
        self.is_kept_as_is += tag == "pre"
        if tag == "li":
            self.found.append("- ")

    def handle_endtag(self, tag: str) -> None:
        if tag in BLOCKS and tag != "hr":
            self._break()
        if tag == "p":
            self.found.append("\n")
        self.is_kept_as_is -= tag == "pre" and self.is_kept_as_is > 0

    def handle_data(self, data: str) -> None:
        self.found.append(data if self.is_kept_as_is else re.sub(r"\s+", " ", data))

    def _break(self) -> None:
        if self.found and not self.found[-1].endswith("\n"):
            self.found.append("\n")
