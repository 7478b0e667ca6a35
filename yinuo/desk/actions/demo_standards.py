"""The demo company's standards: those that every company begins with, and one that its quality manager brings."""

from datetime import datetime
from pathlib import Path

from yinuo.kit import actors
from yinuo.org import models as org
from yinuo.sources.actions import standards
from yinuo.sources.intake import standards as words

FOLDER = Path(__file__).parents[1] / "demo" / "standards"


def bring(people: dict[str, org.Person], now: datetime) -> None:
    """Load the usual standards; take over every list of `demo/standards`."""
    standards.load_usual(by=actors.PROGRAM, now=now)
    by = people["zhou"]
    for path in sorted(FOLDER.glob("*.yaml")):
        row = standards.receive(content=path.read_bytes(), name=path.name, said={}, why=words.WHY, by=by, now=now)
        standards.confirm(loading=row, expected=row.version, by=by, now=now)
