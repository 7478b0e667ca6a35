"""What the mail about a saved report says and encloses, composed for its receiver when it leaves."""

import logging
from datetime import datetime

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation

from yinuo.kit import exports
from yinuo.kit.enclosing import Enclosed
from yinuo.kit.paper import apart
from yinuo.kit.paper import definition as paper
from yinuo.org import models as org
from yinuo.org.definition import Permission
from yinuo.reports import models
from yinuo.reports.pages import told

log = logging.getLogger(__name__)
PICTURE = "figures"
WIDTH = 640.0  # points: what a mail program shows without scrolling


def enclosed(sending_id: int, person: org.Person) -> Enclosed | None:
    """The mail of a sending; None when the person may not get it, or no longer wants it."""
    row = models.Sending.objects.select_related("report__owner").filter(pk=sending_id, person=person).first()
    if row is None or row.report.voided_at or not person.is_active or not person.may(Permission.REPORTS_SEE):
        return None
    wanted = models.Receiver.objects.filter(report=row.report, person=person, left_at=None)
    if not row.is_asked and not wanted.exists():
        return None
    return composed(row.report, person, timezone.now())


def composed(report: models.SavedReport, person: org.Person, now: datetime) -> Enclosed:
    """Text, picture and workbook in the receiver's language, by their clock, from what they may see."""
    with translation.override("en" if person.language == "en" else "zh-hans"), timezone.override(person.zone):
        it = told.told(person, report.page, report.query, now)
        picture = picture_of(it)
        context = {
            "it": it,
            "name": report.name,
            "person": person.name,
            "by": report.owner.name,
            "url": settings.BASE_URL + report.page_url(),
            "leave_url": settings.BASE_URL + report.get_absolute_url(),
            "picture": PICTURE if picture else "",
        }
        file_name = f"{report.name}_{timezone.localdate(now):%Y-%m-%d}.xlsx".replace("/", "-")
        return Enclosed(
            text=render_to_string("reports/mail.txt", context),
            html=render_to_string("reports/mail.html", context),
            pictures={PICTURE: picture} if picture else {},
            files=[(file_name, exports.TYPE, told.workbook_of(it, report.name, person, now))],
        )


def picture_of(it: told.Told) -> bytes:
    """The drawing as PNG, which every mail program shows; a mail without it is better than none."""
    if not it.chart:
        return b""
    try:
        return apart.picture(it.chart, width=WIDTH)
    except paper.CannotPrint:
        log.exception("the picture of %s could not be drawn", it.title)
        return b""
