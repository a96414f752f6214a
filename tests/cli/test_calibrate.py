"""``sensor-hub calibrate``: a simulated runner on a simulated treadmill, and what is refused."""

import shutil
from datetime import date, timedelta
from functools import cache
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest

from sensor_hub.adapters.recordings.mcap_file import McapRecorder
from sensor_hub.adapters.registry import Registry
from sensor_hub.app.collecting.firmware import all_profiles
from sensor_hub.model.arrays import FloatArray
from sensor_hub.model.calibration import Calibration
from sensor_hub.model.raw import RawNotification
from sensor_hub.model.session import BoundDevice
from sensor_hub.signal.detectors import detector_for
from sensor_hub.simulation.worn import Course, Fitting, Leg, Person, Truth, Worn, worn
from sensor_hub.units import DEGREE_RAD, STANDARD_GRAVITY_MPS2
from tests.cli.conftest import Cli
from tests.cli.files import LONG_AGO_UTC, fit_run, rsc_mcap, shank_csv
from tests.shank_frames import encode

MASS_KG = 60.0
LAG_S = 15.3
METHOD = detector_for("shank").method.name


@cache
def runner() -> tuple[Worn, Truth]:
    """A left shank, and the contacts of both feet."""
    course = Course.of([Leg("stand", 5), Leg("run", 75, 3.0)])
    person = Person.drawn(seed=3, strike="rearfoot")
    shank = worn(course, person, Fitting(mount="shank", side="L", rate_hz=200.0), seed=3)
    return shank, worn(course, person, Fitting(mount="sacrum", rate_hz=50.0), seed=3).truth


def logger_csv(path: Path) -> Path:
    path.write_bytes(logger_bytes())
    return path


@cache
def logger_bytes() -> bytes:
    shank, _ = runner()
    columns = [shank.t_s * 1000, shank.acceleration_mps2 / STANDARD_GRAVITY_MPS2, shank.rotation_radps / DEGREE_RAD]
    return csv_of(np.column_stack(columns), "time,aX,aY,aZ,gX,gY,gZ")


def csv_of(columns: FloatArray, header: str) -> bytes:
    written = BytesIO()
    np.savetxt(written, columns, delimiter=",", fmt="%.7g", header=header, comments="")
    return written.getvalue()


def treadmill(longer_s: float = 0.0) -> tuple[FloatArray, FloatArray]:
    """Force of a belt that reads -12 N empty, half sines that cross 20 N at the true events (or later, at toe-off)."""
    _, truth = runner()
    t_s = np.arange(10.0, 75.0, 1 / 500)
    force_n = np.full(len(t_s), -12.0)
    for on_s, off_s in zip(truth.initial_contact_s.tolist(), (truth.toe_off_s + longer_s).tolist(), strict=True):
        if not np.isnan(off_s):
            edge_s = 0.002  # 20 N above the belt's zero after 2 ms
            peak_n = 20.0 / np.sin(np.pi * edge_s / (off_s - on_s + 2 * edge_s))
            phase = (t_s - on_s + edge_s) / (off_s - on_s + 2 * edge_s)
            force_n += np.where((phase > 0) & (phase < 1), peak_n * np.sin(np.pi * phase), 0.0)
    return t_s - LAG_S, force_n


def force_csv(path: Path, longer_s: float = 0.0, header: str = "Time (s),Fz (N)", scale: float = 1.0) -> Path:
    path.write_bytes(force_bytes(longer_s, header, scale))
    return path


@cache
def force_bytes(longer_s: float, header: str, scale: float) -> bytes:
    t_s, force_n = treadmill(longer_s)
    return csv_of(np.column_stack([t_s, force_n * scale]), header)


def kept(cli: Cli) -> list[float]:
    return [c["offset_s"] for c in cli.ok("calibrate", "list", "--json").json]


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    return logger_csv(tmp_path / "shank.csv")


def test_a_run_beside_a_treadmill_gives_a_line_that_new_sessions_are_bound_with(
    cli: Cli, tmp_path: Path, recording: Path
) -> None:
    plain = cli.ok("calibrate", recording, "--reference", force_csv(tmp_path / "a.csv"), "--json").json
    assert (plain["mount"], plain["method"], plain["kind"], plain["kept"]) == ("shank", METHOD, "force", True)
    assert plain["n"] > 80
    assert plain["clock_lag_s"] == pytest.approx(LAG_S, abs=0.05)
    assert plain["belt_offset_n"] == pytest.approx(-12.0, abs=0.5)
    assert abs(plain["after_left_out"]["bias_s"]) < 0.001
    later = cli.ok("calibrate", "make", recording, "--reference", force_csv(tmp_path / "b.csv", 0.02), "--json").json
    # the same sensor beside a reference that lets go 20 ms later needs 20 ms more
    assert later["offset_s"] - plain["offset_s"] == pytest.approx(0.02, abs=0.001)
    assert later["before"]["bias_s"] == pytest.approx(-later["offset_s"])
    (listed,) = cli.ok("calibrate", "list", "--json").json
    assert (listed["mount"], listed["method"], listed["offset_s"]) == (
        "shank",
        METHOD,
        pytest.approx(later["offset_s"]),
    )
    assert listed["reference"].startswith("vertical force at 20 N (")
    assert listed["bias_bound_s"] == pytest.approx(later["bias_bound_s"])
    assert later["bias_bound_s"] == pytest.approx(0.010 + 2 * later["offset_se_s"])
    assert (plain["replaces"], later["replaces"]["offset_s"]) == (None, pytest.approx(plain["offset_s"]))
    assert (plain["force"]["unit"], plain["force"]["unit_from"], plain["force"]["mass_kg"]) == ("N", "name", None)
    assert plain["force"]["usual_peak_n"] == pytest.approx(800, rel=0.1)
    assert plain["force"]["zero_n"] == plain["force"]["flights_zero_n"] == plain["belt_offset_n"]
    assert plain["faults"] == []
    assert "b.csv" not in listed["reference"]


def test_the_answer_for_a_person_says_what_changes_and_what_does_not(cli: Cli, tmp_path: Path, recording: Path) -> None:
    answer = cli.ok("calibrate", recording, "--reference", force_csv(tmp_path / "a.csv"), "--contact-stream", "foo")
    assert "--contact-stream chooses in a reference that is a FIT file only, and was not used" in answer.err
    said = answer.out
    for text in (
        "stored sessions stay as they are: their contact times and hard load cannot be compared directly with new ones",
        "session analyze FILE does not", "before", "the file is in N, by its name", "mass unknown",
        "a calibrated mean may be off by 1",
    ):  # fmt: skip
        assert text in said
    assert "replaces" not in said
    (line,) = cli.ok("calibrate", "list", "--json").json
    again = cli.ok("calibrate", recording, "--reference", tmp_path / "a.csv").out
    assert f"; replaces {1000 * line['offset_s']:+.1f} ms of {line['made_on']}" in again
    again = cli.ok("calibrate", recording, "--reference", tmp_path / "a.csv", "--dry-run").out
    assert f"it would replace {1000 * line['offset_s']:+.1f} ms" in again
    assert METHOD in cli.ok("calibrate", "list").out
    assert "forgotten: me, shank" in cli.ok("calibrate", "remove", "me", "shank").out
    assert "nobody is calibrated" in cli.ok("calibrate", "list").out
    assert "me is not calibrated" in cli.ok("calibrate", "list", "--athlete", "me").out


def test_a_line_of_another_method_is_marked_void_in_the_list(cli: Cli) -> None:
    with Registry(f"sqlite:///{cli.data_dir / 'registry.db'}") as registry:
        for method in ("shank-0.1", METHOD):
            line = Calibration(method, "shank", -0.012, 0.0, 0.24, 0.008, 220, "force", date(2026, 11, 21), 0.011)
            registry.learned.keep_calibration(registry.me("UTC").id, line)
    listed = {line["method"]: line["void"] for line in cli.ok("calibrate", "list", "--json").json}
    assert listed == {"shank-0.1": True, METHOD: False}
    said = cli.ok("calibrate", "list").out
    assert "shank-0.1 (void)" in said
    assert f"{METHOD} (void)" not in said
    assert "used by no session: calibrate again" in said


def test_a_line_that_was_lost_is_in_the_answer_and_leaves_with_2(cli: Cli, tmp_path: Path, recording: Path) -> None:
    path = force_csv(tmp_path / "a.csv")
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join([*lines[:10_000], "not a line\n", *lines[10_001:]]))
    found = cli("calibrate", recording, "--reference", path, "--json")
    assert found.code == 2
    assert found.json["kept"] is True
    (fault,) = found.json["faults"]
    assert (fault["file"], fault["place"], fault["lost"]) == (str(path), "line 10001", True)


def test_a_reference_that_is_itself_at_fault_is_refused_as_such(cli: Cli, tmp_path: Path, recording: Path) -> None:
    t_s, force_n = treadmill()
    holes = np.where(np.arange(len(t_s)) % 200 == 0, np.nan, force_n)
    holes[t_s > 35 - LAG_S] = force_n[t_s > 35 - LAG_S][0]
    np.savetxt(tmp_path / "holes.csv", np.column_stack([t_s, holes]), delimiter=",", header="t,fz_n", comments="")
    answer = cli("calibrate", recording, "--reference", tmp_path / "holes.csv", "--json")
    assert (answer.code, [r["reason"] for r in answer.json["refusals"]]) == (1, ["few-in-reference"])
    assert 0 < answer.json["force"]["n_contacts"] < 30
    assert answer.json["force"]["unknown_share"] == pytest.approx(1 / 400, rel=0.3)
    path = force_csv(tmp_path / "a.csv")
    for zero_n in (-500, 100):
        answer = cli("calibrate", recording, "--reference", path, "--offset-n", zero_n, "--json")
        assert (answer.code, [r["reason"] for r in answer.json["refusals"]]) == (1, ["zero-differs"])
        assert answer.json["refusals"][0]["found"] == pytest.approx(zero_n + 12, abs=0.5)
    cli.ok("calibrate", recording, "--reference", path, "--offset-n", -11)
    gone = np.where(np.arange(len(t_s)) % 10 == 0, np.nan, force_n)
    np.savetxt(tmp_path / "gone.csv", np.column_stack([t_s, gone]), delimiter=",", header="t,fz_n", comments="")
    assert "10 % of its samples are unknown" in cli.refused(
        "calibrate", recording, "--reference", tmp_path / "gone.csv"
    )


@pytest.mark.parametrize(
    ("scale", "mass_kg", "said"), [(0.3, 60, "0.4"), (8.0, 60, "1"), (0.15, None, "no mass is known")]
)
def test_a_force_no_person_has_is_refused(
    cli: Cli, tmp_path: Path, recording: Path, scale: float, mass_kg: float | None, said: str
) -> None:
    path = force_csv(tmp_path / "a.csv", scale=scale)
    mass = () if mass_kg is None else ("--mass-kg", mass_kg)
    refusal = cli.refused("calibrate", recording, "--reference", path, *mass)
    assert "a.csv: force: its usual peak is" in refusal
    assert said in refusal
    assert "unit N, told by name" in refusal


def test_a_dry_run_keeps_nothing(cli: Cli, tmp_path: Path, recording: Path) -> None:
    found = cli.ok("calibrate", recording, "--reference", force_csv(tmp_path / "a.csv"), "--dry-run")
    assert "nothing is kept" in found.out
    assert kept(cli) == []


def test_force_in_body_weights_needs_a_mass_and_takes_the_athletes(cli: Cli, tmp_path: Path, recording: Path) -> None:
    cli.ok("athlete", "add", "Ana")
    weights = force_csv(tmp_path / "bw.csv", header="t_s,grf_bw", scale=1 / (MASS_KG * STANDARD_GRAVITY_MPS2))
    how = (recording, "--reference", weights, "--athlete", "Ana", "--json")
    assert "bw.csv: force: grf_bw is in body weights" in cli.refused("calibrate", *how)
    given = cli.ok("calibrate", *how, "--mass-kg", MASS_KG).json
    cli.ok("athlete", "set", "Ana", "--mass-kg", MASS_KG)
    assert cli.ok("calibrate", *how).json["offset_s"] == pytest.approx(given["offset_s"], abs=1e-6)
    with Registry(f"sqlite:///{cli.data_dir / 'registry.db'}") as registry:
        assert registry.learned.calibration("Ana", "shank", METHOD) is not None


def test_an_offset_beyond_belief_is_refused_with_its_figures_and_the_old_line_stays(
    cli: Cli, tmp_path: Path, recording: Path
) -> None:
    cli.ok("calibrate", recording, "--reference", force_csv(tmp_path / "a.csv"))
    before = kept(cli)
    answer = cli("calibrate", recording, "--reference", force_csv(tmp_path / "b.csv", 0.08), "--json")
    assert answer.code == 1
    assert [r["reason"] for r in answer.json["refusals"]] == ["offset-too-large"]
    assert "look for a faulty sensor" in answer.json["refusals"][0]["text"]
    assert kept(cli) == before
    said = cli("calibrate", recording, "--reference", tmp_path / "b.csv")
    assert said.code == 1
    assert "refused: the offset of +" in said.out
    assert "nothing is kept; what was there stays" in said.out


def test_another_run_is_refused(cli: Cli, tmp_path: Path) -> None:
    path = shank_csv(tmp_path / "other.csv", 60.0)
    answer = cli("calibrate", path, "--reference", force_csv(tmp_path / "a.csv"), "--json")
    assert answer.code == 1
    assert answer.json["refusals"]
    assert kept(cli) == []


def test_a_watch_is_compared_by_the_minute(cli: Cli, tmp_path: Path) -> None:
    run = shank_csv(tmp_path / "2024-05-04T08_00_00.000Z.csv", 330.0)
    watch = fit_run(tmp_path / "watch.fit", LONG_AGO_UTC, 400)
    found = cli.ok("calibrate", run, "--reference", watch, "--json").json
    assert (found["kind"], found["of_minutes"], found["n"]) == ("pod", True, 6)
    assert found["before"]["bias_s"] == pytest.approx(-0.01, abs=0.02)
    assert found["residual_sd_s"] >= detector_for("shank").method.contact_time_sd_s
    assert found["clock_lag_s"] is None
    undated = shutil.copy(run, tmp_path / "run.csv")
    assert "no date" in cli.refused("calibrate", undated, "--reference", watch)
    when = LONG_AGO_UTC.strftime("%Y-%m-%dT%H:%M:%S+00:00")
    dated = cli.ok("calibrate", undated, "--reference", watch, "--start", when, "--json").json
    assert (dated["n"], dated["offset_s"], dated["bias_bound_s"]) == (6, pytest.approx(found["offset_s"]), None)
    assert found["bias_bound_s"] is None
    assert cli.ok("calibrate", run, "--reference", watch, "--contact-stream", "stance_time", "--json").err == ""
    assert "the reference is no force" in cli.ok("calibrate", run, "--reference", watch).out
    late = fit_run(tmp_path / "late.fit", LONG_AGO_UTC.replace(hour=12), 400)
    answer = cli("calibrate", run, "--reference", late, "--json")
    assert (answer.code, [r["reason"] for r in answer.json["refusals"]]) == (1, ["no-common-minute"])
    assert (answer.json["n"], answer.json["slope"], answer.json["offset_s"]) == (0, None, None)
    said = cli("calibrate", run, "--reference", late).out
    assert {"offset": "–", "slope": "–"}.items() <= {
        row.split()[0]: row.split()[1] for row in said.splitlines()[1:9]
    }.items()
    assert "does not support one" not in said, "nothing was compared that could support any"


def test_a_pods_own_steps_are_compared_one_by_one(cli: Cli, tmp_path: Path, recording: Path) -> None:
    _, truth = runner()
    left = (truth.side == "L") & np.isfinite(truth.toe_off_s)
    columns = np.column_stack([truth.initial_contact_s[left] + 7, truth.contact_time_s[left] * 1000])
    np.savetxt(tmp_path / "pod.csv", columns, delimiter=",", header="time_s,contact_time_ms", comments="")
    found = cli.ok("calibrate", recording, "--reference", tmp_path / "pod.csv", "--json").json
    assert (found["kind"], found["of_minutes"]) == ("pod", False)
    assert found["clock_lag_s"] == pytest.approx(-7, abs=0.05)


def test_what_cannot_be_compared_is_refused_by_file_place_and_mend(cli: Cli, tmp_path: Path, recording: Path) -> None:
    force = force_csv(tmp_path / "a.csv")
    flat = tmp_path / "flat.csv"
    flat.write_text("t,fz\n" + "".join(f"{i / 100},700\n" for i in range(500)))
    for words, said in [
        (("nowhere", "--reference", force), "nowhere: recording: neither a file nor a session (give a recording)"),
        (("last", "--reference", force), "last: session: there is no session yet"),
        ((recording, "--reference", tmp_path / "no.csv"), "no.csv: opening"),
        ((recording, "--reference", recording), "shank.csv: header: "),
        (
            (recording, "--reference", recording),
            "of a pod: --kind pod --time-column NAME --contact-column NAME)",
        ),
        ((recording, "--reference", force, "--kind", "pod"), "with a time and a contact time (give --time-column NAME"),
        ((recording, "--reference", force, "--reference", flat, "--kind", "pod"), "flat.csv: reference: a second file"),
        ((recording, "--reference", force, "--reference", flat), "flat.csv: time: 500 lines at other times"),
        ((recording, "--reference", flat), "flat.csv: force: the force lies between 700 and 700 N"),
        ((recording, "--reference", force, "--device", "x"), "sensors: no such IMU 'x'; its sensors: shank-logger"),
        ((rsc_mcap(tmp_path / "rsc.mcap"), "--reference", force, "--athlete", "me"), "rsc.mcap: sensors: no IMU"),
        ((tmp_path / "rsc.mcap", "--reference", force), "rsc.mcap: athlete: was recorded of a1"),
        ((fit_run(tmp_path / "w.fit"), "--reference", force), "w.fit: sensors: no IMU"),
        ((recording, "--reference", force, "--athlete", "Bob"), "no athlete 'Bob'"),
    ]:
        assert said in cli.refused("calibrate", *words)
    for option in (("--kind", "x"), ("--mount", "wrist"), ("--force-unit", "kg")):
        answer = cli("calibrate", recording, "--reference", force, *option)
        assert answer.code == 2
        assert "allowed:" in answer.err
    assert kept(cli) == []


def test_two_pods_are_compared_together_and_one_alone_if_asked_for(cli: Cli, tmp_path: Path) -> None:
    course, person = Course.of([Leg("stand", 5), Leg("run", 75, 3.0)]), Person.drawn(seed=3, strike="rearfoot")
    profile = all_profiles()["fuzzylabs-shank-logger"]
    sent = []
    for side, device in (("L", "pod-l"), ("R", "pod-r")):
        fitting = Fitting(mount="shank", side=side, rate_hz=100.0)  # type: ignore[arg-type]
        pod = worn(course, person, fitting, seed=3)
        rows = zip(pod.t_s.tolist(), pod.acceleration_mps2, pod.rotation_radps, strict=True)
        for t_s, acceleration, rotation in rows:
            payload = encode(round(t_s * 1000), acceleration / STANDARD_GRAVITY_MPS2, rotation / DEGREE_RAD)
            sent.append(RawNotification(device, "2fff", LONG_AGO_UTC + timedelta(seconds=t_s + 0.02), payload))
    who = {"sid": "01hx0000000000000000000009", "athlete": "a1", "zone": "UTC", "origin": "live"}
    pods = [BoundDevice("pod-l", profile, "L", "shank"), BoundDevice("pod-r", profile, "R", "shank")]
    recorder = McapRecorder(tmp_path / "two.mcap", devices=pods, **who)
    for raw in sorted(sent, key=lambda raw: raw.arrival_utc):
        recorder.append(raw)
    recorder.close()
    how = ("--reference", force_csv(tmp_path / "a.csv"), "--athlete", "me", "--dry-run", "--json")
    both = cli.ok("calibrate", tmp_path / "two.mcap", *how).json
    left = cli.ok("calibrate", tmp_path / "two.mcap", *how, "--device", "pod-l").json
    assert both["n"] > 1.9 * left["n"] > 150
    assert both["clock_lag_s"] == pytest.approx(LAG_S, abs=0.1)
    assert left["by_side_s"] == {}
    assert both["by_side_s"]["L"] == pytest.approx(left["offset_s"], abs=0.003)
    sides = both["by_side_s"]
    assert min(sides.values()) - 0.003 < both["offset_s"] < max(sides.values()) + 0.003


def test_a_session_whose_recording_is_not_here_is_refused(cli: Cli, tmp_path: Path) -> None:
    (done,) = cli.ok("session", "import", fit_run(tmp_path / "run.fit"), "--json").json
    cli.ok("diary", "exercise", "heel-drop", "--sets", "3")
    for what in (done["sid"], "last"):
        said = cli.refused("calibrate", what, "--reference", force_csv(tmp_path / "a.csv"))
        assert "the session's recording is not here" in said
    (cli.data_dir / "recordings").mkdir(exist_ok=True)
    shutil.copy(fit_run(tmp_path / "run.fit"), cli.data_dir / "recordings" / f"{done['sid']}.mcap")
    said = cli.refused("calibrate", "last", "--reference", force_csv(tmp_path / "a.csv"))
    assert f"{done['sid']}.mcap" in said, "the run's, not the exercise's"
