"""The parts of a Word file (a zip of XML), opened with care: sizes are asked before anything is unpacked."""

import posixpath
import zipfile
from dataclasses import dataclass
from io import BytesIO

from lxml import etree

from yinuo.sources.definition import Fault, Unreadable

UNPACKED = 400 * 2**20  # bytes that all parts together may say they have
PART = 200 * 2**20
RATIO = 250  # a part that unpacks to more than so many times its size, and to more than `LARGE`, is a bomb
LARGE = 20 * 2**20
STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
USUAL = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


@dataclass
class Package:
    """One Word file. `main` is the name of the part that holds the text."""

    parts: zipfile.ZipFile
    main: str

    @classmethod
    def of(cls, content: bytes) -> "Package":
        try:
            parts = zipfile.ZipFile(BytesIO(content))
        except (zipfile.BadZipFile, ValueError, OSError):
            raise Unreadable(Fault.TRUNCATED if content[:4] == b"PK\x03\x04" else Fault.DAMAGED) from None
        told = sum(each.file_size for each in parts.infolist())
        if told > UNPACKED or any(_is_bomb(each) for each in parts.infolist()):
            raise Unreadable(Fault.BOMB)
        if any(each.flag_bits & 1 for each in parts.infolist()):
            raise Unreadable(Fault.ENCRYPTED)
        package = cls(parts, "word/document.xml")
        package.main = package._main()
        return package

    def xml(self, name: str) -> etree._Element | None:
        """A part as a tree; None where the file has no such part. `Unreadable` where it is broken."""
        try:
            content = self.parts.read(name)
        except KeyError:
            return None
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError):
            raise Unreadable(Fault.DAMAGED, name) from None
        except Exception as fault:  # zlib.error and its like, by library
            raise Unreadable(Fault.DAMAGED, name) from fault
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=len(content) < PART)
        try:
            return etree.fromstring(content.replace(STRICT, USUAL), parser)
        except etree.XMLSyntaxError:
            raise Unreadable(Fault.DAMAGED, name) from None

    def beside(self, kind: str) -> etree._Element | None:
        """The part that the main one relates to by kind ("styles", "footnotes"), else by its usual name."""
        folder, file = posixpath.split(self.main)
        target = self._related(posixpath.join(folder, "_rels", f"{file}.rels"), f"/{kind}")
        usual = posixpath.join(folder, f"{kind}.xml")
        return self.xml(posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/") if target else usual)

    @property
    def has_macros(self) -> bool:
        return any(name.lower().endswith("vbaproject.bin") for name in self.parts.namelist())

    def _main(self) -> str:
        target = self._related("_rels/.rels", "/officeDocument")
        names = set(self.parts.namelist())
        for name in ((target or "").lstrip("/"), "word/document.xml"):
            if name in names:
                return name
        raise Unreadable(Fault.UNKNOWN_FORMAT if names else Fault.EMPTY)

    def _related(self, name: str, ending: str) -> str | None:
        relations = self.xml(name)
        if relations is None:
            return None
        for each in relations.iter(RELATIONS):
            if each.get("Type", "").endswith(ending) and each.get("TargetMode") != "External":
                return each.get("Target")
        return None


def _is_bomb(part: zipfile.ZipInfo) -> bool:
    if part.file_size > PART:
        return True
    return part.file_size > LARGE and part.file_size > RATIO * max(part.compress_size, 1)
