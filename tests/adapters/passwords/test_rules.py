"""What a password has to be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensor_hub.adapters.passwords import LONGEST_BYTES, SHORTEST, problem_of
from sensor_hub.app.accounts.drawn import draw_password


@pytest.mark.parametrize(
    ("password", "says"),
    [
        ("", "fewer than 12"),
        ("Xk7!pQ2#zL9", "fewer than 12"),
        ("é" * (LONGEST_BYTES // 2) + "x", "longer than 1024 bytes"),
        ("aaaaaaaaaaaaaaaa", "repeats"),
        ("abc1abc1abc1a", "repeats"),
        ("123456789012345", "runs along"),
        ("abcdefghijklmnop", "runs along"),
        ("qwertyuiopasdf", "runs along"),
        ("9876543210987", "runs along"),
        ("password1234", "first that are tried"),
        ("P@ssw0rd-2026", "first that are tried"),
        ("passwordpassword", "first that are tried"),
        ("Administrator1!", "first that are tried"),
        ("sensor-hub-2026", "first that are tried"),
        ("correct horse battery staple", "first that are tried"),
        ("1qaz2wsx3edc", "first that are tried"),
        ("Marathoner Max", "account's name"),
        ("marathonermax1", "account's name"),
        ("MarathonerMax MarathonerMax", "account's name"),
    ],
)
def test_what_will_not_do_is_told_with_the_mend_and_without_itself(password: str, says: str) -> None:
    problem = problem_of(password, "Marathoner Max")
    assert problem is not None
    assert says in problem
    assert "take a" in problem
    assert not password or password not in problem


@pytest.mark.parametrize(
    "password",
    ["blue kettle running far", "korrektes pferd akku klammer", "Tr0ub4dor&3xyz", "四つの言葉をならべたもの",
     "k7!pQ2#zL9vB", "is my password so bad", "Marathoner Max likes cherry pie", " spaces at both ends "],
)  # fmt: skip
def test_what_is_long_and_nobodys_first_guess_will_do(password: str) -> None:
    assert problem_of(password, "Marathoner Max") is None


@given(st.text(max_size=60), st.text(max_size=20))
def test_any_text_is_judged_and_a_short_one_never_does(password: str, name: str) -> None:
    problem = problem_of(password, name)
    assert problem is not None or len(password) >= SHORTEST


def test_a_password_that_was_drawn_always_does() -> None:
    drawn = {draw_password() for _ in range(300)}
    assert len(drawn) == 300
    assert [password for password in drawn if problem_of(password, "ana") is not None] == []
