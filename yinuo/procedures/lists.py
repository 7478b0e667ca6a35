"""Declared lists of this room."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yinuo.kit import lists
from yinuo.procedures import models


def _edition(procedure: models.Procedure) -> str:
    return procedure.current.label if procedure.current else ""


def _owner(procedure: models.Procedure) -> str:
    return procedure.owner_post.name if procedure.owner_post else ""


PROCEDURES = lists.Sheet(
    name="procedures",
    title=_("List of procedures"),
    columns=[
        lists.Column("name", _("Procedure"), lambda p: p.name, "link", sort="name_zh"),
        lists.Column("number", _("Document number"), lambda p: p.number, "text", sort="number"),
        lists.Column("edition", _("Edition"), _edition),
        lists.Column(
            "published", _("In force since"), lambda p: p.current.published_at if p.current else None, "day",
            sort="current__published_at", narrow=False,
        ),
        lists.Column("owner", pgettext_lazy("procedure", "Owner"), _owner, narrow=False),
        lists.Column("runs", _("Under way"), lambda p: p.open_runs, "number"),
    ],
    sorts={"number": (_("Document number"), "number", False), "name": (_("Procedure"), "name_zh", False),
           "newest": (_("In force since"), "current__published_at", True)},
    empty=_("No procedure is published yet."),
)  # fmt: skip

WORK = lists.Sheet(
    name="procedures.work",
    title=_("My work"),
    columns=[],
    sorts={"due": (_("due first"), "due_at", False), "newest": (_("newest first"), "pk", True)},
)
