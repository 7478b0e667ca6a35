"""Judging clauses: what each is, where in the standard it belongs, what it says in another language; one by one from
the version that was seen, or many at once.

Calls at one address stand in one router, so these join those of `clauses`.
"""

from datetime import UTC, datetime
from typing import Any, Literal

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Schema, Status
from pydantic import AwareDatetime, Field

from yinuo.kit import api, rows
from yinuo.org.definition import Permission
from yinuo.sources import forms, models, queries
from yinuo.sources.actions import carrying, translating
from yinuo.sources.actions import judging as acts
from yinuo.sources.api import clauses
from yinuo.sources.queries import judging, trees

router = clauses.router
SEE, EDIT = Permission.SOURCES_SEE, Permission.SOURCES_EDIT
Nature = Literal["specific", "other", "informative", "commercial"]
FIRST, LAST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


class Judged(api.Asked):
    """What a clause is, and why; without a reason the one that stands there stays."""

    nature: Nature
    reason: str | None = Field(None, max_length=2000)


class Belongs(api.Asked):
    """The number of a clause of IATF 16949, as printed: 8.5.6.1."""

    number: str = Field(min_length=1, max_length=60)


class GoesOn(api.Asked):
    """The key of the clause of the edition before that was held to be gone."""

    old: str = Field(max_length=18)


class TranslatedClause(api.Asked):
    """What a clause says in another language. What is left out stays, null empties."""

    title: str | None = Field(None, max_length=500)
    body: str | None = Field(None, max_length=20_000)


class AcceptedAtOnce(api.Asked):
    """How sure the program must be; with the clause of IATF 16949 that is proposed first with as much certainty."""

    certainty: float = Field(0.9, ge=0.6, le=1)
    with_mappings: bool = False


class ProposalsAccepted(Schema):
    """How many clauses were decided as proposed; `at` is what taking it back wants."""

    accepted: int
    at: str = Field(json_schema_extra={"format": "date-time"})  # to the microsecond, which JSON's moments lose


class TakenBack(api.Asked):
    """When the proposals were accepted, as that call answered."""

    at: AwareDatetime = Field(ge=FIRST, lt=LAST)


class ProposalsTakenBack(Schema):
    """How many clauses are proposed again."""

    taken_back: int


class SeenClause(api.Asked):
    """A clause by its key, and the version of its judgement as it was seen."""

    key: str = Field(max_length=18)
    version: int


class SeenClauses(api.Asked):
    """The clauses that are confirmed."""

    clauses: list[SeenClause] = Field(min_length=1, max_length=200)


class CarriedConfirmed(Schema):
    """How many were confirmed, and how many stay: somebody was faster, or nothing was carried over."""

    confirmed: int
    left: int


class ProposalsMade(Schema):
    """How many clauses waited for a proposal; many of them take some seconds (see `coming` of `/judging`)."""

    made: int


# One clause -----------------------------------------------------------------------------------------------------------


def _judge(request: api.Request, response: HttpResponse, key: int, nature: str, reason: str | None = None) -> Any:
    text, version = clauses.look(request, key), api.expected(request)
    acts.judge(text=text, nature=nature, reason=reason, by=request.user, now=timezone.now(), expected=version)
    return clauses.told(request, response, key)


def _held(request: api.Request, key: int) -> models.Judgement:
    """What the clause is held to be; 404 while nothing is."""
    held = getattr(clauses.look(request, key).clause, "judgement", None)
    if held is None:
        raise Http404
    return held


@api.call(router, "POST", "/clauses/{int:id}/judge", EDIT, clauses.OneClause, changes=True)
def clause_judge(
    request: api.Request,
    response: HttpResponse,
    id: int,  # noqa: A002 - as the address says
    said: Judged,
) -> Any:
    """Say what a clause is, whatever was proposed."""
    return _judge(request, response, id, said.nature, said.reason)


@api.call(router, "POST", "/clauses/{int:id}/accept", EDIT, clauses.OneClause, changes=True)
def clause_accept(request: api.Request, response: HttpResponse, id: int) -> Any:  # noqa: A002 - as the address says
    """The clause is what the program proposes."""
    return _judge(request, response, id, _held(request, id).proposed)


@api.call(router, "POST", "/clauses/{int:id}/confirm", EDIT, clauses.OneClause, changes=True)
def clause_confirm(request: api.Request, response: HttpResponse, id: int) -> Any:  # noqa: A002 - as the address says
    """The clause still is what it was held to be before it said something else."""
    return _judge(request, response, id, _held(request, id).nature)


@api.call(router, "POST", "/clauses/{int:id}/mappings", EDIT, clauses.OneClause, status=201, creates=True)
def mapping_add(
    request: api.Request,
    response: HttpResponse,
    id: int,  # noqa: A002 - as the address says
    said: Belongs,
) -> Any:
    """Say to which clause of IATF 16949 a clause belongs, proposed or not."""
    text = clauses.look(request, id)
    target = judging.targets().filter(number=said.number.strip()).first()
    if target is None:
        raise api.Unfit([("number", _("The edition of IATF 16949 that holds has no clause of this number."))])

    def create(_key: str) -> str:
        return str(acts.add_mapping(text=text, target=target, by=request.user, now=timezone.now()).pk)

    api.create_once(request, create)
    return Status(201, clauses.told(request, response, id, is_new=True))


def _place(request: api.Request, response: HttpResponse, key: int, mapping: int, state: str) -> Any:
    text, version = clauses.look(request, key), api.expected(request)
    row = api.found(models.Mapping.objects.filter(clause=text.clause_id), pk=mapping)
    acts.place(mapping=row, state=state, by=request.user, now=timezone.now(), expected=version)
    return clauses.told(request, response, key)


@api.call(
    router, "POST", "/clauses/{int:id}/mappings/{int:mapping}/accept", EDIT, clauses.OneClause, changes=True
)  # fmt: skip
def mapping_accept(
    request: api.Request,
    response: HttpResponse,
    id: int,  # noqa: A002 - as the address says
    mapping: int,
) -> Any:
    """The clause belongs to this clause of the standard. `If-Match` is the mapping's version."""
    return _place(request, response, id, mapping, judging.MAPPED.ACCEPTED)


@api.call(
    router, "POST", "/clauses/{int:id}/mappings/{int:mapping}/reject", EDIT, clauses.OneClause, changes=True
)  # fmt: skip
def mapping_reject(
    request: api.Request,
    response: HttpResponse,
    id: int,  # noqa: A002 - as the address says
    mapping: int,
) -> Any:
    """The clause does not belong to this clause of the standard. `If-Match` is the mapping's version."""
    return _place(request, response, id, mapping, judging.MAPPED.REJECTED)


@api.call(router, "POST", "/clauses/{int:id}/link", EDIT, clauses.OneClause, changes=True)
def clause_link(
    request: api.Request,
    response: HttpResponse,
    id: int,  # noqa: A002 - as the address says
    said: GoesOn,
) -> Any:
    """A clause that is new in its edition goes on from one that was held to be gone: what was decided goes on too."""
    text, version = clauses.look(request, id), api.expected(request)
    old = api.found(queries.texts(request.user), pk=rows.key_in(said.old) or 0)
    carrying.link(edition=text.edition, old=old, new=text, by=request.user, now=timezone.now(), expected=version)
    return clauses.told(request, response, id)


@api.call(router, "POST", "/clauses/{int:id}/unlink", EDIT, clauses.OneClause, changes=True)
def clause_unlink(request: api.Request, response: HttpResponse, id: int) -> Any:  # noqa: A002 - as the address says
    """Take back that a clause goes on from one that was held to be gone: the two are separate again."""
    text, version = clauses.look(request, id), api.expected(request)
    carrying.unlink(edition=text.edition, text=text, by=request.user, now=timezone.now(), expected=version)
    return clauses.told(request, response, id)


# In another language --------------------------------------------------------------------------------------------------


def _translation(request: api.Request, response: HttpResponse, text: models.ClauseText, language: str) -> Any:
    row = text.translations.select_related("by").filter(language=language).first()
    api.tagged(response, row.version if row else 0)
    empty = {"language": language, "title": "", "body": "", "way": "", "by": "", "at": None, "version": 0}
    return trees.translation(row) if row else empty


def _in_language(request: api.Request, key: int, language: str) -> models.ClauseText:
    text = clauses.look(request, key)
    if language not in models.Language or language == text.edition.language:
        raise Http404
    return text


@api.call(router, "GET", "/clauses/{int:id}/translations/{language}", SEE, clauses.ClauseTranslation)
def clause_translation(
    request: api.Request,
    response: HttpResponse,
    id: int,  # noqa: A002 - as the address says
    language: str,
) -> Any:
    """What a clause says in another language; empty and of version 0 while nobody has said it."""
    return _translation(request, response, _in_language(request, id, language), language)


@api.call(
    router, "PATCH", "/clauses/{int:id}/translations/{language}", EDIT, clauses.ClauseTranslation, changes=True
)  # fmt: skip
def clause_translate(
    request: api.Request,
    response: HttpResponse,
    id: int,  # noqa: A002 - as the address says
    language: str,
    said: TranslatedClause,
) -> Any:
    """Keep what a clause says in another language. `If-Match` is the translation's version, "0" for the first."""
    text, version = _in_language(request, id, language), api.expected(request)
    row = text.translations.filter(language=language).first()
    as_is = {"title": row.title, "body": row.body} if row else {}
    data = api.as_form({**as_is, **said.dict(exclude_unset=True), "version": version})
    cleaned = api.checked(forms.TranslationForm(data))
    translating.translate(
        text=text, language=language, title=cleaned["title"], body=cleaned["body"], by=request.user,
        now=timezone.now(), expected=version,
    )  # fmt: skip
    return _translation(request, response, text, language)


# Many at once ---------------------------------------------------------------------------------------------------------


def _edition(request: api.Request, key: int) -> models.Edition:
    return api.found(queries.editions(request.user).select_related("document"), pk=key)


@api.call(router, "POST", "/editions/{int:id}/proposals", EDIT, ProposalsMade, creates=True)
def proposals_begin(request: api.Request, id: int) -> Any:  # noqa: A002 - as the address says
    """Have proposals made for clauses that were accepted before there were any."""
    row = _edition(request, id)
    made = api.create_once(request, lambda _key: str(acts.begin(edition=row, by=request.user, now=timezone.now())))
    return {"made": int(made)}


@api.call(router, "POST", "/editions/{int:id}/proposals/accept", EDIT, ProposalsAccepted, creates=True)
def proposals_accept(
    request: api.Request,
    id: int,  # noqa: A002 - as the address says
    said: AcceptedAtOnce,
) -> Any:
    """Decide as proposed whatever the program is so sure of."""
    row, now = _edition(request, id), timezone.now()

    def act(_key: str) -> str:
        return f"{acts.accept_proposals(edition=row, by=request.user, now=now, **said.dict())} {now.isoformat()}"

    count, at = api.create_once(request, act).split(" ")
    return {"accepted": int(count), "at": at}


@api.call(router, "POST", "/editions/{int:id}/proposals/take-back", EDIT, ProposalsTakenBack, creates=True)
def proposals_take_back(
    request: api.Request,
    id: int,  # noqa: A002 - as the address says
    said: TakenBack,
) -> Any:
    """Take back what one has accepted at once, where nothing was changed since."""
    row = _edition(request, id)

    def act(_key: str) -> str:
        return str(acts.reject_proposals(edition=row, at=said.at, by=request.user, now=timezone.now()))

    return {"taken_back": int(api.create_once(request, act))}


@api.call(router, "POST", "/editions/{int:id}/carried/confirm", EDIT, CarriedConfirmed, creates=True)
def carried_confirm(
    request: api.Request,
    id: int,  # noqa: A002 - as the address says
    said: SeenClauses,
) -> Any:
    """Confirm several that were carried over, each from the version that was seen; what others changed stays."""
    row = _edition(request, id)
    picks = [(rows.key_in(each.key) or 0, each.version) for each in said.clauses]

    def act(_key: str) -> str:
        done, left = acts.confirm_all(edition=row, picks=picks, by=request.user, now=timezone.now())
        return f"{done} {left}"

    done, left = api.create_once(request, act).split(" ")
    return {"confirmed": int(done), "left": int(left)}
