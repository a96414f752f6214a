"""Steps for a screen wait for no commit, are shown in order, and one that cannot be shown holds up none after it."""

from collections.abc import Iterator
from threading import Event

import pytest

from sensor_hub.adapters.mqtt.subscriber import Incoming
from sensor_hub.app.showing.live_inbox import MOST_WAITING, LiveInbox
from sensor_hub.errors import StoreError

PATIENCE_S = 20.0


class Screen:
    """Takes what comes, and may be kept from it."""

    def __init__(self) -> None:
        self.came: list[str] = []
        self.may, self.begun, self.all_came = Event(), Event(), Event()
        self.may.set()
        self.last = ""
        self.problem: Exception | None = None

    def take(self, came: list[Incoming]) -> None:
        self.begun.set()
        assert self.may.wait(PATIENCE_S)
        if self.problem is not None:
            problem, self.problem = self.problem, None
            raise problem
        self.came += [one.topic for one in came]
        if self.last in self.came:
            self.all_came.set()

    def until(self, last: str) -> None:
        self.last = last
        if last not in self.came:
            assert self.all_came.wait(PATIENCE_S)


@pytest.fixture
def screen() -> Screen:
    return Screen()


@pytest.fixture
def inbox(screen: Screen) -> Iterator[LiveInbox]:
    inbox = LiveInbox(screen.take)
    inbox.start()
    yield inbox
    inbox.stop()
    inbox.stop()


def hear(inbox: LiveInbox, *names: str) -> None:
    for name in names:
        inbox.hear(Incoming(name, b""))


def test_what_comes_while_one_is_shown_is_shown_next_in_order(screen: Screen, inbox: LiveInbox) -> None:
    screen.may.clear()
    hear(inbox, "1")
    assert screen.begun.wait(PATIENCE_S)
    screen.last = "4"
    hear(inbox, "2", "3", "4")
    screen.may.set()
    screen.until("4")
    assert screen.came == ["1", "2", "3", "4"]


def test_of_too_many_the_oldest_go(screen: Screen, inbox: LiveInbox) -> None:
    screen.may.clear()
    hear(inbox, "first")
    assert screen.begun.wait(PATIENCE_S)
    screen.last = str(MOST_WAITING + 9)
    hear(inbox, *(str(n) for n in range(MOST_WAITING + 10)))
    screen.may.set()
    screen.until(screen.last)
    assert screen.came[:2] == ["first", "10"]
    assert len(screen.came) == MOST_WAITING + 1


@pytest.mark.parametrize("problem", [StoreError("away"), ValueError("a bug")])
def test_what_cannot_be_shown_holds_up_nothing_after_it(screen: Screen, inbox: LiveInbox, problem: Exception) -> None:
    screen.problem = problem
    screen.last = "2"
    hear(inbox, "1")
    assert screen.begun.wait(PATIENCE_S)
    hear(inbox, "2")
    screen.until("2")
    assert screen.came[-1] == "2"


def test_one_that_never_began_can_be_stopped() -> None:
    LiveInbox(lambda _came: None).stop()
