"""What search plugs into the rooms below: it listens to what they announce, and speaks for org, which lies below it."""

from collections.abc import Sequence
from datetime import UTC, datetime

from yinuo.kit import plugs
from yinuo.org import models as org
from yinuo.search import actions, models, rules

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)  # people and address cards came about before anything that concerns them


def rescope(*, type: str, id: int, scope_id: int | None, **_facts: object) -> None:  # noqa: A002 - the event's words
    """A subject belongs to another scope now: so does its row, at once and without asking its source."""
    models.Document.objects.filter(subject_type=type, subject_id=id).update(scope_id=scope_id)


plugs.events.plug("kit.rescoped/search", rescope, zh="保密范围变更：更新索引", en="Scope changed: index rows follow")


def renamed(*, type: str, ids: Sequence[int]) -> None:  # noqa: A002 - the event's words
    """People or organisations have new names, numbers or addresses."""
    actions.refresh(type, ids)


def people(ids: Sequence[int]) -> list[rules.Document]:
    """Our people by name, Latin name, employee number, mail and phone."""
    return [
        rules.Document(
            type=person.subject_type,
            id=person.pk,
            title=person.name,
            label=person.employee_number or person.sign_in,
            text=" ".join(filter(None, [person.name_latin, person.email, person.phone])),
            url=person.get_absolute_url(),
            scope_id=None,
            site_id=None,
            at=LONG_AGO,
        )
        for person in org.Person.objects.filter(pk__in=ids)
    ]


def organisations(ids: Sequence[int]) -> list[rules.Document]:
    """The address book by names, aliases, country and address; confidential cards by their scope."""
    return [
        rules.Document(
            type=card.subject_type,
            id=card.pk,
            title=card.name_zh,
            label="",
            text=" ".join(filter(None, [card.name_en, *card.aliases, card.country, card.address, card.website])),
            url=card.get_absolute_url(),
            scope_id=card.scope_id,
            site_id=None,
            at=LONG_AGO,
        )
        for card in org.Organisation.objects.filter(pk__in=ids)
    ]


plugs.events.plug("org.renamed/search", renamed, zh="人员、单位更名：更新索引", en="New names: index rows follow")
plugs.index_sources.plug("org.person", people, zh="人员", en="People")
plugs.index_sources.plug("org.organisation", organisations, zh="通讯录", en="Address book")
