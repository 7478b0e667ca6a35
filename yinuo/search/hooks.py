"""What search plugs into the rooms below: it listens to what they announce, and speaks for org, which lies below it."""

from collections.abc import Sequence
from datetime import UTC, datetime

from yinuo.kit import plugs, subjects
from yinuo.org import models as org
from yinuo.search import actions, models, rules

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)  # people and address cards came about before anything that concerns them


def rescope(*, type: str, id: int, scope_id: int | None, **_facts: object) -> None:  # noqa: A002 - the event's words
    """A subject belongs to another scope now: so does its row, at once and without asking its source."""
    models.Document.objects.filter(subject_type=type, subject_id=id).update(scope_id=scope_id)


plugs.events.plug("kit.rescoped/search", rescope, zh="保密范围变更：更新索引", en="Scope changed: index rows follow")


def renamed(*, type: str, ids: Sequence[int]) -> None:  # noqa: A002 - the event's words
    """People, departments, posts or organisations have new names, numbers or addresses."""
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


def departments(ids: Sequence[int]) -> list[rules.Document]:
    """Our departments and sections by their names and codes."""
    return [_place(row, [row.name_en, row.code]) for row in org.Department.objects.filter(pk__in=ids, is_active=True)]


def posts(ids: Sequence[int]) -> list[rules.Document]:
    """Our posts by their names, codes and departments."""
    found = org.Post.objects.filter(pk__in=ids, is_active=True).select_related("department")
    return [_place(row, [row.name_en, row.code, row.department.name_zh, row.department.name_en]) for row in found]


def _place(row: org.Department | org.Post, words: list[str]) -> rules.Document:
    """Whoever may see the organisation sees all of it, whatever site their role is for."""
    return rules.Document(
        type=row.subject_type,
        id=row.pk,
        title=row.name_zh,
        label="",
        text=" ".join(filter(None, words)),
        url=row.get_absolute_url(),
        scope_id=None,
        site_id=None,
        at=LONG_AGO,
    )


def files_changed(*, subject: subjects.Ref, **_facts: object) -> None:
    """A file was hung on a subject, or is void: its name is found with the subject."""
    if subject.type in plugs.index_sources:
        actions.refresh(subject.type, [subject.id])


plugs.events.plug(
    "org.renamed/search", renamed, zh="人员、部门、岗位、单位更名：更新索引", en="New names: index rows follow"
)
plugs.index_sources.plug("org.person", people, zh="人员", en="People")
plugs.index_sources.plug("org.department", departments, zh="部门", en="Departments")
plugs.index_sources.plug("org.post", posts, zh="岗位", en="Posts")
plugs.events.plug("records.attached/search", files_changed, zh="新文件：更新索引", en="A new file: its name is indexed")
plugs.events.plug(
    "records.voided/search", files_changed, zh="文件作废：更新索引", en="A void file: its name is dropped"
)
plugs.index_sources.plug("org.organisation", organisations, zh="通讯录", en="Address book")
