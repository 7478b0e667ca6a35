"""What goes with a mail beside its sentence: longer words, pictures in them, files. Composed when the mail leaves."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Enclosed:
    """`text` and `html` say the same; `pictures` stand in the HTML as `cid:<name>`; files by name, type and content."""

    text: str
    html: str
    pictures: dict[str, bytes] = field(default_factory=dict)
    files: list[tuple[str, str, bytes]] = field(default_factory=list)
