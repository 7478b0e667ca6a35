"""A form sent twice makes one row."""

import contextlib
import threading
import time

import pytest
from django.db import OperationalError, connection

from tests import cast
from yinuo.kit import models, once, refusals

KEY = "k" * 20


@pytest.mark.django_db
def test_the_second_submit_leads_to_what_the_first_one_made() -> None:
    made: list[int] = []

    def create() -> str:
        made.append(1)
        return f"/made/{len(made)}"

    assert once.once(KEY, person_id=1, now=cast.NOW, create=create) == "/made/1"
    assert once.once(KEY, person_id=1, now=cast.NOW, create=create) == "/made/1"
    assert made == [1]


@pytest.mark.django_db
def test_a_refusal_leaves_the_key_unused() -> None:
    def refuse() -> str:
        raise refusals.NotAllowed

    with pytest.raises(refusals.NotAllowed):
        once.once(KEY, person_id=1, now=cast.NOW, create=refuse)
    assert once.once(KEY, person_id=1, now=cast.NOW, create=lambda: "/made") == "/made"


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", "short", "x" * 81])
def test_a_form_without_a_proper_key_is_refused(key: str) -> None:
    with pytest.raises(once.KeyMissing):
        once.once(key, person_id=1, now=cast.NOW, create=lambda: "/made")


@pytest.mark.django_db
def test_somebody_elses_key_opens_nothing() -> None:
    once.once(KEY, person_id=1, now=cast.NOW, create=lambda: "/secret")
    with pytest.raises(once.KeyMissing):
        once.once(KEY, person_id=2, now=cast.NOW, create=lambda: "/mine")


def test_new_keys_are_long_and_different() -> None:
    keys = {once.new_key() for _n in range(100)}
    assert len(keys) == 100
    assert all(16 <= len(key) <= 80 for key in keys)


@pytest.mark.django_db(transaction=True)
def test_two_submits_at_the_same_moment_make_one() -> None:
    made: list[int] = []
    urls: list[str] = []
    at_once = threading.Barrier(2)

    def create() -> str:
        made.append(1)
        return f"/made/{len(made)}"

    def submit() -> None:
        at_once.wait()
        try:
            for _again in range(100):
                with contextlib.suppress(OperationalError):  # SQLite in memory refuses where a file's would wait
                    urls.append(once.once(KEY, person_id=1, now=cast.NOW, create=create))
                    break
                time.sleep(0.01)
        finally:
            connection.close()

    threads = [threading.Thread(target=submit) for _n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert models.OneTimeKey.objects.get(key=KEY).result_url in urls
    assert len(set(urls)) == 1
    assert len(urls) == 2
