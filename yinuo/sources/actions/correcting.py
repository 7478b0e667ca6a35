"""Correcting and accepting the clauses of an edition. The original is never touched; the trail has each correction."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from itertools import product
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from yinuo.kit import plugs, refusals, rows
from yinuo.org import models as org
from yinuo.records import actions as records
from yinuo.search import actions as search
from yinuo.sources import access, models, queries
from yinuo.sources.actions import carrying
from yinuo.sources.rules import comparing, effective
from yinuo.sources.rules import correcting as rules

NOT: dict[str, Any] = {
    "gone": _("This clause is no longer there. Look at it again."),
    "nothing_to_split": _("Put the cursor where the new clause begins: before it and behind it there must be text."),
    "first": _("There is no clause before this one."),
    "no_sibling": _("There is no clause before it on this level."),
    "top": _("This clause is on the uppermost level already."),
    "edge": _("It cannot go further."),
    "nothing_left": _("A clause needs a number, a title or a text."),
}
KEYS = ("key", "into")  # arguments that name a clause


class CannotCorrect(refusals.Refusal):
    """This cannot be done with the clauses now."""


@transaction.atomic
def correct(
    *, edition: models.Edition, act: str, arguments: Mapping[str, Any], seen: Mapping[str, str], by: org.Person,
    now: datetime,
) -> models.Draft:  # fmt: skip
    """One act of `rules.correcting.ACTS` on the draft. `seen` are the prints of the clauses it touches, as the person
    saw them: whoever was faster with one of them is named, and nothing is overwritten."""
    draft = _locked(edition, by)
    tree = queries.tree_of(draft)
    known = {each.key: each for each in tree.nodes}
    for key, print_ in seen.items():
        if key not in known or known[key].print != print_:
            raise CannotCorrect(_overtaken(edition))
    try:
        after = rules.ACTS[act](tree, **arguments)
    except rules.CannotCorrect as fault:
        raise CannotCorrect(NOT[fault.code]) from None
    about = _about(tree, after, arguments)
    _keep(draft, after)
    count = models.Correction.objects.filter(edition=edition).count()
    models.Correction.objects.create(
        edition=edition, number=count + 1, act=act, about=about[:300],
        before=queries.packed(rules.said(tree)), by=by, at=now,
    )  # fmt: skip
    note = {"act": act, "clause": about} | {key: value for key, value in arguments.items() if key not in KEYS}
    records.write(by=by, now=now, word="sources.clause.corrected", subject=edition, note=note)
    return draft


@transaction.atomic
def undo(*, edition: models.Edition, by: org.Person, now: datetime, expected: int) -> models.Draft:
    """Take the last correction back. `expected` is the draft's version that the person saw."""
    draft = _locked(edition, by)
    if draft.version != expected:
        raise CannotCorrect(_overtaken(edition))
    last = queries.last_correction(edition)
    if last is None:
        raise CannotCorrect(_("There is nothing to undo."))
    _keep(draft, rules.heard(queries.unpacked(last.before)))
    models.Correction.objects.filter(pk=last.pk).update(undone_at=now)
    records.write(
        by=by, now=now, word="sources.clause.undone", subject=edition, note={"act": last.act, "clause": last.about}
    )
    return draft


@transaction.atomic
def accept(*, edition: models.Edition, by: org.Person, now: datetime, expected: int) -> models.Edition:
    """The clauses are right: they are frozen, each with its identity, and can be found; what was decided of them in the
    edition before goes on, the rest gets proposals. `expected` is the draft's version that the person saw."""
    draft = _locked(edition, by)
    if draft.version != expected:
        raise CannotCorrect(_overtaken(edition))
    tree = queries.tree_of(draft)
    if not tree.nodes:
        raise CannotCorrect(_("There is no clause to accept."))
    before = queries.accepted_before(edition)
    matches = _matches(before, tree)
    texts, by_key = _frozen(edition, tree, matches)
    _keep_lineage(edition, before, matches, by_key)
    rows.change(
        edition, expected=edition.version, clauses=models.Edition.Clauses.ACCEPTED, accepted_at=now, accepted_by=by
    )
    inside, all_ = tree.signs
    carried = carrying.carry(edition=edition, by=by, now=now)
    note = {"clauses": len(texts), "assigned": inside, "signs": all_} | _tally(matches) | carried
    records.write(by=by, now=now, word="sources.edition.accepted", subject=edition, note=note)
    search.refresh("sources.clause", [each.pk for each in texts])
    plugs.announce("sources.edition_accepted", edition=edition, by=by, now=now)
    return edition


def _matches(before: models.Edition | None, tree: rules.Tree) -> list[comparing.Match]:
    """What became of the clauses of the edition before."""
    if before is None:
        return []
    said = [comparing.Said(each.key, each.number, each.title, each.text, each.parent) for each in tree.nodes]
    return comparing.compare(queries.said_of(before), said)


def _tally(matches: list[comparing.Match]) -> dict[str, int]:
    return dict(Counter(str(each.kind) for each in matches))


def _frozen(
    edition: models.Edition, tree: rules.Tree, matches: list[comparing.Match]
) -> tuple[list[models.ClauseText], dict[str, models.ClauseText]]:
    """The texts in the order of the document, and by their keys in the draft. A clause that goes on from the edition
    before stays the same clause, whatever its number: what was decided about it hangs there."""
    files = {file.place: file for file in edition.files.select_related("blocks")}
    places = {
        place: {block.place.block: block.place for block in queries.blocks_of(file)[0]}
        for place, file in files.items()
        if file.state == models.File.State.READ
    }
    clauses = _identities(edition, tree, matches)
    texts: dict[str, models.ClauseText] = {}
    for at, node in enumerate(tree.nodes):
        first = next((places[node.file][each] for each in node.blocks if each in places.get(node.file, {})), None)
        above = texts.get(node.parent)
        day, words = effective.effective(f"{node.title}\n{node.text}") or (None, "")
        texts[node.key] = models.ClauseText(
            clause_id=clauses[node.key], edition=edition, place=at, parent=above, depth=above.depth + 1 if above else 0,
            number=node.number[:60], title=node.title[:500], text=node.text, file=files[node.file],
            blocks=list(node.blocks), page=first.page if first else 0, box=first.box if first else None,
            confidence=node.confidence, fingerprint=rules.fingerprint(node.number, node.title, node.text),
            effective_on=day, effective_words=words[:200], scope_id=edition.scope_id, site_id=edition.site_id,
        )  # fmt: skip
    _keep_texts(list(texts.values()))
    return list(texts.values()), texts


def _keep_texts(texts: list[models.ClauseText]) -> None:
    """Level by level, so that each knows the key of the one above."""
    levels: dict[int, list[models.ClauseText]] = {}
    for text in texts:
        levels.setdefault(text.depth, []).append(text)
    for depth in sorted(levels):
        for text in levels[depth]:
            text.parent_id = text.parent.pk if text.parent else None
        models.ClauseText.objects.bulk_create(levels[depth], batch_size=200)


def _identities(edition: models.Edition, tree: rules.Tree, matches: list[comparing.Match]) -> dict[str, int]:
    """The clause of each draft key: the one it goes on from, or a new one."""
    known = _kept(matches)
    new = [each.key for each in tree.nodes if each.key not in known]
    made = models.Clause.objects.bulk_create(
        [models.Clause(document_id=edition.document_id, since=edition) for _key in new], batch_size=500
    )
    return known | {key: clause.pk for key, clause in zip(new, made, strict=True)}


def _kept(matches: list[comparing.Match]) -> dict[str, int]:
    """The clause of each draft key that goes on from the edition before. Of what was split or merged, the first part
    goes on."""
    going_on = {each.new[0]: int(each.old[0]) for each in matches if each.old and each.new}
    rows = models.ClauseText.objects.filter(pk__in=going_on.values()).values_list("pk", "clause_id")
    clauses = dict(rows)
    return {key: clauses[old] for key, old in going_on.items()}


def _keep_lineage(
    edition: models.Edition, before: models.Edition | None, matches: list[comparing.Match],
    texts: dict[str, models.ClauseText],
) -> None:  # fmt: skip
    """One row for each old and new text that belong together."""
    if not matches:
        return
    rows = []
    for place, each in enumerate(matches):
        for old, new in product(each.old or (None,), each.new or (None,)):
            rows.append(
                models.Lineage(
                    edition=edition, before=before, kind=each.kind, place=place, score=each.score,
                    old_id=int(old) if old else None, new=texts[new] if new else None, values=list(each.values),
                )
            )  # fmt: skip
    models.Lineage.objects.bulk_create(rows, batch_size=500)


def _locked(edition: models.Edition, by: org.Person) -> models.Draft:
    """The draft, for one person at a time; refuses who may not, and what is accepted."""
    draft = models.Draft.objects.select_for_update().filter(edition=edition).first()
    edition.refresh_from_db(fields=["clauses", "version"])
    if not access.may_edit(by, edition):
        raise refusals.NotAllowed()
    if draft is None or edition.clauses != models.Edition.Clauses.DRAFT:
        raise CannotCorrect(_("The clauses of this edition are not open for correction."))
    return draft


def _keep(draft: models.Draft, tree: rules.Tree) -> None:
    rows.change(draft, expected=draft.version, packed=queries.packed(rules.said(tree)))


def _about(tree: rules.Tree, after: rules.Tree, arguments: Mapping[str, Any]) -> str:
    """How the clause that an act is about is called."""
    key = arguments.get("key")
    for each in (*tree.nodes, *after.nodes):
        if each.key == key:
            return f"{each.number} {each.title or each.text[:40]}".strip()
    return next((left.text[:40] for left in tree.left if left.key == key), "")


def _overtaken(edition: models.Edition) -> str:
    last = edition.corrections.select_related("by").order_by("-number").first()
    if last is None:
        return str(_("Somebody else has changed this meanwhile. Look at it again."))
    words = _("%(name)s has corrected “%(clause)s” meanwhile. Look at it again, then go on.")
    return str(words % {"name": last.by.name, "clause": last.about})
