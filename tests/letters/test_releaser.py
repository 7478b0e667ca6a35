"""Whom a procedure finds for releasing what goes out: the people whom the release itself accepts."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests import cast
from tests.customers import people
from yinuo.kit import subjects
from yinuo.letters import access, models
from yinuo.letters.actions import releasers, threads
from yinuo.procedures import models as procedures
from yinuo.procedures.definition import shapes
from yinuo.procedures.queries import people as finding

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree(company: cast.Company) -> dict[str, Any]:
    return people.volkswagen(company)


def found(purpose: str, company: cast.Company, customer: Any) -> list[str]:
    """Whom a procedure finds for releasing what goes out, by sign-in."""
    run = procedures.Run(**subjects.columns(subjects.ref(customer)))
    who = shapes.Who(kind="role", name=f"release:{purpose}")
    return [person.sign_in for person in finding.find(who, run=run, now=cast.NOW).people]


def test_a_procedure_asks_whoever_may_release(company: cast.Company, tree: dict[str, Any]) -> None:
    """The step goes to the same people whom the release itself accepts: else the procedure would stand still."""
    assert found("reply", company, tree["svw"]) == ["lina", "zhao"]
    act = {"by": company.zhou, "now": cast.NOW}
    releasers.let_post_release(purpose="reply", post=company.post["quality_manager"], **act)
    assert found("reply", company, tree["svw"]) == ["zhou"]
    assert found("alternative", company, tree["svw"]) == ["lina", "zhao"]
    releasers.let_post_release(purpose="", post=company.post["general_manager"], **act)
    assert found("alternative", company, tree["svw"]) == ["gao"]
    about = {"subject": tree["svw"], "customer": tree["svw"], "title": "答复", "purpose": "reply"}
    reply = threads.open_thread(by=company.wang, now=cast.NOW, **about)
    assert [person.sign_in for person in access.releasers(reply, cast.NOW)] == found("reply", company, tree["svw"])


def test_who_releases_is_chosen_and_given_back_to_the_window_on_the_page(
    company: cast.Company, signed_in: Callable[[str], Client]
) -> None:
    url, client = reverse("letters:release_rules"), signed_in("zhou")
    post = company.post["quality_manager"]
    saved = client.post(url, {"purpose": "reply", "post": post.pk}, follow=True)
    assert saved.redirect_chain == [(url, 302)]
    assert "质量部经理" in saved.content.decode()
    assert models.Releaser.objects.get(purpose="reply").post == post
    refused = client.post(url, {"purpose": "nothing", "post": post.pk})
    assert refused.status_code == 422
    assert "质量部 · 质量部经理" in refused.content.decode(), "what is in force stays to be seen"
    assert client.post(url, {"purpose": "reply", "post": ""}).status_code == 302
    assert not models.Releaser.objects.exists()
    assert signed_in("lina").get(url).status_code == 403
