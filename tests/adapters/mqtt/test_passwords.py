"""Passwords as mosquitto keeps them; a real mosquitto takes them in tests/integration/test_mqtt_rights.py."""

import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensor_hub.adapters.mqtt.passwords import checked_password, draw_password, hash_password, matches
from sensor_hub.errors import BrokerError
from tests import need


@settings(max_examples=20)
@given(st.text(st.characters(codec="utf-8"), max_size=40), st.text(max_size=40))
def test_a_password_is_known_again_and_no_other_is(one: str, other: str) -> None:
    kept = hash_password(one)
    assert matches(one, kept)
    assert matches(other, kept) == (other.encode("utf-8", "replace") == one.encode())


@given(st.text(max_size=80))
def test_what_is_no_kept_password_lets_nobody_in_and_breaks_nothing(kept: str) -> None:
    assert not matches("password", kept)


@pytest.mark.parametrize("kept", ["", "$7$", "$7$0$YQ==$YQ==", "$7$-1$YQ==$YQ==", "$7$1$YQ==$", "$6$YQ==$YQ==",
                                  "$7$99999999999$YQ==$YQ==", "$7$1$!!$YQ=="])  # fmt: skip
def test_near_misses_let_nobody_in(kept: str) -> None:
    assert not matches("", kept)


def test_we_read_what_mosquitto_itself_makes(tmp_path: Path) -> None:
    file = tmp_path / "passwords"
    file.touch()
    subprocess.run([need.command("mosquitto_passwd"), "-b", file, "edge-1", "a pässword"], check=True)
    name, _, kept = file.read_text(encoding="utf-8").strip().partition(":")
    assert name == "edge-1"
    assert matches("a pässword", kept)
    assert not matches("another one", kept)


def test_two_drawn_passwords_and_two_hashes_of_one_differ() -> None:
    assert draw_password() != draw_password()
    assert len(draw_password()) >= 32
    assert hash_password("x") != hash_password("x")


@pytest.mark.parametrize("password", ["", "short", "x" * 15, "x" * 20 + "\n", "x" * 20 + "\x00"])
def test_a_password_that_is_short_or_cannot_be_typed_is_refused(password: str) -> None:
    with pytest.raises(BrokerError):
        checked_password(password)
    assert checked_password("x" * 16) == "x" * 16
