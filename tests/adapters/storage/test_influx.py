"""What only an InfluxDB can get wrong: writers, refusals, secrets, limits of the server."""

import json
import re
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest

from sensor_hub.adapters.storage import line_protocol as lp
from sensor_hub.adapters.storage.influx import InfluxStore
from sensor_hub.adapters.storage.influx_http import V2Writer
from sensor_hub.adapters.storage.sqlite import SqliteStore
from sensor_hub.errors import ConfigError, StoreError
from sensor_hub.model.gait import FLOAT_COLUMNS, UNKNOWN_TEXT
from sensor_hub.model.message import DeadLetter, Envelope
from sensor_hub.model.session import DecodeFailed, GapFound, SessionStarted
from sensor_hub.wire.reading import LONGEST_LABEL, MOST_BYTES
from tests.adapters.storage.conftest import TOKEN
from tests.adapters.storage.runs import GW, HEADER, START_UTC, all_steps, batches, finding, header, run
from tests.adapters.storage.test_line_protocol import parse
from tests.servers_influx import Front, free_port, front_door, influxd, victoria


@pytest.fixture
def v1_front(influx_url: str) -> Iterator[Front]:
    with front_door(influx_url) as front:
        yield front


def everything() -> list[Envelope]:
    strange = header(sid="strange", zone='"\\é', profile="a b,c=d")
    gap = GapFound(HEADER, 'pod, "l"=', START_UTC, START_UTC, "silence")
    return [*run(3), Envelope(GW, 9, gap), *[replace(e, seq=e.seq + 20) for e in run(1, strange)]]


def test_both_writers_send_the_same_bytes(v1_front: Front, v2_front: Front, database: str) -> None:
    for store in (
        InfluxStore(v1_front.url, database=database),
        InfluxStore(v2_front.url, database=database, api="v2", token=TOKEN, org="home"),
    ):
        with closing(store):
            store.commit(everything())
            store.save_finding(finding())
    one, two = ([re.sub(rb"written=\d+i", b"written=", body) for body in f.bodies] for f in (v1_front, v2_front))
    assert one == two
    assert len(one) == 3


def test_the_same_session_through_both_stores_gives_the_same(influx_url: str, database: str, tmp_path: Path) -> None:
    envelopes = everything()
    letter = DeadLetter("t", b"\x00", "r")
    with (
        closing(SqliteStore(tmp_path / "s.sqlite")) as one,
        closing(InfluxStore(influx_url, database=database)) as two,
    ):
        for store in (one, two):
            for part in (envelopes[3:6], envelopes[:2], envelopes[1:], []):
                store.commit(part, [letter])
            store.save_finding(finding())
        for sid in (HEADER.sid, "strange"):
            assert one.session(sid) == two.session(sid)
            assert one.steps(sid) == two.steps(sid)
            assert one.gaps(sid) == two.gaps(sid)
        assert one.sessions("k3f9") == two.sessions("k3f9")
        assert one.received(GW) == two.received(GW)
        assert one.findings() == two.findings()
        assert one.dead_letters() == two.dead_letters()


@pytest.mark.parametrize("version", [1, 2, 3])
def test_points_of_an_older_version_are_unknown_where_they_say_nothing(
    influx_url: str, database: str, version: int
) -> None:
    old = (Path(__file__).parent / f"points-version-{version}.txt").read_text(encoding="utf-8")
    told = [parse(line) for line in old.splitlines()]
    of_header = HEADER if version >= 3 else replace(HEADER, model="achilles-0.1", instrument="", surface="unknown")
    with closing(InfluxStore(influx_url, database=database)) as store:
        httpx.post(f"{influx_url}/write", params={"db": database}, content=old.encode(), trust_env=False)
        for sid, measurement, n in ((HEADER.sid, "session", 6), ("running", "progress", 3)):
            steps, session = store.steps(sid), store.session(sid)
            assert len(steps) == n
            points = [values for name, tags, values, _ in told if name == "steps" and tags["sid"] == sid]
            for column in FLOAT_COLUMNS:
                expected = [values.get(column, np.nan) for values in points]
                np.testing.assert_array_equal(getattr(steps, column), expected, err_msg=column)
            origins = [values.get("step_time_origin", UNKNOWN_TEXT) for values in points]
            assert steps.step_time_origin.tolist() == origins
            assert steps.gait.tolist() == [values.get("gait", UNKNOWN_TEXT) for values in points]
            assert session is not None
            assert session.header == replace(of_header, sid=sid)
            (values,) = [v for name, tags, v, _ in told if name == measurement and tags["sid"] == sid]
            assert asdict(session.totals) == {name: values.get(name) for name in lp.TOTALS}
        (gap,) = store.gaps(HEADER.sid)
        assert gap.header == of_header
        store.commit(run(2))
        assert store.steps(HEADER.sid) == all_steps(2)
        assert store.session(HEADER.sid) == run(2)[-1].event


FULL = [Envelope(GW, 9, GapFound(HEADER, "pod-l", START_UTC, START_UTC, "silence")), *run(1)]
FIELDS = ["zone", "profile", "end_us", "warnings", "cause", "duration_s", "n_steps", "unknown"]


@pytest.mark.parametrize("hidden", FIELDS)
def test_a_point_of_which_not_every_field_can_be_seen_yet_is_not_there_yet(
    influx_url: str, database: str, hidden: str
) -> None:
    # a server shows the first point of a kind field by field while it takes it in, to whoever reads beside the writer
    lines = [line for envelope in FULL for line in lp.event_lines(envelope.event, envelope.seq)]
    lines += [lp.finding_line(finding())]
    field = rf'(?<=[ ,]){hidden}=("(?:\\.|[^"\\])*"|[^ ,]*),?'
    partial = "\n".join(re.sub(r",(?= \d+$)", "", re.sub(field, "", line)) for line in lines)
    assert partial != "\n".join(lines)
    with closing(InfluxStore(influx_url, database=database)) as store:
        httpx.post(
            f"{influx_url}/write", params={"db": database}, content=partial.encode(), trust_env=False
        ).raise_for_status()
        session, seen = store.session(HEADER.sid), store.sessions("k3f9")
        assert session is None or session == FULL[-1].event or not session.ended
        assert seen == ([] if session is None else [session])
        if hidden in {"zone", "profile", "unknown"}:
            assert session is None
        assert len(store.gaps(HEADER.sid)) == (hidden in {"warnings", "duration_s", "n_steps"})
        assert len(store.findings()) == (hidden != "unknown")
        assert len(store.steps(HEADER.sid)) == (0 if hidden == "unknown" else 3)
        store.commit(FULL)
        store.save_finding(finding())
        assert store.session(HEADER.sid) == FULL[-1].event
        assert store.steps(HEADER.sid) == all_steps(1)
        assert len(store.gaps(HEADER.sid)) == len(store.findings()) == 1


def test_the_v2_writer_is_understood_by_another_server(tmp_path: Path) -> None:
    # VictoriaMetrics cuts times to a millisecond and knows numbers only: it shows that the text is read as points
    (batch,) = batches(1)
    with victoria(tmp_path / "vm") as url:
        with closing(V2Writer(url, "here", "runs", "home", TOKEN)) as writer:
            writer.write("\n".join(lp.event_lines(batch, 0)))
        series = exported(url, "steps_contact_time_s")
        totals = exported(url, "progress_n_steps")
    found = {}
    for one in series:
        metric = one["metric"]
        assert (metric["ath"], metric["sid"]) == ("k3f9", HEADER.sid)
        for moment_ms, value in zip(one["timestamps"], one["values"], strict=True):
            found[moment_ms, metric["side"]] = value
    expected = zip(batch.steps.time_utc_us, batch.steps.side, batch.steps.contact_time_s, strict=True)
    assert found == {(int(us) // 1000, str(side)): pytest.approx(value, rel=1e-12) for us, side, value in expected}
    assert [one["values"] for one in totals] == [[3]]


def exported(url: str, name: str) -> list[dict[str, Any]]:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        httpx.get(f"{url}/internal/force_flush", trust_env=False)
        params = {"match[]": f'{{__name__="{name}"}}', "start": "2020-01-01T00:00:00Z", "end": "2030-01-01T00:00:00Z"}
        lines = httpx.get(f"{url}/api/v1/export", params=params, trust_env=False).text.splitlines()
        if lines:
            return [json.loads(line) for line in lines]
        time.sleep(0.1)
    pytest.fail(f"{name} did not arrive")


def test_acknowledged_points_outlive_a_restart_of_the_server(tmp_path: Path) -> None:
    with influxd(tmp_path / "i") as url, closing(InfluxStore(url, database="runs")) as store:
        store.commit(run(3))
    with influxd(tmp_path / "i") as url, closing(InfluxStore(url, database="runs")) as store:
        assert store.steps(HEADER.sid) == all_steps(3)


def test_a_time_the_server_cannot_hold_becomes_a_dead_letter_and_the_rest_is_kept(
    influx_url: str, database: str
) -> None:
    far = Envelope(GW, 50, SessionStarted(header(sid="far"), datetime(3000, 1, 1, tzinfo=UTC), ()))
    with closing(InfluxStore(influx_url, database=database)) as store:
        store.commit([far, *run(2)])
        store.commit([far])
        assert store.steps(HEADER.sid) == all_steps(2)
        (letter,) = store.dead_letters()
        assert (letter.gw, letter.seq) == (GW, 50)
        assert "1677 to 2262" in letter.reason
        assert b'"sid":"far"' in letter.payload
        assert store.received(GW) == [(0, 3), (50, 50)]


def test_the_largest_sequence_number_does_not_stop_a_commit(influx_url: str, database: str) -> None:
    with closing(InfluxStore(influx_url, database=database)) as store:
        store.commit([replace(run(1)[0], seq=2**63 - 1), *run(1)])
        assert store.steps(HEADER.sid) == all_steps(1)
        assert store.received(GW)[0] == (0, 2)


def test_the_longest_names_and_letters_that_a_hub_lets_in_do_not_stop_a_commit(influx_url: str, database: str) -> None:
    longest = header(sid="s" * 64, athlete="a" * 64)
    at = START_UTC + timedelta(seconds=1)
    gap = GapFound(longest, LONGEST_LABEL * "\U0001f45f", at, at, "silence")
    failed = DecodeFailed(longest, LONGEST_LABEL * "é", (LONGEST_LABEL // 3) * ",= ", at, "short")
    letter = DeadLetter("t", MOST_BYTES * b"x", "it has no JSON", "g" * 64, 3)
    with closing(InfluxStore(influx_url, database=database)) as store:
        store.commit([Envelope(GW, 1, gap), Envelope(GW, 2, failed)], [letter])
        assert store.gaps(longest.sid) == [gap]
        assert [one.characteristic for one in store.whole(longest.sid).failures] == [failed.characteristic]
        assert store.dead_letters() == [letter]


def test_long_and_broken_ranges_are_found(influx_url: str, database: str) -> None:
    start = run(1)[0]
    missing = {7, 31_000, 31_001}
    with closing(InfluxStore(influx_url, database=database)) as store:
        store.commit([replace(start, seq=seq) for seq in range(60_000) if seq not in missing])
        assert store.received(GW) == [(0, 6), (8, 30_999), (31_002, 59_999)]
        store.commit([replace(start, seq=seq) for seq in missing])
        assert store.received(GW) == [(0, 59_999)]


def test_the_marks_of_receipt_are_written_after_the_data(v1_front: Front, database: str) -> None:
    with closing(InfluxStore(v1_front.url, database=database)) as store:
        store.commit(run(4))
    data, marks = (body.decode().split("\n") for body in v1_front.bodies)
    assert {line.split(",")[0] for line in data} == {"steps", "progress", "session_open", "session"}
    assert [line.split(",")[0] for line in marks] == [*["received"] * 6, "session_open"]
    assert marks[-1].split(" ")[1].startswith("written=")


@pytest.mark.parametrize(("status", "mend"), [(401, "token"), (404, "create it"), (413, "max-body-size"), (500, "log")])
@pytest.mark.parametrize("api", ["v1", "v2"])
def test_a_refused_write_is_a_store_error_with_its_mend(
    v1_front: Front, v2_front: Front, database: str, api: str, status: int, mend: str
) -> None:
    front = v1_front if api == "v1" else v2_front
    with closing(
        InfluxStore(front.url, database=database)
        if api == "v1"
        else InfluxStore(front.url, database=database, api="v2", token=TOKEN, org="home")
    ) as store:
        front.refuse = status
        with pytest.raises(StoreError, match=rf"HTTP {status}: .*refused") as told:
            store.commit(run(1))
        assert mend in str(told.value)
        assert TOKEN not in str(told.value)
        front.refuse = None
        assert store.received(GW) == []
        store.commit(run(1))
        assert store.steps(HEADER.sid) == all_steps(1)


def test_a_conflict_of_types_is_told_and_nothing_is_said_to_be_received(influx_url: str, database: str) -> None:
    with closing(InfluxStore(influx_url, database=database)) as store:
        at_ns = int(batches(1)[0].steps.time_utc_us[0]) * 1000
        store._write([f'steps,ath=k3f9,sid=a,side=L n_steps="text" {at_ns}'])
        with pytest.raises(StoreError, match="field type conflict"):
            store.commit([Envelope(GW, 0, batches(1)[0])])
        assert store.received(GW) == []


def test_the_token_and_the_password_are_in_no_text(v2_front: Front, database: str) -> None:
    store = InfluxStore(v2_front.url, database=database, api="v2", token="wrong-hidden", org="home")  # noqa: S106
    with closing(store), pytest.raises(StoreError, match="check both") as told:
        store.commit(run(1))
    assert "hidden" not in str(told.value) + repr(store)
    with pytest.raises(StoreError, match="check both") as told:
        V2Writer(v2_front.url, "here", database, "home", "wrong-hidden").write("m f=1 1")
    assert "hidden" not in str(told.value)
    with pytest.raises(ConfigError) as refused:
        InfluxStore("http://anna:hidden@127.0.0.1:1", database="d")
    assert "hidden" not in str(refused.value)


def test_a_server_that_went_away_is_a_store_error(tmp_path: Path) -> None:
    with influxd(tmp_path / "i") as url:
        store = InfluxStore(url, database="runs")
    with closing(store):
        with pytest.raises(StoreError, match="is it running"):
            store.commit(run(1))
        with pytest.raises(StoreError, match="is it running"):
            store.sessions("k3f9")
    with (
        closing(V2Writer(f"http://127.0.0.1:{free_port()}", "here", "b", "o", TOKEN)) as writer,
        pytest.raises(StoreError, match="is it running"),
    ):
        writer.write("m f=1 1")


def test_a_database_with_a_strange_name_is_made_and_used(influx_url: str) -> None:
    with closing(InfluxStore(influx_url, database='a "b" \'c; DROP')) as store:
        store.commit(run(1))
        assert store.steps(HEADER.sid) == all_steps(1)


def test_a_reassign_that_was_interrupted_shows_each_step_once_and_can_be_repeated(
    influx_url: str, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise StoreError("no answer")

    with closing(InfluxStore(influx_url, database=database)) as store:
        store.commit(run(2))
        with monkeypatch.context() as patch:
            patch.setattr(store, "_reassign_findings", interrupted)
            with pytest.raises(StoreError):
                store.reassign("k3f9", "new")
        assert store.steps(HEADER.sid) == all_steps(2)
        store.reassign("k3f9", "new")
        assert store.steps(HEADER.sid) == all_steps(2)
        assert store.sessions("k3f9") == []
        assert len(store.sessions("new")) == 1
