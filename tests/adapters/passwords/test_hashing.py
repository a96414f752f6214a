"""Hashes of passwords: what they take, what they cost, and what they do not tell."""

import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensor_hub.adapters.passwords import LONGEST_BYTES, Cost, Passwords

CHEAP = Passwords(Cost(passes=1, memory_kib=8))
WORDS = st.text(max_size=40)


@settings(max_examples=60)
@given(WORDS)
def test_a_password_is_right_and_its_hash_does_not_hold_it(password: str) -> None:
    kept = CHEAP.hash(password)
    assert CHEAP.is_right(password, kept)
    assert kept != CHEAP.hash(password)  # a salt of its own
    assert len(password) < 4 or password not in kept


@settings(max_examples=60)
@given(WORDS, WORDS)
def test_another_password_is_wrong(one: str, other: str) -> None:
    alike = unicodedata.normalize("NFC", one) == unicodedata.normalize("NFC", other)
    assert CHEAP.is_right(other, CHEAP.hash(one)) == alike


@pytest.mark.parametrize("other", [" blue kettle far", "blue kettle far ", "Blue kettle far", "blue kettle fa", ""])
def test_nothing_is_trimmed_or_folded(other: str) -> None:
    assert not CHEAP.is_right(other, CHEAP.hash("blue kettle far"))


def test_an_accent_is_the_same_typed_as_one_sign_or_as_two() -> None:
    assert CHEAP.is_right("cafe\u0301 au lait chaud", CHEAP.hash("caf\u00e9 au lait chaud"))


@pytest.mark.parametrize("kept", [None, "", "x", "$argon2id$v=19$m=8,t=1,p=1$AAAA", "$argon2id$broken"])
def test_without_a_hash_or_with_one_that_is_broken_nothing_is_right(kept: str | None) -> None:
    assert not CHEAP.is_right("blue kettle far", kept)


def test_what_is_too_long_is_nobodys_also_where_a_hash_of_it_is_kept() -> None:
    long = "é" * (LONGEST_BYTES // 2)
    assert CHEAP.is_right(long, CHEAP.hash(long))
    assert not CHEAP.is_right(long + "x", CHEAP.hash(long + "x"))


def test_a_hash_costs_at_least_what_owasp_asks_and_one_of_another_cost_is_outdated() -> None:
    found = re.fullmatch(r"\$argon2id\$v=19\$m=(\d+),t=(\d+),p=1\$[^$]{22}\$[^$]{43}", Passwords().hash("blue kettle"))
    assert found is not None
    assert int(found[1]) >= 19 * 1024
    assert int(found[2]) >= 2
    old = CHEAP.hash("blue kettle far")
    assert not CHEAP.is_outdated(old)
    assert Passwords().is_outdated(old)
    assert Passwords().is_right("blue kettle far", old)  # it is still right until it is made anew
