from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensor_hub.adapters.ble.inbox import Inbox
from sensor_hub.model.link import LINK, LinkChange
from sensor_hub.model.raw import RawNotification

START = datetime(2026, 11, 20, 6, 30, tzinfo=UTC)


def raw(i: int, device: str = "a") -> RawNotification:
    return RawNotification(device, "2a53", START + timedelta(milliseconds=i), i.to_bytes(4, "big"))


def test_what_is_put_is_taken_in_order_and_once() -> None:
    inbox = Inbox()
    for i in range(5):
        inbox.put(raw(i))
    assert inbox.take(0) == [raw(i) for i in range(5)]
    assert inbox.take(0) == []
    assert inbox.dropped == 0


def test_a_full_inbox_drops_the_oldest_and_says_so_in_its_place() -> None:
    inbox = Inbox(2)
    for i in range(5):
        inbox.put(raw(i))
    lost = LinkChange("a", raw(2).arrival_utc, "lost", "overflow", 3).to_notification()
    assert inbox.take(0) == [lost, raw(3), raw(4)]
    assert inbox.dropped == 3
    assert inbox.dropped_of("a") == 3
    assert inbox.dropped_of("b") == 0


def test_a_link_that_went_down_is_told_even_by_a_full_inbox() -> None:
    inbox = Inbox(1)
    down = LinkChange("a", START, "down", "disconnected").to_notification()
    for item in (raw(0), down, raw(1), raw(2)):
        inbox.put(item)
    told = inbox.take(0)
    assert [t.payload for t in told] == [b"lost overflow 1", b"down disconnected", b"lost overflow 1", raw(2).payload]


@given(
    st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from(["data", "link", "take"])), max_size=80),
    st.integers(1, 6),
)
def test_nothing_is_missing_without_being_counted(actions: list[tuple[str, str]], capacity: int) -> None:
    inbox, n_put, taken = Inbox(capacity), {"a": 0, "b": 0}, list[RawNotification]()
    n_links = {"a": 0, "b": 0}
    for i, (device, action) in enumerate(actions):
        if action == "data":
            inbox.put(raw(i, device))
            n_put[device] += 1
        elif action == "link":
            inbox.put(LinkChange(device, raw(i).arrival_utc, "up").to_notification())
            n_links[device] += 1
        else:
            taken += inbox.take(0)
    taken += inbox.take(0)
    for device in "ab":
        own = [r for r in taken if r.device == device]
        changes = [LinkChange.from_notification(r) for r in own if r.characteristic == LINK]
        n_lost = sum(c.n_lost for c in changes)
        assert sum(c.state == "up" for c in changes) == n_links[device]
        assert n_lost == inbox.dropped_of(device)
        assert n_lost + sum(r.characteristic != LINK for r in own) == n_put[device]
        assert [r.arrival_utc for r in own] == sorted(r.arrival_utc for r in own)


def test_a_taker_in_another_thread_gets_everything() -> None:
    inbox, taken = Inbox(), list[RawNotification]()

    def take() -> None:
        while len(taken) < 2000:
            taken.extend(inbox.take(1.0))

    taker = Thread(target=take)
    taker.start()
    for i in range(2000):
        inbox.put(raw(i))
    taker.join(20)
    assert taken == [raw(i) for i in range(2000)]


def test_an_inbox_holds_something() -> None:
    with pytest.raises(ValueError, match="at least one"):
        Inbox(0)
