"""Reads the firmware profiles: those shipped, and the user's own, which win."""

from importlib.resources import files
from pathlib import Path

from sensor_hub.errors import ProfileError
from sensor_hub.model.profile import DeviceProfile
from sensor_hub.profiles import load_profile


def _shipped() -> dict[str, str]:
    """Texts by file name; from the wheel, or from the repository when run from it."""
    folder = files("sensor_hub").joinpath("firmware_profiles")
    if not folder.is_dir():
        folder = Path(__file__).parents[2] / "firmware_profiles"
    return {f.name: f.read_text(encoding="utf-8") for f in folder.iterdir() if f.name.endswith(".toml")}


def all_profiles(own: Path | None = None) -> dict[str, DeviceProfile]:
    """Return every profile by id; ProfileError names the file that is wrong or the id that stands twice."""
    profiles: dict[str, DeviceProfile] = {}
    for name, text in sorted(_shipped().items()):
        profile = load_profile(text, f"firmware_profiles/{name}")
        if profile.id in profiles:
            raise ProfileError(f"firmware_profiles/{name}: id {profile.id!r} stands twice")
        profiles[profile.id] = profile
    return profiles | _own(own)


def _own(folder: Path | None) -> dict[str, DeviceProfile]:
    """The user's profiles by id; none if there is no such folder."""
    found: dict[str, DeviceProfile] = {}
    for path in sorted(folder.glob("*.toml")) if folder is not None and folder.is_dir() else ():
        try:
            profile = load_profile(path.read_text(encoding="utf-8"), str(path))
        except (OSError, UnicodeDecodeError) as error:
            raise ProfileError(f"{path}: cannot be read: {error}") from error
        if profile.id in found:
            raise ProfileError(f"{path}: id {profile.id!r} stands twice (give each profile its own id)")
        found[profile.id] = profile
    return found


def profile_of_name(name: str, profiles: dict[str, DeviceProfile]) -> DeviceProfile | None:
    """Return the profile with the longest pattern that fits an advertised name; None if only ``*`` would."""
    from fnmatch import fnmatchcase

    fitting = [
        (len(pattern), profile)
        for profile in profiles.values()
        for pattern in profile.name_patterns
        if fnmatchcase(name.lower(), pattern.lower())
    ]
    return max(fitting, key=lambda pair: pair[0])[1] if fitting else None
