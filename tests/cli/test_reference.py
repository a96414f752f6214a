"""``sensor-hub load reference``: what is in use, what would be learned, and a new version when it is asked for."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from sensor_hub.adapters.registry import Registry
from sensor_hub.app.place import Place
from sensor_hub.load.achilles import VERSION
from sensor_hub.model.load import LoadReference
from sensor_hub.model.reference import Learned
from tests.cli.conftest import Cli, begun
from tests.cli.files import fit_run, season

TODAY_UTC = datetime.now(UTC).replace(hour=0, minute=1, second=0, microsecond=0)


@pytest.fixture(scope="module")
def ready_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ready")
    runs = season(folder, TODAY_UTC, last_s=300)
    add = ("athlete", "add", "Ana", "--zone", "UTC")
    return begun(folder / "data", add, ("session", "import", *runs, "--athlete", "Ana", "--jobs", 1))


@pytest.fixture
def ready(cli: Cli, ready_dir: Path) -> Cli:
    """Four runs of the last 28 days and one before, with contact times of a watch."""
    return cli.begin_with(ready_dir)


def sessions(cli: Cli) -> dict[str, dict[str, Any]]:
    return {s["sid"]: s for s in cli.ok("session", "list", "--athlete", "Ana", "--json").json}


def test_without_a_run_there_is_nothing_to_learn_from(cli: Cli) -> None:
    cli.ok("athlete", "add", "Ana")
    assert "no run with a load is stored" in cli.ok("load", "reference", "show", "--athlete", "Ana").out
    assert cli.ok("load", "reference", "show", "--athlete", "Ana", "--json").json is None
    assert cli.ok("load", "reference", "list", "--json").json == []
    assert "nobody has a reference" in cli.ok("load", "reference", "list").out
    answer = cli("load", "reference", "learn", "--athlete", "Ana")
    assert (answer.code, "no run with a load is stored" in answer.out) == (1, True)
    assert cli.ok("load", "status", "--athlete", "Ana", "--json").json["own_reference"] is None


def test_too_few_runs_say_what_is_missing_and_leave_with_1(cli: Cli, tmp_path: Path) -> None:
    cli.ok("athlete", "add", "Ana", "--zone", "UTC")
    cli.ok("session", "import", fit_run(tmp_path / "a.fit", TODAY_UTC), "--athlete", "Ana")
    answer = cli("load", "reference", "learn", "--athlete", "Ana")
    assert answer.code == 1
    assert "waits for 14 more days, 3 more runs, 114" in answer.out
    assert "nothing is learned" in answer.out
    told = cli.ok("load", "reference", "show", "--athlete", "Ana", "--json").json
    assert (told["missing"], told["days_left"], told["sessions_left"]) == (["days", "sessions", "steps"], 14, 3)
    assert (told["would_be"], told["in_use"]["id"], told["easy_km_change"]) == (None, "ref-pop-1", None)
    assert "waits for" in cli.ok("load", "status", "--athlete", "Ana").out


def test_a_dry_run_shows_before_and_after_and_keeps_nothing(ready: Cli) -> None:
    before = sessions(ready)
    answer = ready.ok("load", "reference", "learn", "--athlete", "Ana", "--dry-run")
    assert "in use (ref-pop-1, of 83 treadmill trials)" in answer.out
    assert "nothing is kept: this was --dry-run" in answer.out
    assert answer.out.count("modelled, ±40 %") >= 4, "no absolute force without it"
    assert "runs of the last 30 days" in answer.out
    assert ready.ok("load", "reference", "list", "--json").json == []
    assert sessions(ready) == before


def test_a_learned_version_is_kept_listed_told_and_used(ready: Cli, tmp_path: Path) -> None:
    before = sessions(ready)
    would = ready.ok("load", "reference", "show", "--athlete", "Ana", "--json").json
    made = ready.ok("load", "reference", "learn", "--athlete", "Ana", "--json").json
    kept = made["kept"]
    assert (kept["id"], kept["made"], kept["before"], kept["active"]) == ("ref-own-1", "asked", "ref-pop-1", True)
    assert (kept["n_sessions"], kept["model"]) == (4, VERSION)
    assert kept["contact_time_s"] == would["would_be"]["contact_time_s"]
    assert set(made["expressed_anew"]) == set(before)
    after = sessions(ready)
    assert {s["reference"] for s in after.values()} == {"ref-own-1"}
    for sid, session in after.items():
        was, now = before[sid]["load_eq_km"], session["load_eq_km"]
        assert isinstance(was, float)
        assert now == pytest.approx(was / (1 + would["easy_km_change"]), abs=1e-6)
    assert made["last_30_days"]["would_be_eq_km"] == pytest.approx(
        sum(s["load_eq_km"] for s in after.values()), abs=1e-5
    )
    (listed,) = ready.ok("load", "reference", "list", "--athlete", "Ana", "--json").json
    assert listed == kept
    today = datetime.now(UTC).date().isoformat()
    line = f"Since {today}: their own reference ref-own-1, from 4 runs"
    assert line in ready.ok("load", "reference", "show", "--athlete", "Ana").out
    assert line in ready.ok("load", "status", "--athlete", "Ana").out
    assert "before that the population's" in ready.ok("load", "status", "--athlete", "Ana").out
    assert ready.ok("load", "status", "--athlete", "Ana", "--json").json["own_reference"]["in_use"] == kept
    assert "ref-own-1" in ready.ok("load", "reference", "list").out
    new = fit_run(tmp_path / "new.fit", TODAY_UTC - timedelta(days=2))
    ready.ok("session", "import", new, "--athlete", "Ana")
    assert {s["reference"] for s in sessions(ready).values()} == {"ref-own-1"}


def test_learning_again_without_a_new_run_changes_nothing(ready: Cli) -> None:
    ready.ok("load", "reference", "learn", "--athlete", "Ana")
    before = sessions(ready)
    for more in ((), ("--dry-run",)):
        said = ready.ok("load", "reference", "learn", "--athlete", "Ana", *more).out
        assert "nothing changed: ref-own-1 has these numbers already" in said
    assert ready.ok("load", "reference", "learn", "--athlete", "Ana", "--json").json["kept"] is None
    assert [k["id"] for k in ready.ok("load", "reference", "list", "--json").json] == ["ref-own-1"]
    assert sessions(ready) == before


def test_a_second_version_is_a_new_one_and_the_first_stays_listed(ready: Cli, tmp_path: Path) -> None:
    ready.ok("load", "reference", "learn", "--athlete", "Ana")
    new = fit_run(tmp_path / "new.fit", TODAY_UTC - timedelta(days=2))
    ready.ok("session", "import", new, "--athlete", "Ana")
    second = ready.ok("load", "reference", "learn", "--athlete", "Ana")
    assert "kept as ref-own-2" in second.out
    listed = ready.ok("load", "reference", "list", "--json").json
    assert [(k["id"], k["active"], k["before"]) for k in listed] == [
        ("ref-own-1", False, "ref-pop-1"),
        ("ref-own-2", True, "ref-own-1"),
    ]
    assert {s["reference"] for s in sessions(ready).values()} == {"ref-own-2"}


@pytest.mark.parametrize(("line", "off"), [(1.04, False), (1.06, True), (0.94, True)])
def test_status_says_that_a_new_version_could_be_learned_when_the_one_in_use_is_off(
    ready: Cli, line: float, off: bool
) -> None:
    """It is said and not done: a later version comes only when it is asked for."""
    would = ready.ok("load", "reference", "show", "--athlete", "Ana", "--json").json["would_be"]
    learned_on = datetime.now(UTC).date()
    older = {name: would[name] for name in LoadReference.__slots__ if name in would} | {
        "id": "",
        "hard_line_bw": would["hard_line_bw"] / line,
        "learned_on": learned_on,
    }
    with Registry(Place.at(ready.data_dir).registry_url) as registry:
        kept = registry.references.keep("Ana", Learned(LoadReference(**older), at_easy_speed=True), asked=True)
    told = ready.ok("load", "status", "--athlete", "Ana").out
    assert ("Their newest 28 days differ from their reference" in told) is off
    assert ("sensor-hub load reference learn" in told) is off
    assert ready.ok("load", "status", "--athlete", "Ana", "--json").json["own_reference"]["is_off"] is off
    assert [k["id"] for k in ready.ok("load", "reference", "list", "--json").json] == [kept.reference.id]


def test_an_unknown_instrument_names_the_known_ones(ready: Cli) -> None:
    answer = ready("load", "reference", "learn", "--athlete", "Ana", "--instrument", "imu/foot/foot-1.0")
    assert answer.code == 2
    assert "contact/" in answer.err
    assert ready.ok("load", "reference", "list", "--json", "--instrument", "imu/foot/foot-1.0").json == []
    assert "'Bea'" in ready.refused("load", "reference", "show", "--athlete", "Bea")


@pytest.mark.parametrize("command", ["list", "show", "learn"])
def test_the_help_has_examples(cli: Cli, command: str) -> None:
    said = cli.ok("load", "reference", command, "--help").out
    assert f"sensor-hub load reference {command}" in " ".join(said.split())
