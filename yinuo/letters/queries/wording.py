"""The words letters begin with: which templates there are, and what they say of one talk."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone, translation

from yinuo.customers import models as customers
from yinuo.customers import queries as customers_queries
from yinuo.kit import plugs, subjects
from yinuo.letters import models
from yinuo.letters.engine import placeholders
from yinuo.letters.readers import library
from yinuo.org import models as org
from yinuo.org import queries as org_queries

KINDS = models.Template.Kind
# What a talk of this purpose mostly begins with.
USUAL = {
    models.Purpose.CLARIFICATION: KINDS.QUESTION,
    models.Purpose.ALTERNATIVE: KINDS.ALTERNATIVE,
    models.Purpose.NOTICE: KINDS.PROGRESS,
    models.Purpose.REPLY: KINDS.COMPLETION,
    models.Purpose.FEEDBACK: KINDS.COMPLETION,
}
FACT = "subject.words/"


@dataclass(frozen=True)
class Wording:
    """One template as it holds now: the company's own last edition, or what came with the product."""

    kind: str
    language: str
    heading: str
    text: str
    is_offered: bool = True
    row: models.Template | None = None
    editions: list[models.TemplateEdition] = field(default_factory=list)

    @property
    def label(self) -> str:
        return str(KINDS(self.kind).label)

    @property
    def language_label(self) -> str:
        return language_words(self.language)

    @property
    def version(self) -> int:
        """What a change must have seen; 0 for words that came with the product."""
        return self.row.version if self.row else 0

    @property
    def last(self) -> models.TemplateEdition | None:
        return self.editions[-1] if self.editions else None


def language_words(code: str) -> str:
    """A language by its own name, as far as it is known."""
    try:
        return str(translation.get_language_info(NATIVE.get(code, code))["name_local"])
    except KeyError:
        return code


NATIVE = {"zh": "zh-hans"}


def templates() -> list[Wording]:
    """All templates in all languages, in the order of kinds; Chinese and English first."""
    rows = models.Template.objects.prefetch_related("editions__by")
    found = {key: Wording(*key, *words) for key, words in library.templates().items()}
    for row in rows:
        editions = sorted(row.editions.all(), key=lambda each: each.number)
        key = (row.kind, row.language)
        found[key] = Wording(row.kind, row.language, row.heading, row.text, row.is_active, row, editions)
    kinds = list(KINDS.values)
    return sorted(found.values(), key=lambda it: (kinds.index(it.kind), _order(it.language)))


def _order(language: str) -> tuple[int, str]:
    return ({"zh": 0, "en": 1}.get(language, 2), language)


def template(kind: str, language: str) -> Wording | None:
    """One template."""
    return next((each for each in templates() if (each.kind, each.language) == (kind, language)), None)


def languages() -> list[str]:
    """In which languages there are templates."""
    return sorted({each.language for each in templates()}, key=_order)


def language_for(customer: customers.Customer, contact: customers.CustomerContact | None = None) -> str:
    """In which language somebody is written to: the contact's, else the customer's; English where there is no template
    in it."""
    asked = (contact.language if contact else customer.language) or "zh"
    there = languages()
    return asked if asked in there else asked[:2] if asked[:2] in there else "en"


def offered(thread: models.Thread) -> list[Wording]:
    """The templates for a talk: the one of its purpose first, in the customer's language before others."""
    own = language_for(thread.customer, contact_in(thread))
    usual = USUAL.get(models.Purpose(thread.purpose))
    rows = [each for each in templates() if each.is_offered]
    return sorted(rows, key=lambda each: (each.language != own, each.kind != usual))


def contact_in(thread: models.Thread) -> customers.CustomerContact | None:
    """With whom the talk was last."""
    last = thread.letters.filter(contact__isnull=False).select_related("contact").order_by("pk").last()
    return last.contact if last else None


# Filling in -----------------------------------------------------------------------------------------------------------


def drafted(
    wording: Wording,
    *,
    about: subjects.Ref,
    customer: customers.Customer,
    contact: customers.CustomerContact | None = None,
    matter: str = "",
    now: datetime,
) -> tuple[str, str]:
    """Subject line and words of a letter that begins with this template."""
    values = values_of(about, customer, contact, matter, wording.language, now)
    heading = placeholders.filled(wording.heading, values, wording.language)
    return " ".join(heading.split())[:300], placeholders.filled(wording.text, values, wording.language)


def begun(thread: models.Thread, template: Wording, now: datetime) -> dict[str, Any]:
    """What the next letter of a talk begins with by a template."""
    contact = contact_in(thread)
    heading, text = drafted(
        template, about=thread.subject, customer=thread.customer, contact=contact, matter=thread.title, now=now
    )
    is_answer = template.kind == KINDS.COMPLETION  # receipts, questions and progress are words in between
    key = contact.pk if contact else None
    return {"heading": heading[:150], "text": text, "contact": key, "is_answer": is_answer}


def values_of(
    about: subjects.Ref,
    customer: customers.Customer,
    contact: customers.CustomerContact | None,
    matter: str,
    language: str,
    now: datetime,
) -> dict[str, str]:
    """What the placeholders stand for, in the language of the letter (in English for any other than Chinese)."""
    is_chinese = language.startswith("zh")
    with translation.override("zh-hans" if is_chinese else "en"):
        window = next(iter(customers_queries.windows([customer])[customer.pk].people), None)
        said: dict[str, Any] = {
            "matter": matter,
            "customer": customer.name,
            "contact": contact.name if contact else ("尊敬的顾客" if is_chinese else "Sir or Madam"),
            "window": person_words(window),
            "company": _company(about.site_id or customer.site_id),
            "today": timezone.localdate(now),
        }
        fact = f"{FACT}{about.type}"
        if fact in plugs.facts:
            said |= {name: value for name, value in plugs.facts.get(fact).function(about).items() if value}
        return {name: _words(value, is_chinese) for name, value in said.items()}


def _words(value: Any, is_chinese: bool) -> str:
    if isinstance(value, date):
        return f"{value.year}年{value.month}月{value.day}日" if is_chinese else f"{value.day} {value:%B %Y}"
    return str(value or "")


def person_words(person: org.Person | None) -> str:
    """Somebody of ours as a customer knows them: name, and the mail address for questions."""
    if person is None:
        return ""
    is_english = (translation.get_language() or "").startswith("en")
    name = person.name_latin or person.name if is_english else person.name
    if not person.email:
        return name
    return f"{name} ({person.email})" if is_english else f"{name}（{person.email}）"


def _company(site_id: int | None) -> str:
    """As the company's paper names it; before anybody said so, by its site."""
    named = org.Letterhead.current().name
    if named:
        return named
    rows = org_queries.sites()
    site = rows.filter(pk=site_id).first() if site_id else rows.order_by("pk").first()
    return site.name if site else ""


# Reports of progress --------------------------------------------------------------------------------------------------


def plans(customer_ids: Iterable[int] | None = None) -> QuerySet[models.ProgressPlan]:
    """For whom reports of progress are drafted, the next first."""
    rows = models.ProgressPlan.objects.select_related("customer", "contact", "keeper")
    rows = rows if customer_ids is None else rows.filter(customer__in=list(customer_ids))
    return rows.order_by("-is_active", "next_on", "pk")


def plan_of(about: subjects.Ref) -> models.ProgressPlan | None:
    """How often a subject is reported on."""
    return plans().filter(subject_type=about.type, subject_id=about.id).first()


def plans_due(today: date) -> list[models.ProgressPlan]:
    """The reports to be drafted by a day."""
    return list(plans().filter(is_active=True, next_on__lte=today)[:200])
