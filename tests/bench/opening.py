"""One client that registers requests through the web form, and says how long each took."""

import json
import sys
import time

from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.bench import texts
from yinuo.customers import models as customers
from yinuo.kit import once
from yinuo.org import models as org
from yinuo.org.pages import presence


def main(size: str, client: str, count: str) -> None:
    """Sign in, say so, wait for a line, register `count` requests one after the other."""
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # the web server looks for it
    person = org.Person.objects.get(sign_in=f"person{client}")
    browser = Client(SERVER_NAME="127.0.0.1")
    browser.force_login(person, backend=presence.BACKEND)
    customer = customers.Customer.objects.order_by("pk")[int(client)]
    url, first = reverse("cases:case_new"), 10_000_000 * (int(client) + 1)
    print(json.dumps("ready"), flush=True)
    sys.stdin.readline()
    took = []
    for number in range(first, first + int(count)):
        said = texts.said_in(number, 0)
        began = time.perf_counter()
        answer = browser.post(
            url,
            {
                "once": once.new_key(),
                "customer": customer.pk,
                "title": said.title,
                "text": said.text,
                "channel": "mail",
                "said_by": "顾客代表",
                "notified_at": timezone.localtime().strftime("%Y-%m-%dT%H:%M"),
                "items-n0-text": said.item,
                "items-n0-kind": "technical",
                "items-n0-applies": "customer",
            },
        )
        took.append((time.perf_counter() - began) * 1000)
        assert answer.status_code == 302, answer.status_code
    print(json.dumps({"ms": took, "cpu": time.process_time()}), flush=True)
