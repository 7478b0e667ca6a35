"""What is sealed can be read again here, and nowhere else."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yinuo.kit import vault


@given(text=st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_what_is_sealed_is_given_again(text: str) -> None:
    assert vault.unseal(vault.seal(text)) == text


def test_what_is_sealed_tells_nothing_and_never_twice_the_same() -> None:
    one, other = vault.seal("密码 s3cret"), vault.seal("密码 s3cret")
    assert "s3cret" not in one
    assert one != other


def test_another_installation_cannot_read_it(settings: Any) -> None:
    sealed = vault.seal("密码")
    settings.SECRET_KEY = "another installation"
    with pytest.raises(vault.Unreadable):
        vault.unseal(sealed)


def test_what_was_damaged_says_so() -> None:
    with pytest.raises(vault.Unreadable):
        vault.unseal("not sealed at all")
