"""An administrator keeps the groups, sees what did not arrive, and sends it again."""

from typing import Any

from django.test import Client
from django.urls import reverse

from tests import cast
from tests.messengers import conftest as servers
from tests.messengers.test_sending import tell
from yinuo.kit import once
from yinuo.messengers import models


def test_a_group_is_added_tested_and_its_log_read(
    company: cast.Company, messenger: servers.Messenger, client: Client
) -> None:
    client.force_login(company.admin)
    empty = client.get(reverse("messengers:receivers"))
    assert "还没有群机器人" in empty.content.decode()
    added = client.post(
        reverse("messengers:receiver_add"),
        {
            "once": once.new_key(), "kind": "wecom", "name": "质量部群", "address": messenger.address, "tells": "late",
            "language": "zh", "digest_at": "08:30",
        },
    )  # fmt: skip
    group = models.Receiver.objects.get()
    assert added["location"] == group.get_absolute_url()
    client.post(reverse("messengers:receiver_test", args=[group.pk]))
    servers.post()
    page = client.get(group.get_absolute_url()).content.decode()
    assert "已接收" in page
    assert messenger.address not in page
    assert len(messenger.taken) == 1


def test_what_did_not_arrive_is_sent_again(company: cast.Company, messenger: servers.Messenger, client: Client) -> None:
    messenger.answers = [(200, {"errcode": 93000, "errmsg": "invalid webhook url"})]
    group = servers.robot(company, messenger)
    tell(company)
    models.Delivery.objects.update(next_at=cast.NOW)
    servers.post()
    client.force_login(company.admin)
    assert "93000 invalid webhook url" in client.get(group.get_absolute_url()).content.decode()
    row = models.Delivery.objects.get()
    client.post(reverse("messengers:delivery_again", args=[row.pk]), {"version": row.version})
    servers.post()
    assert models.Delivery.objects.get().state == models.Delivery.State.SENT


def test_the_list_costs_the_same_however_many_groups(
    company: cast.Company, messenger: servers.Messenger, client: Client, django_assert_max_num_queries: Any
) -> None:
    client.force_login(company.admin)
    for n in range(12):
        servers.robot(company, messenger, name=f"群 {n}")
    with django_assert_max_num_queries(12):
        client.get(reverse("messengers:receivers"))


def test_a_webhooks_secret_is_shown_on_request_only(
    company: cast.Company, messenger: servers.Messenger, client: Client
) -> None:
    hook = servers.robot(company, messenger, "webhook")
    client.force_login(company.admin)
    assert "whsec_" not in client.get(hook.get_absolute_url()).content.decode()
    assert "whsec_" in client.post(reverse("messengers:receiver_secret", args=[hook.pk])).content.decode()


def test_what_was_done_with_a_receiver_is_told_beside_it(
    company: cast.Company, messenger: servers.Messenger, client: Client
) -> None:
    group = servers.robot(company, messenger)
    trail = reverse("records:timeline", args=[group.subject_type, group.pk])
    client.force_login(company.admin)
    assert trail in client.get(group.get_absolute_url()).content.decode()
    told = client.get(trail).content.decode()
    assert "新增群机器人或接口推送" in told
    assert "企业微信群机器人" in told
    client.force_login(company.zhou)
    assert client.get(trail).status_code == 404


def test_others_do_not_see_the_page(company: cast.Company, client: Client) -> None:
    client.force_login(company.zhou)
    assert client.get(reverse("messengers:receivers")).status_code == 403
