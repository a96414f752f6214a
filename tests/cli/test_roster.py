"""``roster``: tonight's pods through the command line."""

from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from sensor_hub.adapters.registry import Registry
from sensor_hub.adapters.virtual.pods import shank_pod
from sensor_hub.adapters.virtual.radio import VirtualRadio
from sensor_hub.simulation.squad import RSC_PROFILE, SHANK_PROFILE
from tests.app.on_air import LEFT
from tests.cli.conftest import Cli
from tests.cli.pods import on_air

ADDRESS = "C0:00:00:00:00:0"


@pytest.fixture
def box(cli: Cli) -> Cli:
    """A box of pods, three people, and a pod that is Cem's for good."""
    with Registry(f"sqlite:///{cli.data_dir / 'registry.db'}") as registry:
        for who in ("Ana", "Ben", "Cem"):
            registry.add_athlete(who, "UTC")
        for n in (1, 2):
            registry.add_device(f"{ADDRESS}{n}", f"Pod {n}", RSC_PROFILE)
        registry.add_device(f"{ADDRESS}3", "Red", SHANK_PROFILE, mount="shank")
        registry.add_device(f"{ADDRESS}4", "Cem's", RSC_PROFILE, athlete="Cem")
    return cli


def held(cli: Cli) -> dict[str, str]:
    pods = cli.ok("roster", "show", "--json").json["pods"]
    return {p["name"]: p["athlete_name"] for p in pods if p["until"] is not None}


def test_without_a_pod_it_is_said_what_to_do(cli: Cli) -> None:
    assert "devices pair" in cli.ok("roster", "show").out
    assert "no roster now" in cli.ok("roster", "list").out


def test_twelve_pods_stand_in_the_order_of_their_numbers(cli: Cli) -> None:
    with Registry(f"sqlite:///{cli.data_dir / 'registry.db'}") as registry:
        for n in range(12, 0, -1):
            registry.add_device(f"{ADDRESS[:-1]}{n:02d}", f"Pod {n}", RSC_PROFILE)
    pods = cli.ok("roster", "show", "--json").json["pods"]
    assert [pod["name"] for pod in pods] == [f"Pod {n}" for n in range(1, 13)]


def test_a_dry_run_refuses_what_the_real_one_would_and_answers_a_program(box: Cli) -> None:
    late = box("roster", "set", "Pod 1=Ana", "--dry-run", "--until", "2100-01-01T00:00")
    assert late.code == 2
    assert "holds 7 days at most" in late.err
    told = box.ok("roster", "set", "Pod 1=Ana", "Cem's=Ben", "--dry-run", "--json").json
    assert told == {
        "n_pods": 2,
        "questions": ["Cem's is Cem's for good: tonight it would be Ben's"],
        "changed": False,
    }
    assert "1 pod could be given" in box.ok("roster", "set", "Pod 1=Ana", "--dry-run").out
    assert held(box) == {}


def test_pods_are_given_shown_swapped_and_cleared(box: Cli) -> None:
    given = box.ok("roster", "set", "Pod 1=Ana", "Red=Ben:left")
    assert "goes on for whom it began, until 10 min without a step; who takes its pod over sooner runs on" in given.out
    assert held(box) == {"Pod 1": "Ana", "Red": "Ben"}
    shown = box.ok("roster", "show").out
    assert "Ana" in shown
    assert "the box" in shown
    assert ADDRESS not in shown
    box.ok("roster", "swap", "Pod 1", "Pod 2")
    assert held(box) == {"Pod 2": "Ana", "Red": "Ben"}
    past = box.ok("roster", "list", "--past", "--json").json
    assert [(line["name"], line["athlete_name"]) for line in past] == [
        ("Pod 1", "Ana"), ("Red", "Ben"), ("Pod 2", "Ana"),
    ]  # fmt: skip
    box.ok("roster", "clear", "Red")
    assert held(box) == {"Pod 2": "Ana"}
    box.ok("roster", "clear", "--yes")
    assert held(box) == {}
    assert "Pod 2" in box.ok("roster", "list", "--past").out
    assert box.ok("roster", "list", "--json").json == []


def test_nobody_answers_and_nothing_is_changed(box: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", StringIO(""))
    answer = box("roster", "set", "Cem's=Ana")
    assert answer.code == 1
    assert "Cem's is Cem's for good: tonight it would be Ana's" in answer.err
    assert "nothing was changed" in answer.err
    assert held(box) == {}
    box.ok("roster", "set", "Cem's=Ana", "--yes")
    assert held(box) == {"Cem's": "Ana"}
    answer = box("roster", "clear")
    assert answer.code == 1
    assert held(box) == {"Cem's": "Ana"}


def test_a_dry_run_says_what_would_be_asked_and_changes_nothing(box: Cli) -> None:
    answer = box.ok("roster", "set", "Cem's=Ana", "Pod 1=Ben", "--dry-run")
    assert "for good" in answer.err
    assert "2 pods could be given" in answer.out
    assert held(box) == {}


def test_a_table_is_read_and_a_mistake_in_it_changes_nothing(box: Cli, tmp_path: Path) -> None:
    table = tmp_path / "tonight.csv"
    table.write_text("pod,athlete,side\nPod 1,Ana,\nRed,Ben,starboard\n", encoding="utf-8")
    assert "line 3: side 'starboard'" in box.refused("roster", "set", "--file", table)
    assert held(box) == {}
    table.write_text("pod,athlete,side\nPod 1,Ana,\nRed,Ben,right\n", encoding="utf-8")
    box.ok("roster", "set", "--file", table, "--hours", 2)
    assert held(box) == {"Pod 1": "Ana", "Red": "Ben"}


def test_the_roster_of_a_day_is_copied(box: Cli) -> None:
    box.ok("roster", "set", "Pod 1=Ana")
    box.ok("roster", "clear", "--yes")
    with Registry(f"sqlite:///{box.data_dir / 'registry.db'}") as registry:
        (line,) = registry.rosters.lines()
    zone = box.ok("roster", "show", "--json").json["zone"]
    assert line.from_utc <= datetime.now(UTC)
    day = line.from_utc.astimezone(ZoneInfo(zone)).date()
    box.ok("roster", "copy", day.isoformat(), "--hours", 1)
    assert held(box) == {"Pod 1": "Ana"}
    assert "no roster began on 2020-01-01" in box.refused("roster", "copy", "2020-01-01")


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["Pod 1"], "write POD=ATHLETE"),
        (["Pod 1=Nobody"], "no athlete 'Nobody'"),
        (["Pod 1=Ana", "Pod 2=Ana"], "every step would be seen twice"),
        (["Pod 1=Ana", "--until", "late"], "no end of a roster"),
        (["Pod 1=Ana", "--until", "2020-01-01T10:00"], "would end before it begins"),
    ],
)
def test_what_cannot_be_is_refused_in_a_line(box: Cli, words: list[str], why: str) -> None:
    assert why in box.refused("roster", "set", *words)
    assert held(box) == {}


def test_two_ends_are_one_too_many(box: Cli) -> None:
    answer = box("roster", "set", "Pod 1=Ana", "--until", "22:00", "--hours", "2")
    assert answer.code == 2
    assert held(box) == {}


def test_a_pod_of_a_box_is_paired_for_nobody_and_worn_by_whom_a_roster_says(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_air(VirtualRadio([shank_pod(LEFT, "MyFoot SIM")]), monkeypatch)
    paired = cli.ok("devices", "pair", "MyFoot", "--nobody", "--name", "Pod 7", "--json").json
    assert (paired["athlete"], paired["side"], paired["mount"]) == (None, "U", "shank")
    answer = cli("devices", "pair", "MyFoot", "--nobody", "--athlete", "Ana")
    assert answer.code == 2
    cli.ok("athlete", "add", "Ana")
    assert "which, as in 'Pod 7=Ana:left'" in cli.refused("roster", "set", "Pod 7=Ana")
    given = cli.ok("roster", "set", "Pod 7=Ana:left")
    assert "how the strides of Ana look there is not known yet" in given.out
    assert held(cli) == {"Pod 7": "Ana"}
    assert cli.ok("devices", "list", "--json").json[0]["athlete"] is None
