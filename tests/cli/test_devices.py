"""``devices``: on a virtual radio, through the command line."""

import math
from collections.abc import Callable
from pathlib import Path

import pytest

from sensor_hub.adapters.registry import Registry
from sensor_hub.adapters.virtual.pods import rsc_pod, shank_pod
from sensor_hub.adapters.virtual.radio import VirtualRadio
from sensor_hub.app.analysis import open_file
from sensor_hub.app.collecting.collecting import Air
from sensor_hub.app.place import Place
from sensor_hub.cli import pairing
from sensor_hub.model.pattern import GaitPattern
from sensor_hub.model.raw import RawNotification
from sensor_hub.words.pods import finding_text
from tests.app.on_air import LEFT, RIGHT
from tests.cli.conftest import Cli
from tests.cli.pods import leaves_soon, on_air, pair_unheard, told_to_end_when

RSC, SHANK = "standard-rsc", "fuzzylabs-shank-logger"
RUNNING = [(i * 0.5, "2a53", b"\x04\x00\x03\xaa") for i in range(200)]


@pytest.fixture
def air(monkeypatch: pytest.MonkeyPatch) -> VirtualRadio:
    radio = VirtualRadio([shank_pod(LEFT, "MyFoot SIM", battery_percent=64), rsc_pod(RIGHT, "Foot SIM", RUNNING)])
    on_air(radio, monkeypatch)
    return radio


def test_scan_lists_who_is_heard_and_what_they_are(cli: Cli, air: VirtualRadio) -> None:
    heard = {h["name"]: h for h in cli.ok("devices", "scan", "--json").json}
    assert heard["MyFoot SIM"]["profile"] == "fuzzylabs-shank-logger"
    assert heard["Foot SIM"]["profile"] == "standard-rsc"
    assert heard["Foot SIM"]["address"] == RIGHT
    assert heard["Foot SIM"]["paired"] is None


def test_scan_hears_nobody_and_leaves_with_1(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    on_air(VirtualRadio(), monkeypatch)
    answer = cli("devices", "scan")
    assert answer.code == 1
    assert "nobody was heard" in answer.err


def test_what_is_remembered_of_strides_is_shown_and_erased_for_one_athlete(cli: Cli) -> None:
    assert "nothing is remembered" in cli.ok("devices", "habits").out
    with Registry(f"sqlite:///{cli.data_dir / 'registry.db'}") as registry:
        for who in ("Ana", "Bea"):
            registry.add_athlete(who, "UTC")
            for mount in ("foot", "shank"):
                usual = GaitPattern(mount, "L", ("swing_radps", "tilt_rad"), (11.5, math.nan), None, 3, 900)
                registry.learned.keep_pattern(who, usual)
    assert len(cli.ok("devices", "habits", "--json").json) == 4
    shown = cli.ok("devices", "habits", "--athlete", "Ana", "--mount", "foot", "--json").json
    assert [(h["mount"], h["side"], h["n_sessions"], h["forgotten"]) for h in shown] == [("foot", "L", 3, False)]
    assert shown[0]["features"] == {"swing_radps": {"mean": 11.5, "sd": None}, "tilt_rad": {"mean": None, "sd": None}}
    assert "Bea" not in cli.ok("devices", "habits", "--athlete", "Ana").out
    refused = cli("devices", "habits", "--forget")
    assert refused.code == 2
    assert "--forget needs --athlete" in refused.err
    assert "forgotten" in cli.ok("devices", "habits", "--athlete", "Ana", "--mount", "foot", "--forget").out
    assert [h["mount"] for h in cli.ok("devices", "habits", "--athlete", "Ana", "--json").json] == ["shank"]
    cli.ok("devices", "habits", "--athlete", "Ana", "--forget", "--json")
    assert cli.ok("devices", "habits", "--athlete", "Ana", "--json").json == []
    assert len(cli.ok("devices", "habits", "--json").json) == 2


def test_pairing_a_pod_again_forgets_how_strides_looked_to_it(cli: Cli, air: VirtualRadio) -> None:
    pair = ("devices", "pair", "MyFoot", "--side", "left")
    for words in (pair, pair, ("devices", "bind", "MyFoot SIM")):
        with Registry(f"sqlite:///{cli.data_dir / 'registry.db'}") as registry:
            me = registry.me("UTC").id
            registry.learned.keep_pattern(me, GaitPattern("shank", "L", ("swing_radps",), (11.5,), None, 3, 900))
        cli.ok(*words)
        assert cli.ok("devices", "habits", "--json").json == []


def test_a_pod_is_paired_listed_bound_and_forgotten(cli: Cli, air: VirtualRadio) -> None:
    paired = cli.ok("devices", "pair", "MyFoot", "--side", "left", "--json").json
    assert (paired["side"], paired["mount"], paired["battery_percent"]) == ("L", "shank", 64)
    assert paired["gives"] == "contact"
    listed = cli.ok("devices", "list", "--json")
    assert [d["id"] for d in listed.json] == [paired["id"]]
    assert LEFT not in listed.out
    assert "MyFoot SIM" in cli.ok("devices", "list").out
    cli.ok("athlete", "add", "Ana")
    moved = cli.ok("devices", "bind", "MyFoot SIM", "--athlete", "Ana", "--role", "right", "--json").json
    assert (moved["athlete"], moved["side"]) == ("Ana", "R")
    assert cli.ok("devices", "bind", "MyFoot SIM", "--nobody", "--json").json["athlete"] is None
    assert cli.ok("devices", "unpair", "MyFoot SIM", "--json").json == {
        "id": paired["id"],
        "name": "MyFoot SIM",
        "problem": None,
    }
    assert cli.ok("devices", "list", "--json").json == []


def test_a_pod_is_called_as_one_likes(cli: Cli, air: VirtualRadio) -> None:
    assert cli.ok("devices", "pair", "Foot SIM", "--name", "Red one", "--json").json["name"] == "Red one"


def test_left_and_right_change_sides_in_one_step(cli: Cli) -> None:
    pair_unheard(cli, "MyFoot 1", SHANK, side="L")
    pair_unheard(cli, "MyFoot 2", SHANK, side="R", address=RIGHT)
    assert "MyFoot 1 and MyFoot 2 have changed sides" in cli.ok("devices", "bind", "MyFoot 1", "--side", "right").out
    back = cli.ok("devices", "bind", "MyFoot 1", "--side", "left", "--json").json
    assert (back["side"], back["exchanged_with"]["name"], back["exchanged_with"]["side"]) == ("L", "MyFoot 2", "R")
    assert cli.ok("devices", "bind", "MyFoot 1", "--side", "left", "--json").json["exchanged_with"] is None


def test_what_is_said_when_paired_names_what_it_gives_and_what_is_unknown(cli: Cli, air: VirtualRadio) -> None:
    said = cli.ok("devices", "pair", "Foot SIM")
    assert "no contact time" in said.out
    assert "documented" in said.out
    assert "87 %" in said.out
    assert "SIM-1" in said.out, "the serial number is for who holds the sensor"


@pytest.mark.parametrize(
    ("words", "mend"),
    [
        (["Stryd"], "was not heard"),
        (["MyFoot"], "--side left or right"),
        (["MyFoot", "--profile", "nothing"], "devices profiles"),
        (["Foot SIM", "--side", "left", "--profile", "fuzzylabs-shank-logger"], "fits 2 sensors|no characteristic"),
    ],
)
def test_what_cannot_be_paired_is_refused_with_the_mend(
    cli: Cli, air: VirtualRadio, words: list[str], mend: str
) -> None:
    answer = cli("devices", "pair", *words)
    assert answer.code == 2
    assert any(part in answer.err for part in mend.split("|")), answer.err
    assert cli.ok("devices", "list", "--json").json == []


def test_without_a_terminal_a_name_is_needed(cli: Cli, air: VirtualRadio) -> None:
    answer = cli("devices", "pair")
    assert answer.code == 2
    assert "needs a terminal" in answer.err


def test_on_a_terminal_it_asks_which_one_and_on_which_leg(
    cli: Cli, air: VirtualRadio, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def prompt(text: str, value_proc: Callable[[str], str]) -> str:
        asked.append(text)
        return value_proc("1" if "Which" in text else "left")

    monkeypatch.setattr(pairing, "_on_terminal", lambda: True)
    monkeypatch.setattr("typer.prompt", prompt)
    said = cli.ok("devices", "pair")
    assert asked[0] == "Which one (1-2)"
    assert "Paired" in said.out
    assert len(cli.ok("devices", "list", "--json").json) == 1


def test_check_says_of_each_pod_whether_it_is_fit(cli: Cli, air: VirtualRadio) -> None:
    pair_unheard(cli, "Foot SIM", RSC, address=RIGHT)
    checked = cli.ok("devices", "check", "--seconds", 3, "--json").json
    assert [(c["name"], c["verdict"]) for c in checked] == [("Foot SIM", "ok")]
    assert checked[0]["rate_hz"] == pytest.approx(2.0, rel=0.2)
    assert checked[0]["battery_percent"] == 87
    with Registry(Place.at(cli.data_dir).registry_url) as registry:
        (kept,) = registry.sensor_checks.all().values()
    assert (kept.device, kept.verdict) == (checked[0]["device"], "fit"), "the page shows it"
    pair_unheard(cli, "MyFoot SIM", SHANK, side="L")
    answer = cli("devices", "check", "--seconds", 1)
    assert answer.code == 1
    assert "MyFoot SIM: linked, but it sends no readings" in answer.out


def test_check_without_a_pod_says_what_to_do(cli: Cli) -> None:
    assert "devices pair" in cli.refused("devices", "check")


def test_a_recording_can_be_checked(cli: Cli, air: VirtualRadio, monkeypatch: pytest.MonkeyPatch) -> None:
    pair_unheard(cli, "Foot SIM", RSC, address=RIGHT)
    leaves_soon(monkeypatch)
    with told_to_end_when(lambda: air.pods[1].n_sent["2a53"] >= 6):
        cli.ok("session", "record")
    (recording,) = (cli.data_dir / "recordings").glob("*.mcap")
    (checked,) = cli.ok("devices", "check", "--replay", recording, "--json").json
    assert checked["verdict"] == "ok"
    assert checked["n_steps"] > 0
    assert "no such" in cli.refused("devices", "check", "--replay", "nothing.mcap").lower()


def test_a_recording_holds_neither_address_nor_serial_number(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    radio = VirtualRadio([rsc_pod(LEFT, "Foot SIM", RUNNING)])
    on_air(radio, monkeypatch)
    shipped = (Path(__file__).parents[2] / "firmware_profiles" / "standard-rsc.toml").read_text(encoding="utf-8")
    assert "[stream]" in shipped
    own = shipped.replace('"standard-rsc"', '"asks-for-all"').replace("reads = [", 'reads = ["2a25", ')
    assert '"2a25"' in own
    (tmp_path / "asks.toml").write_text(own, encoding="utf-8")
    monkeypatch.setenv("SENSOR_HUB_PROFILES_DIR", str(tmp_path))
    cli.ok("devices", "pair", "Foot SIM", "--profile", "asks-for-all")
    leaves_soon(monkeypatch)
    with told_to_end_when(lambda: radio.pods[0].n_sent["2a53"] >= 3):
        cli.ok("session", "record")
    (recording,) = (cli.data_dir / "recordings").glob("*.mcap")
    raws = [item for item in open_file(recording, own_profiles=tmp_path) if isinstance(item, RawNotification)]
    assert "2a29" in {raw.characteristic for raw in raws}, "the maker was asked for, so the serial number could be too"
    told = b" ".join([*(raw.payload + raw.device.encode() for raw in raws), recording.read_bytes()])
    assert b"SIM-1" not in told
    for address in (LEFT, LEFT.replace(":", "_"), LEFT.replace(":", "")):
        assert address.encode().lower() not in told.lower()
    assert bytes.fromhex(LEFT.replace(":", "")) not in told


def test_profiles_are_listed_shown_written_and_checked(cli: Cli, tmp_path: Path) -> None:
    rows = {row["id"]: row for row in cli.ok("devices", "profiles", "--json").json}
    assert {"standard-rsc", "stryd", "polar-h10", "movesense"} <= rows.keys()
    assert "stryd" in cli.ok("devices", "profiles").out
    assert cli.ok("devices", "profiles", "show", "polar-h10", "--json").json["start"]
    assert "Stryd" in cli.ok("devices", "profiles", "show", "stryd").out
    assert "no firmware profile 'x'" in cli.refused("devices", "profiles", "show", "x")
    out = tmp_path / "acme-pod.toml"
    assert str(out) in cli.ok("devices", "profiles", "new", "acme-pod", "--name", "Acme Pod", "--out", out).out
    assert "exists already" in cli.refused("devices", "profiles", "new", "acme-pod", "--name", "Acme Pod", "--out", out)
    assert cli.ok("devices", "profiles", "check", out, "--json").json["id"] == "acme-pod"
    out.write_text(out.read_text().replace('kind = "imu"', 'kind = "kettle"'))
    assert str(out) in cli.refused("devices", "profiles", "check", out)


def test_a_profile_written_into_the_own_folder_is_used(cli: Cli) -> None:
    cli.ok("devices", "profiles", "new", "acme-pod", "--name", "Acme Pod")
    rows = {row["id"]: row for row in cli.ok("devices", "profiles", "--json").json}
    assert rows["acme-pod"]["origin"] != "shipped"


@pytest.mark.parametrize("command", ["scan", "adapters"])
def test_without_bluetooth_it_says_what_is_missing(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, command: str
) -> None:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={tmp_path / 'no-bus'}")
    answer = cli("devices", command)
    assert answer.code == 2
    assert "no system D-Bus" in answer.err


def test_a_check_without_bluetooth_stops_at_once_and_says_what_is_missing(
    cli: Cli, air: VirtualRadio, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pair_unheard(cli, "Foot SIM", RSC)
    monkeypatch.setattr("sensor_hub.app.collecting.radios.air", lambda _settings: Air())
    monkeypatch.setattr("sensor_hub.app.collecting.checking.CONNECT_S", 3600.0)
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={tmp_path / 'no-bus'}")
    answer = cli("devices", "check", "--seconds", 1)
    assert answer.code == 2
    assert "no system D-Bus" in answer.err
    assert answer.out == ""


def test_a_passkey_is_a_number_of_six_digits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("typer.prompt", lambda *_text, value_proc, **_how: value_proc("001234"))
    assert pairing.ask_passkey() == 1234
    monkeypatch.setattr("typer.prompt", lambda *_text, value_proc, **_how: value_proc("12345x"))
    with pytest.raises(Exception, match="six digits"):
        pairing.ask_passkey()


def test_every_code_of_a_check_has_a_sentence() -> None:
    from sensor_hub.app.collecting.checking_readings import SEVERITY

    for code in SEVERITY:
        assert finding_text(code, 1.0) != code
    assert finding_text("a-new-one", None) == "a-new-one"
