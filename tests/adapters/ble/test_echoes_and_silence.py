from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from sensor_hub.adapters.ble.echoes import ECHO_S, Echoes
from sensor_hub.adapters.ble.silence import FIRST_DATA_S, LONE_STREAM, Silence
from tests.radio.sensors import RSC_PROFILE, SHANK_PROFILE


def test_a_copy_within_milliseconds_is_an_echo_and_the_same_a_second_later_is_not() -> None:
    echoes = Echoes(RSC_PROFILE)
    assert [echoes.is_echo("2a53", b"x", at_s) for at_s in (1.0, 1.001, 2.0)] == [False, True, False]
    assert not echoes.is_echo("2a63", b"x", 2.001)


@given(st.lists(st.binary(min_size=1, max_size=2), max_size=20), st.booleans())
def test_what_every_program_hears_once_more_is_taken_once(payloads: list[bytes], has_clock: bool) -> None:
    profile = replace(SHANK_PROFILE, timestamp="last_sample" if has_clock else "none")
    echoes, taken, at_s = Echoes(profile), list[bytes](), 0.0
    for payload in payloads:
        at_s += 2 * ECHO_S
        for later_s in (0.0, 0.0005):
            if not echoes.is_echo("2fff", payload, at_s + later_s):
                taken.append(payload)
    assert taken == (payloads if has_clock else [p for p in payloads for _ in range(2)])


def test_a_link_is_silent_when_nothing_comes_or_one_stream_stopped() -> None:
    silence = Silence(frozenset({"a", "b"}), 2.0, opened_s=100.0)
    assert not silence.is_silent(102.0 + FIRST_DATA_S)
    assert silence.is_silent(102.1 + FIRST_DATA_S)
    silence.heard("a", 105.0)
    silence.heard("other", 109.0)
    assert not silence.is_silent(107.0)
    assert silence.is_silent(107.1)
    silence.heard("b", 107.0)
    silence.heard("a", 108.0)
    for at_s in (109.0, 111.0, 113.0, 115.0):
        silence.heard("a", at_s)
    assert not silence.is_silent(107.0 + 2.0 * LONE_STREAM)
    assert silence.is_silent(107.1 + 2.0 * LONE_STREAM)


def test_a_link_without_a_stream_is_never_silent() -> None:
    assert not Silence(frozenset(), 2.0, opened_s=0.0).is_silent(1e9)
