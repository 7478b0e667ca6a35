"""What a paragraph inherits from its styles: number, outline level, indent, weight, size (ECMA-376, part 1, 17.7)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
HEADING_NAMES = ("heading ", "标题 ", "überschrift ", "titre ")


def value_of(element: etree._Element | None, child: str) -> str | None:
    """The `w:val` of a child, or None where there is no such child or no such attribute."""
    found = None if element is None else element.find(W + child)
    return None if found is None else found.get(W + "val")


def number_of(element: etree._Element | None, child: str) -> int | None:
    """The same as a whole number; None where it is none."""
    said = value_of(element, child)
    try:
        return None if said is None else int(float(said))
    except ValueError:
        return None


def is_on(element: etree._Element | None, child: str) -> bool | None:
    """A switch (`w:b`, `w:vanish`): None where it is not set at all."""
    found = None if element is None else element.find(W + child)
    return None if found is None else found.get(W + "val", "true") not in ("0", "false", "off")


@dataclass(frozen=True)
class Style:
    """One style as written; `paragraph` and `run` are its properties."""

    key: str
    name: str
    parent: str | None
    paragraph: etree._Element | None
    run: etree._Element | None

    @cached_property
    def outline(self) -> int | None:
        """Level of a heading from 0, by its property, else by its well-known name; 9 says that it is none."""
        said = number_of(self.paragraph, "outlineLvl")
        if said is not None:
            return said
        name = self.name.lower()
        for known in HEADING_NAMES:
            rest = name.removeprefix(known)
            if rest != name and rest.isdigit() and 1 <= int(rest) <= 9:
                return int(rest) - 1
        return None


@dataclass
class Styles:
    """All styles of a file by their key, and what holds where nothing is said."""

    styles: dict[str, Style] = field(default_factory=dict)
    default: str = ""
    run: etree._Element | None = None

    @classmethod
    def of(cls, root: etree._Element | None) -> "Styles":
        if root is None:
            return cls()
        known = cls(run=root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr"))
        for each in root.iter(W + "style"):
            key = each.get(W + "styleId", "")
            name = value_of(each, "name") or key
            known.styles[key] = Style(key, name, value_of(each, "basedOn"), each.find(W + "pPr"), each.find(W + "rPr"))
            if each.get(W + "type") == "paragraph" and each.get(W + "default") in ("1", "true", "on"):
                known.default = key
        return known

    def chain(self, key: str | None) -> Iterator[Style]:
        """The style, then what it is based on, and so on; a ring ends where it closes."""
        seen: set[str] = set()
        key = key or self.default
        while key and key in self.styles and key not in seen:
            seen.add(key)
            yield self.styles[key]
            key = self.styles[key].parent or ""

    def outline(self, key: str | None) -> int | None:
        return next((each.outline for each in self.chain(key) if each.outline is not None), None)

    def switch(self, key: str | None, child: str) -> bool:
        """Whether the styles set a switch of the run."""
        for each in self.chain(key):
            said = is_on(each.run, child)
            if said is not None:
                return said
        return bool(is_on(self.run, child))

    def size(self, key: str | None) -> float:
        """Type size in points; 0 where no style says one."""
        for run in [*(each.run for each in self.chain(key)), self.run]:
            said = number_of(run, "sz")
            if said is not None:
                return said / 2
        return 0.0
