"""What the checks in the guest judge by; the guest itself is not started here."""

from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensor_hub.model.link import LinkChange
from sensor_hub.model.raw import RawNotification
from tests.qemu.cast import EVERYBODY, FOOTPOD, SHANKS, Role
from tests.qemu.outside import as_ranges, frame
from tests.qemu.pump import packet_length
from tests.qemu.run import BEGIN, END, PAGE
from tests.qemu.stage import FailedCheckError, Heard, Tally, number_of

START_UTC = datetime(2026, 5, 1, 7, 0, tzinfo=UTC)
EVENT = bytes.fromhex("04 0e 04 01 03 0c 00")
ACL = bytes.fromhex("02 01 00 03 00 aa bb cc")


def heard_of(role: Role, story: list[int | str]) -> Heard:
    """Numbers are notifications, words are what is said of the link."""
    heard = Heard()
    for item in story:
        if isinstance(item, int):
            raw = RawNotification(role.device, role.stream, START_UTC, frame(role.stream, item))
        else:
            cause: Any = "disconnected" if item == "down" else None
            raw = LinkChange(role.device, START_UTC, item, cause).to_notification()  # type: ignore[arg-type]
        heard.notifications.append(raw)
    return heard


def tally_of(story: list[int | str], sent: list[tuple[int, int]], missed: int = 0) -> Tally:
    heard = heard_of(FOOTPOD, story)
    told = {"problem": None, "sent": sent, "missed": missed, "took_s": 1.0}
    return Tally(told, heard.numbers(FOOTPOD), heard.gaps(FOOTPOD))


@pytest.mark.parametrize("packet", [EVENT, ACL])
def test_a_packet_is_as_long_as_its_header_says(packet: bytes) -> None:
    assert packet_length(packet + b"next") == len(packet)


@pytest.mark.parametrize("packet", [EVENT[:2], ACL[:4]])
def test_a_packet_without_its_whole_header_waits(packet: bytes) -> None:
    assert packet_length(packet) is None


def test_a_stream_that_lost_its_place_is_an_error() -> None:
    with pytest.raises(ValueError, match="0x7f"):
        packet_length(b"\x7f\x00\x00")


@given(st.sets(st.integers(0, 300)))
def test_ranges_hold_the_numbers_they_were_made_of(numbers: set[int]) -> None:
    ranges = as_ranges(sorted(numbers))
    assert [k for first, end in ranges for k in range(first, end)] == sorted(numbers)
    assert all(end < first for (_, end), (first, _) in pairwise(ranges))


@pytest.mark.parametrize("role", [FOOTPOD, SHANKS[0]])
@pytest.mark.parametrize("k", [0, 1, 65_536])
def test_what_a_pod_plays_says_which_it_is(role: Role, k: int) -> None:
    assert number_of(RawNotification(role.device, role.stream, START_UTC, frame(role.stream, k))) == k


def test_everybody_has_a_name_and_an_address_of_their_own() -> None:
    assert len({r.device for r in EVERYBODY}) == len({r.address for r in EVERYBODY}) == len(EVERYBODY)
    assert len({r.name for r in EVERYBODY}) == len(EVERYBODY)


def test_a_whole_run_is_clean() -> None:
    tally_of(["up", 0, 1, 2], [(0, 3)]).expect_clean()


def test_what_is_lost_in_a_gap_that_was_told_is_clean() -> None:
    tally = tally_of(["up", 0, "down", "up", 3, 4], [(0, 2), (3, 5)], missed=1)
    tally.expect_clean()
    assert (tally.n_lost, tally.n_missed) == (1, 1)


@pytest.mark.parametrize(
    "story",
    [
        ["up", 0, 1, 1, 2, 3, 4],  # doubled
        ["up", 0, 1, 3, 4],  # lost, and nobody said so
        ["up", 0, 2, 1, 3, 4],  # out of order
        ["up", 0, 1, 2, 3, 4, 5],  # never sent
        ["up", 0, 2, "down", "up", 4],  # one lost in the gap, one before it
    ],
    ids=["doubled", "lost untold", "out of order", "invented", "one untold"],
)
def test_whatever_else_happens_to_a_run_is_not_clean(story: list[int | str]) -> None:
    tally = tally_of(story, [(0, 5)])
    with pytest.raises(FailedCheckError, match="sent"):
        tally.expect_clean()


def test_the_page_has_a_place_for_the_last_run() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert text.count(BEGIN) == text.count(END) == 1
    assert text.index(BEGIN) < text.index(END)
