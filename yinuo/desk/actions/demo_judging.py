"""The demo company judges a customer's document, and its next edition; a new edition of a standard is introduced."""

from datetime import datetime, timedelta
from typing import Any

from yinuo.customers import models as customers
from yinuo.desk.actions import demo_company, demo_documents
from yinuo.org import models as org
from yinuo.sources import models
from yinuo.sources.actions import baselines, documents, judging, translating
from yinuo.sources.queries import baselines as baseline_queries
from yinuo.sources.queries import judging as queries

MAPPED = models.Mapping.State


def judge(people: dict[str, org.Person], now: datetime) -> None:
    """Live through `demo/judging.yaml`: an edition judged, the next one partly confirmed, a standard's next edition."""
    said = demo_company.read("judging")
    about = said["document"]
    by = people[about["by"]]
    began = now - timedelta(days=said["first"]["days"])
    row = documents.add(
        title=about["title"], number=about["number"], kind=about["kind"], by=by, now=began,
        customer=customers.Customer.objects.get(code=about["customer"]),
    )  # fmt: skip
    _first(row, said["first"], {"by": by, "now": began})
    _second(row, said["second"], {"by": by, "now": now - timedelta(days=said["second"]["days"])})
    asked = said["audited"]
    _audited(row, asked, {"by": people[asked["by"]], "now": now - timedelta(days=asked["days"])})


def _first(row: models.Document, said: dict[str, Any], by: dict[str, Any]) -> None:
    edition = demo_documents.record_edition(row, {**said["edition"], "days": 0}, by)
    targets = queries.targets_by_number()
    texts = {each.number: each for each in queries.judged(edition)}
    for number, each in said["judged"].items():
        text = texts[number]
        held = text.clause.judgement
        nature = each.get("nature", held.proposed)
        judging.judge(text=text, nature=nature, reason=each.get("reason"), expected=held.version, **by)
        _place(text, [targets[number] for number in each.get("places", ())], each.get("not") == "first", by)
    for each in said["translations"]:
        translating.translate(
            text=texts[each["clause"]], language=each["language"], title=each["title"], body=each["body"], expected=0,
            **by,
        )  # fmt: skip


def _place(text: models.ClauseText, targets: list[models.ClauseText], rejects: bool, by: dict[str, Any]) -> None:
    """What the program proposes is accepted where it is meant; what it does not know is added."""
    for target in targets:
        judging.add_mapping(text=text, target=target, **by)
    if rejects and (wrong := text.clause.mappings.filter(state=MAPPED.PROPOSED).order_by("-score", "pk").first()):
        judging.place(mapping=wrong, state=MAPPED.REJECTED, expected=wrong.version, **by)


def _second(row: models.Document, said: dict[str, Any], by: dict[str, Any]) -> None:
    """What says the same goes on by itself; of what says something else, one clause is confirmed already."""
    row.refresh_from_db()
    edition = demo_documents.record_edition(row, {**said["edition"], "days": 0}, by)
    for text in queries.judged(edition).filter(number__in=said["confirmed"]):
        held = text.clause.judgement
        judging.judge(text=text, nature=held.nature, expected=held.version, **by)


def _audited(row: models.Document, said: dict[str, Any], by: dict[str, Any]) -> None:
    """Clauses belong to a standard whose next edition waits: most follow, one is decided, one waits for somebody."""
    baseline = models.Baseline.objects.get(after__document__number=said["number"], signed_at=None)
    olds = {each.number: each for each in baseline.before.texts.all()}
    news = {each.number: each for each in baseline.after.texts.all()}
    texts = {each.number: each for each in row.editions.latest("received_on").texts.all()}
    for number, target in said["places"].items():
        judging.add_mapping(text=texts[number], target=olds[target], **by)
    for old, new in said["decided"].items():
        rows = baseline_queries.mappings(baseline).filter(old_text=olds[old].pk)
        seen = {each.pk: each.row_version for each in rows}
        baselines.decide(baseline=baseline, seen=seen, act=baselines.Act.CHOSEN, targets=[news[new].pk], **by)
