"""Lines of JSON, cut over notifications in any way, with a console in between and anything else that may arrive."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from sensor_hub.decoders.json_lines import LONGEST_LINE, JsonLinesDecoder
from sensor_hub.decoders.samples import Samples
from tests.decoders.senders import PUCK, UART, json_line
from tests.decoders.streams import blocks_of, copies_add_nothing, mutated, same_in_any_grouping

G = 9.80665
LINE = json_line(1500, (0, 0.5, -1), (180, 0, -90))


def decoded(*payloads: bytes) -> Samples:
    return JsonLinesDecoder(PUCK).decode(UART, payloads)


def test_a_line_becomes_si_units() -> None:
    got = decoded(LINE)
    assert_allclose(got.time_s, [1.5])
    assert_allclose(got.acceleration_mps2, [[0, G / 2, -G]])
    assert_allclose(got.angular_velocity_radps, [[math.pi, 0, -math.pi / 2]])


@pytest.mark.parametrize("size", [1, 7, 20])
def test_a_line_belongs_to_the_notification_in_which_it_ends(size: int) -> None:
    text = LINE + json_line(1520, (0, 0, 1), (0, 0, 0))
    got = decoded(*[text[i : i + size] for i in range(0, len(text), size)])
    assert got.notification.tolist() == [(len(LINE) - 1) // size, (len(text) - 1) // size]
    assert_allclose(got.time_s, [1.5, 1.52])


def test_groups_may_be_left_out_and_null_is_unknown() -> None:
    got = decoded(b'{"t":1,"ax":1,"ay":null,"az":0}\n{"gx":1,"gy":2,"gz":3}\n{"t":null,"gx":0,"gy":0,"gz":NaN}\n')
    assert got.measured.tolist() == [1, 2, 2]
    assert np.isnan(got.time_s).tolist() == [False, True, True]
    assert np.isnan(got.acceleration_mps2[0]).tolist() == [False, True, False]
    assert np.isnan(got.angular_velocity_radps).tolist() == [[True] * 3, [False] * 3, [False, False, True]]


def test_the_prompt_of_a_console_is_skipped() -> None:
    got = decoded(b"\r\n>\r\n\x1b[J>" + LINE + b">\n")
    assert (len(got), got.failures) == (1, ())


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b"hello", "without a JSON object"), (b"{broken", "not JSON"), (b'{"t":1}', "neither ax ay az"),
        (b'{"ax":1,"ay":1}', "not all of ax ay az"), (b'{"t":"1","ax":1,"ay":1,"az":1}', "t is no number"),
        (b'{"gx":true,"gy":1,"gz":1}', "gx is no number"), (b"{}" + b" " * LONGEST_LINE, "more than 240 bytes"),
        (b'{"a":"\xff"}', "not JSON"), (b'{"a":' + b"[" * 200, "not JSON"),
    ],
)  # fmt: skip
def test_a_bad_line_is_a_failure_that_says_what_is_wrong(line: bytes, words: str) -> None:
    got = decoded(LINE, line + b"\n", json_line(9, (0, 0, 1), (0, 0, 0)))
    assert [(i, words in e.problem) for i, e in got.failures] == [(1, True)]
    assert got.notification.tolist() == [0, 2]


def test_a_line_without_end_is_told_once_and_skipped_until_the_next() -> None:
    got = decoded(b"{" * 200, b"{" * 39, b"{", b"{{", b"{" * 300, b"\n" + LINE)
    assert [(i, "more than" in e.problem) for i, e in got.failures] == [(3, True)]
    assert got.notification.tolist() == [5]
    one_by_one = JsonLinesDecoder(PUCK)
    told = [one_by_one.decode(UART, [p]) for p in (b"{" * 200, b"{" * 39, b"{", b"{{", b"{" * 300, b"\n" + LINE)]
    assert [len(got.failures) for got in told] == [0, 0, 0, 1, 0, 0]
    assert [len(got) for got in told] == [0, 0, 0, 0, 0, 1]


def test_other_lines_of_a_notification_that_failed_give_nothing() -> None:
    got = decoded(LINE, b"nonsense\nagain\n" + json_line(2, (0, 0, 1), (0, 0, 0)))
    assert [i for i, _ in got.failures] == [1]
    assert got.notification.tolist() == [0]


def test_the_same_line_again_is_a_copy_if_it_says_its_time() -> None:
    later, coarse = json_line(1520, (0, 0, 1), (0, 0, 0)), json_line(1520, (0, 0, 2), (0, 0, 0))
    assert len(decoded(LINE + later, LINE + later)) == 2
    assert len(decoded(later, coarse)) == 2
    assert len(decoded(b'{"gx":0,"gy":0,"gz":0}\n' * 2)) == 2


JSON_NUMBERS = st.one_of(st.integers(-9, 9), st.floats(width=16), st.none())
LINES = st.one_of(
    st.builds(json_line, st.none() | st.integers(0, 9), *[st.tuples(*[JSON_NUMBERS] * 3)] * 2),
    st.sampled_from([b'{"ax":1,"ay":2,"az":3}\n', b">\n", b"\n", b'{"t":', b'2,"gx":1,"gy":1,"gz":1}\n', b"{" * 150]),
)


@given(blocks_of(st.tuples(st.just(UART), mutated(LINES))))
def test_any_bytes_in_any_grouping_give_the_same_and_raise_nothing(blocks: list[list[tuple[str, bytes]]]) -> None:
    same_in_any_grouping(lambda: JsonLinesDecoder(PUCK), blocks)


@given(st.lists(st.builds(lambda t: json_line(t, (0, 0, 1), (0, 0, 0)), st.integers(0, 99)), max_size=8))
def test_every_notification_twice_gives_no_sample_twice(lines: list[bytes]) -> None:
    copies_add_nothing(lambda: JsonLinesDecoder(PUCK), [(UART, line) for line in lines])
