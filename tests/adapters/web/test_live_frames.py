"""Frames of the live channel: what changed, and nothing else, brings a client to what a new one is given."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from sensor_hub.adapters.web.live_frames import Frames, Looked
from sensor_hub.adapters.web.live_sender import BEHIND_FRAMES, Sender

names = st.sampled_from("abcd")
faces = st.fixed_dictionaries(
    {"id": names, "contact": st.sampled_from(["–", "240", "241"]), "rank": st.integers(0, 2), "tonight": st.booleans(),
     "fill": st.none() | st.floats(0, 1), "squads": st.lists(st.sampled_from("xy"), max_size=2)}
)  # fmt: skip
looks = st.builds(
    lambda found, gone, whole, trouble: Looked(
        tuple({face["id"]: face for face in found}.values()),
        () if whole else gone - {face["id"] for face in found}, whole, trouble,
    ),
    st.lists(faces, max_size=4), st.frozensets(names), st.booleans(), st.none() | st.just("the broker is away"),
)  # fmt: skip


class Page:
    """What a page makes of frames."""

    def __init__(self, text: str) -> None:
        self.faces: dict[str, dict[str, Any]] = {}
        self.n = -1
        self.apply(text)

    def apply(self, text: str) -> None:
        frame = json.loads(text)
        if frame["kind"] == "all":
            self.faces = {}
        else:
            assert frame["n"] == self.n + 1
        self.n, self.trouble = frame["n"], frame["trouble"]
        for told in frame["tiles"]:
            self.faces.setdefault(told["id"], {}).update(told)
        for gone in frame.get("gone", ()):
            del self.faces[gone]

    def state(self) -> tuple[int, object, object]:
        return self.n, self.trouble, self.faces


@given(st.lists(looks, max_size=12), st.integers(0, 11))
def test_what_changed_brings_a_client_to_what_a_new_one_is_given(seen: list[Looked], joins_at: int) -> None:
    frames = Frames()
    page = Page(frames.everything(0))
    for number, looked in enumerate(seen):
        if number == joins_at:
            page = Page(frames.everything(number))
        told = frames.take(looked, number)
        if told is not None:
            page.apply(told)
        page.apply(frames.beat(number))
        assert page.state() == Page(frames.everything(number)).state()


@given(looks)
def test_the_same_again_is_no_news(looked: Looked) -> None:
    frames = Frames()
    frames.take(looked, 0)
    assert frames.take(looked, 1) is None


def test_only_changed_keys_are_told() -> None:
    frames = Frames()
    frames.take(
        Looked(({"id": "a", "contact": "240", "rank": 1}, {"id": "b", "contact": "–", "rank": 1}), (), True, None), 0
    )
    told = frames.take(Looked(({"id": "a", "contact": "241", "rank": 1},), (), False, None), 7)
    assert told is not None
    assert json.loads(told) == {
        "v": 1, "kind": "some", "n": 2, "now": 7, "tiles": [{"id": "a", "contact": "241"}], "gone": [], "trouble": None,
    }  # fmt: skip


def test_a_client_that_takes_nothing_holds_a_few_frames_and_then_begins_anew() -> None:
    sender = Sender(lambda: None)
    assert sender.next(lambda: "all 0") == "all 0"
    for number in range(1000):
        sender.offer(f"some {number}")
        assert len(sender._waiting) <= BEHIND_FRAMES
    sender.begin_anew()
    for number in range(5):
        sender.offer(f"before everything {number}")
    assert sender.next(lambda: None) is None  # not known yet: it stays due
    assert sender.next(lambda: "all 1000") == "all 1000"
    sender.offer("some 1001")
    assert sender.next(lambda: "all") == "some 1001"
    assert sender.next(lambda: "all") is None
