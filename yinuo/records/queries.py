"""Reading the trail and the files: always for somebody who may see them."""

from django.db.models import QuerySet

from yinuo.kit import subjects
from yinuo.records import models


def entries(subject: subjects.Subject | subjects.Ref) -> QuerySet[models.Entry]:
    """The trail of a subject, newest first."""
    it = subjects.ref(subject)
    return models.Entry.objects.filter(subject_type=it.type, subject_id=it.id).order_by("-id")


def attachments(subject: subjects.Subject | subjects.Ref) -> QuerySet[models.Attachment]:
    """The files of a subject with their blobs, oldest first, void ones too."""
    it = subjects.ref(subject)
    return (
        models.Attachment.objects.filter(subject_type=it.type, subject_id=it.id).select_related("blob").order_by("id")
    )
