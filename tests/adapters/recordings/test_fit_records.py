"""Records taken out of a FIT file in columns: the same contents as read one by one, or not taken out at all."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensor_hub.adapters.recordings import fit_contents
from sensor_hub.adapters.recordings.fit_contents import POD_STREAM, FitContents, read_contents
from sensor_hub.adapters.recordings.fit_records import crc, taken_out
from tests import need
from tests.adapters.recordings import fit_bytes as fit

T = fit.fit_time(datetime(2024, 5, 4, 8, tzinfo=UTC))
NAMES = frozenset({POD_STREAM})
REAL = (
    "activity-small-fenix2-run", "activity_1378220136", "activity_2545022458", "developer-types-sample",
    "garmin-fenix-5-run", "garmin-fenix-5-walk", "stryd-backgaden-1km", "stryd-sport-field-lap", "track_cs_5611",
)  # fmt: skip


def slowly(data: bytes) -> FitContents:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fit_contents, "taken_out", lambda *_: None)
        return read_contents(data)


def contents(found: FitContents) -> list[object]:
    return [getattr(found, name) for name in FitContents.__slots__]


@pytest.mark.parametrize("name", REAL)
def test_a_real_file_has_the_same_contents_both_ways(name: str) -> None:
    data = need.data(f"fit/{name}.fit").read_bytes()
    assert taken_out(data, NAMES) is not None, "it is clean"
    assert contents(read_contents(data)) == contents(slowly(data))


def maybe(largest: int, nothing: int) -> st.SearchStrategy[int]:
    return st.integers(0, largest) | st.just(nothing)


records = st.builds(
    lambda cadence, fractional, stance, speed, distance: (cadence, fractional, stance, speed, distance),
    maybe(254, fit.NONE8), maybe(127, fit.NONE8), maybe(5000, fit.NONE16), maybe(8000, fit.NONE32),
    maybe(10**7, fit.NONE32),
)  # fmt: skip
others = st.sampled_from(["", "stop", "start", "session", "again", "pod"])


@given(st.lists(st.tuples(records, others), min_size=1, max_size=25))
def test_a_made_file_has_the_same_contents_both_ways(rows: list[tuple[tuple[int, ...], str]]) -> None:
    body = [fit.file_id(), fit.ground_time_field(), fit.timer(T, fit.START)]
    for s, ((cadence, fractional, stance, speed, distance), other) in enumerate(rows, start=T):
        values = {"cadence": cadence, "fractional": fractional, "stance": stance, "speed": speed, "distance": distance}
        body.append(fit.record(s, **values))
        if other in {"stop", "start"}:
            body.append(fit.timer(s, fit.START if other == "start" else fit.STOP_ALL))
        elif other == "session":
            body.append(fit.session(fit.RUNNING))
        elif other == "again":
            body += [fit.placed_record(s, altitude=cadence * 20), fit.placed_record(s, enhanced_altitude=speed)]
        elif other == "pod":
            body.append(fit.record_with_pod(s, stance, stance=stance))
    data = fit.fit_file(*body)
    assert taken_out(data, NAMES) is not None
    assert contents(read_contents(data)) == contents(slowly(data))


@given(st.integers(0, 3000), st.integers(1, 255))
def test_a_file_with_a_changed_byte_is_read_as_it_was_before(at: int, change: int) -> None:
    good = fit.fit_file(fit.file_id(), *(fit.record(T + s, distance=300 * s) for s in range(60)), fit.session(1))
    data = bytearray(good)
    data[at % len(data)] ^= change
    assert taken_out(bytes(data), NAMES) is None, "its checksum says so"
    assert contents(read_contents(bytes(data))) == contents(slowly(bytes(data)))


@pytest.mark.parametrize("n", [0, 5, 12, 14, 40])
def test_a_cut_file_is_left_to_the_careful_reader(n: int) -> None:
    data = fit.fit_file(fit.file_id(), *(fit.record(T + s) for s in range(5)))
    assert taken_out(data[:n], NAMES) is None


@pytest.mark.parametrize(
    "unusual",
    [
        fit.record(100),  # seconds since power-on
        fit.record_with_pod(T, 250, 251),  # several contact times in one record
        fit.message(1, fit.RECORD, (253, fit.UINT32, T), (4, fit.UINT16, 85)),  # a cadence of another type
        fit.message(1, fit.RECORD, (253, fit.UINT32, T), (8, fit.UINT8, 1)),  # speed and distance packed
        fit.message(1, fit.RECORD, (4, fit.UINT8, 85)),  # no time of its own
        bytes([0x81, 0]),  # a compressed time
    ],
)
def test_what_is_unusual_is_left_to_the_careful_reader(unusual: bytes) -> None:
    usual = [fit.file_id(), fit.ground_time_field(), fit.record(T), fit.record(T + 1)]
    assert taken_out(fit.fit_file(*usual), NAMES) is not None
    data = fit.fit_file(*usual, unusual)
    assert taken_out(data, NAMES) is None
    assert contents(read_contents(data)) == contents(slowly(data))


def test_the_checksum_is_that_of_the_format() -> None:
    assert crc(b"123456789") == fit.crc(b"123456789") == 0xBB3D
