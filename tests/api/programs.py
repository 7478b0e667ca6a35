"""A program that calls the API with somebody's token."""

import json
from typing import Any

from django.http import HttpResponseBase
from django.test import Client
from django.utils import timezone

from yinuo.kit import once
from yinuo.org import models as org
from yinuo.org.actions import tokens


class Program:
    """Calls in somebody's name; a test may break the token or let it only read."""

    def __init__(self, person: org.Person, *, may_write: bool = True) -> None:
        fresh = org.Person.objects.get(pk=person.pk)
        self.token = tokens.make_token(
            name="测试", may_write=may_write, days=1, by=fresh, now=timezone.now()
        )  # fmt: skip
        self.client = Client(enforce_csrf_checks=True, raise_request_exception=False)

    def call(self, method: str, path: str, said: Any = None, **headers: str) -> HttpResponseBase:
        """One call. `said` is sent as JSON; headers are named with _ for -."""
        sent = {"Authorization": f"Bearer {self.token}", **{k.replace("_", "-"): v for k, v in headers.items()}}
        where = path if path.startswith("/") else f"/api/v1/{path}"
        body = {} if said is None else {"data": json.dumps(said), "content_type": "application/json"}
        return self.client.generic(method, where, headers=sent, **body)

    def get(self, path: str, **headers: str) -> Any:
        """What a call that must succeed answers."""
        answer = self.call("GET", path, **headers)
        assert answer.status_code == 200, (path, answer.status_code, answer.content)
        return answer.json()

    def create(self, path: str, said: Any, key: str = "") -> HttpResponseBase:
        return self.call("POST", path, said, Idempotency_Key=key or once.new_key())

    def change(self, method: str, path: str, said: Any, version: object) -> HttpResponseBase:
        return self.call(method, path, said, If_Match=f'"{version}"')

    def send(self, path: str, data: dict[str, Any], key: str = "") -> HttpResponseBase:
        """A form with files."""
        headers = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": key or once.new_key()}
        return self.client.post(f"/api/v1/{path}", data, headers=headers)
