"""Signing again: PIN or password, five tries, and tries that stay counted when the act is rolled back."""

from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from tests import cast
from yinuo.org import models, rules
from yinuo.org.actions import signing, signing_in

NOW = cast.NOW
PIN = "305918"


@pytest.fixture
def lina(company: cast.Company) -> models.Person:
    signing.set_pin(password=cast.PASSWORD, pin=PIN, by=company.lina, now=NOW)
    return models.Person.objects.get(pk=company.lina.pk)


def test_one_signs_with_pin_or_password(lina: models.Person) -> None:
    assert signing.check_signature(secret=PIN, by=lina, now=NOW) == signing.Proof(lina.pk, "pin", NOW)
    assert signing.check_signature(secret=cast.PASSWORD, by=lina, now=NOW).way == "password"


def test_five_wrong_tries_lock_signing_for_a_while(lina: models.Person, words_of) -> None:
    for _try in range(signing.TRIES - 1):
        with pytest.raises(signing.CannotSign, match=r"neither|既不是"):
            signing.check_signature(secret="000000", by=lina, now=NOW)
    with pytest.raises(signing.CannotSign, match="09:45"):
        signing.check_signature(secret="000000", by=lina, now=NOW)
    with pytest.raises(signing.CannotSign, match="09:45"):
        signing.check_signature(secret=PIN, by=lina, now=NOW + signing.LOCKED_FOR - timedelta(seconds=1))
    assert signing.check_signature(secret=PIN, by=lina, now=NOW + signing.LOCKED_FOR).way == "pin"
    assert words_of("org.person").count("org.person.signature_refused") == signing.TRIES


def test_a_right_try_forgives_the_wrong_ones(lina: models.Person) -> None:
    for _round in range(3):
        for _try in range(signing.TRIES - 1):
            with pytest.raises(signing.CannotSign):
                signing.check_signature(secret="000000", by=lina, now=NOW)
        signing.check_signature(secret=PIN, by=lina, now=NOW)


@pytest.mark.django_db(transaction=True)
def test_a_wrong_try_cannot_be_rolled_back_with_the_act() -> None:
    company = cast.company()
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        signing.check_signature(secret="000000", by=company.lina, now=NOW)
    with pytest.raises(signing.CannotSign):
        signing.check_signature(secret="000000", by=company.lina, now=NOW)
    assert models.Person.objects.get(pk=company.lina.pk).signing_failures == 1


NO_PINS = [
    "",
    "12345",
    "1234567890123",
    "abcdef",
    "12 456",
    "１２３４５６",
    "111111",
    "123456",
    "987654",
    "454545",
    "120120",
]


@pytest.mark.parametrize("pin", NO_PINS)
def test_pins_that_are_none(company: cast.Company, pin: str) -> None:
    with pytest.raises(signing.CannotSetPin):
        signing.set_pin(password=cast.PASSWORD, pin=pin, by=company.lina, now=NOW)


def test_a_pin_is_set_by_whoever_knows_the_password(company: cast.Company) -> None:
    with pytest.raises(signing_in.WrongPassword):
        signing.set_pin(password="guess", pin=PIN, by=company.lina, now=NOW)


def test_ones_own_number_is_no_pin() -> None:
    assert rules.is_trivial_pin("139217", known="13921750000")
    assert not rules.is_trivial_pin("139218", known="13921750000")


@given(st.from_regex(r"[0-9]{6,12}", fullmatch=True))
def test_pins_judged_trivial_repeat_or_run(pin: str) -> None:
    if rules.is_trivial_pin(pin):
        steps = {(int(b) - int(a)) % 10 for a, b in pairwise(pin)}
        assert len(steps) <= 3  # a group of at most three digits, over and over, or a run


def test_without_pin_digits_are_no_signature(company: cast.Company) -> None:
    with pytest.raises(signing.CannotSign):
        signing.check_signature(secret="", by=company.wang, now=NOW)
    signing.set_pin(password=cast.PASSWORD, pin=PIN, by=company.wang, now=NOW)
    signing.remove_pin(by=company.wang, now=NOW)
    with pytest.raises(signing.CannotSign):
        signing.check_signature(secret=PIN, by=company.wang, now=NOW)
