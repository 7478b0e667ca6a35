"""Files: those of a subject, one more, and one as it came, byte for byte."""

from datetime import datetime
from typing import Any

from django.http import FileResponse, Http404, HttpResponseBase
from django.utils import timezone
from ninja import Router, Schema, Status

from yinuo.kit import api, downloads, pages, subjects
from yinuo.records import actions, forms, models, queries, rules

router = Router(tags=["files"])
BODY = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["uploads"],
                "properties": {"uploads": {"type": "array", "items": {"type": "string", "format": "binary"}}},
            }
        }
    },
}


class File(Schema):
    """A file that hangs on a subject; `token` leads to its bytes, unless they were purged."""

    token: str
    name: str
    kind: str
    size: int
    sha256: str
    by_name: str
    attached_at: datetime
    voided_at: datetime | None
    purged_at: datetime | None

    @staticmethod
    def resolve_size(row: Any) -> int:
        return int(row.blob.size)

    @staticmethod
    def resolve_sha256(row: Any) -> str:
        return str(row.blob.sha256)


@api.call(router, "GET", "/files/of/{type}/{int:id}", pages.SIGNED_IN, list[File])
def files(request: api.Request, type: str, id: int) -> Any:  # noqa: A002 - as the address says
    """The files of a subject, e.g. of cases.case and its id."""
    if not (queries.may_read(request.user, type, id) or queries.attachable(request.user, type, id)):
        raise Http404
    return list(_files(request, subjects.Ref(type, id, "")))


@api.call(
    router, "POST", "/files/of/{type}/{int:id}", pages.SIGNED_IN, list[File], status=201, creates=True, body=BODY
)  # fmt: skip
def file_add(request: api.Request, type: str, id: int) -> Any:  # noqa: A002 - as the address says
    """Hang files on a subject; all of them or none."""
    target = queries.attachable(request.user, type, id)
    if target is None:
        raise Http404

    def create(key: str) -> str:
        form = forms.AttachForm(api.as_form({"once": key}), request.FILES)
        for file in api.checked(form)["uploads"]:
            actions.attach(subject=target, content=file, name=file.name, by=request.user, now=timezone.now())
        return ""

    api.create_once(request, create)
    return Status(201, list(_files(request, target)))


@api.call(router, "GET", "/files/{token}", pages.SIGNED_IN, bytes)
def file(request: api.Request, token: str) -> HttpResponseBase:
    """The bytes of a file."""
    row = models.Attachment.objects.select_related("blob").filter(token=token, purged_at=None).first()
    if row is None or not queries.may_read(request.user, row.subject_type, row.subject_id):
        raise Http404
    api.found(_files(request, row.subject), pk=row.pk)
    actions.note_reading(subject=row.subject, way="download", by=request.user, now=timezone.now(), what=row.name)
    try:
        content = row.blob.path.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(content, as_attachment=True, filename=row.name, content_type=rules.UNKNOWN_TYPE)
    return downloads.guarded(response)


def _files(request: api.Request, subject: subjects.Ref) -> Any:
    """The files of a subject, as far as the person may see them."""
    rows = queries.attachments(subject).select_related("blob")
    return request.user.visible(rows, queries.permission_of(subject.type))
