"""TCX and GPX, plain and in gzip."""

import gzip
import math
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sensor_hub.adapters.recordings.fit import open_fit
from sensor_hub.adapters.recordings.gpx import open_gpx
from sensor_hub.adapters.recordings.opened import OpenRecording
from sensor_hub.adapters.recordings.recognise import open_recording
from sensor_hub.adapters.recordings.tcx import open_tcx
from sensor_hub.app.analysis import analyze
from sensor_hub.errors import RecordingError
from sensor_hub.model.gait import PauseReading, RecordReading
from tests import need
from tests.adapters.recordings import captures_by_hand as hand
from tests.cli.files import fit_run

AT = hand.START_UTC
BOMB = '<!DOCTYPE lolz [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>\n'


def at(seconds: float) -> datetime:
    return AT + timedelta(seconds=seconds)


def records(recording: OpenRecording) -> list[RecordReading]:
    return [reading for reading in recording if isinstance(reading, RecordReading)]


def pauses(recording: OpenRecording) -> list[tuple[float, float]]:
    found = [reading for reading in recording if isinstance(reading, PauseReading)]
    return [((p.start_utc - AT).total_seconds(), (p.end_utc - AT).total_seconds()) for p in found]


def opened(tmp_path: Path, text: str) -> OpenRecording:
    path = tmp_path / "activity"
    path.write_text(text, encoding="utf-8")
    return open_recording(path)


def test_a_trackpoint_counts_both_feet_and_keeps_speed_and_distance(tmp_path: Path) -> None:
    (record,) = records(opened(tmp_path, hand.tcx([[hand.tcx_point(AT, strides=85, speed=3.25, metres=12.5)]])))
    assert record == RecordReading("tcx", AT, cadence_spm=170.0, speed_mps=3.25, distance_m=12.5)


@pytest.mark.parametrize(
    ("written", "is_at"),
    [
        ("2024-05-04T08:00:00Z", AT),
        ("2024-05-04T08:00:00.250Z", at(0.25)),
        ("2024-05-04T10:00:00+02:00", AT),
        ("2024-05-04T03:30:00.000-04:30", AT),
    ],
)
def test_times_of_any_zone_become_utc(tmp_path: Path, written: str, is_at: datetime) -> None:
    (record,) = records(opened(tmp_path, hand.tcx([[hand.tcx_point(written)]])))
    assert record.end_utc == is_at
    assert record.end_utc.tzinfo is UTC


def test_time_between_tracks_of_a_lap_is_a_pause_and_between_laps_only_if_long(tmp_path: Path) -> None:
    def lap(*tracks: tuple[int, int]) -> str:
        inner = "".join(f"<Track>{''.join(hand.tcx_point(at(s)) for s in range(*track))}</Track>" for track in tracks)
        return f"<Lap>{inner}</Lap>"

    whole = hand.tcx([]).replace("<Creator>", lap((0, 5), (30, 35)) + lap((37, 40)) + lap((100, 103)) + "<Creator>")
    assert pauses(opened(tmp_path, whole)) == [(4.0, 30.0), (39.0, 100.0)]


@pytest.mark.parametrize(
    ("sport", "ledger"), [("Running", "run"), ("Walking", "walk"), ("Biking", "other"), ("Other", "other"), ("", "run")]
)
def test_the_sport_of_a_tcx_decides_its_ledger(tmp_path: Path, sport: str, ledger: str) -> None:
    recording = opened(tmp_path, hand.tcx([[hand.tcx_point(AT)]], sport=sport))
    assert recording.info.ledger == ledger
    assert any("taken as a run" in fault.problem for fault in recording.faults) == (not sport)


def test_a_cadence_no_foot_can_have_counts_both_feet_already(tmp_path: Path) -> None:
    recording = opened(tmp_path, hand.tcx([[hand.tcx_point(at(s), strides=172) for s in range(5)]]))
    assert {record.cadence_spm for record in records(recording)} == {172.0}
    assert any(fault.place == "cadence" for fault in recording.faults)


def test_a_broken_trackpoint_is_named_and_the_others_are_kept(tmp_path: Path) -> None:
    points = [hand.tcx_point(AT), hand.tcx_point("yesterday"), hand.tcx_point(at(2), speed=None, strides=None)]
    recording = opened(tmp_path, hand.tcx([points]))
    assert [(r.end_utc, r.speed_mps, r.cadence_spm) for r in records(recording)] == [
        (AT, 3.0, 170.0), (at(2), None, None),
    ]  # fmt: skip
    assert [(f.place, f.lost) for f in recording.faults] == [("trackpoint 2", True)]


@pytest.mark.parametrize("text", [hand.straight_tcx(), hand.straight_gpx()], ids=["tcx", "gpx"])
def test_a_document_type_is_refused_before_any_entity_is_read(tmp_path: Path, text: str) -> None:
    head, newline, body = text.partition("\n")
    root = "gpx" if "<gpx" in body else "TrainingCenterDatabase"
    bomb = head + newline + BOMB.replace("lolz", root) + body
    for encoding in ("utf-8", "utf-16"):
        path = tmp_path / f"bomb-{encoding}"
        path.write_bytes(bomb.replace('encoding="UTF-8"', "").encode(encoding))
        opener = open_gpx if root == "gpx" else open_tcx
        with pytest.raises(RecordingError, match="declares a document type"):
            opener(path)


@pytest.mark.parametrize("relative", ["fit/stryd-backgaden-1km.fit", "fit/activity_2477200414.fit"])
def test_a_tcx_of_the_records_of_a_real_fit_gives_the_same_totals(tmp_path: Path, relative: str) -> None:
    source = need.data(relative)
    points: list[str] = []
    tracks = [points]
    for reading in open_fit(source):
        if isinstance(reading, PauseReading):
            points = []
            tracks.append(points)
        elif isinstance(reading, RecordReading):
            strides = None if reading.cadence_spm is None else int(reading.cadence_spm / 2)
            points.append(
                hand.tcx_point(reading.end_utc, strides=strides, speed=reading.speed_mps, metres=reading.distance_m)
            )
    inner = "".join(f"<Track>{''.join(track)}</Track>" for track in tracks if track)
    path = tmp_path / "same.tcx"
    path.write_text(hand.tcx([]).replace("<Creator>", f"<Lap>{inner}</Lap><Creator>"))
    fit, tcx = analyze(source).summary, analyze(path).summary
    assert fit is not None
    assert tcx is not None
    assert tcx.totals.distance_m == pytest.approx(fit.totals.distance_m, abs=0.1)
    assert tcx.totals.duration_s == pytest.approx(fit.totals.duration_s, abs=2.0)
    assert tcx.totals.n_steps == pytest.approx(fit.totals.n_steps, rel=0.01)  # TCX has no fraction of a stride


def test_a_straight_gpx_has_its_length_its_speed_and_both_feet(tmp_path: Path) -> None:
    found = records(opened(tmp_path, hand.straight_gpx(100, 3.0)))
    assert found[-1].distance_m == pytest.approx(297.0, rel=1e-4)
    assert [r.speed_mps for r in found[1:]] == pytest.approx([3.0] * 99, rel=1e-3)
    assert found[0].speed_mps is None
    assert {r.cadence_spm for r in found} == {170.0}


def test_noise_of_a_receiver_lengthens_a_way_by_less_than_two_per_cent(tmp_path: Path) -> None:
    noise = random.Random(1)
    points = [
        hand.gpx_point(
            at(s),
            50 + (3.0 * s + noise.gauss(0, 1.0)) * hand.METRE_DEG,
            8 + noise.gauss(0, 1.0) * hand.METRE_DEG / math.cos(math.radians(50)),
        )
        for s in range(600)
    ]
    distance_m = records(opened(tmp_path, hand.gpx([points])))[-1].distance_m
    assert distance_m is not None
    assert 1.0 < distance_m / (3.0 * 599) < 1.02


def test_bends_of_a_track_are_shortened_by_little_more_than_one_per_cent(tmp_path: Path) -> None:
    radius_m, speed_mps = 36.5, 4.0
    angle = speed_mps / radius_m
    points = [
        hand.gpx_point(
            at(s), radius_m * math.sin(angle * s) * hand.METRE_DEG, radius_m * math.cos(angle * s) * hand.METRE_DEG
        )
        for s in range(300)
    ]
    distance_m = records(opened(tmp_path, hand.gpx([points])))[-1].distance_m
    assert distance_m is not None
    assert 0.985 < distance_m / (speed_mps * 299) < 0.99


def test_the_border_of_segments_is_a_pause_and_adds_no_way(tmp_path: Path) -> None:
    first = [hand.gpx_point(at(s), 50 + 3 * s * hand.METRE_DEG, 8.0) for s in range(10)]
    second = [hand.gpx_point(at(60 + s), 50.01 + 3 * s * hand.METRE_DEG, 8.0) for s in range(10)]
    text = hand.gpx([first, second])
    assert pauses(opened(tmp_path, text)) == [(9.0, 60.0)]
    assert records(opened(tmp_path, text))[-1].distance_m == pytest.approx(54.0, rel=1e-3)


def test_silence_inside_a_segment_stays_unknown(tmp_path: Path) -> None:
    path = tmp_path / "run.gpx"
    seconds = [*range(60), *range(120, 180)]
    path.write_text(hand.gpx([[hand.gpx_point(at(s), 50 + 3 * s * hand.METRE_DEG, 8.0) for s in seconds]]))
    summary = analyze(path).summary
    assert summary is not None
    assert summary.totals.coverage == pytest.approx((59 + 59) / 179)
    assert "silence" in summary.warnings


def test_the_date_line_is_no_journey_around_the_world(tmp_path: Path) -> None:
    points = [hand.gpx_point(at(s), 0.0, (179.9999 + 3 * s * hand.METRE_DEG + 180) % 360 - 180) for s in range(20)]
    assert records(opened(tmp_path, hand.gpx([points])))[-1].distance_m == pytest.approx(57.0, rel=1e-3)


@pytest.mark.parametrize(
    ("kind", "ledger"), [("running", "run"), ("9", "run"), ("hiking", "walk"), ("cycling", "other"), (None, "run")]
)
def test_the_type_of_a_gpx_decides_its_ledger(tmp_path: Path, kind: str | None, ledger: str) -> None:
    assert opened(tmp_path, hand.gpx([[hand.gpx_point(AT, 50, 8)]], kind=kind)).info.ledger == ledger


def test_points_without_place_or_time_are_named_and_left_out(tmp_path: Path) -> None:
    broken = ['<trkpt lat="95" lon="8"><time>2024-05-04T08:00:01Z</time></trkpt>', '<trkpt lat="50" lon="8"></trkpt>']
    recording = opened(tmp_path, hand.gpx([[hand.gpx_point(AT, 50, 8), *broken]]))
    assert len(records(recording)) == 1
    assert [(f.place, f.problem) for f in recording.faults if f.lost] == [
        ("point 2", "'95' is no place on earth"), ("point 3", "it has no time"),
    ]  # fmt: skip


def test_a_time_inside_an_extension_is_not_the_time_of_the_point(tmp_path: Path) -> None:
    text = hand.gpx([[hand.gpx_point(AT, 50, 8)]]).replace(
        "</extensions>", "<x:time xmlns:x='x'>12:00</x:time></extensions>"
    )
    assert [r.end_utc for r in records(opened(tmp_path, text))] == [AT]


def test_a_compressed_activity_reads_as_the_activity_itself(tmp_path: Path) -> None:
    plain = fit_run(tmp_path / "run.fit", duration_s=30)
    packed = tmp_path / "run.fit.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    assert list(open_recording(packed)) == list(open_recording(plain))
    assert open_recording(packed).info.path == str(packed)


def test_a_gzip_that_ends_early_gives_what_stands_before(tmp_path: Path) -> None:
    noise = random.Random(2)
    text = hand.gpx([[hand.gpx_point(at(s), 50 + noise.random() / 1000, 8.0) for s in range(500)]])
    packed = gzip.compress(text.encode())
    path = tmp_path / "cut.gpx.gz"
    path.write_bytes(packed[: len(packed) // 2])
    recording = open_recording(path)
    assert 50 < len(records(recording)) < 450
    assert next(f.place for f in recording.faults if f.lost) == "gzip"


def test_a_gzip_that_unpacks_without_bound_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sensor_hub.adapters.recordings.gzipped.LARGEST_BYTES", 1 << 20)
    path = tmp_path / "bomb.gz"
    path.write_bytes(gzip.compress(bytes(1 << 22)))
    with pytest.raises(RecordingError, match="unpacks to more than 1 MiB"):
        open_recording(path)


def test_a_gzip_of_something_else_says_what_may_be_compressed(tmp_path: Path) -> None:
    path = tmp_path / "x.gz"
    path.write_bytes(gzip.compress(b"hello\n"))
    with pytest.raises(RecordingError, match="FIT, TCX and GPX may be compressed"):
        open_recording(path)


def test_altitudes_of_both_formats_are_kept(tmp_path: Path) -> None:
    assert {record.altitude_m for record in records(opened(tmp_path, hand.straight_gpx()))} == {30.0}
    climbing = hand.tcx_point(AT).replace("<Extensions>", "<AltitudeMeters>412.4</AltitudeMeters><Extensions>")
    found = records(opened(tmp_path, hand.tcx([[climbing, hand.tcx_point(at(1))]])))
    assert [record.altitude_m for record in found] == [412.4, None]


@pytest.mark.parametrize(
    ("kind", "surface"),
    [("running", "overground"), ("treadmill_running", "treadmill"), ("VirtualRun", "treadmill"), (None, "overground")],
)
def test_the_type_of_a_gpx_decides_its_surface(tmp_path: Path, kind: str | None, surface: str) -> None:
    points = [hand.gpx_point(AT, 50.0, 8.0), hand.gpx_point(at(1), 50.0001, 8.0)]
    assert opened(tmp_path, hand.gpx([points], kind=kind)).info.conditions.surface == surface


def test_a_tcx_with_positions_was_run_outside_and_without_them_nobody_knows(tmp_path: Path) -> None:
    place = "<Position><LatitudeDegrees>50.1</LatitudeDegrees><LongitudeDegrees>8.2</LongitudeDegrees></Position>"
    outside = hand.tcx_point(AT).replace("<Extensions>", f"{place}<Extensions>")
    assert opened(tmp_path, hand.tcx([[outside]])).info.conditions.surface == "overground"
    assert opened(tmp_path, hand.tcx([[hand.tcx_point(AT)]])).info.conditions.surface == "unknown"
