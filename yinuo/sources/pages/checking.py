"""条款校对: the source on one side, the clauses on the other; split, merge, move, renumber, take in, undo, accept."""

from typing import Any

from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from yinuo.kit import downloads, pages
from yinuo.org.definition import Permission
from yinuo.records import actions as records
from yinuo.sources import access, models, queries
from yinuo.sources.actions import correcting as actions
from yinuo.sources.definition import Unreadable
from yinuo.sources.intake import sentences
from yinuo.sources.queries import trees
from yinuo.sources.readers import drawing
from yinuo.sources.rules import correcting


@pages.page(Permission.SOURCES_EDIT)
def check(request: pages.Request, pk: int) -> HttpResponse:
    """The page on which the clauses of an edition are checked against its files."""
    row = _edition(request, pk)
    if not access.may_check(request.user, row):
        return redirect(row.get_absolute_url())
    records.note_reading(subject=row, way="read", by=request.user, now=timezone.now())
    files = [_source(file) for file in row.files.select_related("attachment__blob", "blocks")]
    context = {"edition": row, "document": row.document, "files": files, **_side(row)}
    return render(request, "sources/check.html", context)


@pages.page(Permission.SOURCES_EDIT, methods=("POST",))
def check_act(request: pages.Request, pk: int, act: str) -> HttpResponse:
    """One correction; the answer is the side with the clauses as they are now."""
    row = _edition(request, pk)
    now = timezone.now()
    said = request.POST
    if act == "undo":
        actions.undo(edition=row, by=request.user, now=now, expected=_whole(said.get("version", "")))
        return render(request, "sources/parts/check.html", {"edition": row, **_side(row)})
    if act not in correcting.ACTS:
        raise Http404
    arguments: dict[str, Any] = {"key": said.get("key", "")}
    arguments |= {name: said[name][:500] for name in TAKES.get(act, ()) if name in said}
    if act == "split":
        arguments["at"] = _whole(said.get("at", ""))
    seen = {key: said["print"] for key in [arguments["key"]] if said.get("print")}
    made = actions.correct(edition=row, act=act, arguments=arguments, seen=seen, by=request.user, now=now)
    chosen = _chosen_after(act, arguments, queries.tree_of(made))
    return render(request, "sources/parts/check.html", {"edition": row, **_side(row, chosen)})


TAKES = {"split": ("number", "title"), "head": ("number", "title"), "take_in": ("into", "number", "title")}


@pages.page(Permission.SOURCES_EDIT, methods=("POST",))
def check_accept(request: pages.Request, pk: int) -> HttpResponse:
    """The clauses are right."""
    row = _edition(request, pk)
    version = _whole(request.POST.get("version", ""))
    actions.accept(edition=row, by=request.user, now=timezone.now(), expected=version)
    pages.done(request, _("The clauses are accepted and can be found."))
    return redirect(row.get_absolute_url())


@pages.page(Permission.SOURCES_SEE)
def page_picture(request: pages.Request, pk: int, place: int, number: int) -> HttpResponseBase:
    """One page of a PDF as a picture."""
    row = get_object_or_404(queries.editions(request.user), pk=pk)
    file = get_object_or_404(row.files.select_related("attachment__blob"), place=place, format="pdf")
    if not 1 <= number <= len(file.pages) or file.attachment.purged_at:
        raise Http404
    blob = file.attachment.blob
    try:
        target = drawing.drawn(blob.path, blob.pages_folder, number, len(file.pages))
    except (Unreadable, FileNotFoundError):
        raise Http404 from None
    return downloads.guarded(FileResponse(target.open("rb"), content_type="image/webp"))


# What the page shows --------------------------------------------------------------------------------------------------


def _side(edition: models.Edition, chosen: str = "") -> dict[str, Any]:
    """The clauses of the draft with what is doubted, the leftovers, and how much of the text is in clauses."""
    draft = models.Draft.objects.get(edition=edition)
    tree = queries.tree_of(draft)
    depths = trees.depths_of(tree)
    nodes = [
        {
            "node": each,
            "depth": min(depths[each.key], trees.DEEPEST),
            "blocks": " ".join(f"{each.file}-{block}" for block in each.blocks),
            "doubts": [sentences.doubt(code) for code in each.doubts],
        }
        for each in tree.nodes
    ]
    last = queries.last_correction(edition)
    return {
        "draft": draft,
        "nodes": nodes,
        "left": [{"left": each, "why": sentences.left(each.reason)} for each in tree.left],
        "coverage": trees.Coverage(*tree.signs),
        "doubted": sum(bool(each.doubts) for each in tree.nodes),
        "last": last,
        "chosen": chosen,
    }


def _source(file: models.File) -> dict[str, Any]:
    """A file to look at: pages with the boxes of their blocks, or its text block by block."""
    shown: dict[str, Any] = {"file": file, "words": sentences.all_of(file.remarks), "pages": [], "blocks": []}
    if file.state != models.File.State.READ:
        return shown
    blocks, noise = queries.blocks_of(file)
    if file.format == "pdf":
        boxes: dict[int, list[dict[str, Any]]] = {}
        for block in blocks:
            if block.place.box is not None:
                left, top, right, bottom = block.place.box
                box = {"block": block.place.block, "x": left, "y": top, "w": right - left, "h": bottom - top}
                boxes.setdefault(block.place.page, []).append(box)
        shown["pages"] = [
            {"number": number, "width": width, "height": height, "boxes": boxes.get(number, [])}
            for number, (width, height) in enumerate(file.pages, 1)
        ]
        return shown
    named = {block.place.block: sentences.NOISE[why] for block, why in noise}
    everything = sorted([*blocks, *(block for block, _why in noise)], key=lambda block: block.place.block)
    shown["blocks"] = [(block, named.get(block.place.block, "")) for block in everything]
    return shown


def _chosen_after(act: str, arguments: dict[str, Any], tree: correcting.Tree) -> str:
    """Which clause is chosen once an act is done: the new one, or the one it was about."""
    keys = [each.key for each in tree.nodes]
    if act in ("split", "take_in") and not arguments.get("into") and f"n{tree.made - 1}" in keys:
        return f"n{tree.made - 1}"
    wanted = arguments.get("into") or arguments["key"]
    return wanted if wanted in keys else ""


def _whole(said: str) -> int:
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 10 else -1


def _edition(request: pages.Request, pk: int) -> models.Edition:
    rows = queries.editions(request.user).select_related("document")
    return get_object_or_404(rows, pk=pk)
