"""``sensor-hub session export``: a stored session for other programs."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.cli.conftest import Cli, begun
from tests.cli.files import LONG_AGO_UTC, fit_run


@pytest.fixture(scope="module")
def home_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("home")
    keep = ("session", "import", fit_run(folder / "run.fit"), "--athlete", "Ana Secret")
    return begun(folder / "data", ("athlete", "add", "Ana Secret"), keep)


@pytest.fixture
def sid(cli: Cli, home_dir: Path) -> str:
    """A run of Ana Secret, who is not me."""
    (session,) = cli.begin_with(home_dir).ok("session", "list", "--athlete", "Ana Secret", "--json").json
    return str(session["sid"])


@pytest.mark.parametrize("ending", ["csv", "parquet", "fit"])
def test_the_ending_of_the_file_decides_the_format(cli: Cli, tmp_path: Path, sid: str, ending: str) -> None:
    out = tmp_path / f"out.{ending}"
    answer = cli.ok("session", "export", sid, "--out", out, "--json").json
    assert answer == {"file": str(out), "format": ending, "sid": sid, "rows": 301}
    signature = {"csv": (0, b"time_utc_us,side"), "parquet": (0, b"PAR1"), "fit": (8, b".FIT")}
    assert out.read_bytes().startswith(signature[ending][1], signature[ending][0])
    assert b"Ana Secret" not in out.read_bytes()


def test_an_exported_fit_is_the_same_run_when_it_is_analysed(cli: Cli, tmp_path: Path, sid: str) -> None:
    out = tmp_path / "out.fit"
    cli.ok("session", "export", sid, "--out", out)
    first = cli.ok("session", "analyze", fit_run(tmp_path / "run.fit"), "--json").json
    again = cli.ok("session", "analyze", out, "--json").json
    assert again["n_steps"] == pytest.approx(first["n_steps"], abs=1)
    for name in ("duration_s", "distance_m", "contact_time_s", "load_eq_km", "cadence_spm"):
        assert again[name] == pytest.approx(first[name], rel=0.005), name


def test_last_is_the_newest_session_of_the_athlete(cli: Cli, tmp_path: Path, sid: str) -> None:
    later = fit_run(tmp_path / "later.fit", LONG_AGO_UTC + timedelta(days=1))
    (result,) = cli.ok("session", "import", later, "--json").json
    mine = cli.ok("session", "export", "last", "--out", tmp_path / "a.csv", "--json").json
    hers = cli.ok("session", "export", "last", "--athlete", "Ana Secret", "--out", tmp_path / "b.csv", "--json").json
    assert (mine["sid"], hers["sid"]) == (result["sid"], sid)


def test_last_is_never_an_exercise_put_in_by_hand(cli: Cli, tmp_path: Path, sid: str) -> None:
    cli.ok("diary", "exercise", "heel-drop", "--sets", "3", "--athlete", "Ana Secret")
    last = ("session", "export", "last", "--athlete", "Ana Secret", "--json")
    assert cli.ok(*last, "--out", tmp_path / "a.csv").json["sid"] == sid
    cli.ok("athlete", "add", "Bea")
    cli.ok("diary", "exercise", "heel-drop", "--sets", "3", "--athlete", "Bea")
    only = ("session", "export", "last", "--athlete", "Bea", "--summary", "--out", tmp_path / "b.csv")
    assert cli.ok(*only, "--json").json["rows"] == 1


def test_a_name_leaves_only_when_asked_for(cli: Cli, tmp_path: Path, sid: str) -> None:
    out = tmp_path / "out.csv"
    cli.ok("session", "export", sid, "--out", out, "--summary")
    assert "Ana Secret" not in out.read_text()
    cli.ok("session", "export", sid, "--out", out, "--summary", "--with-name", "--force")
    assert "Ana Secret" in out.read_text()
    assert "no place for a name" in cli.refused("session", "export", sid, "--out", tmp_path / "o.fit", "--with-name")


def test_a_file_that_is_there_is_not_replaced_without_force(cli: Cli, tmp_path: Path, sid: str) -> None:
    out = tmp_path / "out.csv"
    out.write_text("mine")
    assert "--force" in cli.refused("session", "export", sid, "--out", out)
    assert out.read_text() == "mine"
    cli.ok("session", "export", sid, "--out", out, "--force")
    assert out.read_text().startswith("time_utc_us,side,n_steps,")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("nosuchsid",), "no session 'nosuchsid' here"),
        (("last", "--athlete", "me"), "has no session yet"),
        (("SID", "--format", "fit", "--summary"), "--summary is for --format csv"),
        (("SID", "--format", "xlsx"), "allowed: csv, parquet, fit"),
    ],
)
def test_what_cannot_be_exported_is_said_in_one_line(
    cli: Cli, tmp_path: Path, sid: str, words: tuple[str, ...], says: str
) -> None:
    out = tmp_path / "out"
    answer = cli("session", "export", *(sid if word == "SID" else word for word in words), "--out", out)
    assert answer.code == 2
    assert says in " ".join(answer.err.split())
    assert not out.exists()


def test_a_session_of_a_log_has_a_summary_and_no_steps(cli: Cli, tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    log.write_text("start_utc,type,distance_m,duration_s\n2024-05-04T08:00:00Z,running,5000,1500\n")
    cli.ok("session", "import", log)
    assert "has no steps to export" in cli.refused("session", "export", "last", "--out", tmp_path / "a.csv")
    cli.ok("session", "export", "last", "--summary", "--out", tmp_path / "b.csv")
    assert "5000.0" in (tmp_path / "b.csv").read_text()
