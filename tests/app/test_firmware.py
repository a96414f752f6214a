"""Firmware profiles: those shipped, and the user's own, which win; which of them fits a sensor."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensor_hub.app.collecting import firmware
from sensor_hub.app.collecting.firmware import (
    all_profiles,
    profile_of_id,
    profile_of_name,
    profile_rows,
    profiles_for_characteristics,
    recognise,
    template,
)
from sensor_hub.app.place import own_profiles
from sensor_hub.config import load_settings
from sensor_hub.errors import ProfileError
from sensor_hub.profiles import load_profile

FOLDER = Path(__file__).parents[2] / "firmware_profiles"
PROFILES = all_profiles()
STRYD = "7e78aa18-72cd-d3b8-a81f-5b7e589bea0f"
METAWEAR = "326a9000-85cb-9195-d9dd-464cfbbae75a"
PMD = "fb005c82-02e7-f387-1cad-8acd2d8df0c8"


def text(name: str, **changes: str) -> str:
    found = (FOLDER / f"{name}.toml").read_text(encoding="utf-8")
    for old, new in changes.items():
        assert old in found
        found = found.replace(old, new)
    return found


# --- reading them ----------------------------------------------------------------------------------------------------


def test_every_shipped_profile_is_there_under_its_id() -> None:
    assert set(PROFILES) == {path.stem for path in FOLDER.glob("*.toml")} - {"_template"}
    assert all(profile.id == key for key, profile in PROFILES.items())


def test_the_user_s_own_goes_before_the_shipped_one(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(text("standard-rsc", **{"version = 1": "version = 7"}))
    (tmp_path / "notes.txt").write_text("not a profile")
    (tmp_path / "_draft.toml").write_text("not a profile either")
    profiles = all_profiles(tmp_path)
    assert profiles["standard-rsc"].tag == "standard-rsc@7"
    assert set(profiles) == set(PROFILES)


def test_the_user_s_own_may_be_new(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(text("standard-rsc", **{'"standard-rsc"': '"my-pod"'}))
    assert set(all_profiles(tmp_path)) == {*PROFILES, "my-pod"}


def test_no_folder_of_one_s_own_is_fine(tmp_path: Path) -> None:
    assert all_profiles(tmp_path / "none") == PROFILES
    assert all_profiles(tmp_path) == PROFILES


def test_the_folder_of_one_s_own_is_in_the_configuration_or_where_the_environment_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.delenv("SENSOR_HUB_PROFILES_DIR", raising=False)
    assert own_profiles(load_settings()) == tmp_path / "sensor-hub" / "firmware_profiles"
    monkeypatch.setenv("SENSOR_HUB_PROFILES_DIR", str(tmp_path / "there"))
    assert own_profiles(load_settings()) == tmp_path / "there"


def test_two_of_the_user_s_own_with_one_id_are_refused(tmp_path: Path) -> None:
    for name in ("a.toml", "b.toml"):
        (tmp_path / name).write_text(text("standard-rsc"))
    assert set(all_profiles(tmp_path)) == set(PROFILES) - {"standard-rsc"}, "nobody knows which one is meant"
    with pytest.raises(ProfileError, match=r"b\.toml: id 'standard-rsc' stands twice"):
        profile_of_id("standard-rsc", tmp_path)


def test_two_shipped_with_one_id_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(firmware, "_shipped", lambda: dict.fromkeys(("a.toml", "b.toml"), text("standard-rsc")))
    with pytest.raises(ProfileError, match=r"firmware_profiles/b\.toml: id 'standard-rsc' stands twice"):
        all_profiles()


def test_one_of_the_user_s_own_that_is_wrong_is_left_out_with_a_warning_and_named_where_it_is_needed(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(text("standard-rsc", **{'"records"': '"dream"'}))
    (tmp_path / "good.toml").write_text(text("standard-rsc", **{'"standard-rsc"': '"my-pod"'}))
    assert set(all_profiles(tmp_path)) == {*PROFILES, "my-pod"} - {"standard-rsc"}, "not the shipped one in its place"
    all_profiles(tmp_path)
    assert [record.message for record in caplog.records if "mine.toml: device.kind" in record.message] == [
        caplog.records[0].message
    ], "said once"
    with pytest.raises(ProfileError, match=r"mine\.toml: device\.kind"):
        profile_of_id("standard-rsc", tmp_path)
    assert profile_of_id("stryd", tmp_path) == PROFILES["stryd"]
    with pytest.raises(ProfileError, match="no firmware profile 'nothing'"):
        profile_of_id("nothing", tmp_path)


def test_one_of_the_user_s_own_that_cannot_be_read_goes_by_the_name_of_its_file(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes(b"\xff\xfe")
    assert all_profiles(tmp_path) == PROFILES
    with pytest.raises(ProfileError, match=r"mine\.toml: cannot be read"):
        profile_of_id("mine", tmp_path)
    path.unlink()
    path.mkdir()
    with pytest.raises(ProfileError, match=r"mine\.toml: cannot be read"):
        profile_of_id("mine", tmp_path)


# --- listing and beginning one ---------------------------------------------------------------------------------------


def test_a_row_of_the_list_says_where_a_profile_is_from_and_what_it_overrides(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(text("standard-rsc", **{"version = 1": "version = 7"}))
    (tmp_path / "new.toml").write_text(text("standard-rsc", **{'"standard-rsc"': '"my-pod"'}))
    rows = {row["id"]: row for row in profile_rows(tmp_path)}
    assert json.loads(json.dumps(list(rows.values()))) == list(rows.values())
    assert set(rows) == {*PROFILES, "my-pod"}
    said = {i: (rows[i]["origin"], rows[i]["overrides"]) for i in ("standard-rsc", "my-pod", "stryd")}
    assert said == {
        "standard-rsc": (str(tmp_path / "mine.toml"), True),
        "my-pod": (str(tmp_path / "new.toml"), False),
        "stryd": ("shipped", False),
    }
    assert rows["standard-rsc"]["version"] == 7
    assert rows["movella-dot"] == {
        "id": "movella-dot",
        "version": 1,
        "name": "Movella DOT",
        "kind": "imu",
        "mount": None,
        "status": "unverified",
        "evidence": PROFILES["movella-dot"].evidence,
        "sampling_rate_hz": 60.0,
        "largest_acceleration_mps2": None,
        "largest_angular_velocity_radps": None,
        "notify_mode": "auto",
        "gives_contact_time": False,
        "origin": "shipped",
        "overrides": False,
    }


def test_the_template_is_a_valid_profile_of_the_name_given() -> None:
    profile = load_profile(template("acme-pod-2", "Acme Pod"), "new.toml")
    assert (profile.id, profile.name, profile.name_patterns) == ("acme-pod-2", "Acme Pod", ("Acme Pod*",))
    assert (profile.kind, profile.status) == ("imu", "unverified")


def test_every_commented_key_of_the_template_is_one_that_is_known() -> None:
    lines = template("acme", "Acme").splitlines()
    keys = {line.lstrip("# ").split("=")[0].strip() for line in lines if line.startswith("# ") and " = " in line}
    assert {"mount", "services", "to", "write", "reply_prefix", "each_s", "subscribe", "wrap_bits", "resync"} <= keys
    schema = (Path(firmware.__file__).parents[2] / "schemas" / "firmware-profile.json").read_text(encoding="utf-8")
    assert {key for key in keys if key.replace("_", "").isalpha() and f'"{key}":' not in schema} == set()


@given(st.text(max_size=20))
def test_any_name_makes_a_template_that_recognises_it_or_a_profile_error(name: str) -> None:
    try:
        profile = load_profile(template("acme", name), "new.toml")
    except ProfileError:
        assert not name.strip() or not name.isprintable()
    else:
        assert profile.name == name
        assert profile_of_name(name, {"acme": profile}) is profile


def test_an_id_that_cannot_be_one_makes_no_template() -> None:
    with pytest.raises(ProfileError, match=r"device\.id is 'Acme Pod'"):
        template("Acme Pod", "Acme")


# --- recognising a sensor --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "profile"),
    [
        ("MyFoot-3", "fuzzylabs-shank-logger"),
        ("WEARABLEMYFOOT", "fuzzylabs-shank-logger"),
        ("NPE Runn 7", "npe-runn"),
        ("Anything", "standard-rsc"),
    ],
)
def test_the_longest_pattern_that_fits_decides(name: str, profile: str) -> None:
    found = profile_of_name(name, PROFILES)
    assert found is not None
    assert found.id == profile


def test_a_name_that_nothing_fits_has_no_profile() -> None:
    profiles = {k: p for k, p in PROFILES.items() if "*" not in p.name_patterns}
    assert profile_of_name("Anything", profiles) is None


@pytest.mark.parametrize(
    ("name", "services", "company_ids", "ids"),
    [
        ("Stryd", ["1814", "1818"], [], ["stryd", "standard-rsc", "standard-cycling-power"]),
        ("", [STRYD.upper(), "1814"], [], ["stryd", "standard-rsc"]),
        ("Qx7", ["1814", "180f"], [], ["standard-rsc", "standard-battery"]),
        ("Qx7", [], [], []),
        ("A television", ["feaa"], [0x75], []),
        ("DOT", [], [0x0886], ["movella-dot"]),
        ("MetaWear", [METAWEAR], [], ["mbientlab-metamotion-bmi160", "mbientlab-metamotion-bmi270"]),
        ("MetaMotionS", [METAWEAR], [], ["mbientlab-metamotion-bmi270", "mbientlab-metamotion-bmi160"]),
        ("Polar H10 1A2B", ["180d", "feee"], [0x6B], ["polar-h10", "standard-heart-rate"]),
        ("Unknown strap", ["180d"], [], ["standard-heart-rate"]),
    ],
)
def test_a_name_says_more_than_a_maker_and_that_more_than_a_service(
    name: str, services: list[str], company_ids: list[int], ids: list[str]
) -> None:
    assert [p.id for p in recognise(name, services, company_ids, PROFILES)] == ids


def test_of_two_that_fit_alike_the_user_s_own_goes_first(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(text("stryd", **{'"stryd"': '"a-stryd-of-mine"'}))
    profiles = all_profiles(tmp_path)
    assert [p.id for p in recognise("Stryd", [], [], profiles)] == ["a-stryd-of-mine", "stryd"]
    found = profile_of_name("Stryd", profiles)
    assert found is not None
    assert found.id == "a-stryd-of-mine"


def test_a_profile_for_any_name_without_a_service_fits_anything_last(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(
        text("standard-rsc", **{'"standard-rsc"': '"any"', 'services = ["1814"]\n': ""})
    )
    assert [p.id for p in recognise("Qx7", ["180f"], [], all_profiles(tmp_path))] == ["standard-battery", "any"]


@pytest.mark.parametrize(
    ("uuids", "first"),
    [
        (["2a53"], "standard-rsc"),
        (["2A53", "2a19"], "standard-rsc"),
        (["2a53", "2a63"], "standard-rsc"),
        (["2a53", "7e78aa19-72cd-d3b8-a81f-5b7e589bea0f"], "stryd"),
        (["2fff"], "fuzzylabs-shank-logger"),
        (["2a37"], "standard-heart-rate"),
        (["2a37", PMD], "polar-h10"),
        (["2a19"], "standard-battery"),
        (["34800002-7185-4d5d-b431-630e7050e8f0"], "movesense"),
    ],
)
def test_a_capture_without_a_name_is_recognised_by_what_it_holds(uuids: list[str], first: str) -> None:
    assert profiles_for_characteristics(uuids, PROFILES)[0].id == first


def test_every_profile_is_found_by_its_own_stream() -> None:
    for profile in PROFILES.values():
        stream = profile.subscribe or profile.reads
        assert profile in profiles_for_characteristics(stream, PROFILES)


def test_a_capture_of_something_else_has_no_profile() -> None:
    assert profiles_for_characteristics(["2a6e"], PROFILES) == []
    assert profiles_for_characteristics([], PROFILES) == []
