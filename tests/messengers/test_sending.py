"""What a real receiver gets to see: signed, limited, hesitant, dying, and nothing twice unawares."""

import base64
import hmac
import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils.translation import gettext_lazy as _

from tests import cast
from tests.messengers import conftest as servers
from yinuo.kit import subjects
from yinuo.kit import words as kit_words
from yinuo.messengers import jobs, models
from yinuo.messengers.actions import keeping, telling
from yinuo.notify import actions as notify

CASE = subjects.Ref("cases.case", 7, "CSR-2026-0413 盐雾试验要求提高到 720 h", "/cases/of/CSR-2026-0413/")
State = models.Delivery.State


def tell(company: cast.Company, **more: Any) -> None:
    """Somebody is told of a task, as the procedures tell."""
    values: dict[str, Any] = {
        "people": [company.wang], "subject": CASE, "kind": "task_assigned", "words": _("Save"), "now": cast.NOW,
        "brief": kit_words.filled("%(said)s", said="新待办：CSR-2026-0413 · 工程评审"),
    }  # fmt: skip
    notify.tell(**{**values, **more})


def states() -> list[str]:
    return list(models.Delivery.objects.order_by("pk").values_list("state", flat=True))


@pytest.fixture(autouse=True)
def a_minute_later() -> Any:
    with time_machine.travel(cast.NOW + timedelta(minutes=1)):
        yield


def test_a_group_hears_number_and_step_and_no_title(company: cast.Company, messenger: servers.Messenger) -> None:
    servers.robot(company, messenger)
    tell(company)
    servers.post()
    assert states() == [State.SENT]
    (text,) = messenger.texts
    assert text.startswith("新待办：CSR-2026-0413 · 工程评审（王强）http")
    assert "盐雾" not in text


def test_dingtalk_verifies_the_signature(company: cast.Company, messenger: servers.Messenger) -> None:
    messenger.check = servers.wants_dingtalk_signature("SECabc")
    servers.robot(company, messenger, "dingtalk", secret="SECabc")
    tell(company)
    servers.post()
    assert states() == [State.SENT]
    assert messenger.paths[0].startswith("/send?key=k-1234&timestamp=")


def test_a_wrong_secret_is_refused_in_the_messengers_own_words(
    company: cast.Company, messenger: servers.Messenger
) -> None:
    messenger.check = servers.wants_dingtalk_signature("SECabc")
    servers.robot(company, messenger, "dingtalk", secret="SECwrong")
    tell(company)
    servers.post()
    assert states() == [State.FAILED]
    assert models.Delivery.objects.get().error == "310000 sign not match"


def test_feishu_verifies_the_signature(company: cast.Company, messenger: servers.Messenger) -> None:
    messenger.usual = (200, {"code": 0, "msg": "success"})
    messenger.check = servers.wants_feishu_signature("feishu-secret")
    servers.robot(company, messenger, "feishu", secret="feishu-secret")
    tell(company)
    servers.post()
    assert states() == [State.SENT]


def test_a_webhook_is_signed_and_says_no_texts(company: cast.Company, messenger: servers.Messenger) -> None:
    messenger.usual = (204, b"")
    hook = servers.robot(company, messenger, "webhook")
    telling.publish(event="cases.case.opened", subject=CASE, data={"state": "new"}, now=cast.NOW)
    servers.post()
    assert states() == [State.SENT]
    head, body = messenger.headers[0], messenger.bodies[0]
    key = base64.b64decode(keeping.show_secret(receiver=hook, by=company.admin, now=cast.NOW).removeprefix("whsec_"))
    signed = f"{head['webhook-id']}.{head['webhook-timestamp']}.".encode() + body
    assert head["webhook-signature"] == "v1," + base64.b64encode(hmac.digest(key, signed, "sha256")).decode()
    said = json.loads(body)
    assert said["type"] == "cases.case.opened"
    assert said["data"]["number"] == "CSR-2026-0413"
    assert "盐雾" not in body.decode()


def test_lines_that_wait_together_share_a_post(company: cast.Company, messenger: servers.Messenger) -> None:
    servers.robot(company, messenger)
    for _n in range(5):
        tell(company)
    servers.post()
    assert len(messenger.taken) == 1
    assert messenger.texts[0].count("\n") == 4
    assert states() == [State.SENT] * 5


def test_a_limit_is_respected_and_costs_no_try(company: cast.Company, messenger: servers.Messenger) -> None:
    messenger.answers = [(200, {"errcode": 45009, "errmsg": "api freq out of limit"})]
    group = servers.robot(company, messenger)
    tell(company)
    servers.post()
    line = models.Delivery.objects.get()
    assert (line.state, line.attempts) == (State.WAITING, 0)
    group.refresh_from_db()
    assert group.next_post_at is not None
    jobs.post()
    assert len(messenger.taken) == 1, "it is left alone for a minute"
    with time_machine.travel(cast.NOW + timedelta(minutes=3)):
        jobs.post()
    assert states() == [State.SENT]


def test_posts_to_one_group_keep_their_distance(company: cast.Company, messenger: servers.Messenger) -> None:
    servers.robot(company, messenger)
    tell(company)
    jobs.post()
    tell(company)
    jobs.post()
    assert len(messenger.taken) == 1, "the second waits its three seconds"


def test_a_server_that_hesitates_is_tried_again_later(company: cast.Company, messenger: servers.Messenger) -> None:
    messenger.answers = [(502, b"bad gateway"), (200, b"<html>sign in to the hotel</html>")]
    servers.robot(company, messenger)
    tell(company)
    servers.post()
    assert states() == [State.WAITING]
    with time_machine.travel(cast.NOW + timedelta(minutes=5)):
        servers.post()
        assert states() == [State.WAITING]
        assert models.Delivery.objects.get().error == models.Delivery.Ending.FOREIGN
    with time_machine.travel(cast.NOW + timedelta(minutes=15)):
        servers.post()
    assert states() == [State.SENT]


def test_nobody_there_loses_nothing(company: cast.Company, messenger: servers.Messenger, settings: Any) -> None:
    settings.OUTGOING_ALLOW = ["127.0.0.1"]
    servers.robot(company, messenger, address="http://127.0.0.1:1/nobody")
    tell(company)
    servers.post()
    line = models.Delivery.objects.get()
    assert (line.state, line.attempts, line.next_at > cast.NOW) == (State.WAITING, 1, True)


def test_a_group_is_not_told_twice_when_the_answer_never_came(
    company: cast.Company, messenger: servers.Messenger
) -> None:
    messenger.answers = [servers.hang_up]
    servers.robot(company, messenger)
    tell(company)
    servers.post()
    servers.post()
    assert len(messenger.taken) == 1
    assert states() == [State.UNCERTAIN]
    row = models.Delivery.objects.get()
    telling.send_again(delivery=row, expected=row.version, by=company.admin, now=cast.NOW)
    servers.post()
    assert states() == [State.SENT]


def test_a_program_gets_it_again_under_the_same_id(company: cast.Company, messenger: servers.Messenger) -> None:
    messenger.answers = [servers.hang_up]
    messenger.usual = (200, {})
    servers.robot(company, messenger, "webhook")
    telling.publish(event="cases.case.opened", subject=CASE, data={}, now=cast.NOW)
    servers.post()
    assert states() == [State.WAITING]
    with time_machine.travel(cast.NOW + timedelta(minutes=5)):
        servers.post()
    assert states() == [State.SENT]
    assert len({head["webhook-id"] for head in messenger.headers}) == 1
    assert len(messenger.headers) == 2


def test_a_sender_that_dies_before_handing_over_has_told_nobody(
    company: cast.Company, messenger: servers.Messenger
) -> None:
    group = servers.robot(company, messenger)
    tell(company)
    now = cast.NOW + timedelta(minutes=1)
    assert len(jobs.claim(group, now)) == 1  # and there the worker is killed
    with time_machine.travel(now + timedelta(minutes=2)):
        servers.post()
    assert states() == [State.SENT]
    assert len(messenger.taken) == 1


def test_a_sender_that_dies_after_handing_over_leaves_a_doubt(
    company: cast.Company, messenger: servers.Messenger
) -> None:
    group = servers.robot(company, messenger)
    tell(company)
    now = cast.NOW + timedelta(minutes=1)
    jobs._hand_over(jobs.claim(group, now))  # and there the worker is killed
    with time_machine.travel(now + timedelta(minutes=2)):
        servers.post()
    assert states() == [State.UNCERTAIN]
    assert messenger.taken == []
