"""Logs of sessions, and Bluetooth captures, through the command line."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from sensor_hub.app.analysis import analyze
from tests import need
from tests.adapters.recordings import captures_by_hand as hand
from tests.cli.conftest import Cli
from tests.cli.files import ONE_FOOT

HEAD = "start_utc,type,distance_m,duration_s\n"


def test_every_line_of_a_log_is_a_session_with_its_load_unknown(cli: Cli, tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    log.write_text(HEAD + "2024-05-04T08:00:00Z,running,5000,1500\n2024-05-05T08:00:00Z,cycling,20000,3600\n")
    results = cli.ok("session", "import", log, "--json").json
    assert [(r["line"], r["result"]) for r in results] == [(2, "imported"), (3, "imported")]
    listed = cli.ok("session", "list", "--json").json
    assert [(s["distance_m"], s["duration_s"], s["ledger"], s["load_eq_km"], s["coverage"]) for s in listed] == [
        (20000.0, 3600.0, "other", None, None),
        (5000.0, 1500.0, "run", None, None),
    ]
    assert listed[0]["warnings"] == ["summary-only"]


def test_a_log_imported_again_adds_only_its_new_lines(cli: Cli, tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    log.write_text(HEAD + "2024-05-04T08:00:00Z,running,5000,1500\n")
    (first,) = cli.ok("session", "import", log, "--json").json
    log.write_text(HEAD + "2024-05-06T08:00:00Z,running,6000,1800\n2024-05-04T08:00:00+00:00,running,5000.0,1500.0\n")
    results = cli.ok("session", "import", log, "--json").json
    assert {(r["line"], r["result"]) for r in results} == {(2, "imported"), (3, "already there")}
    assert first["sid"] in {r["sid"] for r in results}
    assert len(cli.ok("session", "list", "--json").json) == 2


def test_a_later_log_never_tells_of_a_stored_session_a_second_time(cli: Cli, tmp_path: Path) -> None:
    log, other = tmp_path / "log.csv", tmp_path / "other.csv"
    log.write_text(HEAD + "2024-05-04T08:00:00Z,running,5000,1500\n")
    (first,) = cli.ok("session", "import", log, "--json").json
    other.write_text(
        HEAD
        + "2024-05-04T08:10:00Z,running,6000,2000\n"  # the same run, told in another way
        + "2024-05-04T08:10:00Z,cycling,9000,2000\n"  # at its time, and no run
        + "2024-05-04T08:00:00Z,run,5000,1500\n"
        + "2024-05-04T19:00:00Z,running,1000,300\n"
    )
    answer = cli.ok("session", "import", other, "--json")
    said = {r["line"]: r["result"] for r in answer.json}
    assert said == {2: "already there", 3: "imported", 5: "imported"}, "line 4 is told by line 2 already"
    (kept,) = [r for r in answer.json if r["line"] == 2]
    assert (kept["sid"], kept["session"]["distance_m"]) == (first["sid"], 5000.0)
    assert f"line 2: overlaps session {first['sid']} of 2024-05-04 08:00Z" in answer.err
    assert "line 2: overlaps" in " ".join(f"{f['place']}: {f['problem']}" for f in answer.json[0]["faults"])
    listed = cli.ok("session", "list", "--json").json
    assert sorted((s["ledger"], s["distance_m"]) for s in listed) == [("other", 9000), ("run", 1000), ("run", 5000)]
    again = cli.ok("session", "import", other, "--json").json
    assert {r["result"] for r in again} == {"already there"}


def test_a_line_that_says_the_same_in_other_words_is_already_there_without_a_word(cli: Cli, tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    log.write_text(HEAD + "2024-05-04T08:00:00Z,running,5000,1500\n")
    cli.ok("session", "import", log)
    log.write_text(HEAD + "2024-05-04T10:00:00+02:00,Run,5000,1500\n")
    answer = cli.ok("session", "import", log, "--json")
    assert ([r["result"] for r in answer.json], answer.err) == (["already there"], "")


@pytest.mark.parametrize("map_zone", ["", 'zone = "America/New_York"\n'])
def test_a_log_imported_again_after_the_athlete_moved_changes_nothing(cli: Cli, tmp_path: Path, map_zone: str) -> None:
    log, columns = tmp_path / "log.csv", tmp_path / "map.toml"
    log.write_text("Day,Km,Time\n2024-05-04 08:00,5.0,25:00\n")
    columns.write_text(
        f'[session]\nstart = "Day"\n{map_zone}distance = "Km"\ndistance_unit = "km"\nduration = "Time"\n'
        'duration_unit = "h:mm:ss"\n'
    )
    cli.ok("athlete", "add", "Ana", "--zone", "Europe/Berlin")
    how = ("--columns", columns, "--athlete", "Ana", "--json")
    (first,) = cli.ok("session", "import", log, *how).json
    cli.ok("athlete", "set", "Ana", "--zone", "Asia/Tokyo")
    (again,) = cli.ok("session", "import", log, *how).json
    assert (again["result"], again["session"]) == ("already there", first["session"])
    assert len(cli.ok("session", "list", "--athlete", "Ana", "--json").json) == 1


def test_the_same_log_of_two_athletes_is_two_histories(cli: Cli, tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    log.write_text(HEAD + "2024-05-04T08:00:00Z,running,5000,1500\n")
    cli.ok("athlete", "add", "Ana")
    mine, hers = (cli.ok("session", "import", log, "--json", *who).json for who in ((), ("--athlete", "Ana")))
    assert mine[0]["sid"] != hers[0]["sid"]
    assert hers[0]["result"] == "imported"


def test_a_jump_in_a_log_of_recent_runs_is_told(cli: Cli, tmp_path: Path) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    runs = [(now - timedelta(days=d, hours=2), 5000) for d in (28, 21, 14, 7)] + [(now - timedelta(hours=2), 9000)]
    log = tmp_path / "log.csv"
    log.write_text(HEAD + "".join(f"{start.isoformat()},running,{metres},1800\n" for start, metres in runs))
    results = cli.ok("session", "import", log, "--json").json
    assert [bool(r["findings"]) for r in results] == [False, False, False, False, True]


def runs_of_season(results: list[dict[str, Any]], first: str) -> list[dict[str, Any]]:
    """Runs from the first expected day on: the file has a lone one a year before, which the numbers leave out."""
    mine = [r for r in results if r["session"]["ledger"] == "run"]
    return [r for r in mine if r["session"]["start_utc"] >= first]


def test_a_real_season_has_its_runs_its_kilometres_and_the_rows_that_were_merged(cli: Cli, tmp_path: Path) -> None:
    log, report = need.data("season/runnerA_sessions.csv"), tmp_path / "report.json"
    answer = cli.ok("session", "import", log, "--report", report)
    told = json.loads(report.read_text())
    expected = json.loads(need.data("season/expected.json").read_text())["runnerA"]
    runs = runs_of_season(told["results"], expected["first"])
    assert len(runs) == expected["runs"]
    assert sum(r["session"]["distance_m"] for r in runs) / 1000 == pytest.approx(expected["km"], abs=0.05)
    days = sorted(r["session"]["start_utc"][:10] for r in runs)
    assert (days[0], days[-1]) == (expected["first"], expected["last"])
    assert sum(r["n_lines"] - 1 for r in runs) == expected["dup_rows_in_source"]
    (of_runs,) = [s for s in told["sessions"] if s["ledger"] == "run"]
    assert (of_runs["n"], of_runs["n_rows_merged"]) == (257, 224), "with the lone run, which has one row"
    (line,) = [line.split() for line in answer.out.splitlines() if line.startswith("run ")]
    assert line == ["run", "257", "2194.3", "224"]


def test_a_season_with_every_row_of_both_exports_is_the_same_season(cli: Cli, tmp_path: Path) -> None:
    head, *lines = need.data("season/runnerA_sessions.csv").read_text().splitlines()
    merged = cli.ok("session", "import", need.data("season/runnerA_sessions.csv"), "--json").json
    written_out = tmp_path / "both.csv"
    rows = [line.rsplit(",", 1) for line in lines]
    both = [line for line, n in rows for _ in range(int(n))]
    assert len(both) - len(lines) == 519
    written_out.write_text("\n".join([head.rsplit(",", 1)[0], *both]) + "\n")
    again = cli.ok("session", "import", written_out, "--json").json
    assert {r["result"] for r in again} == {"already there"}, "the same sessions"
    cli.ok("athlete", "add", "Ana")
    hers = cli.ok("session", "import", written_out, "--athlete", "Ana", "--json").json

    def told(results: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
        names = ("start_utc", "end_utc", "distance_m", "duration_s", "ledger")
        return sorted((*(r["session"][name] for name in names), r["n_lines"]) for r in results)

    assert told(hers) == told(merged)
    assert len(hers) == len(lines)


def test_a_number_of_rows_that_is_none_is_named(cli: Cli, tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    log.write_text(
        HEAD.strip() + ",n_rows_in_source\n2024-05-04T08:00:00Z,running,5000,1500,2\n"
        "2024-05-05T08:00:00Z,running,5000,1500,-1\n"
    )
    answer = cli("session", "import", log, "--json")
    assert (answer.code, [r["n_lines"] for r in answer.json]) == (2, [2])
    assert "line 3: '-1' is no number of rows" in answer.err


def test_a_declared_log_needs_its_map(cli: Cli, tmp_path: Path) -> None:
    log, columns = tmp_path / "log.csv", tmp_path / "map.toml"
    log.write_text("Day,Km,Time\n2024-05-04 08:00,5.0,25:00\n")
    columns.write_text(
        '[session]\nstart = "Day"\ndistance = "Km"\ndistance_unit = "km"\nduration = "Time"\n'
        'duration_unit = "h:mm:ss"\n'
    )
    assert cli("session", "import", log).code == 2
    (result,) = cli.ok("session", "import", log, "--columns", columns, "--json").json
    assert result["session"]["start_utc"] == "2024-05-04T06:00:00+00:00"  # 8 o'clock in Berlin
    assert (result["session"]["distance_m"], result["session"]["duration_s"]) == (5000.0, 1500.0)


def test_a_capture_is_a_run_of_the_sensor_it_holds(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "one-foot.toml").write_text(ONE_FOOT)
    monkeypatch.setenv("SENSOR_HUB_PROFILES_DIR", str(tmp_path / "own"))
    capture = tmp_path / "btsnoop_hci.log"
    capture.write_bytes(hand.rsc_capture(120))
    answer = cli.ok("session", "analyze", capture, "--json")
    found = answer.json
    assert (found["tier"], found["source"]) == ("speed", "btsnoop")
    assert found["distance_m"] == pytest.approx(119 * 3.0)
    assert found["coverage"] == 1.0
    assert "taken as standard-rsc" in answer.err
    asked = cli.ok("session", "analyze", capture, "--profile", "one-foot", "--json")
    assert "taken as" not in asked.err
    assert (found["cadence_spm"], asked.json["cadence_spm"]) == (None, 170.0)  # 85 of both feet would be walking
    assert "no firmware profile 'nonsense'" in cli.refused("session", "analyze", capture, "--profile", "nonsense")
    (result,) = cli.ok("session", "import", capture, "--json").json
    assert result["session"]["start_utc"] == "2024-05-04T08:00:00+00:00"


def test_an_imu_in_a_capture_has_the_same_start_and_steps_analysed_and_imported(cli: Cli, tmp_path: Path) -> None:
    capture, handles = tmp_path / "btsnoop_hci.log", tmp_path / "handles.toml"
    capture.write_bytes(hand.imu_capture(battery_before_s=60.0))
    handles.write_text(hand.IMU_HANDLES)
    found = analyze(capture, handles=handles, mount="shank").summary
    assert found is not None
    how = ("--handles", handles, "--mount", "shank", "--json")
    session = cli.ok("session", "import", capture, *how).json[0]["session"]
    assert session["tier"] == "imu"
    assert session["start_utc"] == found.start_utc.isoformat()
    assert found.start_utc >= hand.START_UTC + timedelta(seconds=55), "the battery was no step"
    assert session["n_steps"] == found.totals.n_steps > 20


def mid_run(path: Path, *pods: tuple[int, range, bytes | None]) -> Path:
    """A capture of footpods (link, seconds, address): one without an address was connected before it began."""
    parts: list[tuple[float, bytes]] = []
    for link, seconds, address in pods:
        if address is not None:
            parts.append((seconds[0] - 0.5, hand.connected(link, address)))
        parts += [(s, hand.acl(hand.notification(0x12, hand.RUNNING_3_MPS), link)) for s in seconds]
        parts.append((seconds[-1] + 0.5, hand.disconnected(link)))
    packets = [hand.snoop_packet(h4, hand.START_UTC + timedelta(seconds=s)) for s, h4 in sorted(parts)]
    path.write_bytes(hand.snoop_header() + b"".join(packets))
    return path


@pytest.fixture
def one_foot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[object, ...]:
    """Options under which what the captures by hand hold is one foot's run."""
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "one-foot.toml").write_text(ONE_FOOT)
    (tmp_path / "handles.toml").write_text('[handles]\n0x0012 = "2a53"\n')
    monkeypatch.setenv("SENSOR_HUB_PROFILES_DIR", str(tmp_path / "own"))
    return ("--handles", tmp_path / "handles.toml", "--profile", "one-foot", "--json")


def test_a_pod_connected_before_the_capture_is_the_one_that_connects_again(
    cli: Cli, tmp_path: Path, one_foot: tuple[object, ...]
) -> None:
    pods = ((0x40, range(60), None), (0x41, range(63, 120), b"\1\2\3\4\5\xc6"))
    found = cli.ok("session", "analyze", mid_run(tmp_path / "c.log", *pods), *one_foot).json
    assert found["distance_m"] == pytest.approx((59 + 56) * 3.0), "both parts, and nothing for the 4 s between them"
    assert found["coverage"] == pytest.approx(115 / 119, abs=0.01)


@pytest.mark.parametrize(
    "pods",
    [
        pytest.param(((0x41, range(63, 90), b"123456"), (0x42, range(93, 120), b"654321")), id="two could be it"),
        pytest.param(((0x41, range(50, 120), b"123456"),), id="both at once"),
        pytest.param(((0x43, range(63, 120), None),), id="neither has an address"),
    ],
)
def test_a_pod_that_may_be_another_one_is_said_to_be_lost(
    cli: Cli, tmp_path: Path, one_foot: tuple[object, ...], pods: tuple[tuple[int, range, bytes | None], ...]
) -> None:
    answer = cli("session", "analyze", mid_run(tmp_path / "c.log", (0x40, range(60), None), *pods), *one_foot)
    assert answer.code == 2
    assert "pod-1: was connected before the capture began, and nothing says whether it is pod-2" in answer.err


def test_a_log_that_names_its_pod_late_has_one_pod(cli: Cli, tmp_path: Path, one_foot: tuple[object, ...]) -> None:
    early, late = ([hand.nrf_line(f"08:00:{s:02d}.000") for s in part] for part in (range(30), range(32, 60)))
    connected = "D\t08:00:31.000\tConnected to C6:05:04:03:02:01"
    log = tmp_path / "log.txt"
    log.write_text(hand.nrf_android([*early, connected, *late], head="nRF Connect, 2024-05-04\n"))
    answer = cli.ok("session", "analyze", log, *one_foot[2:])
    assert answer.json["distance_m"] == pytest.approx(59 * 3.0)
    assert "pod-2" not in answer.err


def test_a_capture_without_a_sensor_of_ours_is_refused(cli: Cli, tmp_path: Path) -> None:
    capture = tmp_path / "c.log"
    parts = [hand.snoop_packet(hand.connected()), *hand.discovery((0x12, "2b10"))]
    capture.write_bytes(
        hand.snoop_header() + b"".join(parts) + hand.snoop_packet(hand.acl(hand.notification(0x12, b"x")))
    )
    assert "no sensor in it that a firmware profile understands" in cli.refused("session", "analyze", capture)


def test_a_log_of_nrf_connect_takes_its_zone_from_the_athlete_and_its_day_from_start(cli: Cli, tmp_path: Path) -> None:
    lines = [hand.nrf_line(f"08:{s // 60:02d}:{s % 60:02d}.000") for s in range(120)]
    dated, undated = tmp_path / "dated.txt", tmp_path / "undated.txt"
    dated.write_text(hand.nrf_android(lines))
    undated.write_text(hand.nrf_android(lines, head="nRF Connect\n"))
    (result,) = cli.ok("session", "import", dated, "--json").json
    assert result["session"]["start_utc"] == "2024-05-04T06:00:00+00:00"
    assert "give --start" in cli("session", "import", undated).err
    (result,) = cli.ok("session", "import", undated, "--start", "2024-06-01T10:00+02:00", "--json").json
    assert result["session"]["start_utc"] == "2024-06-01T08:00:00+00:00"


def test_the_shipped_maps_are_listed(cli: Cli) -> None:
    shown = cli.ok("session", "analyze", "nothing.csv", "--columns", "list").out
    assert "movella-dot" in shown
    assert "metabase-accelerometer" in shown


def test_a_gpx_is_imported_once_and_says_how_its_distance_came(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "run.gpx"
    path.write_text(hand.straight_gpx(120))
    answer = cli.ok("session", "import", path, "--json")
    assert answer.json[0]["session"]["distance_m"] == pytest.approx(357.0, rel=1e-3)
    assert "reckoned from positions" in answer.err
    assert cli.ok("session", "import", path, "--json").json[0]["result"] == "already there"
