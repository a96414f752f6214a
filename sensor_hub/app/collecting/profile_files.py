"""A person's own firmware profile as a file: written once, read for a check."""

from pathlib import Path

from sensor_hub.errors import ProfileError
from sensor_hub.model.profile import DeviceProfile
from sensor_hub.profiles import load_profile


def write_profile(path: Path, text: str) -> None:
    """Write a new profile; ProfileError if the file is there already or the disk refuses."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise ProfileError(f"{path}: exists already (choose another file with --out)") from None
    except OSError as error:
        raise ProfileError(f"{path}: cannot be written: {error.strerror} (choose another file with --out)") from error


def read_profile(path: Path) -> DeviceProfile:
    """Read one profile; ProfileError names the file, the key and what is allowed."""
    try:
        return load_profile(path.read_text(encoding="utf-8"), str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise ProfileError(f"{path}: cannot be read: {error}") from error
