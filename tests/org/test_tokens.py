"""Tokens of programs: made by oneself, shown once, ended by oneself or an administrator, dead with the account."""

from datetime import timedelta

import pytest

from tests import cast
from yinuo.kit import once, refusals
from yinuo.org import access, models
from yinuo.org.actions import tokens

NOW = cast.NOW
DAY = timedelta(days=1)


def made(by: models.Person, **values: object) -> str:
    said = {"name": "看板", "may_write": False, "days": 90, "now": NOW} | values
    return tokens.make_token(by=by, **said)  # type: ignore[arg-type]


def test_a_token_opens_until_its_last_day(at_work: cast.Company, words_of) -> None:
    token = made(at_work.lina)
    found = access.token(token, NOW)
    assert found is not None
    assert found.person == at_work.lina
    assert access.token(token, NOW + 90 * DAY - timedelta(seconds=1)) is not None
    assert access.token(token, NOW + 90 * DAY) is None
    assert access.token(token[:-1], NOW) is None
    assert words_of("org.person") == ["org.person.token_made"]


def test_only_its_digest_is_kept(at_work: cast.Company) -> None:
    token = made(at_work.lina)
    kept = models.Token.objects.values().get()
    assert token not in str(kept)


@pytest.mark.parametrize("wrong", [{"days": 0}, {"days": 366}, {"name": " "}])
def test_what_no_token_may_be(at_work: cast.Company, wrong: dict[str, object]) -> None:
    with pytest.raises(tokens.CannotMakeToken):
        made(at_work.lina, **wrong)


def test_nobody_has_tokens_without_number(at_work: cast.Company) -> None:
    for _n in range(tokens.MOST):
        made(at_work.lina, days=1)
    with pytest.raises(tokens.CannotMakeToken):
        made(at_work.lina)
    assert made(at_work.lina, now=NOW + DAY)


def test_a_closed_account_has_no_tokens(at_work: cast.Company) -> None:
    token = made(at_work.lina)
    models.Person.objects.filter(pk=at_work.lina.pk).update(is_active=False)
    assert access.token(token, NOW) is None


def test_oneself_and_administrators_end_it(at_work: cast.Company, words_of) -> None:
    for by in (at_work.lina, at_work.admin):
        token = made(at_work.lina)
        tokens.end_token(token=access.token(token, NOW), by=by, now=NOW)
        assert access.token(token, NOW) is None
    token = made(at_work.lina)
    with pytest.raises(refusals.NotAllowed):
        tokens.end_token(token=access.token(token, NOW), by=at_work.zhao, now=NOW)
    assert words_of("org.person").count("org.person.token_ended") == 2


def test_when_it_was_used_last_is_noted_now_and_then(at_work: cast.Company) -> None:
    token = made(at_work.lina)
    for minutes in (0, 1, 4, 6):
        now = NOW + timedelta(minutes=minutes)
        tokens.note_used(token=access.token(token, now), by=at_work.lina, now=now)
    assert models.Token.objects.get().used_at == NOW + timedelta(minutes=6)


def test_the_page_shows_it_once(company: cast.Company, signed_in) -> None:
    client = signed_in("lina")
    said = {"name": "看板", "may_write": "yes", "days": "30", "once": once.new_key()}
    page = client.post("/org/me/tokens/new", said)
    token = page.context["token"]
    assert token in page.content.decode()
    assert models.Token.objects.get().may_write
    assert client.post("/org/me/tokens/new", said)["Location"] == "/org/me/#tokens"
    me = client.get("/org/me/").content.decode()
    assert token not in me
    assert "看板" in me
    assert models.Token.objects.count() == 1


def test_it_is_ended_on_the_page_by_whoever_may(company: cast.Company, signed_in) -> None:
    made(company.lina)
    pk = models.Token.objects.get().pk
    assert signed_in("zhao").post(f"/org/tokens/{pk}/end").status_code == 404
    assert signed_in("admin").post(f"/org/tokens/{pk}/end")["Location"] == company.lina.get_absolute_url()
    assert models.Token.objects.get().revoked_at is not None
