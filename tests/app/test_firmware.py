"""Firmware profiles: those shipped, and the user's own, which win."""

from pathlib import Path

import pytest

from sensor_hub.app import firmware
from sensor_hub.app.firmware import all_profiles, profile_of_name
from sensor_hub.errors import ProfileError

FOLDER = Path(__file__).parents[2] / "firmware_profiles"


def text(name: str, **changes: str) -> str:
    found = (FOLDER / f"{name}.toml").read_text()
    for old, new in changes.items():
        assert old in found
        found = found.replace(old, new)
    return found


def test_every_shipped_profile_is_there_under_its_id() -> None:
    profiles = all_profiles()
    assert set(profiles) == {path.stem for path in FOLDER.glob("*.toml")}
    assert all(profile.id == key for key, profile in profiles.items())


def test_the_user_s_own_goes_before_the_shipped_one(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(text("standard-rsc", **{"version = 1": "version = 7"}))
    (tmp_path / "notes.txt").write_text("not a profile")
    profiles = all_profiles(tmp_path)
    assert profiles["standard-rsc"].tag == "standard-rsc@7"
    assert set(profiles) == set(all_profiles())


def test_the_user_s_own_may_be_new(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(text("standard-rsc", **{'"standard-rsc"': '"my-pod"'}))
    assert set(all_profiles(tmp_path)) == {*all_profiles(), "my-pod"}


def test_no_folder_of_one_s_own_is_fine(tmp_path: Path) -> None:
    assert all_profiles(tmp_path / "none") == all_profiles()
    assert all_profiles(tmp_path) == all_profiles()


def test_two_of_the_user_s_own_with_one_id_are_refused(tmp_path: Path) -> None:
    for name in ("a.toml", "b.toml"):
        (tmp_path / name).write_text(text("standard-rsc"))
    with pytest.raises(ProfileError, match=r"b\.toml: id 'standard-rsc' stands twice"):
        all_profiles(tmp_path)


def test_two_shipped_with_one_id_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(firmware, "_shipped", lambda: dict.fromkeys(("a.toml", "b.toml"), text("standard-rsc")))
    with pytest.raises(ProfileError, match=r"firmware_profiles/b\.toml: id 'standard-rsc' stands twice"):
        all_profiles()


def test_one_of_the_user_s_own_that_is_wrong_is_named(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(text("standard-rsc", **{'"records"': '"dream"'}))
    with pytest.raises(ProfileError, match=r"mine\.toml: device\.kind"):
        all_profiles(tmp_path)
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(ProfileError, match=r"mine\.toml: cannot be read"):
        all_profiles(tmp_path)
    path.unlink()
    path.mkdir()
    with pytest.raises(ProfileError, match=r"mine\.toml: cannot be read"):
        all_profiles(tmp_path)


@pytest.mark.parametrize(
    ("name", "profile"),
    [
        ("MyFoot-3", "fuzzylabs-shank-logger"),
        ("WEARABLEMYFOOT", "fuzzylabs-shank-logger"),
        ("Anything", "standard-rsc"),
    ],
)
def test_the_longest_pattern_that_fits_decides(name: str, profile: str) -> None:
    found = profile_of_name(name, all_profiles())
    assert found is not None
    assert found.id == profile


def test_a_name_that_nothing_fits_has_no_profile() -> None:
    profiles = {k: p for k, p in all_profiles().items() if "*" not in p.name_patterns}
    assert profile_of_name("Anything", profiles) is None
