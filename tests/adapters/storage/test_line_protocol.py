import math
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensor_hub.adapters.storage import influxql, progress
from sensor_hub.adapters.storage import line_protocol as lp
from sensor_hub.errors import StoreError
from sensor_hub.model.gait import FLOAT_COLUMNS
from sensor_hub.model.message import DeadLetter
from sensor_hub.model.session import DecodeFailed, GapFound, LiveReading, SessionPaused, SessionStarted, SessionSummary
from sensor_hub.units import utc_us
from tests.adapters.storage.runs import GW, HEADER, START_UTC, batches, finding, header, run, totals

START_NS = utc_us(START_UTC) * 1000
Parsed = tuple[str, dict[str, str], dict[str, object], int]

WORD = re.compile(r"((?:\\[,= ]|[^,= ])*)([,= ])", re.DOTALL)
VALUE = re.compile(r'"((?:\\["\\]|[^"\\])*)"|([^, ]+)', re.DOTALL)


def parse(line: str) -> Parsed:
    """Read one line, after the published grammar, with none of the code under test."""

    def word(place: int) -> tuple[str, str, int]:
        match = WORD.match(line, place)
        assert match, line[place:]
        return re.sub(r"\\([,= ])", r"\1", match[1]), match[2], match.end()

    measurement, mark, place = word(0)
    tags: dict[str, str] = {}
    while mark == ",":
        name, mark, place = word(place)
        assert mark == "="
        tags[name], mark, place = word(place)
        assert tags[name]
    values: dict[str, object] = {}
    while True:
        name, mark, place = word(place)
        assert mark == "="
        match = VALUE.match(line, place)
        assert match
        quoted, plain = match.groups()
        values[name] = re.sub(r'\\(["\\])', r"\1", quoted) if quoted is not None else number(plain)
        place = match.end() + 1
        if line[place - 1] == " ":
            return measurement, tags, values, int(line[place:])


def number(text: str) -> object:
    if text in {"true", "false"}:
        return text == "true"
    return int(text[:-1]) if text.endswith("i") else float(text)


TEXT = st.text(st.characters(codec="utf-8"))
FIELD = TEXT | st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(2**63), 2**63 - 1) | st.booleans()


@given(values=st.dictionaries(st.sampled_from(["a", "b", "limit"]), FIELD, min_size=1), tag=TEXT, time_ns=st.integers())
def test_a_point_says_what_it_was_given(values: dict[str, object], tag: str, time_ns: int) -> None:
    line = lp.raw_line("m", {"t": tag, "ath": "x"}, values, time_ns)
    assert parse(line) == ("m", {"ath": "x", "t": lp.tag_value(tag)}, {**values, "unknown": ""}, time_ns)


@given(TEXT)
def test_a_tag_is_the_text_itself_or_one_that_a_server_accepts(text: str) -> None:
    tag = lp.tag_value(text)
    assert tag
    assert not re.search(r"[\\\n\r\x00]", tag)
    assert lp.tag_value(tag) == tag
    assert tag == text or re.fullmatch(r".*~[0-9a-f]{8}", tag)


@given(st.lists(st.none() | st.floats(), min_size=1, max_size=5))
def test_what_is_unknown_is_named_and_has_no_value(numbers: list[float | None]) -> None:
    values = {f"f{i}": v for i, v in enumerate(numbers)}
    *_, found, _ = parse(lp.point("m", values, 1))
    missing = [name for name, v in values.items() if v is None or not math.isfinite(v)]
    assert str(found.pop("unknown")).split(",") == (missing or [""])
    assert found == {name: v for name, v in values.items() if name not in missing}


def test_a_batch_gives_a_line_a_step_the_totals_and_the_open_session() -> None:
    (batch,) = batches(1)
    lines = [parse(line) for line in lp.event_lines(batch, 1_412)]
    assert [m for m, *_ in lines] == ["steps", "steps", "steps", "progress", "session_open"]
    for i, (_, tags, values, time_ns) in enumerate(lines[:3]):
        assert tags == {"ath": "k3f9", "sid": HEADER.sid, "side": "LRL"[i]}
        assert time_ns == int(batch.steps.time_utc_us[i]) * 1000
        unknown = set(str(values.pop("unknown")).split(","))
        assert "speed_mps" in unknown
        assert ("step_time_origin" in unknown) == (i == 2)
        assert ("gait" in unknown) == (i == 1)
        assert values == {n: getattr(batch.steps, n)[i] for n in (*FLOAT_COLUMNS, *lp.WORDS) if n not in unknown}
    _, tags, values, time_ns = lines[3]
    assert tags == {"ath": "k3f9", "sid": HEADER.sid}
    assert time_ns == int(batch.steps.time_utc_us[-1]) * 1000 + 412
    assert values["n_steps"] == 3.0
    assert values["unknown"] == (
        "contact_time_s,hard_load_bw_s,duty_factor,hard_load_sd,leg_stiffness_bw_per_m,speed_5min_mps"
    )
    assert (values["foot_strike"], values["foot_pitch_rad"]) == ("forefoot", -0.03)
    header = lines[4][2]
    assert (header["zone"], header["instrument"], header["surface"]) == (
        "Europe/Lisbon",
        "imu/foot/foot-1.0",
        "treadmill",
    )
    assert lines[4][3] == START_NS


def test_a_summary_is_one_point_at_the_start_of_its_session() -> None:
    summary = run(2)[-1].event
    assert isinstance(summary, SessionSummary)
    (line,) = lp.event_lines(summary, 4)
    measurement, tags, values, time_ns = parse(line)
    assert (measurement, tags, time_ns) == ("session", {"ath": "k3f9", "sid": HEADER.sid}, START_NS)
    assert values["ended"] is True
    assert values["end_us"] == utc_us(summary.end_utc)
    assert values["distance_m"] == summary.totals.distance_m
    assert values["source"] == 'a file, "quoted".fit'


def test_the_other_events_have_their_place_and_time() -> None:
    later = START_UTC + timedelta(seconds=2.5)
    gap = parse(lp.event_lines(GapFound(HEADER, "pod l", START_UTC, later, "silence"), 0)[0])
    assert gap[:2] == ("gap", {"ath": "k3f9", "sid": HEADER.sid, "device": "pod l"})
    assert (gap[2]["cause"], gap[2]["duration_s"], gap[3]) == ("silence", 2.5, START_NS)
    pause = parse(lp.event_lines(SessionPaused(HEADER, START_UTC, later), 0)[0])
    assert pause[2] == {"end_us": utc_us(later), "duration_s": 2.5, "unknown": ""}
    failed = parse(lp.event_lines(DecodeFailed(HEADER, "pod", "2a53", START_UTC, 'left "over"'), 0)[0])
    assert failed[1]["characteristic"] == "2a53"
    assert failed[2]["problem"] == 'left "over"'
    assert lp.event_lines(LiveReading(HEADER, START_UTC, "L", 1.0, None, totals(1)), 0) == []
    assert parse(lp.received_line("edge 1", 412)) == ("received", {"gw": "edge 1"}, {"n": 1, "unknown": ""}, 412)


def test_a_finding_has_one_identity_whatever_its_level() -> None:
    one, two = parse(lp.finding_line(finding())), parse(lp.finding_line(finding(level="over-30", value=13)))
    assert one[1] == two[1] == {"ath": "k3f9", "id": finding().id}
    assert one[3] == two[3] == START_NS
    assert type(two[2]["value"]) is float
    assert type(two[2]["window_days"]) is int


def test_a_dead_letter_is_the_same_by_its_number_or_else_by_its_bytes() -> None:
    known = DeadLetter("t", b"x", "r", GW, 1)
    assert lp.dead_letter_id(known) == lp.dead_letter_id(replace(known, payload=b"y"))
    nameless = DeadLetter("t", b"x", "r")
    assert lp.dead_letter_id(nameless) == lp.dead_letter_id(replace(nameless, reason="s"))
    assert len({lp.dead_letter_id(d) for d in (known, nameless, replace(nameless, payload=b"y"))}) == 3


def test_every_line_about_a_person_has_the_pseudonym_as_a_tag() -> None:
    events = [e.event for e in run(2)]
    events += [GapFound(HEADER, "d", START_UTC, START_UTC, "c"), SessionPaused(HEADER, START_UTC, START_UTC)]
    events += [DecodeFailed(HEADER, "d", "c", START_UTC, "p")]
    lines = [line for event in events for line in lp.event_lines(event, 0)] + [lp.finding_line(finding())]
    assert all(parse(line)[1]["ath"] == "k3f9" for line in lines)


@pytest.mark.parametrize("year", [1, 1600, 2300, 9999])
def test_a_time_that_no_influxdb_holds_is_refused_in_words(year: int) -> None:
    moment = datetime(year, 1, 1, tzinfo=UTC)
    with pytest.raises(StoreError, match="1677 to 2262"):
        lp.event_lines(SessionStarted(HEADER, moment, ()), 0)
    (batch,) = batches(1)
    steps = replace(batch.steps, time_utc_us=np.array([0, utc_us(moment), 1]))
    with pytest.raises(StoreError, match="1677 to 2262"):
        lp.event_lines(replace(batch, steps=steps), 0)


@given(st.lists(st.text(st.characters(exclude_characters="\n"), min_size=1, max_size=30)), st.integers(1, 100))
def test_documents_hold_every_line_once_and_are_not_much_larger_than_asked(lines: list[str], size: int) -> None:
    parts = list(lp.documents(lines, size))
    assert "\n".join(parts).split("\n") == (lines or [""])
    assert all(len(part) < size + 31 for part in parts)


@given(st.sets(st.integers(0, 60)))
def test_ranges_cover_exactly_their_numbers_and_never_touch(numbers: set[int]) -> None:
    found = progress.ranges(list(numbers) * 2)
    assert [n for first, last in found for n in range(first, last + 1)] == sorted(numbers)
    assert all(a[1] + 1 < b[0] for a, b in zip(found, found[1:], strict=False))  # noqa: RUF007 (readable)


@pytest.mark.parametrize(
    ("lower", "higher"),
    [
        ({"foot_pitch_rad": None}, {"foot_pitch_rad": -3.0}),
        ({"foot_pitch_rad": float("nan")}, {"foot_pitch_rad": -3.0}),
        ({"foot_pitch_rad": -0.2}, {"foot_pitch_rad": -0.1}),
        ({"foot_strike": None}, {"foot_strike": "rearfoot"}),
        ({"foot_strike": "rearfoot"}, {"foot_strike": "forefoot"}),
        ({"n_steps": 5.0, "foot_strike": "forefoot"}, {"n_steps": 6.0, "foot_strike": "rearfoot"}),
    ],
)
def test_two_totals_are_never_equal_in_rank_unless_they_are_equal(
    lower: dict[str, Any], higher: dict[str, Any]
) -> None:
    assert progress.rank(replace(totals(6), **lower), 1) < progress.rank(replace(totals(6), **higher), 1)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_in_a_query_is_exact_and_has_no_exponent(value: float) -> None:
    text = influxql.number(value)
    assert re.fullmatch(r"-?\d+\.\d+", text)
    assert float(text) == value


@pytest.mark.parametrize("body", ["<html>", "[]", "{}", '{"results": 3}', '{"results": [{"series": [{}]}]}', "null"])
def test_an_answer_that_is_not_influxql_is_a_store_error(body: str) -> None:
    with pytest.raises(StoreError, match="is this an InfluxDB"):
        influxql.answer(body, "here")


def test_an_error_in_an_answer_is_told_without_secrets() -> None:
    with pytest.raises(StoreError, match="here: parse failed at PASSWORD") as told:
        influxql.answer('{"results":[{"error":"parse failed at PASSWORD \'hidden\'"}]}', "here")
    assert "hidden" not in str(told.value)
    with pytest.raises(StoreError, match="here: unauthorized"):
        influxql.answer('{"error":"unauthorized"}', "here")


def test_an_answer_that_was_cut_off_is_a_store_error() -> None:
    with pytest.raises(StoreError, match="cut"):
        influxql.answer('{"results":[{"series":[{"columns":["time"],"values":[[1]]}],"partial":true}]}\n', "here")


def test_a_strange_athlete_stays_one_athlete() -> None:
    line = lp.event_lines(SessionStarted(header(athlete="a\nb\\"), START_UTC, ()), 0)[0]
    assert parse(line)[1]["ath"] == lp.tag_value("a\nb\\")
