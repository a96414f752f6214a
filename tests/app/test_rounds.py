"""Chores on a clock: each in its turn, one that fails keeps none from being done, and some are one hub's at a time."""

import time
from collections.abc import Callable

import pytest

from sensor_hub.app.rounds import Chore, Rounds

TICK_S = 0.01


def soon(holds: Callable[[], bool], within_s: float = 10.0) -> bool:
    end_s = time.monotonic() + within_s
    while time.monotonic() < end_s:
        if holds():
            return True
        time.sleep(TICK_S)
    return holds()


def test_chores_come_as_often_as_they_are_due() -> None:
    done: list[str] = []
    chores = [Chore("often", 1, lambda: done.append("often")), Chore("seldom", 3, lambda: done.append("seldom"))]
    rounds = Rounds(chores, tick_s=TICK_S)
    rounds.start()
    assert soon(lambda: done.count("seldom") == 2)
    rounds.stop()
    assert done[:8] == ["often", "often", "often", "seldom"] * 2


def test_a_chore_that_fails_is_logged_and_comes_again(caplog: pytest.LogCaptureFixture) -> None:
    tries: list[str] = []

    def fails() -> None:
        tries.append("failing")
        raise ValueError("a fault")

    rounds = Rounds([Chore("failing", 1, fails), Chore("other", 1, lambda: tries.append("other"))], tick_s=TICK_S)
    rounds.start()
    assert soon(lambda: tries.count("failing") >= 2 and tries.count("other") >= 2)
    rounds.stop()
    assert "failing: it failed" in caplog.text


def test_what_one_hub_does_waits_for_its_turn_and_begins_with_what_was_left() -> None:
    done: list[str] = []
    ours = False
    chores = [
        Chore("one hub's", 1, lambda: done.append("one hub's")),
        Chore("everybody's", 1, lambda: done.append("everybody's"), everywhere=True),
    ]
    rounds = Rounds(chores, is_ours=lambda: ours, on_turn=lambda: done.append("left"), tick_s=TICK_S)
    rounds.start()
    assert soon(lambda: len(done) >= 3)
    assert set(done) == {"everybody's"}
    ours = True
    assert soon(lambda: "one hub's" in done)
    assert done.index("left") < done.index("one hub's")
    ours = False
    assert soon(lambda: done[-2:] == ["everybody's"] * 2)
    ours = True
    assert soon(lambda: done.count("left") == 2), "each time the turn comes back"
    rounds.stop()


def test_what_was_left_is_tried_until_it_is_done_and_nothing_comes_before_it() -> None:
    tries: list[str] = []

    def left() -> None:
        tries.append("left")
        if len(tries) < 3:
            raise ValueError("not yet")

    rounds = Rounds([Chore("then", 1, lambda: tries.append("then"))], on_turn=left, tick_s=TICK_S)
    rounds.start()
    assert soon(lambda: "then" in tries)
    rounds.stop()
    assert tries[:4] == ["left", "left", "left", "then"]


def test_rounds_that_never_began_are_stopped_without_a_word() -> None:
    rounds = Rounds([])
    rounds.stop()
    rounds.stop()


def test_a_turn_that_could_not_be_asked_for_is_nobodys_and_asked_for_again(caplog: pytest.LogCaptureFixture) -> None:
    done: list[str] = []

    def is_ours() -> bool:
        if "could not be asked" not in caplog.text:
            raise ValueError("a fault")
        return True

    rounds = Rounds([Chore("one hub's", 1, lambda: done.append("one hub's"))], is_ours=is_ours, tick_s=TICK_S)
    rounds.start()
    assert soon(lambda: bool(done))
    rounds.stop()
